"""Table of the signed links. 签名链接数据表"""

from typing import ClassVar

from django.db import models


class Link(models.Model):
    """A signed link: one purpose, one about, at most one person. 签名链接"""

    class Purpose(models.TextChoices):
        CALL_OUT = "v", "召集"
        CONFIRM = "c", "叫应"
        REPORTER = "s", "报告人"
        TASK = "t", "任务"
        GUEST = "g", "来宾"
        ENROL = "e", "登记"
        SIGN = "u", "签发"

    ident = models.CharField("短编号", max_length=20, unique=True)
    purpose = models.CharField("用途", max_length=1, choices=Purpose)
    about_kind = models.CharField("关于", max_length=40)
    about_id = models.CharField("关于编号", max_length=64)
    person = models.ForeignKey(
        "org.Person", models.CASCADE, null=True, related_name="+", verbose_name="人员"
    )
    made_at = models.DateTimeField("生成时间")
    ends_at = models.DateTimeField("失效时间", null=True)
    revoked_at = models.DateTimeField("撤销时间", null=True)

    class Meta:
        verbose_name = "签名链接"
        indexes: ClassVar = [models.Index(fields=["about_kind", "about_id"], name="link_about")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.about_kind}:{self.about_id}"
