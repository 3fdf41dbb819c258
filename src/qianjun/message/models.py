"""Tables of outbox and inbox, and those of the simulated carrier beside them. 消息数据表"""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from qianjun.message import habits, rules

WAITING = Q(sent_at__isnull=True, failed_at__isnull=True)
UNREACHED = Q(failed_at__isnull=False, delivered_at__isnull=True, dropped_at__isnull=True)
ASKS = Q(expects_answer=True, answered_at__isnull=True)
OPEN_MAILING = Q(spread_at__isnull=True)
SILENT = Q(rank=rules.URGENT, failed_at__isnull=True, delivered_at__isnull=True)


class Message(models.Model):
    """One text to one person by one channel for one purpose. 外发消息

    States are instants of domain time; ``lease_until`` and ``next_try_at`` are real time.
    ``copies`` above 1 says that one before it may have arrived: such a copy is marked 【重发】.
    """

    key = models.CharField("唯一键", max_length=200, unique=True)
    purpose = models.CharField("用途", max_length=12, choices=list(rules.PURPOSES.items()))
    matter = models.CharField("事项", max_length=120)
    person = models.ForeignKey(
        "org.Person", models.PROTECT, related_name="+", verbose_name="收件人"
    )
    channel = models.CharField("渠道", max_length=20)
    address = models.CharField("号码或地址", max_length=200, blank=True)
    text = models.TextField("内容")
    rank = models.PositiveSmallIntegerField("优先级")
    incident = models.BigIntegerField("事件编号", null=True)
    links = models.JSONField("链接", default=list)
    expects_answer = models.BooleanField("待回复", default=False)
    reminder = models.PositiveSmallIntegerField("第几次提醒", default=0)
    copies = models.PositiveSmallIntegerField("第几份", default=1)
    queued_at = models.DateTimeField("排队时间")
    lease_until = models.DateTimeField("占用至", null=True)
    attempts = models.PositiveSmallIntegerField("尝试次数", default=0)
    next_try_at = models.DateTimeField("下次尝试", null=True)
    sent_at = models.DateTimeField("发出时间", null=True)
    delivered_at = models.DateTimeField("送达时间", null=True)
    opened_at = models.DateTimeField("阅读时间", null=True)
    answered_at = models.DateTimeField("应答时间", null=True)
    unknown_at = models.DateTimeField("存疑时间", null=True)
    failed_at = models.DateTimeField("失败时间", null=True)
    failure = models.CharField("失败原因", max_length=40, blank=True, default="")
    dropped_at = models.DateTimeField("人工了结时间", null=True)
    provider_id = models.CharField("通道编号", max_length=80, blank=True, default="")

    class Meta:
        verbose_name = "外发消息"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(rank__in=rules.RANKS), name="message_rank"),
            models.CheckConstraint(condition=Q(copies__gte=1), name="message_copies"),
            models.CheckConstraint(
                condition=Q(failed_at__isnull=True) | ~Q(failure=""), name="message_failure_named"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["rank", "id"], name="message_waiting", condition=WAITING),
            models.Index(fields=["rank", "id"], name="message_unreached", condition=UNREACHED),
            models.Index(fields=["id"], name="message_silent", condition=SILENT),
            models.Index(
                fields=["incident", "id"],
                name="message_of_incident",
                condition=Q(incident__isnull=False),
            ),
            # who answers is found by person or by number: two short walks
            models.Index(
                fields=["person", "id"], name="message_asks", condition=Q(expects_answer=True)
            ),
            models.Index(
                fields=["address", "id"],
                name="message_asks_there",
                condition=Q(expects_answer=True),
            ),
            models.Index(fields=["delivered_at"], name="message_unanswered", condition=ASKS),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def resend(self) -> bool:
        """Whether what leaves now is marked 【重发】."""
        return self.copies > 1

    @property
    def state(self) -> str:
        """The furthest that is known of it."""
        reached = ("answered", "opened", "delivered", "failed", "sent", "unknown")
        return next((s for s in reached if getattr(self, f"{s}_at") is not None), "queued")


class Mailing(models.Model):
    """One text to more people than are queued at once: the pump fills the outbox. 大批群发

    ``people`` are ids of persons, of whom ``done`` stand in the outbox; ``spread_at`` once all do.
    With ``link_purpose`` each gets a link of his own about ``link_kind`` and ``link_id``, else all
    get ``links``; without ``channel`` each is reached by his first address. A part that fails waits
    until ``next_try_at``, real time; after the last of ``attempts`` it is put aside with a card.
    """

    purpose = models.CharField("用途", max_length=12, choices=list(rules.PURPOSES.items()))
    matter = models.CharField("事项", max_length=120)
    text = models.TextField("内容")
    rank = models.PositiveSmallIntegerField("优先级")
    incident = models.BigIntegerField("事件编号", null=True)
    channel = models.CharField("渠道", max_length=20, blank=True)
    links = models.JSONField("链接", default=list)
    link_purpose = models.CharField("链接用途", max_length=1, blank=True)
    link_kind = models.CharField("链接关于", max_length=40, blank=True)
    link_id = models.CharField("链接关于编号", max_length=64, blank=True)
    expects_answer = models.BooleanField("待回复", default=False)
    reminder = models.PositiveSmallIntegerField("第几次提醒", default=0)
    people = ArrayField(models.BigIntegerField(), verbose_name="收件人")
    done = models.PositiveIntegerField("已排队人数", default=0)
    queued_at = models.DateTimeField("排队时间")
    spread_at = models.DateTimeField("铺开完成时间", null=True)
    attempts = models.PositiveSmallIntegerField("失败次数", default=0, db_default=0)
    next_try_at = models.DateTimeField("下次尝试时间", null=True)
    aside_at = models.DateTimeField("转人工时间", null=True)

    class Meta:
        verbose_name = "大批群发"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["purpose", "matter", "reminder"], name="mailing_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["rank", "id"], name="mailing_open", condition=OPEN_MAILING)
        ]

    def __str__(self) -> str:
        return f"{self.purpose}:{self.matter}"


class Carrier(models.Model):
    """How the simulated carrier serves one channel; no row is a carrier in good health. 模拟运营商

    ``loss`` is the share of messages that vanish after acceptance; ``repeat_receipts`` says how
    often each receipt comes again; delays are seconds of domain time.
    """

    channel = models.CharField("渠道", max_length=20, primary_key=True)
    down = models.BooleanField("中断", default=False)
    delay_s = models.FloatField("送达延迟（秒）", default=0.5)
    loss = models.FloatField("丢失率", default=0.0)
    repeat_receipts = models.PositiveSmallIntegerField("重复回执", default=0)

    class Meta:
        verbose_name = "模拟运营商"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(loss__gte=0, loss__lte=1), name="carrier_loss"),
            models.CheckConstraint(condition=Q(delay_s__gte=0), name="carrier_delay"),
        ]

    def __str__(self) -> str:
        return self.channel

    @property
    def title(self) -> str:
        """The channel in words."""
        return rules.CHANNELS.get(self.channel, self.channel)

    @property
    def loss_percent(self) -> float:
        """The share that gets lost, in per cent."""
        return round(self.loss * 100, 4)


class CarrierRow(models.Model):
    """What the simulated carrier has accepted: the books of another company. 运营商流水

    Never written together with the outbox. ``due_at`` is null for a message that gets lost.
    """

    ref = models.CharField("客户编号", max_length=210, db_index=True)
    key = models.CharField("唯一键", max_length=200)
    channel = models.CharField("渠道", max_length=20)
    to = models.CharField("号码", max_length=200, db_index=True)
    person = models.BigIntegerField("收件人")
    purpose = models.CharField("用途", max_length=12)
    incident = models.BigIntegerField("事件编号", null=True)
    text = models.TextField("内容")
    resend = models.BooleanField("重发", default=False)
    reminder = models.PositiveSmallIntegerField("第几次提醒", default=0)
    links = models.JSONField("链接", default=list)
    accepted_at = models.DateTimeField("接收时间")
    due_at = models.DateTimeField("应送达时间", null=True)
    delivered_at = models.DateTimeField("送达时间", null=True)
    state = models.CharField("状态", max_length=10, default="accepted")
    settled_at = models.DateTimeField("定局时间", null=True)
    receipts_left = models.PositiveSmallIntegerField("待发回执", default=0)

    class Meta:
        verbose_name = "运营商流水"
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"], name="carrier_due", condition=Q(settled_at__isnull=True)
            ),
            models.Index(fields=["id"], name="carrier_receipts", condition=Q(receipts_left__gt=0)),
        ]

    def __str__(self) -> str:
        return self.ref


class Inbound(models.Model):
    """One text, position or file that somebody sent us. 收到的消息

    ``key`` is the provider's name for it: the same one again is not taken twice. The position is
    WGS-84; ``entry`` is the journal's entry that tells of it. ``file`` came with it; it is put to
    its incident or report by those above.
    """

    key = models.CharField("唯一键", max_length=210, unique=True)
    channel = models.CharField("渠道", max_length=20)
    from_value = models.CharField("来自号码", max_length=200)
    person = models.ForeignKey(
        "org.Person", models.PROTECT, null=True, related_name="+", verbose_name="发件人"
    )
    text = models.TextField("内容", blank=True)
    lon = models.FloatField("经度", null=True)
    lat = models.FloatField("纬度", null=True)
    file = models.ForeignKey(
        "media.File", models.PROTECT, null=True, related_name="+", verbose_name="文件"
    )
    sent_at = models.DateTimeField("对方发出时间")
    received_at = models.DateTimeField("收到时间")
    matched = models.ForeignKey(
        Message, models.PROTECT, null=True, related_name="answers", verbose_name="所答消息"
    )
    state = models.CharField("归属", max_length=10, choices=list(rules.INBOUND_STATES.items()))
    entry = models.BigIntegerField("事件簿编号", null=True)

    class Meta:
        verbose_name = "收到的消息"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(lon__isnull=True, lat__isnull=True)
                | Q(lon__isnull=False, lat__isnull=False),
                name="inbound_whole_position",
            ),
            models.CheckConstraint(
                condition=Q(state="news", matched__isnull=True)
                | ~Q(state="news") & Q(matched__isnull=False),
                name="inbound_matched_unless_news",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["channel", "from_value", "id"], name="inbound_of_sender"),
            models.Index(fields=["entry"], name="inbound_by_entry"),
        ]

    def __str__(self) -> str:
        return self.key


class CarrierReply(models.Model):
    """What a simulated phone has sent and the carrier hands over to us. 运营商来信

    Books of the other company, like its rows; ``taken_at`` is null until we have taken it, and
    ``file`` is the number of the file that goes with it.
    """

    channel = models.CharField("渠道", max_length=20)
    from_value = models.CharField("来自号码", max_length=200)
    text = models.TextField("内容", blank=True)
    lon = models.FloatField("经度", null=True)
    lat = models.FloatField("纬度", null=True)
    file = models.BigIntegerField("文件编号", null=True)
    sent_at = models.DateTimeField("发出时间")
    taken_at = models.DateTimeField("交付时间", null=True)

    class Meta:
        verbose_name = "运营商来信"
        indexes: ClassVar = [
            models.Index(fields=["id"], name="reply_waiting", condition=Q(taken_at__isnull=True)),
            models.Index(fields=["from_value", "channel", "id"], name="reply_of_phone"),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def key(self) -> str:
        """The carrier's name for it."""
        return f"simulated:{self.pk}"


class SimulatedPeople(models.Model):
    """How those behave who hold the simulated phones; at most one row. 模拟人员

    ``delay_s`` is the median of their delay in domain time; ``silent`` are ids of persons who
    neither read nor answer by themselves.
    """

    auto = models.BooleanField("自动应答")
    accept_rate = models.FloatField("应允率", default=habits.ACCEPT_RATE)
    delay_s = models.FloatField("应答延迟（秒）", default=habits.MEDIAN_S)
    silent = models.JSONField("不应答的人员", default=list)

    class Meta:
        verbose_name = "模拟人员"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(pk=1), name="people_one_row"),
            models.CheckConstraint(
                condition=Q(accept_rate__gte=0, accept_rate__lte=1), name="people_rate"
            ),
            models.CheckConstraint(condition=Q(delay_s__gt=0), name="people_delay"),
        ]

    def __str__(self) -> str:
        return "simulated people"

    @property
    def accept_percent(self) -> float:
        """The share that says yes, in per cent."""
        return round(self.accept_rate * 100, 4)


class Intent(models.Model):
    """What a simulated person is going to do about a message, and when. 打算

    ``due_at`` is the next of the two instants, null when nothing more will be done; without
    ``words`` the message is read and not answered.
    """

    message = models.OneToOneField(
        Message, models.CASCADE, related_name="intent", verbose_name="消息"
    )
    reads_at = models.DateTimeField("阅读时间")
    answers_at = models.DateTimeField("应答时间")
    words = models.CharField("应答内容", max_length=100, blank=True)
    due_at = models.DateTimeField("下一步时间", null=True)

    class Meta:
        verbose_name = "打算"
        indexes: ClassVar = [
            models.Index(fields=["due_at"], name="intent_due", condition=Q(due_at__isnull=False))
        ]

    def __str__(self) -> str:
        return str(self.message_id)
