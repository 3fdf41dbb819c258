"""Who is called when, whose answer counts, who is still silent: values alone. 叫应规则

A *seat* is somebody whose word is needed; whoever is called in his place answers for it. ``need``
is how many seats must have answered.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final, Literal

from qianjun.kernel.words import noop as _

# one city's water bureau asks for five minutes; a good default, and no law of ours
WAIT_S: Final = 300
LONGEST_S: Final = 86_400
PEOPLE_MOST: Final = 500
STEPS_MOST: Final = 10
TEXT_MOST: Final = 500
ANSWER_MOST: Final = 500
LINKS_LIVE: Final = timedelta(hours=24)
VOICE: Final = "voice"

State = Literal["open", "met", "failed", "ended"]
How = Literal["key", "voice", "reply", "link", "by_desk"]
Outcome = Literal["taken", "repeated", "too_late"]
HOW: Final[dict[str, str]] = {
    "key": _("按键"),
    "voice": _("语音"),
    "reply": _("回复消息"),
    "link": _("链接"),
    "by_desk": _("电话，值班室记"),
}
STATES: Final[dict[str, str]] = {
    "open": _("叫应中"),
    "met": _("已应答"),
    "failed": _("没有叫应到"),
    "ended": _("已结束"),
}
# how far one person has come
STANDS: Final[dict[str, str]] = {
    "answered": _("已应答"),
    "silent": _("没有应答"),
    "opened": _("已看到"),
    "called": _("已叫出"),
    "spared": _("还没有叫"),
}


@dataclass(frozen=True, kw_only=True)
class Step:
    """Who is called this long after the start; ``in_place_of`` says whose deputy each is. 一步

    ``in_place_of`` is person by person; whoever is not in it is called for himself.
    """

    after_s: int
    people: tuple[int, ...]
    in_place_of: Mapping[int, int] | None = None


@dataclass(frozen=True, kw_only=True)
class Called:
    """One person of a confirmation, as far as steps care. 被叫人"""

    person: int
    step: int
    in_place_of: int | None = None
    called: bool = False
    answered: bool = False


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What is wrong with an order to call: the field and a code. 不当之处"""

    field: str
    code: str


def faults(steps: Sequence[Step], *, need: int | None) -> tuple[Fault, ...]:
    """What is wrong with these steps, the first calling at once; empty when all is well. 校验"""
    people = list_of(steps)
    wrong = []
    if not steps or not steps[0].people:
        wrong.append(Fault(field="people", code="nobody"))
    if len(people) > PEOPLE_MOST:
        wrong.append(Fault(field="people", code="too_many"))
    if len(steps) > STEPS_MOST or not _in_order([step.after_s for step in steps]):
        wrong.append(Fault(field="steps", code="bad_order"))
    if any(not step.people for step in steps[1:]) or not _deputies_follow(steps):
        wrong.append(Fault(field="steps", code="bad_deputy"))
    if need is not None and not 1 <= need <= sum(one.in_place_of is None for one in people):
        wrong.append(Fault(field="need", code="bad_need"))
    return tuple(wrong)


def _in_order(after_s: list[int]) -> bool:
    """The first at once, each later than the one before, none after a day."""
    later = all(a < b for a, b in pairwise(after_s))
    return later and after_s[:1] in ([], [0]) and max(after_s, default=0) <= LONGEST_S


def _deputies_follow(steps: Sequence[Step]) -> bool:
    """Whoever stands in for somebody comes in a later step than he."""
    before: set[int] = set()
    for step in steps:
        instead = step.in_place_of or {}
        if any(instead.get(person, person) not in before for person in instead):
            return False
        if set(instead) - set(step.people):
            return False
        before |= set(step.people)
    return True


def list_of(steps: Sequence[Step]) -> tuple[Called, ...]:
    """Everybody once, where he stands first: nobody is called twice for one matter. 名单"""
    found: dict[int, Called] = {}
    for number, step in enumerate(steps):
        instead = step.in_place_of or {}
        for person in step.people:
            one = Called(person=person, step=number, in_place_of=instead.get(person))
            found.setdefault(person, one)
    return tuple(found.values())


def needed(people: Iterable[Called], *, need: int | None) -> int:
    """How many seats must answer; without a word all of the first step. 需答数"""
    return need if need is not None else sum(one.step == 0 for one in people)


def seats(people: Iterable[Called]) -> dict[int, int]:
    """For each person the one whose seat his answer fills. 代谁应答"""
    instead = {one.person: one.in_place_of for one in people}
    return {person: _root(person, instead) for person in instead}


def _root(person: int, instead: Mapping[int, int | None]) -> int:
    seen = {person}
    while (before := instead.get(person)) is not None and before not in seen:
        person = before
        seen.add(person)
    return person


def answered_seats(people: Collection[Called]) -> frozenset[int]:
    """The seats that have answered, by themselves or by a deputy. 已应答"""
    of = seats(people)
    return frozenset(of[one.person] for one in people if one.answered)


def is_met(people: Collection[Called], *, need: int) -> bool:
    """Whether enough seats have answered. 已叫应"""
    return len(answered_seats(people)) >= need


def due_at_step(people: Collection[Called], step: int) -> tuple[int, ...]:
    """Who is called at this step: its people whose seat is still silent. 本步该叫谁"""
    of, done = seats(people), answered_seats(people)
    waits = (one for one in people if one.step == step and not (one.called or one.answered))
    return tuple(one.person for one in waits if of[one.person] not in done)


def silent(people: Collection[Called]) -> tuple[int, ...]:
    """Who was called and has not answered, nor has anybody for his seat. 未应答

    After the last step this is whose door somebody must knock at.
    """
    of, done = seats(people), answered_seats(people)
    return tuple(p.person for p in people if p.called and of[p.person] not in done)


def next_at(
    after_s: Sequence[int],
    *,
    step: int,
    started_at: datetime,
    taken_at: datetime,
    wait_s: int = WAIT_S,
) -> datetime:
    """When the step after this one is due, or the last one has waited long enough. 下一步时间

    A step that was taken late moves the next: whoever is called has his time to answer.
    """
    now_s = after_s[step]
    then_s = after_s[step + 1] if step + 1 < len(after_s) else now_s + wait_s
    planned = started_at + timedelta(seconds=then_s)
    return max(planned, taken_at + timedelta(seconds=then_s - now_s))


def state_of(
    *, met_at: datetime | None, exhausted_at: datetime | None, ended_at: datetime | None
) -> State:
    """How a confirmation stands: an end is last, an answer that came late still counts. 状态"""
    if ended_at is not None:
        return "ended"
    if met_at is not None:
        return "met"
    return "failed" if exhausted_at is not None else "open"


def how_said(channel: str, text: str) -> How | None:
    """What kind of answer came in by this channel; a mailbox that says nothing is none. 应答方式"""
    if channel != VOICE:
        return "reply" if text else None
    if not text:
        return None
    return "key" if all(sign in "0123456789*#" for sign in text) else "voice"


def matter_of(confirmation: int) -> str:
    """What its messages are about, unless the matter's owner has words of his own. 消息事项"""
    return f"confirmation:{confirmation}"


def code_of(confirmation: int) -> str:
    """The short number that stands in every copy, whatever the channel. 叫应号"""
    return f"{confirmation % 10_000:04}"
