"""Tables of teams and volunteers. 力量数据表"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from qianjun.journal.search import SearchField, search_index

ON_EARTH = Q(lon__range=(-180, 180), lat__range=(-90, 90), cell__gt=0)


class Team(models.Model):
    """People who are sent together. 队伍

    ``way`` is how it may be moved: it is ordered, its unit is asked, or it is invited; the law
    says which for whom. Headcounts are as declared: only leaders and deputies need be members.
    ``skills`` is the declared set, a bit per line of ``tables/skills.toml``.
    """

    class Kind(models.TextChoices):
        COMMUNITY = "community", "社区响应队"
        ENTERPRISE = "enterprise", "企业队"
        PROFESSIONAL = "professional", "专业队"
        FIRE = "fire", "消防救援队"
        MILITIA = "militia", "民兵分队"
        SOCIAL = "social", "社会应急力量"

    class Way(models.TextChoices):
        ORDER = "order", "命令"
        REQUEST = "request", "请求"
        INVITATION = "invitation", "邀请"

    name = models.CharField("名称", max_length=80, unique=True)
    kind = models.CharField("类型", max_length=12, choices=Kind)
    way = models.CharField("调动方式", max_length=10, choices=Way)
    unit = models.ForeignKey(
        "org.Unit", models.PROTECT, related_name="teams", verbose_name="所属单位"
    )
    lon = models.FloatField("经度")
    lat = models.FloatField("纬度")
    cell = models.BigIntegerField("网格")
    schematic = models.BooleanField("示意", default=False)
    full_time = models.PositiveIntegerField("专职人数", default=0)
    part_time = models.PositiveIntegerField("兼职人数", default=0)
    skills = models.BigIntegerField("技能", default=0)
    duty_phone = models.CharField("值班电话", max_length=20, blank=True, default="")
    insured_until = models.DateField("保险有效期至", null=True)
    sort_key = models.CharField("排序", max_length=400)
    search = SearchField(names=("name",))
    version = models.PositiveIntegerField("版本", default=1)

    class Meta:
        verbose_name = "队伍"
        constraints: ClassVar = [
            models.CheckConstraint(condition=ON_EARTH, name="team_on_earth"),
            models.CheckConstraint(condition=Q(skills__gte=0), name="team_skills"),
            models.CheckConstraint(
                condition=Q(kind__in=("enterprise", "fire", "militia"), way="request")
                | Q(kind="social", way="invitation")
                | Q(kind__in=("community", "professional"), way__in=("order", "request")),
                name="team_moved_as_the_law_says",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["kind", "sort_key"], name="team_by_kind"),
            search_index("team"),
        ]

    def __str__(self) -> str:
        return self.name


class CoveredCommunity(models.Model):
    """A community that a team answers for, by the code of its division. 覆盖社区"""

    team = models.ForeignKey(Team, models.CASCADE, related_name="covered", verbose_name="队伍")
    code = models.CharField("社区代码", max_length=12)

    class Meta:
        verbose_name = "覆盖社区"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["team", "code"], name="covered_once")
        ]
        indexes: ClassVar = [models.Index(fields=["code"], name="covered_by_code")]

    def __str__(self) -> str:
        return f"{self.team_id} {self.code}"


class TeamMember(models.Model):
    """Somebody in a team, from when to when. 队员"""

    class Role(models.TextChoices):
        LEADER = "leader", "队长"
        DEPUTY = "deputy", "副队长"
        MEMBER = "member", "队员"

    class Employment(models.TextChoices):
        FULL_TIME = "full_time", "专职"
        PART_TIME = "part_time", "兼职"

    team = models.ForeignKey(Team, models.CASCADE, related_name="members", verbose_name="队伍")
    person = models.ForeignKey(
        "org.Person", models.PROTECT, related_name="memberships", verbose_name="人员"
    )
    role = models.CharField("职务", max_length=8, choices=Role)
    employment = models.CharField("身份", max_length=10, choices=Employment)
    joined_at = models.DateTimeField("加入时间")
    left_at = models.DateTimeField("离开时间", null=True)

    class Meta:
        verbose_name = "队员"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["team", "person"],
                name="member_once",
                condition=Q(left_at__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["team"],
                name="one_leader_a_team",
                condition=Q(left_at__isnull=True, role="leader"),
            ),
            models.CheckConstraint(
                condition=Q(left_at__isnull=True) | Q(left_at__gte=F("joined_at")),
                name="member_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.team_id} {self.person_id}"


class MemberSkill(models.Model):
    """What a member is trained for, and until when the certificate holds. 队员技能"""

    member = models.ForeignKey(
        TeamMember, models.CASCADE, related_name="trained", verbose_name="队员"
    )
    skill = models.CharField("技能代码", max_length=30)
    valid_until = models.DateField("证书有效期至", null=True)

    class Meta:
        verbose_name = "队员技能"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["member", "skill"], name="trained_once")
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.skill}"


class Readiness(models.Model):
    """What a team said of itself, from an instant on; the last row stands. 备勤状态"""

    class State(models.TextChoices):
        READY = "ready", "可出动"
        STANDING_BY = "standing_by", "备勤中"
        OUT = "out", "出动中"
        RESTING = "resting", "休整"

    team = models.ForeignKey(Team, models.CASCADE, related_name="readiness", verbose_name="队伍")
    state = models.CharField("状态", max_length=12, choices=State)
    since = models.DateTimeField("自")
    headcount = models.PositiveIntegerField("可出动人数", null=True)
    by_kind = models.CharField("谁", max_length=10)
    by_id = models.CharField("谁的编号", max_length=64, blank=True, default="")

    class Meta:
        verbose_name = "备勤状态"
        indexes: ClassVar = [
            models.Index(F("team"), F("since").desc(), F("id").desc(), name="readiness_latest")
        ]

    def __str__(self) -> str:
        return f"{self.team_id} {self.state}"


class Equipment(models.Model):
    """Things of one sort that a team brings along. 装备"""

    team = models.ForeignKey(Team, models.CASCADE, related_name="equipment", verbose_name="队伍")
    code = models.CharField("代码", max_length=30)
    name = models.CharField("名称", max_length=60)
    sort_key = models.CharField("排序", max_length=400)
    count = models.PositiveIntegerField("数量")

    class Meta:
        verbose_name = "装备"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["team", "code"], name="equipment_once")
        ]

    def __str__(self) -> str:
        return self.name


class Volunteer(models.Model):
    """Somebody who may be invited, where his record comes from and to what he agreed. 志愿者

    ``source`` decides who may be called: a list from above serves one incident and expires; of
    those an organisation stands for, the organisation is asked. ``adult_from`` is the day on which
    he comes of age, null when nobody knows. Hours and calls of the year count for ``counted_year``
    and are zero in any other. ``skills`` is a set, a bit per line of ``tables/skills.toml``.
    """

    class Source(models.TextChoices):
        OWN_SIGN_UP = "own_sign_up", "本单位报名"
        ORGANISATION = "organisation", "组织代联系"
        LIST_FROM_ABOVE = "list_from_above", "上级名单"

    person = models.OneToOneField(
        "org.Person", models.CASCADE, related_name="volunteer", verbose_name="人员"
    )
    source = models.CharField("来源", max_length=16, choices=Source)
    organisation = models.ForeignKey(
        "org.Unit", models.PROTECT, null=True, related_name="+", verbose_name="所在组织"
    )
    for_incident = models.ForeignKey(
        "incident.Incident", models.PROTECT, null=True, related_name="+", verbose_name="仅限事件"
    )
    expires_at = models.DateTimeField("名单失效", null=True)
    consent_at = models.DateTimeField("同意时间", null=True)
    consent_text = models.TextField("同意的内容", blank=True, default="")
    lon = models.FloatField("经度")
    lat = models.FloatField("纬度")
    cell = models.BigIntegerField("网格")
    schematic = models.BooleanField("示意", default=False)
    community = models.CharField("所在社区代码", max_length=12, blank=True, default="")
    adult_from = models.DateField("成年日期", null=True)
    skills = models.BigIntegerField("技能", default=0)
    insured_until = models.DateField("保险有效期至", null=True)
    paused_until = models.DateTimeField("暂停至", null=True)
    busy_until = models.DateTimeField("有任务至", null=True)
    asked = models.PositiveIntegerField("召集次数", default=0)
    accepted = models.PositiveIntegerField("接受次数", default=0)
    counted_year = models.PositiveSmallIntegerField("计数年份")
    calls_this_year = models.PositiveIntegerField("当年召集次数", default=0)
    minutes_this_year = models.PositiveIntegerField("当年服务分钟", default=0)
    registered_at = models.DateTimeField("注册时间")
    version = models.PositiveIntegerField("版本", default=1)

    class Meta:
        verbose_name = "志愿者"
        constraints: ClassVar = [
            models.CheckConstraint(condition=ON_EARTH, name="volunteer_on_earth"),
            models.CheckConstraint(condition=Q(skills__gte=0), name="volunteer_skills"),
            models.CheckConstraint(
                condition=Q(accepted__lte=F("asked")) & Q(calls_this_year__lte=F("asked")),
                name="volunteer_counts",
            ),
            models.CheckConstraint(
                condition=Q(consent_at__isnull=True) | ~Q(consent_text=""),
                name="volunteer_says_to_what",
            ),
            models.CheckConstraint(
                condition=Q(source="organisation", organisation__isnull=False)
                | (~Q(source="organisation") & Q(organisation__isnull=True)),
                name="volunteer_of_an_organisation",
            ),
            models.CheckConstraint(
                condition=Q(
                    source="list_from_above",
                    for_incident__isnull=False,
                    expires_at__isnull=False,
                )
                | (
                    ~Q(source="list_from_above")
                    & Q(for_incident__isnull=True, expires_at__isnull=True)
                ),
                name="volunteer_list_for_one_incident",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["lat", "lon"], name="volunteer_by_point"),
            models.Index(fields=["community"], name="volunteer_by_community"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.person_id}"


# the tables of call-outs and called teams stand beside these; Django finds tables here
from qianjun.force.callout_models import CallAct, Called, CallOut, Wave  # noqa: E402
from qianjun.force.mandate_models import Mandate  # noqa: E402
from qianjun.force.position_models import Position  # noqa: E402
from qianjun.force.team_call_models import TeamAct, TeamCall  # noqa: E402

__all__ = [
    "CallAct",
    "CallOut",
    "Called",
    "CoveredCommunity",
    "Equipment",
    "Mandate",
    "MemberSkill",
    "Position",
    "Readiness",
    "Team",
    "TeamAct",
    "TeamCall",
    "TeamMember",
    "Volunteer",
    "Wave",
]
