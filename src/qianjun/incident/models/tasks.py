"""Tables of tasks: what is to be done, who has it, what was said of it. 任务数据表"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from qianjun.incident.models.incidents import Incident


class Task(models.Model):
    """Something that somebody has to do in an incident; its state are instants. 任务

    ``outcome`` is what came of it, or why it was dropped. An open one holds the incident.
    ``lead``, ``person`` and ``post`` say who has it now, and the instants from ``read_at`` to
    ``help_at`` are theirs; who had it before stands in its charges and steps. ``origin`` is what
    opened it, such as an activation; empty when a person did by hand.
    """

    class Signed(models.TextChoices):
        LINK = "link", "打开链接"
        REPLY = "reply", "回复消息"
        DESK = "desk", "值班室代记"

    incident = models.ForeignKey(
        Incident, models.PROTECT, related_name="tasks", verbose_name="事件"
    )
    title = models.CharField("任务", max_length=200)
    lead = models.ForeignKey(
        "org.Unit", models.PROTECT, null=True, related_name="+", verbose_name="牵头单位"
    )
    person = models.ForeignKey(
        "org.Person", models.PROTECT, null=True, related_name="+", verbose_name="负责人"
    )
    supporting = models.ManyToManyField("org.Unit", related_name="+", verbose_name="配合单位")
    post = models.CharField("岗位代码", max_length=40, blank=True, default="")
    order = models.TextField("要求", blank=True, default="")
    first = models.BooleanField("先期处置", default=False)
    origin_kind = models.CharField("由何下达", max_length=40, blank=True, default="")
    origin_id = models.CharField("由何下达编号", max_length=64, blank=True, default="")
    due_at = models.DateTimeField("时限", null=True)
    opened_at = models.DateTimeField("下达时间")
    read_at = models.DateTimeField("阅读时间", null=True)
    accepted_at = models.DateTimeField("签收时间", null=True)
    accepted_by_kind = models.CharField("签收人", max_length=10, blank=True, default="")
    accepted_by_id = models.CharField("签收人编号", max_length=64, blank=True, default="")
    accepted_how = models.CharField(
        "签收方式", max_length=8, choices=Signed, blank=True, default=""
    )
    progress_at = models.DateTimeField("最近进展", null=True)
    help_at = models.DateTimeField("求助时间", null=True)
    reminders = models.PositiveSmallIntegerField("催办次数", default=0)
    reminded_at = models.DateTimeField("最近催办", null=True)
    by_kind = models.CharField("下达人", max_length=10)
    by_id = models.CharField("下达人编号", max_length=64, blank=True, default="")
    done_at = models.DateTimeField("办结时间", null=True)
    dropped_at = models.DateTimeField("撤销时间", null=True)
    outcome = models.TextField("结果", blank=True, default="")
    ended_by_kind = models.CharField("了结人", max_length=10, blank=True, default="")
    ended_by_id = models.CharField("了结人编号", max_length=64, blank=True, default="")

    class Meta:
        verbose_name = "任务"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(dropped_at__isnull=True),
                name="task_ends_once",
            ),
            models.CheckConstraint(
                condition=Q(dropped_at__isnull=True) | ~Q(outcome=""), name="task_dropped_for"
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True, accepted_how="")
                | (Q(accepted_at__isnull=False) & ~Q(accepted_how="")),
                name="task_signed_somehow",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["incident", "due_at"], name="task_of_incident"),
            models.Index(
                fields=["opened_at"],
                name="task_unsigned",
                condition=Q(
                    accepted_at__isnull=True, done_at__isnull=True, dropped_at__isnull=True
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Charge(models.Model):
    """Who has a task from when to when; the rows of those before stay. 承办

    ``told`` is to how many people the order was sent; none is a gap that the room shows.
    """

    task = models.ForeignKey(Task, models.PROTECT, related_name="charges", verbose_name="任务")
    lead = models.ForeignKey(
        "org.Unit", models.PROTECT, null=True, related_name="+", verbose_name="牵头单位"
    )
    person = models.ForeignKey(
        "org.Person", models.PROTECT, null=True, related_name="+", verbose_name="负责人"
    )
    post = models.CharField("岗位代码", max_length=40, blank=True, default="")
    since = models.DateTimeField("起")
    until = models.DateTimeField("止", null=True)
    told = models.PositiveSmallIntegerField("已通知人数", default=0)
    why = models.TextField("转交理由", blank=True, default="")
    by_kind = models.CharField("交办人", max_length=10)
    by_id = models.CharField("交办人编号", max_length=64, blank=True, default="")

    class Meta:
        verbose_name = "承办"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["task"], name="charge_one_now", condition=Q(until__isnull=True)
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="charge_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task_id} {self.since:%H:%M}"


class TaskStep(models.Model):
    """One thing that somebody said or did about a task; rows are only added. 任务经过

    ``act_id`` is the phone's own name for the act: the same one again is answered the same.
    ``happened_at`` is domain time as far as the phone can be believed, ``claimed_at`` what it said.
    """

    class Kind(models.TextChoices):
        OPENED = "opened", "已读"
        ACCEPTED = "accepted", "签收"
        PROGRESS = "progress", "进展"
        HELP = "help", "求助"
        DONE = "done", "办结"

    task = models.ForeignKey(Task, models.PROTECT, related_name="steps", verbose_name="任务")
    charge = models.ForeignKey(Charge, models.PROTECT, related_name="+", verbose_name="承办")
    kind = models.CharField("种类", max_length=10, choices=Kind)
    act_id = models.UUIDField("操作编号")
    outcome = models.CharField("结果", max_length=16)
    text = models.TextField("内容", blank=True, default="")
    happened_at = models.DateTimeField("发生时间")
    received_at = models.DateTimeField("收到时间")
    claimed_at = models.DateTimeField("手机所报时间", null=True)
    clock_off = models.BooleanField("手机时钟不准", default=False)
    device = models.CharField("设备", max_length=36, blank=True, default="")
    other_device = models.BooleanField("另一部手机", default=False)
    by_kind = models.CharField("谁", max_length=10)
    by_id = models.CharField("谁的编号", max_length=64, blank=True, default="")

    class Meta:
        verbose_name = "任务经过"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["task", "act_id"], name="step_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["task", "received_at", "id"], name="step_of_task")
        ]

    def __str__(self) -> str:
        return f"{self.task_id} {self.kind}"
