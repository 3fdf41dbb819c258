"""How an order from above is handled: words, stages, what is still open. 来文办理规则"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from qianjun.incident.rules.tasks import Judged, bad_due
from qianjun.kernel.errors import FieldError
from qianjun.kernel.words import noop as _
from qianjun.message.rules import number_in

REGISTER: Final = "LW"
CALLS: Final = "DH"
REPLY_DUE: Final = "instruction_reply"
REFERRAL_DUE: Final = "referral"
MATTER: Final = "referral"
REPLY_RULE: Final = _("来文要求的回复时限")
REFERRAL_RULE: Final = _("转办时限，由值班室定")
TITLE_MOST: Final = 200
SENDER_MOST: Final = 120
LINE_MOST: Final = 100
PHONE_MOST: Final = 40
TEXT_MOST: Final = 5_000
WORD_MOST: Final = 1_000
WHY_MOST: Final = 500
TOLD_MOST: Final = 40

WAYS: Final[dict[str, str]] = {
    "document": _("来文"),
    "phone": _("来电"),
    "fax": _("传真"),
    "directive": _("领导批示"),
    "meeting": _("会议通知"),
    "message": _("网络传来"),
}
URGENCIES: Final[dict[str, str]] = {
    "ordinary": _("平件"),
    "urgent": _("加急"),
    "most_urgent": _("特急"),
}
HANDLING: Final[dict[str, str]] = {"internal": _("内部"), "public": _("公开")}
# how a directive reached the desk; ``typed`` is the leader's own hand on his page
HOW: Final[dict[str, str]] = {
    "typed": _("本人签批"),
    "voice": _("口头、电话"),
    "photo": _("照片、截图"),
    "paper": _("纸质批示"),
}
RECORDED: Final = tuple(how for how in HOW if how != "typed")
REPLY_WAYS: Final[dict[str, str]] = {
    "phone": _("电话"),
    "fax": _("传真"),
    "paper": _("书面"),
    "system": _("对方系统"),
}
DIRECTIONS: Final[dict[str, str]] = {"in": _("来电"), "out": _("去电")}
MATTERS: Final[dict[str, str]] = {
    "notice": _("通知"),
    "enquiry": _("咨询"),
    "complaint": _("投诉建议"),
    "wrong_number": _("打错"),
    "hung_up": _("未说完挂断、无声"),
    "other": _("其他"),
}
# of these nothing need be said: the half is kept
HALVES: Final = ("wrong_number", "hung_up")

Stage = Literal["taken", "proposed", "asked", "directed", "referred", "answered", "closed"]
STAGES: Final[dict[str, str]] = {
    "taken": _("待拟办"),
    "proposed": _("已拟办"),
    "asked": _("待批示"),
    "directed": _("待转办"),
    "referred": _("办理中"),
    "answered": _("待办结"),
    "closed": _("已办结"),
}

Fed = Literal["opened", "accepted", "progress", "answered"]
# what a phone calls its acts
ACTS: Final[dict[str, Fed]] = {
    "opened": "opened",
    "accept": "accepted",
    "progress": "progress",
    "done": "answered",
}
FED: Final[dict[str, str]] = {
    "opened": _("已读"),
    "accepted": _("签收"),
    "progress": _("进展"),
    "answered": _("反馈"),
}
TAKEN: Final[dict[str, str]] = {
    "opened": "",
    "accepted": _("已签收。"),
    "progress": _("进展已收到。"),
    "answered": _("反馈已收到。"),
}
REPEATED: Final = _("这一条之前已经收到。")
SIGNED: Final = _("之前已经签收。")
WITHDRAWN: Final = _("这件转办已经撤回，不用再办。")
OVER: Final = _("这件来文已经办结；您说的已记下，状态不变。")
MORE: Final = _("已收到，作为补充反馈。")
REFERRAL_STAGES: Final[dict[str, str]] = {
    "unsigned": _("未签收"),
    "accepted": _("已签收"),
    "progress": _("进行中"),
    "answered": _("已反馈"),
    "withdrawn": _("已撤回"),
}


@dataclass(frozen=True, kw_only=True)
class Seen:
    """How an instruction stands, as the stage and its end are judged by. 来文现状"""

    proposed: bool = False
    asked: bool = False
    directed: bool = False
    referrals: int = 0
    unanswered: int = 0
    wants_reply: bool = False
    replied: bool = False
    closed: bool = False


def stage_of(seen: Seen) -> Stage:
    """Where it lies now: the furthest back thing that somebody waits for. 办理环节"""
    steps: tuple[tuple[bool, Stage], ...] = (
        (seen.closed, "closed"),
        (seen.asked, "asked"),
        (seen.unanswered > 0, "referred"),
        (seen.referrals > 0, "answered"),
        (seen.directed, "directed"),
        (seen.proposed, "proposed"),
    )
    return next((stage for is_there, stage in steps if is_there), "taken")


OPEN: Final[dict[str, str]] = {
    "directive_open": _("领导还没有批示。"),
    "referrals_open": _("还有 %(count)s 项转办没有反馈。"),
    "reply_open": _("还没有回复来文单位。"),
}


def still_open(seen: Seen) -> tuple[str, ...]:
    """Codes of what nobody has finished yet, in the order of the work. 未了事项"""
    asked = (
        ("directive_open", seen.asked),
        ("referrals_open", seen.unanswered > 0),
        ("reply_open", seen.wants_reply and not seen.replied),
    )
    return tuple(code for code, is_open in asked if is_open)


@dataclass(frozen=True, kw_only=True)
class ReferralSeen:
    """How a referral stands for who has it. 转办现状"""

    read: bool = False
    accepted: bool = False
    progressed: bool = False
    answered: bool = False
    withdrawn: bool = False
    closed: bool = False


def referral_stage(seen: ReferralSeen) -> str:
    """How far it is, by the furthest thing that was said of it. 转办进度"""
    steps = (
        (seen.withdrawn, "withdrawn"),
        (seen.answered, "answered"),
        (seen.progressed, "progress"),
        (seen.accepted, "accepted"),
    )
    return next((stage for is_there, stage in steps if is_there), "unsigned")


def judge_fed(kind: Fed, seen: ReferralSeen) -> Judged:
    """What an act does: what was received first decides, and no word is lost. 裁定反馈"""
    if seen.withdrawn:
        return Judged(outcome="too_late", says=WITHDRAWN)
    if kind == "opened":
        return Judged(outcome="not_needed" if seen.read else "taken")
    if kind == "accepted" and (seen.accepted or seen.answered):
        return Judged(outcome="not_needed", says=SIGNED)
    if seen.closed:
        return Judged(outcome="too_late", says=OVER)
    if seen.answered:
        return Judged(outcome="taken", says=MORE)
    return Judged(outcome="taken", says=TAKEN[kind])


def allowed(stage: str, *, closed: bool) -> list[str]:
    """What can be done with a link at this stage. 可办操作"""
    if stage == "withdrawn" or closed:
        return []
    if stage == "answered":
        return ["progress"]
    return ["accept", "progress", "done"] if stage == "unsigned" else ["progress", "done"]


def bad_reply_by(at: datetime | None, *, received_at: datetime, now: datetime) -> FieldError | None:
    """Why a reply cannot be wanted by then; one that came late may be overdue already. 回复时限"""
    if at is None:
        return None
    if at < received_at:
        zh = _("回复时限早于收到时间，请改。")
        return FieldError(field="reply_by", code="before_receipt", zh=zh)
    fault = bad_due(at, now=now) if at > now else None
    return FieldError(field="reply_by", code=fault.code, zh=fault.zh) if fault else None


def changed_words(
    before: Mapping[str, str], after: Mapping[str, str], titles: Mapping[str, str]
) -> list[str]:
    """What a correction changes, a line per field with old and new. 更正内容"""
    return [
        f"{titles[name]}：{before[name] or '–'} → {after[name] or '–'}"
        for name in titles
        if before[name] != after[name]
    ]


def matter_of_referral(referral: int) -> str:
    """What messages about a referral are about. 事项"""
    return f"{MATTER}:{referral}"


def referral_in(matter: str) -> int | None:
    """The referral that a message is about, if it is about one."""
    return number_in(matter, kind=MATTER)
