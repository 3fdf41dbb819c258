"""Tables of instructions from above: what came, who said what, who has it, what was answered.

来文办理数据表
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from qianjun.journal.search import SearchField, search_index

OPEN = Q(closed_at__isnull=True)
STANDS = Q(withdrawn_at__isnull=True)
UNANSWERED = STANDS & Q(answered_at__isnull=True)


class Mark(models.TextChoices):
    """How the words may be handled."""

    INTERNAL = "internal", "内部"
    PUBLIC = "public", "公开"


class Instruction(models.Model):
    """An order from above as it was taken in: letter, call, fax, directive, invitation. 来文

    ``unit`` and ``unit_path`` are whose register it stands in. The state are instants:
    ``asked_at`` while a leader's directive is waited for. ``closed_why`` says why it was closed
    with something left open. Every change of what was taken in raises ``version``.
    """

    class Way(models.TextChoices):
        DOCUMENT = "document", "来文"
        PHONE = "phone", "来电"
        FAX = "fax", "传真"
        DIRECTIVE = "directive", "领导批示"
        MEETING = "meeting", "会议通知"
        MESSAGE = "message", "网络传来"

    class Urgency(models.TextChoices):
        ORDINARY = "ordinary", "平件"
        URGENT = "urgent", "加急"
        MOST_URGENT = "most_urgent", "特急"

    number = models.CharField("编号", max_length=40, unique=True)
    unit = models.CharField("登记单位", max_length=30)
    unit_path = models.CharField("登记单位路径", max_length=300)
    way = models.CharField("来文方式", max_length=10, choices=Way)
    urgency = models.CharField("紧急程度", max_length=12, choices=Urgency, default=Urgency.ORDINARY)
    sender = models.CharField("来文单位", max_length=120)
    sender_unit = models.ForeignKey(
        "org.Unit", models.PROTECT, null=True, related_name="+", verbose_name="来文单位"
    )
    sender_person = models.CharField("对方联系人", max_length=100, blank=True, default="")
    sender_phone = models.CharField("对方电话", max_length=40, blank=True, default="")
    their_number = models.CharField("来文字号", max_length=100, blank=True, default="")
    received_at = models.DateTimeField("收到时间")
    recorded_at = models.DateTimeField("登记时间")
    mark = models.CharField("标记", max_length=10, choices=Mark, default=Mark.INTERNAL)
    title = models.CharField("标题", max_length=200)
    text = models.TextField("内容", blank=True, default="")
    reply_by = models.DateTimeField("要求回复时限", null=True)
    incident = models.ForeignKey(
        "incident.Incident", models.PROTECT, null=True, related_name="+", verbose_name="事件"
    )
    proposed_at = models.DateTimeField("拟办时间", null=True)
    asked_at = models.DateTimeField("呈批时间", null=True)
    directed_at = models.DateTimeField("批示时间", null=True)
    replied_at = models.DateTimeField("回复时间", null=True)
    by_kind = models.CharField("登记人", max_length=10)
    by_id = models.CharField("登记人编号", max_length=64, blank=True, default="")
    closed_at = models.DateTimeField("办结时间", null=True)
    closed_kind = models.CharField("办结人", max_length=10, blank=True, default="")
    closed_id = models.CharField("办结人编号", max_length=64, blank=True, default="")
    outcome = models.TextField("办理结果", blank=True, default="")
    closed_why = models.TextField("未了仍办结的理由", blank=True, default="")
    version = models.PositiveIntegerField("版本", default=1)
    search = SearchField(
        names=("title", "sender"), texts=("text",), numbers=("number", "their_number")
    )

    class Meta:
        verbose_name = "来文"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(asked_at__isnull=True),
                name="instruction_closed_waits_for_nobody",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["received_at"], name="instruction_open", condition=OPEN),
            models.Index(
                fields=["asked_at"], name="instruction_asked", condition=Q(asked_at__isnull=False)
            ),
            search_index("instruction"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class Opinion(models.Model):
    """What an officer proposes, or what a leader directs, with who recorded it how. 拟办与批示

    Of a directive ``leader`` is whose it is, in words; ``how`` whether he typed it himself.
    """

    class Kind(models.TextChoices):
        PROPOSAL = "proposal", "拟办意见"
        DIRECTIVE = "directive", "批示"

    class How(models.TextChoices):
        TYPED = "typed", "本人签批"
        VOICE = "voice", "口头、电话"
        PHOTO = "photo", "照片、截图"
        PAPER = "paper", "纸质批示"

    instruction = models.ForeignKey(
        Instruction, models.PROTECT, related_name="opinions", verbose_name="来文"
    )
    kind = models.CharField("种类", max_length=10, choices=Kind)
    text = models.TextField("意见")
    leader = models.CharField("批示领导", max_length=100, blank=True, default="")
    how = models.CharField("批示方式", max_length=6, choices=How, blank=True, default="")
    asks = models.BooleanField("呈领导批示", default=False)
    happened_at = models.DateTimeField("时间")
    recorded_at = models.DateTimeField("记录时间")
    by_kind = models.CharField("记录人", max_length=10)
    by_id = models.CharField("记录人编号", max_length=64, blank=True, default="")
    withdrawn_at = models.DateTimeField("撤回时间", null=True)

    class Meta:
        verbose_name = "拟办与批示"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind="proposal", leader="", how="")
                | (Q(kind="directive", asks=False) & ~Q(leader="") & ~Q(how="")),
                name="directive_names_its_leader",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["instruction", "id"], name="opinion_of_instruction")
        ]

    def __str__(self) -> str:
        return f"{self.instruction_id} {self.kind}"


class Referral(models.Model):
    """One unit or person who has to do something about it, until when, and how far it is. 转办

    ``told`` is to how many a message with a link went; none is a gap that the page shows.
    """

    class Signed(models.TextChoices):
        LINK = "link", "打开链接"
        REPLY = "reply", "回复消息"
        DESK = "desk", "值班室代记"

    instruction = models.ForeignKey(
        Instruction, models.PROTECT, related_name="referrals", verbose_name="来文"
    )
    unit = models.ForeignKey(
        "org.Unit", models.PROTECT, null=True, related_name="+", verbose_name="承办单位"
    )
    person = models.ForeignKey(
        "org.Person", models.PROTECT, null=True, related_name="+", verbose_name="承办人"
    )
    order = models.TextField("办理要求")
    given_at = models.DateTimeField("转办时间")
    due_at = models.DateTimeField("反馈时限", null=True)
    told = models.PositiveSmallIntegerField("已通知人数", default=0)
    read_at = models.DateTimeField("阅读时间", null=True)
    accepted_at = models.DateTimeField("签收时间", null=True)
    accepted_how = models.CharField(
        "签收方式", max_length=8, choices=Signed, blank=True, default=""
    )
    progress_at = models.DateTimeField("最近进展", null=True)
    answered_at = models.DateTimeField("反馈时间", null=True)
    reminders = models.PositiveSmallIntegerField("催办次数", default=0)
    reminded_at = models.DateTimeField("最近催办", null=True)
    by_kind = models.CharField("转办人", max_length=10)
    by_id = models.CharField("转办人编号", max_length=64, blank=True, default="")
    withdrawn_at = models.DateTimeField("撤回时间", null=True)
    withdrawn_why = models.TextField("撤回理由", blank=True, default="")

    class Meta:
        verbose_name = "转办"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(unit__isnull=False) | Q(person__isnull=False),
                name="referral_to_somebody",
            ),
            models.CheckConstraint(
                condition=Q(due_at__isnull=True) | Q(due_at__gte=F("given_at")),
                name="referral_due_ahead",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | ~Q(withdrawn_why=""),
                name="referral_withdrawn_for",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["instruction", "id"], name="referral_of_instruction")
        ]

    def __str__(self) -> str:
        return f"{self.instruction_id} {self.unit_id or self.person_id}"


class ReferralStep(models.Model):
    """One thing that somebody said of a referral; rows are only added. 转办经过

    ``act_id`` is the phone's own name for the act: the same one again is answered the same.
    """

    class Kind(models.TextChoices):
        OPENED = "opened", "已读"
        ACCEPTED = "accepted", "签收"
        PROGRESS = "progress", "进展"
        ANSWERED = "answered", "反馈"

    referral = models.ForeignKey(
        Referral, models.PROTECT, related_name="steps", verbose_name="转办"
    )
    kind = models.CharField("种类", max_length=10, choices=Kind)
    act_id = models.UUIDField("操作编号")
    outcome = models.CharField("结果", max_length=16)
    text = models.TextField("内容", blank=True, default="")
    happened_at = models.DateTimeField("发生时间")
    received_at = models.DateTimeField("收到时间")
    claimed_at = models.DateTimeField("手机所报时间", null=True)
    clock_off = models.BooleanField("手机时钟不准", default=False)
    device = models.CharField("设备", max_length=36, blank=True, default="")
    by_kind = models.CharField("谁", max_length=10)
    by_id = models.CharField("谁的编号", max_length=64, blank=True, default="")

    class Meta:
        verbose_name = "转办经过"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["referral", "act_id"], name="referral_step_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["referral", "received_at", "id"], name="step_of_referral")
        ]

    def __str__(self) -> str:
        return f"{self.referral_id} {self.kind}"


class InstructionReply(models.Model):
    """What was answered to the sender, which way, and who took it there. 回复来文单位"""

    class Way(models.TextChoices):
        PHONE = "phone", "电话"
        FAX = "fax", "传真"
        PAPER = "paper", "书面"
        SYSTEM = "system", "对方系统"

    instruction = models.ForeignKey(
        Instruction, models.PROTECT, related_name="replies", verbose_name="来文"
    )
    way = models.CharField("回复方式", max_length=8, choices=Way)
    text = models.TextField("回复内容")
    taken_by = models.CharField("对方接收人", max_length=60, blank=True, default="")
    replied_at = models.DateTimeField("回复时间")
    recorded_at = models.DateTimeField("记录时间")
    by_kind = models.CharField("回复人", max_length=10)
    by_id = models.CharField("回复人编号", max_length=64, blank=True, default="")
    withdrawn_at = models.DateTimeField("撤回时间", null=True)

    class Meta:
        verbose_name = "回复来文单位"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(way="phone") | ~Q(taken_by=""), name="reply_by_phone_names_somebody"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["instruction", "id"], name="reply_of_instruction")
        ]

    def __str__(self) -> str:
        return f"{self.instruction_id} {self.way}"


class PhoneRecord(models.Model):
    """A call that is no incident: who, about what, what was done; halves are kept too. 电话记录

    ``instruction`` or ``report`` is what it was turned into.
    """

    class Direction(models.TextChoices):
        IN = "in", "来电"
        OUT = "out", "去电"

    class Matter(models.TextChoices):
        NOTICE = "notice", "通知"
        ENQUIRY = "enquiry", "咨询"
        COMPLAINT = "complaint", "投诉建议"
        WRONG_NUMBER = "wrong_number", "打错"
        HUNG_UP = "hung_up", "未说完挂断、无声"
        OTHER = "other", "其他"

    number = models.CharField("编号", max_length=40, unique=True)
    unit = models.CharField("登记单位", max_length=30)
    unit_path = models.CharField("登记单位路径", max_length=300)
    direction = models.CharField("来去电", max_length=3, choices=Direction)
    matter = models.CharField("事由", max_length=12, choices=Matter)
    at = models.DateTimeField("通话时间")
    recorded_at = models.DateTimeField("登记时间")
    who = models.CharField("对方", max_length=120, blank=True, default="")
    phone = models.CharField("对方号码", max_length=40, blank=True, default="")
    text = models.TextField("内容", blank=True, default="")
    done_text = models.TextField("处理情况", blank=True, default="")
    mark = models.CharField("标记", max_length=10, choices=Mark, default=Mark.INTERNAL)
    by_kind = models.CharField("记录人", max_length=10)
    by_id = models.CharField("记录人编号", max_length=64, blank=True, default="")
    instruction = models.ForeignKey(
        Instruction, models.PROTECT, null=True, related_name="calls", verbose_name="转为来文"
    )
    report = models.ForeignKey(
        "incident.Report", models.PROTECT, null=True, related_name="+", verbose_name="转为接报"
    )
    version = models.PositiveIntegerField("版本", default=1)
    search = SearchField(names=("who",), texts=("text", "done_text"), numbers=("number",))

    class Meta:
        verbose_name = "电话记录"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(text="") | Q(matter__in=("wrong_number", "hung_up")),
                name="phone_record_says_something",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["at", "id"], name="phone_record_at"),
            search_index("phone_record"),
        ]

    def __str__(self) -> str:
        return self.number
