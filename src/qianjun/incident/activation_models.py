"""Tables of the responses to an incident: who started which plan at which level. 响应数据表"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

RUNS = Q(started_at__isnull=False, ended_at__isnull=True)
WAITS = Q(started_at__isnull=True, refused_at__isnull=True, ended_at__isnull=True)


class Activation(models.Model):
    """One plan at one level by one authority, proposed or started. 应急响应

    ``role`` is who decides here or writes down what was decided outside (``how``); empty for the
    response of somebody else that is only recorded. ``level`` is the present one, 1 the gravest;
    its history are the rows of LevelStep. ``decided_by`` names who decided outside the house.
    """

    class How(models.TextChoices):
        SIGNED = "signed", "签批"
        RECORDED = "recorded", "记录"

    incident = models.ForeignKey(
        "incident.Incident", models.PROTECT, related_name="activations", verbose_name="事件"
    )
    plan = models.CharField("预案", max_length=40)
    plan_version = models.CharField("预案版本", max_length=40)
    authority = models.CharField("决定机关", max_length=40)
    level = models.PositiveSmallIntegerField("响应级别")
    role = models.CharField("批准角色", max_length=40, blank=True, default="")
    how = models.CharField("批准方式", max_length=10, choices=How)
    why = models.TextField("理由", blank=True, default="")
    matters = models.TextField("响应事项", blank=True, default="")
    measures = models.JSONField("应急处置措施", default=list)
    expected_until = models.DateTimeField("预计至", null=True)
    # which warning it answers, in the words of its issuer; kept as it was told
    warning = models.CharField("因哪个预警", max_length=40, blank=True, default="")
    proposed_at = models.DateTimeField("提请时间")
    by_kind = models.CharField("提请人", max_length=10)
    by_id = models.CharField("提请人编号", max_length=64, blank=True, default="")
    started_at = models.DateTimeField("启动时间", null=True)
    refused_at = models.DateTimeField("未批准时间", null=True)
    ended_at = models.DateTimeField("终止时间", null=True)
    decider_kind = models.CharField("决定人", max_length=10, blank=True, default="")
    decider_id = models.CharField("决定人编号", max_length=64, blank=True, default="")
    decided_by = models.CharField("决定者", max_length=100, blank=True, default="")
    note = models.TextField("批示", blank=True, default="")
    end_why = models.TextField("终止理由", blank=True, default="")
    version = models.PositiveIntegerField("版本", default=1)

    class Meta:
        verbose_name = "应急响应"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["incident", "plan", "authority"],
                name="activation_runs_once",
                condition=RUNS,
            ),
            models.UniqueConstraint(
                fields=["incident", "plan", "authority"],
                name="activation_waits_once",
                condition=WAITS,
            ),
            models.CheckConstraint(
                condition=Q(started_at__isnull=True) | Q(refused_at__isnull=True),
                name="activation_one_answer",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | ~Q(end_why=""), name="activation_ends_for"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True)
                | Q(started_at__isnull=True)
                | Q(ended_at__gte=F("started_at")),
                name="activation_in_order",
            ),
            models.CheckConstraint(condition=Q(level__range=(1, 4)), name="activation_one_of_four"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["incident", "id"], name="activation_of_incident"),
            models.Index(fields=["role"], name="activation_waits", condition=WAITS),
        ]

    def __str__(self) -> str:
        return f"{self.plan} {self.level}"


class LevelStep(models.Model):
    """A response was started at, raised or lowered to a level; rows are only added. 响应级别变化"""

    activation = models.ForeignKey(
        Activation, models.PROTECT, related_name="steps", verbose_name="应急响应"
    )
    level = models.PositiveSmallIntegerField("响应级别")
    why = models.TextField("理由", blank=True, default="")
    at = models.DateTimeField("时间")
    by_kind = models.CharField("决定人", max_length=10)
    by_id = models.CharField("决定人编号", max_length=64, blank=True, default="")

    class Meta:
        verbose_name = "响应级别变化"
        indexes: ClassVar = [models.Index(fields=["activation", "id"], name="level_of_activation")]

    def __str__(self) -> str:
        return f"{self.activation_id} {self.level}"
