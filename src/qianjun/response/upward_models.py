"""Tables of the reports to the upper level, who has them, and checked numbers. 信息报送数据表"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

OPEN = Q(signed_at__isnull=True, waived_at__isnull=True)
STANDS = Q(withdrawn_at__isnull=True)


class UpwardReport(models.Model):
    """A report to the upper level: a draft until it is signed or waived. 信息报送

    A draft has no words of its own but ``written``, what people put in the place of what the facts
    say, by element. Signing freezes ``lines``, ``text`` and their ``digest`` under a number; a
    signed row never changes again but for what is erased by law.
    """

    class Kind(models.TextChoices):
        FIRST = "first", "首报"
        FOLLOW_UP = "follow_up", "续报"
        FINAL = "final", "终报"
        SUPPLEMENT = "supplement", "补报"
        INITIAL = "initial", "灾情初报"
        FURTHER = "further", "灾情续报"
        SURVEY = "survey", "灾情核报"
        FLASH = "flash", "事故快报"
        WRITTEN = "written", "事故书面报告"
        AGAIN = "again", "事故续报"
        ADDITION = "addition", "事故补报"

    class Family(models.TextChoices):
        EVENT = "event", "突发事件信息"
        DISASTER = "disaster", "灾情统计"
        ACCIDENT = "accident", "生产安全事故"

    family = models.CharField(
        "类别", max_length=10, choices=Family, default=Family.EVENT, db_default=Family.EVENT
    )
    incident = models.ForeignKey(
        "incident.Incident", models.PROTECT, related_name="+", verbose_name="事件"
    )
    kind = models.CharField("种类", max_length=10, choices=Kind)
    ordinal = models.PositiveSmallIntegerField("第几次", default=0)
    written = models.JSONField("改写的要素", default=dict)
    version = models.PositiveIntegerField("版本", default=1)
    drafted_at = models.DateTimeField("起草时间")
    asked_at = models.DateTimeField("送签时间", null=True)
    asked_kind = models.CharField("送签人", max_length=10, blank=True, default="")
    asked_id = models.CharField("送签人编号", max_length=64, blank=True, default="")
    number = models.CharField("编号", max_length=40, blank=True, default="")
    title = models.CharField("标题", max_length=300, blank=True, default="")
    lines = models.JSONField("签发的要素", default=list)
    text = models.TextField("签发的正文", blank=True, default="")
    digest = models.CharField("摘要", max_length=64, blank=True, default="")
    units = models.JSONField("报送单位", default=list)
    signed_at = models.DateTimeField("签发时间", null=True)
    signer_kind = models.CharField("签发人", max_length=10, blank=True, default="")
    signer_id = models.CharField("签发人编号", max_length=64, blank=True, default="")
    signed_how = models.CharField("签发方式", max_length=10, blank=True, default="")
    waived_at = models.DateTimeField("决定不报时间", null=True)
    waived_why = models.TextField("不报的理由", blank=True, default="")

    class Meta:
        verbose_name = "信息报送"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["incident", "family"], name="upward_one_draft", condition=OPEN
            ),
            models.UniqueConstraint(
                fields=["incident", "family", "kind", "ordinal"],
                name="upward_once",
                condition=~OPEN,
            ),
            models.CheckConstraint(
                condition=Q(signed_at__isnull=True) | (~Q(digest="") & ~Q(number="")),
                name="upward_signed_is_frozen",
            ),
            models.CheckConstraint(
                condition=Q(signed_at__isnull=True) | Q(waived_at__isnull=True),
                name="upward_signed_or_waived",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["incident", "id"], name="upward_of_incident"),
            models.Index(
                fields=["asked_at"],
                name="upward_to_sign",
                condition=OPEN & Q(asked_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.number or f"{self.incident_id} {self.kind} {self.ordinal}"


class UpwardDelivery(models.Model):
    """A unit was given a report, or told by telephone before there was one. 报送与回执

    Without ``report`` it is the telephone report. ``received_at`` is the receipt.
    """

    class Way(models.TextChoices):
        PHONE = "phone", "电话"
        MESSAGE = "message", "消息通知查收"
        PAPER = "paper", "书面送达"
        FAX = "fax", "传真"
        SYSTEM = "system", "对方系统"

    incident = models.ForeignKey(
        "incident.Incident", models.PROTECT, related_name="+", verbose_name="事件"
    )
    report = models.ForeignKey(
        UpwardReport,
        models.PROTECT,
        null=True,
        related_name="deliveries",
        verbose_name="信息报送",
    )
    unit = models.ForeignKey("org.Unit", models.PROTECT, related_name="+", verbose_name="单位")
    way = models.CharField("方式", max_length=10, choices=Way)
    told_at = models.DateTimeField("报送时间")
    by_kind = models.CharField("报送人", max_length=10)
    by_id = models.CharField("报送人编号", max_length=64, blank=True, default="")
    taken_by = models.CharField("对方接收人", max_length=60, blank=True, default="")
    received_at = models.DateTimeField("收到时间", null=True)
    withdrawn_at = models.DateTimeField("撤回时间", null=True)

    class Meta:
        verbose_name = "报送与回执"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["report", "unit"],
                name="delivery_once_a_unit",
                condition=STANDS & Q(report__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["incident", "unit"],
                name="phoned_once_a_unit",
                condition=STANDS & Q(report__isnull=True),
            ),
            models.CheckConstraint(
                condition=~Q(way="phone") | ~Q(taken_by=""), name="delivery_by_phone_names_somebody"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["incident", "id"], name="delivery_of_incident"),
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {self.unit_id}"


class FigureCheck(models.Model):
    """A person has checked one number with its source; only then it is reported. 数字核实

    It holds for that row of the series alone: the next number is to be checked again.
    """

    figure = models.ForeignKey(
        "incident.Figure", models.PROTECT, related_name="+", verbose_name="数字"
    )
    at = models.DateTimeField("核实时间")
    by_kind = models.CharField("核实人", max_length=10)
    by_id = models.CharField("核实人编号", max_length=64, blank=True, default="")
    withdrawn_at = models.DateTimeField("撤回时间", null=True)

    class Meta:
        verbose_name = "数字核实"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["figure"], name="check_stands_once", condition=STANDS)
        ]

    def __str__(self) -> str:
        return f"{self.figure_id}"
