"""Tables of the journal; entries and seals are only ever added. 事件簿数据表"""

from typing import ClassVar

from django.db import models

from qianjun.journal.rules import MARKS


class Entry(models.Model):
    """One thing that happened. 一条记录

    ``at`` is domain time, ``happened_at`` as claimed (earlier for 补录), ``recorded_at`` real time,
    ``transaction`` the id of the writing transaction, for ids are not commit order.
    """

    name = models.CharField("事件", max_length=80)
    version = models.PositiveSmallIntegerField("版本", default=1)
    kind = models.CharField("类别", max_length=10, default="system")
    incident = models.BigIntegerField("事件编号", null=True)
    about_kind = models.CharField("关于", max_length=40, blank=True, default="")
    about_id = models.CharField("关于编号", max_length=64, blank=True, default="")
    by_kind = models.CharField("谁", max_length=10)
    by_id = models.CharField("谁的编号", max_length=64, blank=True, default="")
    by_role = models.CharField("以何角色", max_length=40, blank=True, default="")
    cause = models.BigIntegerField("起因", null=True)
    corrects = models.BigIntegerField("更正", null=True)
    at = models.DateTimeField("业务时间")
    happened_at = models.DateTimeField("发生时间")
    recorded_at = models.DateTimeField("记录时间")
    transaction = models.BigIntegerField("事务号")
    payload = models.JSONField("内容")
    digest = models.CharField("正文摘要", max_length=64, blank=True, default="")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["incident", "happened_at", "id"], name="entry_of_incident"),
            models.Index(fields=["name", "id"], name="entry_by_name"),
            models.Index(
                fields=["corrects"],
                name="entry_that_corrects",
                condition=models.Q(corrects__isnull=False),
            ),
            models.Index(fields=["transaction", "id"], name="entry_to_seal"),
            models.Index(
                fields=["about_kind", "about_id"],
                name="entry_about",
                condition=~models.Q(about_kind=""),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Body(models.Model):
    """What was said; erased by deleting salt and text, the entry keeps the digest. 正文"""

    entry = models.OneToOneField(Entry, models.PROTECT, primary_key=True, related_name="body")
    salt = models.CharField("盐", max_length=64, blank=True)
    text = models.TextField("正文", blank=True)
    erased_at = models.DateTimeField("删除时间", null=True)

    def __str__(self) -> str:
        return f"{self.entry_id}"


class Seal(models.Model):
    """The place of an entry in the chain. 封存"""

    entry = models.OneToOneField(Entry, models.PROTECT, related_name="seal")
    seq = models.BigIntegerField("序号", unique=True)
    prev = models.CharField("前一摘要", max_length=72)
    hash = models.CharField("摘要", max_length=72)

    def __str__(self) -> str:
        return f"{self.seq}:{self.hash}"


class Done(models.Model):
    """A reaction that has completed for an entry; its row makes it happen once. 已完成的反应"""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+")
    reaction = models.CharField("反应", max_length=80)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entry", "reaction"], name="reaction_once")
        ]

    def __str__(self) -> str:
        return self.reaction


class Timer(models.Model):
    """An event that will be said when its domain time comes. 定时"""

    key = models.CharField("键", max_length=120, unique=True)
    due_at = models.DateTimeField("到期")
    name = models.CharField("事件", max_length=80)
    version = models.PositiveSmallIntegerField("版本", default=1)
    payload = models.JSONField("内容")
    incident = models.BigIntegerField("事件编号", null=True)
    cause = models.BigIntegerField("起因", null=True)
    done_at = models.DateTimeField("完成时间", null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"], name="timer_waiting", condition=models.Q(done_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return self.key


class Deadline(models.Model):
    """Something due about something, met or not. 时限"""

    about_kind = models.CharField("关于", max_length=40)
    about_id = models.CharField("关于编号", max_length=64)
    kind = models.CharField("时限种类", max_length=40)
    started_at = models.DateTimeField("起算")
    due_at = models.DateTimeField("到期")
    met_at = models.DateTimeField("完成", null=True)
    rule = models.CharField("依据", max_length=120, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["about_kind", "about_id", "kind", "started_at"], name="deadline_once"
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"], name="deadline_open", condition=models.Q(met_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.about_kind}:{self.about_id}"


class Mark(models.Model):
    """How a record may be handled from now on; rows are only added, the last one counts. 标记

    ``about`` is a record of any module: an incident, a report, an entry, a file. One without a row
    is ``rules.USUAL_MARK``.
    """

    about_kind = models.CharField("关于", max_length=40)
    about_id = models.CharField("关于编号", max_length=64)
    mark = models.CharField("标记", max_length=10, choices=list(MARKS.items()))
    at = models.DateTimeField("时间")
    by_kind = models.CharField("谁", max_length=10)
    by_id = models.CharField("谁的编号", max_length=64, blank=True, default="")
    by_role = models.CharField("以何角色", max_length=40, blank=True, default="")
    why = models.CharField("理由", max_length=200)

    class Meta:
        verbose_name = "标记"
        indexes: ClassVar = [
            models.Index(fields=["about_kind", "about_id", "-id"], name="mark_of_record")
        ]

    def __str__(self) -> str:
        return f"{self.about_kind}:{self.about_id} {self.mark}"


class Card(models.Model):
    """A job that failed for good and waits for a person. 待人工处理"""

    entry = models.ForeignKey(Entry, models.PROTECT, null=True, related_name="+")
    reaction = models.CharField("反应", max_length=80)
    cause = models.TextField("原因")
    attempts = models.PositiveSmallIntegerField("次数")
    made_at = models.DateTimeField("产生时间")
    settled_at = models.DateTimeField("处理时间", null=True)
    settled_how = models.CharField("处理方式", max_length=10, blank=True)
    reason = models.TextField("理由", blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["entry", "reaction"],
                name="card_once",
                condition=models.Q(settled_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return self.reaction


class Counter(models.Model):
    """The last number given out in a series; gapless, for it commits with its use. 编号"""

    series = models.CharField("序列", max_length=80, primary_key=True)
    last = models.BigIntegerField("末号")

    def __str__(self) -> str:
        return f"{self.series}: {self.last}"


class ClockRow(models.Model):
    """The one row that says where domain time stands. 时钟"""

    domain = models.DateTimeField("业务时间")
    real = models.DateTimeField("真实时间")
    speed = models.FloatField("倍速", default=1.0)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(pk=1), name="one_clock"),
            models.CheckConstraint(
                condition=models.Q(speed__gte=0, speed__lte=60), name="clock_speed"
            ),
        ]

    def __str__(self) -> str:
        return f"x{self.speed}"


class Heartbeat(models.Model):
    """When a loop of some process last said that it is alive, in real time. 心跳"""

    name = models.CharField("名称", max_length=80, primary_key=True)
    at = models.DateTimeField("时间")

    def __str__(self) -> str:
        return self.name
