"""Tables of the duty room: who is on duty when, hand-overs, daily bulletins. 值班数据表"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

STANDS = Q(removed_at__isnull=True)
WAITS = Q(signed_in_at__isnull=True, withdrawn_at__isnull=True)


class Shift(models.Model):
    """Somebody has a post from when to when, as the roster says. 班次

    ``holding`` is the row of org that makes him hold the post; it may end earlier or later than
    planned, by a hand-over. ``cut`` are holdings until further notice that this shift ends.
    """

    post = models.ForeignKey("org.Post", models.PROTECT, related_name="+", verbose_name="岗位")
    person = models.ForeignKey("org.Person", models.PROTECT, related_name="+", verbose_name="人员")
    since = models.DateTimeField("起")
    until = models.DateTimeField("止")
    holding = models.OneToOneField(
        "org.Holding", models.SET_NULL, null=True, related_name="shift", verbose_name="在岗"
    )
    cut = models.JSONField("接替的在岗", default=list)
    version = models.PositiveIntegerField("版本", default=1)
    entered_at = models.DateTimeField("录入时间")
    by_kind = models.CharField("录入者", max_length=10)
    by_id = models.CharField("录入者编号", max_length=64, blank=True, default="")
    removed_at = models.DateTimeField("撤下时间", null=True)

    class Meta:
        verbose_name = "班次"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(until__gt=F("since")), name="shift_in_order")
        ]
        indexes: ClassVar = [
            models.Index(fields=["post", "since"], name="shift_of_post"),
            models.Index(fields=["since", "until"], name="shift_of_days"),
        ]

    def __str__(self) -> str:
        return f"{self.post_id} {self.person_id}"


class ShiftHandOver(models.Model):
    """A post goes from one person to the next: each signs with his own log-in. 交接班

    ``snapshot`` is what was open when the first signed, ``taken`` when the second did: ids and
    numbers only. What the first wants to say is the body of the entry ``note_entry``. When he is
    ill or gone the shift leader ``signed_for`` him; why is the body of the entry ``why_entry``.
    """

    post = models.ForeignKey("org.Post", models.PROTECT, related_name="+", verbose_name="岗位")
    outgoing = models.ForeignKey(
        "org.Person", models.PROTECT, related_name="+", verbose_name="交班人"
    )
    incoming = models.ForeignKey(
        "org.Person", models.PROTECT, null=True, related_name="+", verbose_name="接班人"
    )
    signed_for = models.ForeignKey(
        "org.Person", models.PROTECT, null=True, related_name="+", verbose_name="代签人"
    )
    why_entry = models.BigIntegerField("代签理由", null=True)
    note_entry = models.BigIntegerField("交班说明", null=True)
    snapshot = models.JSONField("交班时未了")
    taken = models.JSONField("接班时未了", null=True)
    digest = models.CharField("摘要", max_length=64)
    signed_out_at = models.DateTimeField("交班签字时间")
    signed_in_at = models.DateTimeField("接班签字时间", null=True)
    withdrawn_at = models.DateTimeField("撤回时间", null=True)

    class Meta:
        verbose_name = "交接班"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["post", "outgoing"], name="hand_over_waits_once", condition=WAITS
            ),
            models.CheckConstraint(
                condition=Q(incoming__isnull=True) | ~Q(incoming=F("outgoing")),
                name="hand_over_by_two",
            ),
            models.CheckConstraint(
                condition=Q(signed_for__isnull=True)
                | (
                    ~Q(signed_for=F("outgoing"))
                    & (Q(incoming__isnull=True) | ~Q(signed_for=F("incoming")))
                ),
                name="hand_over_signed_for_by_a_third",
            ),
            models.CheckConstraint(
                condition=Q(signed_in_at__isnull=True, incoming__isnull=True)
                | Q(signed_in_at__isnull=False, incoming__isnull=False),
                name="hand_over_signed_by_somebody",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["-signed_out_at"], name="hand_over_newest")]

    def __str__(self) -> str:
        return f"{self.post_id} {self.signed_out_at:%Y-%m-%d %H:%M}"


class Bulletin(models.Model):
    """What the duty room tells of the 24 hours until eight o'clock of a day. 每日值班信息

    A draft counts what the rows say whenever it is looked at; issuing freezes ``lines``, ``text``
    and their ``digest`` under a number. ``closing`` is what people add.
    """

    day = models.DateField("日期", unique=True)
    since = models.DateTimeField("起")
    until = models.DateTimeField("止")
    drafted_at = models.DateTimeField("生成时间")
    closing = models.TextField("结语", blank=True, default="")
    version = models.PositiveIntegerField("版本", default=1)
    number = models.CharField("编号", max_length=40, blank=True, default="")
    issue = models.PositiveIntegerField("期号", null=True)
    lines = models.JSONField("签发的内容", default=list)
    text = models.TextField("签发的正文", blank=True, default="")
    digest = models.CharField("摘要", max_length=64, blank=True, default="")
    issued_at = models.DateTimeField("签发时间", null=True)
    issuer_kind = models.CharField("签发人", max_length=10, blank=True, default="")
    issuer_id = models.CharField("签发人编号", max_length=64, blank=True, default="")

    class Meta:
        verbose_name = "每日值班信息"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(issued_at__isnull=True) | (~Q(digest="") & ~Q(number="")),
                name="bulletin_issued_is_frozen",
            )
        ]

    def __str__(self) -> str:
        return self.number or f"{self.day}"
