"""Tables of what stays after an incident: lessons; and of what the press asks. 善后数据表"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

STANDS = Q(withdrawn_at__isnull=True)


class Lesson(models.Model):
    """What is to be done better, by whom and until when; after the incident too. 整改事项

    It never holds the incident: it outlives it.
    """

    incident = models.ForeignKey(
        "incident.Incident", models.PROTECT, related_name="+", verbose_name="事件"
    )
    text = models.TextField("要改什么")
    unit = models.ForeignKey(
        "org.Unit", models.PROTECT, null=True, related_name="+", verbose_name="责任单位"
    )
    person = models.ForeignKey(
        "org.Person", models.PROTECT, null=True, related_name="+", verbose_name="责任人"
    )
    due_on = models.DateField("期限")
    at = models.DateTimeField("提出时间")
    by_kind = models.CharField("提出人", max_length=10)
    by_id = models.CharField("提出人编号", max_length=64, blank=True, default="")
    done_at = models.DateTimeField("完成时间", null=True)
    done_how = models.TextField("怎样完成", blank=True, default="")
    withdrawn_at = models.DateTimeField("撤回时间", null=True)

    class Meta:
        verbose_name = "整改事项"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(person__isnull=False) | Q(unit__isnull=False),
                name="lesson_is_somebodys",
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | ~Q(done_how=""), name="lesson_done_somehow"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["due_on"], name="lesson_by_due")]

    def __str__(self) -> str:
        return f"{self.incident_id} {self.due_on}"


class MediaEnquiry(models.Model):
    """What the press asks, as a task of whoever answers; the answer is kept. 媒体问询"""

    incident = models.ForeignKey(
        "incident.Incident", models.PROTECT, related_name="+", verbose_name="事件"
    )
    task = models.OneToOneField(
        "incident.Task", models.PROTECT, related_name="+", verbose_name="任务"
    )
    asked_by = models.CharField("谁问", max_length=60)
    medium = models.CharField("媒体", max_length=60)
    question = models.TextField("问什么")
    asked_at = models.DateTimeField("问询时间")
    until = models.DateTimeField("何时要答复", null=True)
    by_kind = models.CharField("登记人", max_length=10)
    by_id = models.CharField("登记人编号", max_length=64, blank=True, default="")
    answer = models.TextField("答复", blank=True, default="")
    answered_at = models.DateTimeField("答复时间", null=True)
    answered_kind = models.CharField("答复人", max_length=10, blank=True, default="")
    answered_id = models.CharField("答复人编号", max_length=64, blank=True, default="")

    class Meta:
        verbose_name = "媒体问询"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | ~Q(answer=""), name="enquiry_answered"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["incident", "id"], name="enquiry_of_incident")]

    def __str__(self) -> str:
        return f"{self.incident_id} {self.medium}"
