"""Calling a team: what is asked of it, how far it is, what its answers say. 调队规则

What an act does is the same as for volunteers (``rules.answering``); what a team reads is not: it
may be ordered, and then says why it cannot come.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from qianjun.force.rules.answering import (
    HEADCOUNT_MOST,
    Standing,
    Verdict,
    allowed,
    out,
    state_of,
)
from qianjun.force.rules.moving import may_move
from qianjun.force.rules.wanting import LINE_MOST, WORDS_MOST, when_wrong
from qianjun.kernel.errors import FieldError, Refused
from qianjun.kernel.words import noop as _

ABOUT: Final = "team_call"
MATTER: Final = "team"
TEAMS_MOST: Final = 60
REASON_MOST: Final = 200
# how many are asked of a team that has not said how many can come
USUAL: Final = 10
ACTS: Final[dict[str, str]] = {
    "opened": _("打开"),
    "accept": _("签收出动"),
    "decline": _("不能出动"),
    "late": _("晚点到"),
    "en_route": _("出发了"),
    "arrived": _("到了"),
    "break": _("休息"),
    "left": _("离开了"),
    "home": _("全队平安归队"),
}
STATES: Final[dict[str, str]] = {
    "proposed": _("待确认"),
    "waiting": _("未签收"),
    "read": _("已看到"),
    "accepted": _("已签收"),
    "declined": _("不能来"),
    "en_route": _("途中"),
    "arrived": _("到场"),
    "left": _("离场"),
    "home": _("已归队"),
    "stood_down": _("已解除"),
}
# what the leader's page is called, by how the team is moved
HEADS: Final[dict[str, str]] = {
    "order": _("命令：请立即出动"),
    "request": _("请求：请支援"),
    "invitation": _("邀请：请来帮忙"),
}
YES: Final[dict[str, str]] = {
    "order": _("签收，出动"),
    "request": _("同意支援"),
    "invitation": _("我们能来"),
}
ANSWERS: Final[dict[str, str]] = {
    "accept": _("已记下：你们出动。路上注意安全，出发时请点“出发了”。"),
    "decline": _("已记下：你们这次不能来，值班室会另调队伍。"),
    "late": _("已记下：你们晚点到。"),
    "en_route": _("已记下：你们出发了。到了请点“到了”。"),
    "arrived": _("已记下：你们到场了。请找现场负责人报到。"),
    "break": _("已记下：你们在休息。"),
    "left": _("已记下：你们离开了。全队归队后请点“全队平安归队”。"),
    "home": _("已记下：全队平安归队。辛苦了！"),
    "repeated": _("刚才已经记下，不用再点。"),
    "too_late": _("这条操作比后来的晚到，已存档，状态不变。"),
    "accepted_late": _("已经解除，不用来了。谢谢！"),
    "not_needed": _("已经解除，请不要再来；如已到场，请告诉现场负责人。"),
}


class Calling(Standing, Protocol):
    """The instants of a called team; the row itself will do. 调队状态"""

    asked_at: datetime | None
    read_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class TeamAsk:
    """One of several teams to be called: which, in which way, how many of it. 调哪支队"""

    team: int
    way: str
    headcount: int


@dataclass(frozen=True, kw_only=True)
class Errand:
    """What teams are called for: what, where, by when, at what risk. 调队事由"""

    needed_by: datetime
    lon: float
    lat: float
    place: str
    what: str = ""
    risk: str = ""


def check(errand: Errand, asks: list[TeamAsk], *, now: datetime) -> None:
    """Refuse with 422 and every wrong field what no team can be called for. 核对"""
    wrong = when_wrong(errand.needed_by, now=now)
    if not errand.place:
        wrong.append(_fault("place", "missing", _("请写到哪里集合。")))
    if len(errand.place) > LINE_MOST or len(errand.what) > LINE_MOST:
        wrong.append(_fault("what", "too_long", _("地点和事由各在 200 字以内。")))
    if len(errand.risk) > WORDS_MOST:
        wrong.append(_fault("risk", "too_long", _("风险请写在 300 字以内。")))
    wrong += _asked(asks)
    if wrong:
        raise Refused(wrong[0].code, wrong[0].zh, fields=tuple(wrong))


def _asked(asks: list[TeamAsk]) -> list[FieldError]:
    if not asks:
        return [_fault("teams", "nobody", _("请至少选一支队伍。"))]
    if len(asks) > TEAMS_MOST or len({one.team for one in asks}) < len(asks):
        return [_fault("teams", "team_twice", _("一支队伍只选一次，一次最多 60 支。"))]
    if any(not 1 <= one.headcount <= HEADCOUNT_MOST for one in asks):
        return [_fault("headcount", "out_of_range", _("每支队伍的人数须在 1 到 500 之间。"))]
    return []


def check_way(kind: str, way: str) -> None:
    """Refuse with 422 a way in which the law does not let a team of this kind be moved."""
    if not may_move(kind, way):
        zh = _("这类队伍不能用这种方式调动：企业、消防、民兵用请求，社会力量用邀请。")
        raise Refused("way_not_allowed", zh, fields=(_fault("way", "way_not_allowed", zh),))


def check_reason(way: str, act: str, reason: str) -> None:
    """Refuse with 422 who cannot follow an order and does not say why."""
    if way == "order" and act == "decline" and not reason:
        zh = _("命令不能出动的，请写明原因。")
        raise Refused("reason_needed", zh, fields=(_fault("reason", "reason_needed", zh),))


def _fault(field: str, code: str, zh: str) -> FieldError:
    return FieldError(field=field, code=code, zh=zh)


def stands(one: Calling) -> str:
    """How far a team is: one word of ``STATES``. 状态"""
    if one.home_at is not None:
        return "home"
    if one.asked_at is None:
        return "stood_down" if one.stood_down_at else "proposed"
    state = state_of(one, read=one.read_at is not None)
    over = one.stood_down_at is not None and state in ("waiting", "read")
    return "stood_down" if over else state


def next_acts(one: Calling) -> list[str]:
    """What a team may do next, in the order of the buttons; nothing before it is called. 下一步"""
    if one.asked_at is None:
        return []
    names = allowed(one, over=one.stood_down_at is not None)
    # who goes home from where he stands need not say first that he leaves
    return [*names, "home"] if "left" in names and one.stood_down_at else names


def is_over(one: Calling) -> bool:
    """Whether nobody of it is expected, out or to be asked after any more. 已了结"""
    never_came = one.accepted_at is None and one.arrived_at is None
    return one.home_at is not None or (one.stood_down_at is not None and never_came)


def holds(one: Calling) -> bool:
    """Whether its incident may not be closed: it is called, or out and not home. 挂起"""
    if one.asked_at is None or is_over(one):
        return False
    return one.declined_at is None or out(one) or one.left_at is not None


def sentence(verdict: Verdict, act: str) -> str:
    """What the leader reads after his act; a catalogue sentence, empty for a mere opening."""
    if act == "opened":
        return ""
    return ANSWERS[act if verdict.outcome == "taken" else verdict.outcome]


def matter_of(call: int) -> str:
    """What messages about a called team are about. 事项"""
    return f"{MATTER}:{call}"


def call_in(matter: str) -> int | None:
    """The called team that a message is about, if it is about one."""
    kind, _colon, rest = matter.partition(":")
    return int(rest) if kind == MATTER and rest.isascii() and rest.isdigit() else None
