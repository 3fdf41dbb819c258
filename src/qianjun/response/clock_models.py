"""The table of what was due to whom, and when it was met. 报送时限数据表"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class ReportingClock(models.Model):
    """One step of reporting one incident to one recipient: due, and met or not. 报送时限

    ``turn`` tells the follow-ups apart: the report, or the number, after which it is due; 0 for
    what is due once. ``void_at`` is since when nothing asks for it any more. Late stays late:
    ``due_at`` of what was met never moves.
    """

    incident = models.ForeignKey(
        "incident.Incident", models.PROTECT, related_name="+", verbose_name="事件"
    )
    unit = models.ForeignKey("org.Unit", models.PROTECT, related_name="+", verbose_name="单位")
    step = models.CharField("事项", max_length=20)
    turn = models.BigIntegerField("第几次", default=0)
    rule = models.CharField("规则", max_length=30)
    whose = models.CharField("谁的时限", max_length=12, default="ours")
    start = models.CharField("起算", max_length=10)
    started_at = models.DateTimeField("起算时间")
    due_at = models.DateTimeField("到期")
    met_at = models.DateTimeField("完成", null=True)
    void_at = models.DateTimeField("不再要求", null=True)

    class Meta:
        verbose_name = "报送时限"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["incident", "unit", "step", "turn"], name="clock_once"),
            models.CheckConstraint(condition=Q(due_at__gte=F("started_at")), name="clock_in_order"),
        ]
        indexes: ClassVar = [models.Index(fields=["due_at"], name="clock_by_due")]

    def __str__(self) -> str:
        return f"{self.incident_id} {self.step} {self.unit_id}"
