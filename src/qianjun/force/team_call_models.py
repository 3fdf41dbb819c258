"""Tables of called teams: what was asked of a team, how far it is, what it did. 调队数据表"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from qianjun.force.rules.team_calls import REASON_MOST


class TeamCall(models.Model):
    """A team that is called to an incident. 调队

    Its state is what its instants say: proposed until ``asked_at``, over from ``ended_at`` on.
    Open, it is there once for a team and an incident. ``headcount`` is what the leader says he
    brings, ``told`` how many of the team could be called at first; ``version`` changes with the
    decisions of the desk, never with what the team answers.
    """

    incident = models.ForeignKey(
        "incident.Incident", models.PROTECT, related_name="team_calls", verbose_name="事件"
    )
    team = models.ForeignKey(
        "force.Team", models.PROTECT, related_name="calls", verbose_name="队伍"
    )
    way = models.CharField(
        "调动方式",
        max_length=10,
        choices=[("order", "命令"), ("request", "请求"), ("invitation", "邀请")],
    )
    what = models.CharField("做什么", max_length=200, blank=True, default="")
    place = models.CharField("地点", max_length=200)
    lon = models.FloatField("经度")
    lat = models.FloatField("纬度")
    risk = models.CharField("风险", max_length=300, blank=True, default="")
    needed_by = models.DateTimeField("到场时限")
    wanted = models.PositiveIntegerField("要多少人")
    headcount = models.PositiveIntegerField("报来人数", null=True)
    told = models.PositiveIntegerField("通知人数", default=0)
    reason = models.CharField("不能来的原因", max_length=REASON_MOST, blank=True, default="")
    eta_at = models.DateTimeField("预计到场", null=True)
    proposed_at = models.DateTimeField("建议时间")
    asked_at = models.DateTimeField("发出时间", null=True)
    read_at = models.DateTimeField("看到", null=True)
    accepted_at = models.DateTimeField("签收", null=True)
    declined_at = models.DateTimeField("不能来", null=True)
    late_at = models.DateTimeField("晚到", null=True)
    en_route_at = models.DateTimeField("出发", null=True)
    arrived_at = models.DateTimeField("到场", null=True)
    break_at = models.DateTimeField("休息", null=True)
    left_at = models.DateTimeField("离场", null=True)
    home_at = models.DateTimeField("归队", null=True)
    stood_down_at = models.DateTimeField("解除", null=True)
    ended_at = models.DateTimeField("了结", null=True)
    by_kind = models.CharField("谁", max_length=10)
    by_id = models.CharField("谁的编号", max_length=64, blank=True, default="")
    version = models.PositiveIntegerField("版本", default=1)

    class Meta:
        verbose_name = "调队"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["incident", "team"],
                name="team_called_once",
                condition=Q(ended_at__isnull=True),
            ),
            models.CheckConstraint(condition=Q(wanted__gte=1), name="team_call_wants_somebody"),
            models.CheckConstraint(
                condition=Q(lon__range=(-180, 180), lat__range=(-90, 90)),
                name="team_call_on_earth",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(declined_at__isnull=True),
                name="team_call_yes_or_no",
            ),
            models.CheckConstraint(
                condition=Q(left_at__isnull=True) | Q(arrived_at__isnull=False),
                name="team_call_left_from_there",
            ),
            models.CheckConstraint(
                condition=Q(asked_at__isnull=False)
                | Q(accepted_at__isnull=True, declined_at__isnull=True, arrived_at__isnull=True),
                name="team_call_answered_when_asked",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} {self.team_id}"


class TeamAct(models.Model):
    """One act of a called team, as it came, and what came of it. 队伍操作

    ``by_desk`` when the duty desk notes what it was told by telephone. ``happened_at`` is as far
    as the phone is believed, ``claimed_at`` as it said.
    """

    call = models.ForeignKey(TeamCall, models.CASCADE, related_name="acts", verbose_name="调队")
    act_id = models.UUIDField("操作编号")
    act = models.CharField("操作", max_length=10)
    outcome = models.CharField("结果", max_length=14)
    headcount = models.PositiveIntegerField("人数", null=True)
    reason = models.CharField("原因", max_length=REASON_MOST, blank=True, default="")
    by_desk = models.BooleanField("值班室代记", default=False)
    by_kind = models.CharField("谁", max_length=10)
    by_id = models.CharField("谁的编号", max_length=64, blank=True, default="")
    happened_at = models.DateTimeField("发生")
    received_at = models.DateTimeField("收到")
    claimed_at = models.DateTimeField("手机时间", null=True)
    device = models.CharField("设备", max_length=36, blank=True, default="")

    class Meta:
        verbose_name = "队伍操作"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["call", "act_id"], name="team_act_once")
        ]

    def __str__(self) -> str:
        return f"{self.call_id} {self.act}"
