"""Tables of the outbox, and those of the simulated carrier beside it. 消息数据表"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from qianjun.message import rules

WAITING = Q(sent_at__isnull=True, failed_at__isnull=True)
UNREACHED = Q(failed_at__isnull=False, delivered_at__isnull=True, dropped_at__isnull=True)
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
