"""Tables of call-outs: the need, its waves, who was called, and what each did. 召集数据表"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

ENOUGH = Q(enough_at__isnull=True) | Q(confirmed_at__isnull=False)


class CallOut(models.Model):
    """So many people wanted at a place by a time. 召集

    ``skills`` are ``{skill, count}``: of them so many. States are instants; ``version`` changes
    with every decision of the desk, never with what people answer.
    """

    incident = models.ForeignKey(
        "incident.Incident", models.PROTECT, related_name="callouts", verbose_name="事件"
    )
    need = models.PositiveIntegerField("需要人数")
    skills = models.JSONField("技能", default=list)
    needed_by = models.DateTimeField("到场时限")
    lon = models.FloatField("经度")
    lat = models.FloatField("纬度")
    place = models.CharField("地点", max_length=200)
    what = models.CharField("做什么", max_length=200, blank=True, default="")
    risk = models.CharField("风险", max_length=300, blank=True, default="")
    kit = models.CharField("携带", max_length=300, blank=True, default="")
    probability = models.FloatField("把握")
    radius_m = models.FloatField("半径")
    proposed_at = models.DateTimeField("建议时间")
    confirmed_at = models.DateTimeField("确认时间", null=True)
    enough_at = models.DateTimeField("停召时间", null=True)
    stood_down_at = models.DateTimeField("解除时间", null=True)
    ended_at = models.DateTimeField("结束时间", null=True)
    by_kind = models.CharField("谁", max_length=10)
    by_id = models.CharField("谁的编号", max_length=64, blank=True, default="")
    version = models.PositiveIntegerField("版本", default=1)

    class Meta:
        verbose_name = "召集"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(need__gte=1), name="callout_needs_somebody"),
            models.CheckConstraint(
                condition=Q(probability__gt=0, probability__lt=1), name="callout_probability"
            ),
            models.CheckConstraint(
                condition=Q(lon__range=(-180, 180), lat__range=(-90, 90)), name="callout_on_earth"
            ),
            models.CheckConstraint(
                condition=Q(needed_by__gt=F("proposed_at")), name="callout_in_order"
            ),
            models.CheckConstraint(condition=ENOUGH, name="callout_enough_of_some"),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} {self.need}"

    @property
    def state(self) -> str:
        """How far it is, as the contract says it."""
        for name in ("ended", "stood_down", "enough"):
            if getattr(self, f"{name}_at") is not None:
                return name
        return "proposed" if self.confirmed_at is None else "running"


class Wave(models.Model):
    """People proposed together, with the reason; sent when somebody confirms. 批次

    ``ladder`` is ``[{count, probability}]``, ``excluded`` how many are left out for each reason.
    """

    callout = models.ForeignKey(CallOut, models.CASCADE, related_name="waves", verbose_name="召集")
    rank = models.PositiveIntegerField("批次")
    count = models.PositiveIntegerField("人数")
    probability = models.FloatField("把握")
    best_possible = models.FloatField("最多可达", null=True)
    expected = models.FloatField("预计到场")
    ladder = models.JSONField("阶梯", default=list)
    excluded = models.JSONField("排除", default=dict)
    why_zh = models.TextField("理由")
    why_en = models.TextField("英文理由")
    next_look_at = models.DateTimeField("下次再看")
    proposed_at = models.DateTimeField("建议时间")
    sent_at = models.DateTimeField("发出时间", null=True)

    class Meta:
        verbose_name = "批次"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["callout", "rank"], name="wave_once"),
        ]

    def __str__(self) -> str:
        return f"{self.callout_id} {self.rank}"


class Called(models.Model):
    """Somebody in a call-out: how likely he was to come, and how far he is. 被召集人

    The instants say how it stands now; every act as it came is a row of ``CallAct``. ``device``
    is the first phone that acted; another one may answer too and is marked.
    """

    callout = models.ForeignKey(CallOut, models.CASCADE, related_name="people", verbose_name="召集")
    wave = models.ForeignKey(Wave, models.CASCADE, related_name="people", verbose_name="批次")
    volunteer = models.ForeignKey(
        "force.Volunteer", models.PROTECT, related_name="calls", verbose_name="志愿者"
    )
    person = models.ForeignKey("org.Person", models.PROTECT, related_name="+", verbose_name="人员")
    chance = models.FloatField("可能")
    distance_m = models.FloatField("距离")
    eta_at = models.DateTimeField("预计到场", null=True)
    sent_at = models.DateTimeField("发出", null=True)
    read_at = models.DateTimeField("打开", null=True)
    accepted_at = models.DateTimeField("接受", null=True)
    declined_at = models.DateTimeField("拒绝", null=True)
    late_at = models.DateTimeField("晚到", null=True)
    en_route_at = models.DateTimeField("出发", null=True)
    arrived_at = models.DateTimeField("到场", null=True)
    break_at = models.DateTimeField("休息", null=True)
    left_at = models.DateTimeField("离场", null=True)
    home_at = models.DateTimeField("到家", null=True)
    stood_down_at = models.DateTimeField("解除", null=True)
    minutes = models.PositiveIntegerField("服务分钟", default=0)
    headcount = models.PositiveIntegerField("带来人数", null=True)
    device = models.CharField("设备", max_length=36, blank=True, default="")
    other_device = models.BooleanField("另一部手机", default=False)

    class Meta:
        verbose_name = "被召集人"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["callout", "person"], name="called_once"),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(declined_at__isnull=True),
                name="called_yes_or_no",
            ),
            models.CheckConstraint(
                condition=Q(left_at__isnull=True) | Q(arrived_at__isnull=False),
                name="called_left_from_there",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["volunteer"], name="called_volunteer")]

    def __str__(self) -> str:
        return f"{self.callout_id} {self.person_id}"


class CallAct(models.Model):
    """One act of somebody called, as it came, and what came of it. 应召操作

    ``happened_at`` is as far as the phone is believed, ``claimed_at`` as it said.
    """

    called = models.ForeignKey(Called, models.CASCADE, related_name="acts", verbose_name="谁")
    act_id = models.UUIDField("操作编号")
    act = models.CharField("操作", max_length=10)
    outcome = models.CharField("结果", max_length=14)
    happened_at = models.DateTimeField("发生")
    received_at = models.DateTimeField("收到")
    claimed_at = models.DateTimeField("手机时间", null=True)
    device = models.CharField("设备", max_length=36, blank=True, default="")

    class Meta:
        verbose_name = "应召操作"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["called", "act_id"], name="call_act_once")
        ]

    def __str__(self) -> str:
        return f"{self.called_id} {self.act}"
