"""What an act of somebody who was called does, and what he may do next. 应召规则"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal, Protocol

from qianjun.kernel.errors import Refused
from qianjun.kernel.words import noop as _

Outcome = Literal["taken", "repeated", "too_late", "accepted_late", "not_needed"]
ACTS: Final[dict[str, str]] = {
    "opened": _("打开"),
    "accept": _("我能到"),
    "decline": _("不能"),
    "late": _("晚点到"),
    "en_route": _("出发了"),
    "arrived": _("到了"),
    "break": _("休息"),
    "left": _("离开了"),
    "home": _("平安到家"),
}
STATES: Final[dict[str, str]] = {
    "waiting": _("未达"),
    "reached": _("已达"),
    "read": _("已读"),
    "accepted": _("接受"),
    "declined": _("拒绝"),
    "en_route": _("途中"),
    "arrived": _("到场"),
    "left": _("离场"),
}
# what somebody reads after his act, by act and outcome; the outcome alone where all acts share it
ANSWERS: Final[dict[str, str]] = {
    "accept": _("已记下：您能到。路上注意安全。"),
    "decline": _("已记下：您这次不能来。不来不用说理由，也不影响以后。"),
    "late": _("已记下：您晚点到。"),
    "en_route": _("已记下：您出发了。到了请点“到了”。"),
    "arrived": _("已记下：您到场了。请找现场负责人报到。"),
    "break": _("已记下：您在休息。"),
    "left": _("已记下：您离开了。到家后请点“平安到家”。"),
    "home": _("已记下：您平安到家。谢谢您！"),
    "repeated": _("刚才已经记下，不用再点。"),
    "too_late": _("这条操作比后来的晚到，已存档，状态不变。"),
    "accepted_late": _("人手已够，不用来了。谢谢您！"),
    "not_needed": _("人手已够，请不要再来；如已到场，请告诉现场负责人。"),
}
LATE_MOST_MIN: Final = 24 * 60
HEADCOUNT_MOST: Final = 500


class Standing(Protocol):
    """The instants of somebody called; the row itself will do. 应召状态"""

    accepted_at: datetime | None
    declined_at: datetime | None
    late_at: datetime | None
    en_route_at: datetime | None
    arrived_at: datetime | None
    break_at: datetime | None
    left_at: datetime | None
    home_at: datetime | None
    stood_down_at: datetime | None


CHANGES: Final = (
    *("accepted_at", "declined_at", "late_at", "en_route_at"),
    *("arrived_at", "break_at", "left_at", "home_at"),
)


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What came of an act, and which instants it sets or takes back. 结果"""

    outcome: Outcome
    changes: dict[str, datetime | None] = field(default_factory=dict)

    def sentence(self, act: str) -> str:
        """What he reads; a catalogue sentence, empty for a mere opening."""
        if act == "opened":
            return ""
        return ANSWERS[act if self.outcome == "taken" else self.outcome]


def comes(one: Standing) -> bool:
    """Whether he has said yes and has not gone again."""
    return one.accepted_at is not None and not gone(one)


def gone(one: Standing) -> bool:
    """Whether he has left or is home."""
    return one.left_at is not None or one.home_at is not None


def out(one: Standing) -> bool:
    """Whether he is on his way or there, so that somebody must know when he is back. 在外"""
    return (one.accepted_at is not None or one.arrived_at is not None) and not gone(one)


def state_of(one: Standing, *, reached: bool = False, read: bool = False) -> str:
    """The one box of the board in which he is counted. 状态"""
    steps = (
        ("left", gone(one)),
        ("arrived", one.arrived_at),
        ("declined", one.declined_at),
        ("en_route", one.en_route_at),
        ("accepted", one.accepted_at),
        ("read", read),
        ("reached", reached),
    )
    return next((name for name, holds in steps if holds), "waiting")


def allowed(one: Standing, *, over: bool) -> list[str]:
    """What he may do next, in the order of the buttons. 可做的操作"""
    if one.home_at is not None:
        return []
    if one.left_at is not None:
        return ["home"]
    if one.arrived_at is not None:
        return ["left", "break"]
    if one.accepted_at is not None and one.stood_down_at is not None:
        return ["home", "arrived"]
    if one.accepted_at is not None:
        moving = [] if one.en_route_at else ["en_route"]
        return [*moving, "arrived", "late", "decline"]
    if over:
        return []
    return ["accept", "late"] if one.declined_at else ["accept", "late", "decline"]


def judge(act: str, one: Standing, *, at: datetime, over: bool) -> Verdict:
    """What an act does that happened then; ``over`` when nobody more is wanted. 判定

    Refuses with 409 what cannot come before something else; an older act never overwrites a newer
    state.
    """
    if act == "opened":
        return Verdict(outcome="taken")
    if _stands(act, one):
        return Verdict(outcome="repeated")
    if act in ("accept", "late") and over and not comes(one):
        return Verdict(outcome="accepted_late")
    if act == "en_route" and over and (one.stood_down_at or not comes(one)):
        return Verdict(outcome="not_needed")
    latest = max((t for name in CHANGES if (t := getattr(one, name))), default=None)
    if latest is not None and at < latest:
        return Verdict(outcome="too_late")
    return _change(act, one, at, over)


def _stands(act: str, one: Standing) -> bool:
    field_of = {"accept": "accepted_at", "decline": "declined_at"}.get(act, f"{act}_at")
    return act not in ("late", "break") and getattr(one, field_of) is not None


def _change(act: str, one: Standing, at: datetime, over: bool) -> Verdict:
    yes: dict[str, datetime | None] = {"accepted_at": one.accepted_at or at, "declined_at": None}
    if act in ("accept", "late", "en_route", "arrived") and gone(one):
        return Verdict(outcome="too_late")
    if act in ("accept", "late", "en_route", "decline") and one.arrived_at:
        return Verdict(outcome="too_late")
    if act == "arrived":
        # whoever stands there is counted, wanted or not: he must get home
        unwanted = over and not comes(one)
        there: dict[str, datetime | None] = {"arrived_at": at}
        if unwanted:
            return Verdict(outcome="not_needed", changes=there)
        return Verdict(outcome="taken", changes=yes | there)
    if act == "accept":
        return Verdict(outcome="taken", changes=yes)
    if act in ("late", "en_route"):
        return Verdict(outcome="taken", changes=yes | {f"{act}_at": at})
    if act == "decline":
        back = dict.fromkeys(("accepted_at", "late_at", "en_route_at"))
        return Verdict(outcome="taken", changes=back | {"declined_at": at})
    return _leaving(act, one, at)


def _leaving(act: str, one: Standing, at: datetime) -> Verdict:
    if act in ("break", "left") and (one.arrived_at is None or gone(one)):
        raise Refused("not_there", _("您还没有报到场，请先点“到了”。"), status=409)
    if act == "home" and not out(one) and one.left_at is None:
        raise Refused("not_out", _("您还没有答应来，不用报平安。"), status=409)
    changes: dict[str, datetime | None] = {f"{act}_at": at}
    if act == "home" and one.arrived_at is not None and one.left_at is None:
        changes["left_at"] = at
    return Verdict(outcome="taken", changes=changes)


# --- words by text message ----------------------------------------------------------------------

NO: Final = ("2", "不", "没空", "没有空", "无法", "来不了", "拒")
YES: Final = ("1", "能", "可以", "来", "到", "好", "行", "收到", "马上", "ok", "yes")


def said(words: str) -> str | None:
    """Whether a text message says yes or no: accept, decline, or None for a person to read. 听懂"""
    text = "".join(words.lower().split())
    if text[:1] in ("1", "2") and not text[1:2].isdigit():
        return "accept" if text[0] == "1" else "decline"
    if any(word in text for word in NO[1:]):
        return "decline"
    return "accept" if any(word in text for word in YES[1:]) else None
