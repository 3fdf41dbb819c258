"""Tables of the response module. 响应数据表"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from qianjun.response import clock_models as clock_models  # its table belongs here
from qianjun.response import closing_models as closing_models  # and these
from qianjun.response import notice_models as notice_models
from qianjun.response import sign_models as sign_models
from qianjun.response import upward_models as upward_models


class Draft(models.Model):
    """An intake form that somebody has begun; one a person, saved on every key. 接报草稿"""

    person = models.OneToOneField(
        "org.Person", models.CASCADE, related_name="+", verbose_name="人员"
    )
    fields = models.JSONField("填写内容")
    saved_at = models.DateTimeField("保存时间")

    class Meta:
        verbose_name = "接报草稿"

    def __str__(self) -> str:
        return f"{self.person_id}"


class SourceFacts(models.Model):
    """What a report told beside its words, by code: fields of its source, answers. 来源要素

    The same stands below the words of the report for people; this is for whoever counts.
    """

    report = models.OneToOneField(
        "incident.Report", models.PROTECT, related_name="+", verbose_name="接报"
    )
    source = models.CharField("来源", max_length=16, blank=True, default="")
    own = models.JSONField("来源要素", default=dict)
    card = models.CharField("提问卡", max_length=40, blank=True, default="")
    answers = models.JSONField("追问答复", default=dict)
    kept_at = models.DateTimeField("记录时间")

    class Meta:
        verbose_name = "来源要素"

    def __str__(self) -> str:
        return f"{self.report_id}"


class HandOver(models.Model):
    """A desk that must know before us was told, and has said so; 119 for a fire. 先转警

    ``form`` is the key of the intake form while no report is taken in; then ``incident`` is set
    and who answered at that desk goes into the journal. A row stands until it is withdrawn.
    """

    class Desk(models.TextChoices):
        POLICE = "110", "110"
        FIRE = "119", "119"
        AMBULANCE = "120", "120"
        TRAFFIC = "122", "122"

    form = models.CharField("接报单", max_length=128, blank=True, default="")
    incident = models.ForeignKey(
        "incident.Incident", models.PROTECT, null=True, related_name="+", verbose_name="事件"
    )
    desk = models.CharField("报警台", max_length=3, choices=Desk)
    told_at = models.DateTimeField("转出时间")
    by_kind = models.CharField("转出人", max_length=10)
    by_id = models.CharField("转出人编号", max_length=64, blank=True, default="")
    taken_by = models.CharField("对方接警人", max_length=60, blank=True, default="")
    confirmed_at = models.DateTimeField("对方确认时间", null=True)
    withdrawn_at = models.DateTimeField("撤回时间", null=True)

    class Meta:
        verbose_name = "先转警"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["form", "desk"],
                name="handover_once_a_form",
                condition=Q(withdrawn_at__isnull=True) & ~Q(form=""),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["incident"],
                name="handover_stands",
                condition=Q(withdrawn_at__isnull=True),
            ),
            models.Index(
                fields=["told_at"],
                name="handover_waits",
                condition=Q(withdrawn_at__isnull=True, confirmed_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.desk} {self.incident_id}"


class PlanTask(models.Model):
    """A task that was given because a plan asks for it; once an incident and plan. 预案任务

    Without ``activation`` it is a first measure of the duty officer.
    """

    incident = models.ForeignKey(
        "incident.Incident", models.PROTECT, related_name="+", verbose_name="事件"
    )
    activation = models.ForeignKey(
        "incident.Activation", models.PROTECT, null=True, related_name="+", verbose_name="应急响应"
    )
    plan = models.CharField("预案", max_length=40)
    code = models.CharField("任务代码", max_length=40)
    task = models.OneToOneField(
        "incident.Task", models.PROTECT, related_name="+", verbose_name="任务"
    )
    withdrawn_at = models.DateTimeField("撤回时间", null=True)

    class Meta:
        verbose_name = "预案任务"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["incident", "plan", "code"],
                name="plantask_given_once",
                condition=Q(withdrawn_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.plan} {self.code}"


class Assignment(models.Model):
    """A report that somebody follows up: which task was given for it; rows are only added. 指派"""

    report = models.ForeignKey(
        "incident.Report", models.PROTECT, related_name="assignments", verbose_name="接报"
    )
    task = models.ForeignKey(
        "incident.Task", models.PROTECT, related_name="assignments", verbose_name="任务"
    )

    class Meta:
        verbose_name = "指派"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "task"], name="assignment_once")
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {self.task_id}"


class Reply(models.Model):
    """What a caller is told in the end, and how it reaches him; rows are only added. 答复

    A report has at most one that stands. ``told_at`` is when it was said on the telephone.
    """

    class Way(models.TextChoices):
        MESSAGE = "message", "消息"
        PHONE = "phone", "电话"
        NOBODY = "nobody", "无号码"

    report = models.ForeignKey(
        "incident.Report", models.PROTECT, related_name="replies", verbose_name="接报"
    )
    step = models.ForeignKey(
        "SortingStep", models.PROTECT, related_name="replies", verbose_name="分拣步骤"
    )
    text = models.TextField("答复内容")
    way = models.CharField("方式", max_length=8, choices=Way)
    person = models.ForeignKey(
        "org.Person", models.PROTECT, null=True, related_name="+", verbose_name="收件人"
    )
    at = models.DateTimeField("答复时间")
    told_at = models.DateTimeField("电话告知时间", null=True)
    withdrawn_at = models.DateTimeField("撤回时间", null=True)

    class Meta:
        verbose_name = "答复"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["report"], name="reply_stands_once", condition=Q(withdrawn_at__isnull=True)
            ),
            models.CheckConstraint(
                condition=Q(told_at__isnull=True) | Q(way="phone"), name="reply_told_by_phone"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["at"],
                name="reply_to_be_told",
                condition=Q(way="phone", told_at__isnull=True, withdrawn_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.report_id}"


class Apart(models.Model):
    """Two incidents that a person has judged to be two; they are not suggested again. 不是一件

    ``one`` is the older row.
    """

    one = models.ForeignKey(
        "incident.Incident", models.PROTECT, related_name="+", verbose_name="事件"
    )
    other = models.ForeignKey(
        "incident.Incident", models.PROTECT, related_name="+", verbose_name="另一事件"
    )
    step = models.ForeignKey(
        "SortingStep", models.PROTECT, related_name="aparts", verbose_name="分拣步骤"
    )
    withdrawn_at = models.DateTimeField("撤回时间", null=True)

    class Meta:
        verbose_name = "不是一件"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["one", "other"], name="apart_once", condition=Q(withdrawn_at__isnull=True)
            ),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="apart_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.one_id} {self.other_id}"


class SortingStep(models.Model):
    """One act of sorting, and what undoes it. 分拣步骤

    ``back`` holds ids and codes only; ``round`` is what the screen calls the acts of one key.
    """

    class Act(models.TextChoices):
        JOIN = "join", "归并"
        SPLIT = "split", "分开"
        APART = "apart", "不是一件"
        ASSIGN = "assign", "指派"
        CLOSE = "close", "办结并答复"

    act = models.CharField("动作", max_length=8, choices=Act)
    round = models.CharField("轮次", max_length=40, blank=True, default="")
    reports = models.PositiveIntegerField("报告数")
    back = models.JSONField("撤销所需", default=dict)
    at = models.DateTimeField("时间")
    by_kind = models.CharField("分拣人", max_length=10)
    by_id = models.CharField("分拣人编号", max_length=64, blank=True, default="")
    undone_at = models.DateTimeField("撤销时间", null=True)

    class Meta:
        verbose_name = "分拣步骤"
        indexes: ClassVar = [
            models.Index(
                fields=["by_kind", "by_id", "-id"],
                name="sorting_last",
                condition=Q(undone_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.pk}"
