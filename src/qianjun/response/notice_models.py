"""The table of accident notices: which unit was told, which way, who took it. 事故通报数据表"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

STANDS = Q(withdrawn_at__isnull=True)


class AccidentNotice(models.Model):
    """A unit was told of an accident, as the law asks; a row stands until withdrawn. 事故通报

    ``received_at`` is the receipt: somebody there said that he has it, by telephone or by answer.
    """

    class Way(models.TextChoices):
        MESSAGE = "message", "发消息"
        PHONE = "phone", "打电话"

    incident = models.ForeignKey(
        "incident.Incident", models.PROTECT, related_name="+", verbose_name="事件"
    )
    unit = models.ForeignKey("org.Unit", models.PROTECT, related_name="+", verbose_name="单位")
    way = models.CharField("方式", max_length=10, choices=Way)
    told_at = models.DateTimeField("通报时间")
    by_kind = models.CharField("通报人", max_length=10)
    by_id = models.CharField("通报人编号", max_length=64, blank=True, default="")
    taken_by = models.CharField("对方接收人", max_length=60, blank=True, default="")
    received_at = models.DateTimeField("收到时间", null=True)
    withdrawn_at = models.DateTimeField("撤回时间", null=True)

    class Meta:
        verbose_name = "事故通报"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["incident", "unit"], name="notice_once_a_unit", condition=STANDS
            ),
            models.CheckConstraint(
                condition=Q(way="message") | ~Q(taken_by=""), name="notice_by_phone_names_somebody"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} {self.unit_id}"
