"""Tables of the incident module: what was reported, what it is, what is known of it. 事件数据表"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from qianjun.incident import activation_models as activation_models  # its tables belong here
from qianjun.incident import command_models as command_models  # and these
from qianjun.incident import instruction_models as instruction_models  # and these
from qianjun.journal.search import SearchField, search_index
from qianjun.kernel.words import noop as _


class Incident(models.Model):
    """One thing that went wrong in one place. 突发事件

    ``turn_cell`` is the coarse H3 cell of the point: what is near is looked for by it.
    ``placed`` says how the point came: read from words, given as coordinates, chosen or settled
    by a person. ``last_report_at`` is when the latest of its reports was received. ``grade`` is
    what a person confirmed last, 1 the gravest; what the figures speak for is computed. An
    operation is a response without an incident: stand-by, a gathering, an epidemic round.
    """

    class Kind(models.TextChoices):
        INCIDENT = "incident", "突发事件"
        OPERATION = "operation", "行动"

    class State(models.TextChoices):
        OPEN = "open", "处置中"
        CLOSED = "closed", "已结案"

    class Placed(models.TextChoices):
        NONE = "none", "未定位"
        READ = "read", "由文字识别"
        GIVEN = "given", "坐标"
        CHOSEN = "chosen", "人工确认"

    kind = models.CharField(
        "性质", max_length=10, choices=Kind, default=Kind.INCIDENT, db_default=Kind.INCIDENT
    )
    number = models.CharField("事件编号", max_length=40, unique=True)
    title = models.CharField("标题", max_length=200)
    category = models.CharField("事件类型", max_length=10, blank=True, default="")
    grade = models.PositiveSmallIntegerField("事件分级", null=True)
    state = models.CharField("状态", max_length=10, choices=State, default=State.OPEN)
    version = models.PositiveIntegerField("版本", default=1)
    placed = models.CharField("定位方式", max_length=10, choices=Placed, default=Placed.NONE)
    place_answer = models.CharField("定位结果", max_length=10, default="none")
    place_name = models.CharField("地点", max_length=200, blank=True, default="")
    place_code = models.CharField("地点代码", max_length=40, blank=True, default="")
    division = models.CharField("所在社区", max_length=20, blank=True, default="")
    lon = models.FloatField("经度", null=True)
    lat = models.FloatField("纬度", null=True)
    radius_m = models.FloatField("误差半径", null=True)
    cell = models.BigIntegerField("网格", null=True)
    turn_cell = models.BigIntegerField("大网格", null=True)
    occurred_at = models.DateTimeField("发生时间", null=True)
    received_at = models.DateTimeField("接报时间")
    opened_at = models.DateTimeField("立案时间")
    closed_at = models.DateTimeField("结案时间", null=True)
    last_report_at = models.DateTimeField("最近接报")
    search = SearchField(names=("title", "place_name"), numbers=("number",))
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="merged", verbose_name="并入"
    )

    class Meta:
        verbose_name = "突发事件"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="open", closed_at__isnull=True)
                | Q(state="closed", closed_at__isnull=False),
                name="incident_closed_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(placed="none", lon__isnull=True, lat__isnull=True)
                | (~Q(placed="none") & Q(lon__isnull=False, lat__isnull=False)),
                name="incident_point_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | Q(state="closed"),
                name="incident_merged_is_closed",
            ),
            models.CheckConstraint(
                condition=Q(grade__isnull=True) | Q(grade__range=(1, 4)), name="incident_grade"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["turn_cell", "last_report_at"],
                name="incident_open_near",
                condition=Q(state="open"),
            ),
            models.Index(
                fields=["last_report_at"], name="incident_open_late", condition=Q(state="open")
            ),
            models.Index(fields=["-received_at", "-id"], name="incident_newest"),
            search_index("incident"),
        ]

    def __str__(self) -> str:
        return self.number


class Report(models.Model):
    """What somebody told us, once; never merged away. 接报

    ``crs`` is the system the coordinates came in; ``lon`` and ``lat`` are WGS-84.
    ``confirmed_at`` is when a person agreed to an automatic join.
    """

    class Joined(models.TextChoices):
        NEW = "new", "立案"
        AUTO = "auto", "自动归并"
        CHOSEN = "chosen", "人工归并"

    number = models.CharField("接报编号", max_length=40, unique=True)
    incident = models.ForeignKey(
        Incident, models.PROTECT, related_name="reports", verbose_name="事件"
    )
    text = models.TextField("内容")
    title = models.CharField("标题", max_length=200, blank=True, default="")
    channel = models.CharField("渠道", max_length=12)
    source = models.CharField("来源", max_length=16, blank=True, default="")
    caller_name = models.CharField("报告人", max_length=60, blank=True, default="")
    caller_phone = models.CharField("报告人电话", max_length=40, blank=True, default="")
    category = models.CharField("事件类型", max_length=10, blank=True, default="")
    category_given = models.BooleanField("类型由报告人给出", default=False)
    placed = models.CharField(
        "定位方式", max_length=10, choices=Incident.Placed, default=Incident.Placed.NONE
    )
    place_answer = models.CharField("定位结果", max_length=10, default="none")
    place_name = models.CharField("地点", max_length=200, blank=True, default="")
    place_code = models.CharField("地点代码", max_length=40, blank=True, default="")
    division = models.CharField("所在社区", max_length=20, blank=True, default="")
    lon = models.FloatField("经度", null=True)
    lat = models.FloatField("纬度", null=True)
    radius_m = models.FloatField("误差半径", null=True)
    crs = models.CharField("坐标系", max_length=6, blank=True, default="")
    occurred_at = models.DateTimeField("发生时间", null=True)
    received_at = models.DateTimeField("接报时间")
    joined = models.CharField("归并方式", max_length=8, choices=Joined)
    join_probability = models.FloatField("归并概率", null=True)
    confirmed_at = models.DateTimeField("归并确认时间", null=True)
    removed_bidi = models.PositiveIntegerField("清除的控制字符", default=0)
    by_kind = models.CharField("录入者", max_length=10)
    by_id = models.CharField("录入者编号", max_length=64, blank=True, default="")
    by_unit = models.BigIntegerField("录入单位", null=True)
    search = SearchField(texts=("text", "title"), names=("place_name",), numbers=("number",))

    class Meta:
        verbose_name = "接报"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(placed="none", lon__isnull=True, lat__isnull=True)
                | (~Q(placed="none") & Q(lon__isnull=False, lat__isnull=False)),
                name="report_point_is_whole",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["incident", "received_at", "id"], name="report_of_incident"),
            models.Index(
                fields=["received_at"],
                name="report_unconfirmed",
                condition=Q(joined="auto", confirmed_at__isnull=True),
            ),
            search_index("report"),
        ]

    def __str__(self) -> str:
        return self.number


class Figure(models.Model):
    """What was said about one number at one time; rows are only added. 数字

    A row that ``stands`` counts; one that a report brought and that jumps waits for somebody to
    explain it. ``withdrawn_at`` is when its report left the incident.
    """

    class Kind(models.TextChoices):
        DEAD = "dead", "遇难"
        MISSING = "missing", "失联"
        SERIOUS = "serious", "重伤"
        INJURED = "injured", "受伤"
        EVACUATED = "evacuated", "转移"
        LOSS_YUAN = "loss_yuan", "直接经济损失（元）"

    incident = models.ForeignKey(
        Incident, models.PROTECT, related_name="figures", verbose_name="事件"
    )
    report = models.ForeignKey(
        Report, models.PROTECT, null=True, related_name="figures", verbose_name="接报"
    )
    kind = models.CharField("数字种类", max_length=12, choices=Kind)
    value = models.BigIntegerField("数值")
    at = models.DateTimeField("截至时间")
    source = models.CharField("来源", max_length=60)
    explanation = models.TextField("说明", blank=True, default="")
    stands = models.BooleanField("采用", default=True)
    recorded_at = models.DateTimeField("记录时间")
    withdrawn_at = models.DateTimeField("撤出时间", null=True)
    by_kind = models.CharField("录入者", max_length=10, blank=True, default="")
    by_id = models.CharField("录入者编号", max_length=64, blank=True, default="")

    class Meta:
        verbose_name = "数字"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(value__gte=0), name="figure_not_negative")
        ]
        indexes: ClassVar = [
            models.Index(fields=["incident", "kind", "-at", "-id"], name="figure_latest")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"


class Grading(models.Model):
    """A person confirmed a grade; rows are only added. 定级

    ``suggested`` is what the figures spoke for at that moment.
    """

    incident = models.ForeignKey(
        Incident, models.PROTECT, related_name="gradings", verbose_name="事件"
    )
    value = models.PositiveSmallIntegerField("事件分级")
    suggested = models.PositiveSmallIntegerField("当时的建议", null=True)
    why = models.TextField("理由", blank=True, default="")
    at = models.DateTimeField("定级时间")
    by_kind = models.CharField("定级人", max_length=10)
    by_id = models.CharField("定级人编号", max_length=64, blank=True, default="")

    class Meta:
        verbose_name = "定级"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(value__range=(1, 4)), name="grading_one_of_four")
        ]
        indexes: ClassVar = [models.Index(fields=["incident", "id"], name="grading_of_incident")]

    def __str__(self) -> str:
        return str(self.value)


class Settling(models.Model):
    """What the facts were before a person settled them; the row makes it undone. 核定前的要素

    ``version`` is the incident's after the settling: only the last one can be undone.
    """

    incident = models.ForeignKey(
        Incident, models.PROTECT, related_name="settlings", verbose_name="事件"
    )
    version = models.PositiveIntegerField("核定后的版本")
    before = models.JSONField("核定前")
    at = models.DateTimeField("核定时间")
    by_kind = models.CharField("核定人", max_length=10)
    by_id = models.CharField("核定人编号", max_length=64, blank=True, default="")
    undone_at = models.DateTimeField("撤回时间", null=True)

    class Meta:
        verbose_name = "核定记录"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["incident", "version"], name="settling_of_version")
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} v{self.version}"


class Letter(models.Model):
    """Something that came in and answers no question: a report perhaps. 来信，待分拣

    The words stay with the inbox. It is taken in as a report or put aside for a reason.
    """

    inbound = models.OneToOneField(
        "message.Inbound", models.PROTECT, related_name="+", verbose_name="来信"
    )
    arrived_at = models.DateTimeField("收到时间")
    report = models.OneToOneField(
        Report, models.PROTECT, null=True, related_name="letter", verbose_name="接报"
    )
    settled_at = models.DateTimeField("分拣时间", null=True)
    reason = models.TextField("不立案的理由", blank=True, default="")
    by_kind = models.CharField("分拣人", max_length=10, blank=True, default="")
    by_id = models.CharField("分拣人编号", max_length=64, blank=True, default="")

    class Meta:
        verbose_name = "来信"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True, report__isnull=True, reason="")
                | Q(settled_at__isnull=False, report__isnull=False, reason="")
                | (Q(settled_at__isnull=False, report__isnull=True) & ~Q(reason="")),
                name="letter_settled_one_way",
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["arrived_at"], name="letter_waiting", condition=Q(settled_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return str(self.inbound_id)


class Hold(models.Model):
    """Something above that must be settled before the incident closes. 结案前须了结的事

    The module above places it and lifts it; ``about`` is its own row.
    """

    class Kind(models.TextChoices):
        PEOPLE = "people", _("人员未撤离")
        SUPPLIES = "supplies", _("物资未了结")
        FINAL_REPORT = "final_report", _("未报终报")
        TASKS = "tasks", _("任务未办结")
        COMMAND_POST = "command_post", _("指挥部未撤销")

    incident = models.ForeignKey(
        Incident, models.PROTECT, related_name="holds", verbose_name="事件"
    )
    kind = models.CharField("种类", max_length=16, choices=Kind)
    about_kind = models.CharField("关于", max_length=40)
    about_id = models.CharField("关于编号", max_length=64)
    placed_at = models.DateTimeField("起")
    lifted_at = models.DateTimeField("止", null=True)

    class Meta:
        verbose_name = "结案前须了结的事"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["incident", "kind", "about_kind", "about_id"],
                name="hold_once",
                condition=Q(lifted_at__isnull=True),
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True) | Q(lifted_at__gte=F("placed_at")),
                name="hold_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.about_kind}:{self.about_id}"
