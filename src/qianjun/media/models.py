"""Tables of media: files, and uploads on their way. 媒体数据表"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from qianjun.media.rules.reasons import KINDS


class File(models.Model):
    """One file that somebody sent; its bytes lie outside the database under their hash. 文件

    What the picture itself says (``…_claimed``) is noted, never trusted; without ``verified_at`` it
    is shown as 未核实. An erased row keeps the hash and no name, claim or byte.
    """

    class State(models.TextChoices):
        DECODING = "decoding", "处理中"
        READY = "ready", "可用"
        QUARANTINED = "quarantined", "已隔离"
        ERASED = "erased", "已依法删除"

    class Via(models.TextChoices):
        LINK = "link", "链接"
        SESSION = "session", "登录"
        TOKEN = "token", "接口"
        SYSTEM = "system", "系统"

    sha256 = models.CharField("原件摘要", max_length=64, db_index=True)
    kind = models.CharField("种类", max_length=10, choices=list(KINDS.items()))
    media_type = models.CharField("媒体类型", max_length=80)
    bytes = models.BigIntegerField("字节数")
    width = models.PositiveIntegerField("宽（像素）", null=True)
    height = models.PositiveIntegerField("高（像素）", null=True)
    name = models.CharField("名称", max_length=130, blank=True)
    about_kind = models.CharField("关于", max_length=40, blank=True, default="")
    about_id = models.CharField("关于编号", max_length=64, blank=True, default="")
    incident = models.BigIntegerField("事件编号", null=True)
    by_kind = models.CharField("谁", max_length=10)
    by_id = models.CharField("谁的编号", max_length=64, blank=True)
    via = models.CharField("途径", max_length=10, choices=Via)
    received_at = models.DateTimeField("收到时间")
    taken_at_claimed = models.DateTimeField("自称拍摄时间", null=True)
    lon_claimed = models.FloatField("自称经度", null=True)
    lat_claimed = models.FloatField("自称纬度", null=True)
    state = models.CharField("状态", max_length=12, choices=State, default=State.DECODING)
    why = models.CharField("隔离原因", max_length=30, blank=True, default="")
    verified_at = models.DateTimeField("核实时间", null=True)
    verified_by_kind = models.CharField("谁核实", max_length=10, blank=True, default="")
    verified_by_id = models.CharField("核实人编号", max_length=64, blank=True, default="")
    erased_at = models.DateTimeField("删除时间", null=True)

    class Meta:
        verbose_name = "文件"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="quarantined", why__gt="") | ~Q(state="quarantined"),
                name="file_quarantine_says_why",
            ),
            models.CheckConstraint(
                condition=Q(state="erased", erased_at__isnull=False)
                | (~Q(state="erased") & Q(erased_at__isnull=True)),
                name="file_erased_when",
            ),
            models.CheckConstraint(
                condition=Q(lon_claimed__isnull=True, lat_claimed__isnull=True)
                | Q(lon_claimed__isnull=False, lat_claimed__isnull=False),
                name="file_claims_a_whole_place",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["incident", "id"],
                name="file_of_incident",
                condition=Q(incident__isnull=False),
            ),
            models.Index(
                fields=["about_kind", "about_id"], name="file_about", condition=~Q(about_kind="")
            ),
            models.Index(fields=["by_kind", "by_id"], name="file_by"),
            models.Index(fields=["id"], name="file_quarantined", condition=Q(state="quarantined")),
        ]

    def __str__(self) -> str:
        return self.name or f"{self.kind} {self.pk}"

    @property
    def verified(self) -> bool:
        """Whether an officer has confirmed what it shows."""
        return self.verified_at is not None


class Upload(models.Model):
    """A file on its way in pieces; ``offset`` bytes are durably here. 上传

    Times are real. ``file`` is set by the last piece; the row stays a while, so that a sender who
    missed the answer learns it.
    """

    ident = models.CharField("编号", max_length=32, unique=True)
    length = models.BigIntegerField("总字节数")
    offset = models.BigIntegerField("已收字节数", default=0)
    name = models.CharField("名称", max_length=130, blank=True)
    claimed_type = models.CharField("自称类型", max_length=80, blank=True)
    about_kind = models.CharField("关于", max_length=40, blank=True, default="")
    about_id = models.CharField("关于编号", max_length=64, blank=True, default="")
    incident = models.BigIntegerField("事件编号", null=True)
    by_kind = models.CharField("谁", max_length=10)
    by_id = models.CharField("谁的编号", max_length=64, blank=True)
    via = models.CharField("途径", max_length=10, choices=File.Via)
    made_at = models.DateTimeField("开始时间")
    expires_at = models.DateTimeField("失效时间")
    file = models.ForeignKey(
        File, models.PROTECT, null=True, related_name="uploads", verbose_name="文件"
    )

    class Meta:
        verbose_name = "上传"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(length__gt=0, offset__gte=0, offset__lte=F("length")),
                name="upload_within_length",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["by_kind", "by_id", "made_at"], name="upload_by"),
            models.Index(
                fields=["incident"], name="upload_of_incident", condition=Q(incident__isnull=False)
            ),
            models.Index(fields=["expires_at"], name="upload_expiry"),
        ]

    def __str__(self) -> str:
        return f"{self.ident} {self.offset}/{self.length}"
