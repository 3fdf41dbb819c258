"""What a message is called, carries and waits, judged from values alone. 消息规则"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from zlib import crc32

from qianjun.kernel.words import noop as _

Purpose = Literal[
    "callout", "confirm", "order", "stand_down", "warning", "link", "report", "sign_code"
]
PURPOSES: dict[str, str] = {
    "callout": _("召集"),
    "confirm": _("叫应"),
    "order": _("指令"),
    "stand_down": _("解除"),
    "warning": _("预警"),
    "link": _("链接"),
    "report": _("报告"),
    "sign_code": _("签发验证码"),
}

URGENT, STAND_DOWN, WAVE, REST = 0, 1, 2, 3
RANKS = (URGENT, STAND_DOWN, WAVE, REST)

MAX_ATTEMPTS = 8
LEASE = timedelta(seconds=10)  # a killed pump's messages are looked at again this soon
BACK_OFF_CAP_S = 60.0
SILENT_AFTER = timedelta(seconds=60)  # an urgent message without receipt is shown after this

EXERCISE_MARK = "【演练】"
RESEND_MARK = "【重发】"
CUT_MARK = "……【全文过长，请看平台】"
NO_CHANNEL_CHOSEN = "none"  # the channel of a message to somebody who left no address

REASONS: dict[str, str] = {
    "no_address": _("没有可用的联系方式"),
    "no_channel": _("没有可用的通道"),
    "bad_address": _("号码不适用于该通道"),
    "gave_up": _("多次尝试未成功"),
    "unknown": _("不能确定是否已发出"),
    "dead_number": _("空号"),
    "refused": _("通道拒收"),
    "dropped": _("已人工停发"),
    "waiting": _("排队中，尚未发出"),
    "no_receipt": _("已发出，无回执"),
}


def number_in(matter: str, *, kind: str) -> int | None:
    """The number behind ``kind:number``, when the matter is of this kind. 事项编号"""
    named, _colon, ident = matter.partition(":")
    known = named == kind and ident.isascii() and ident.isdigit()
    return int(ident) if known else None


def key_of(*, purpose: str, matter: str, person: int, channel: str, reminder: int = 0) -> str:
    """What may leave the house once: this purpose of this matter to this person by this channel."""
    head, tail = key_around(purpose=purpose, matter=matter, reminder=reminder)
    return f"{head}{person}:{channel}{tail}"


def key_around(*, purpose: str, matter: str, reminder: int = 0) -> tuple[str, str]:
    """What of a key stands before person and channel, and what behind them."""
    return f"{purpose}:{matter}:", f":{reminder}" if reminder else ""


def ref_of(key: str, *, copies: int) -> str:
    """The name under which a provider knows this copy; the first copy bears the bare key."""
    return key if copies == 1 else f"{key}#{copies}"


def split_ref(ref: str) -> tuple[str, int]:
    """Key and number of the copy behind a provider's name for it."""
    key, mark, copy = ref.rpartition("#")
    return (key, int(copy)) if mark and copy.isdigit() else (ref, 1)


def for_exercise(text: str) -> str:
    """The text of an exercise, marked once in front. 演练标记"""
    return text if text.startswith(EXERCISE_MARK) else EXERCISE_MARK + text


def outgoing_text(text: str, *, copies: int, reminder: int, max_chars: int) -> str:
    """The text as the phone shows it: marks in front, within the channel's length.

    The exercise mark stays first; a cut text says that it is cut.
    """
    exercise, bare = (
        (EXERCISE_MARK, text.removeprefix(EXERCISE_MARK))
        if text.startswith(EXERCISE_MARK)
        else ("", text)
    )
    resent = RESEND_MARK if copies > 1 else ""
    reminded = f"【提醒{reminder}】" if reminder else ""
    marked = f"{exercise}{resent}{reminded}{bare}"
    if len(marked) <= max_chars:
        return marked
    return marked[: max(max_chars - len(CUT_MARK), 0)] + CUT_MARK


def back_off(*, attempts: int, key: str) -> timedelta:
    """How long to wait after this many attempts: 1, 2, 4 ... 60 s, spread by up to a half more."""
    least_s = min(2.0 ** max(attempts - 1, 0), BACK_OFF_CAP_S)
    spread = crc32(f"{key}/{attempts}".encode()) / 2**32
    return timedelta(seconds=least_s * (1 + spread / 2))


# --- what comes in --------------------------------------------------------------------------------

OPEN_FOR = timedelta(hours=24)  # so long after it was sent a question takes an answer
LATE_FOR = timedelta(days=7)  # and so long an answer is still seen to belong to it
SAID_TWICE = timedelta(minutes=2)  # the same words again so soon mean a question of the same time
SAME_TIME = timedelta(minutes=10)  # and of the same time are questions asked no further apart
InboundState = Literal["answer", "again", "late", "news"]
INBOUND_STATES: dict[str, str] = {
    "answer": _("答复"),
    "again": _("又一次答复"),
    "late": _("迟到的答复"),
    "news": _("来信"),
}


@dataclass(frozen=True, kw_only=True)
class Question:
    """An outgoing message that expects an answer, as far as that matters here. 待复消息"""

    message: int
    queued_at: datetime
    answered: bool = False
    dropped: bool = False


@dataclass(frozen=True, kw_only=True)
class Matched:
    """Where an inbound message belongs, and to which outgoing one. 归属"""

    state: InboundState
    message: int | None = None


@dataclass(frozen=True, kw_only=True)
class Before:
    """The message that the same words of the same sender answered a moment ago. 刚才答复

    ``is_copy`` when they bear the very same instant: a carrier has handed one letter over twice.
    """

    message: int
    is_copy: bool


def match(asked: Sequence[Question], *, at: datetime, before: Before | None = None) -> Matched:
    """Where a message that somebody sent at this instant belongs; ``asked`` is newest first. 匹配

    It answers the last question that is still open. Without one it says again or too late what
    belongs to the last question of the week, and else it is news. Whoever says 收到 twice has
    answered both questions of the same time; an impatient second 收到 signs nothing older.
    """
    known = [q for q in asked if q.queued_at <= at and at - q.queued_at <= LATE_FOR]
    fresh = [q for q in known if at - q.queued_at <= OPEN_FOR]
    if before is not None:
        return _said_twice(fresh, before)
    for question in fresh:
        if not question.answered and not question.dropped:
            return Matched(state="answer", message=question.message)
    for question in known:
        if question.answered and question in fresh:
            return Matched(state="again", message=question.message)
        if not question.answered:
            return Matched(state="late", message=question.message)
    return Matched(state="news")


def _said_twice(fresh: Sequence[Question], before: Before) -> Matched:
    again = Matched(state="again", message=before.message)
    answered = next((q for q in fresh if q.message == before.message), None)
    if before.is_copy or answered is None:
        return again
    for one in fresh:
        beside = abs(one.queued_at - answered.queued_at) <= SAME_TIME
        if beside and not one.answered and not one.dropped:
            return Matched(state="answer", message=one.message)
    return again


CHANNELS: dict[str, str] = {
    "sms": _("短信"),
    "voice": _("语音"),
    "wechat": _("微信"),
    "wecom": _("企业微信"),
    "dingtalk": _("钉钉"),
    "phone": _("电话"),
    "email": _("邮件"),
}
SEEN_STATES: dict[str, str] = {
    "accepted": _("在途"),
    "delivered": _("已达"),
    "opened": _("已读"),
    "answered": _("已答"),
    "failed": _("失败"),
}
