"""Table of the codes with which a leader signs from the link on his phone. 签发验证码数据表"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

WAITING = Q(used_at__isnull=True, void_at__isnull=True)


class SignCode(models.Model):
    """A code sent to whoever signs one draft, and what the right one opened. 签发验证码

    Instants are real time. ``mac`` binds the digits to this person and this draft under the key of
    the house; the digits stand nowhere. ``proof`` is the digest of what the browser holds once the
    code was right: it opens this draft by this link until ``open_until``.
    """

    report = models.ForeignKey(
        "response.UpwardReport", models.CASCADE, related_name="+", verbose_name="信息报送"
    )
    person = models.ForeignKey("org.Person", models.CASCADE, related_name="+", verbose_name="人员")
    link = models.ForeignKey("org.Link", models.CASCADE, related_name="+", verbose_name="链接")
    salt = models.CharField("盐", max_length=32)
    mac = models.CharField("校验值", max_length=64)
    sent_at = models.DateTimeField("发出时间")
    ends_at = models.DateTimeField("失效时间")
    tries = models.PositiveSmallIntegerField("输错次数", default=0)
    used_at = models.DateTimeField("使用时间", null=True)
    void_at = models.DateTimeField("作废时间", null=True)
    proof = models.CharField("已验证凭据", max_length=64, blank=True, default="")
    open_until = models.DateTimeField("打开至", null=True)

    class Meta:
        verbose_name = "签发验证码"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["report", "person"], name="sign_code_one_open", condition=WAITING
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["report", "person", "sent_at"], name="sign_code_of_draft")
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {self.person_id}"
