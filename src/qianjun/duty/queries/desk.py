"""The desk: answers above, open incidents, four columns of cards. 值班台"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from qianjun.duty.queries.columns import COLUMNS, Column, Part, Shown
from qianjun.duty.queries.look import Look, OnDuty, OpenIncident, look_of, on_duty
from qianjun.kernel.once import one_look
from qianjun.org.actor import Actor
from qianjun.response.queries.responses import Lane


@dataclass(frozen=True, kw_only=True)
class Undecided:
    """Proposed responses, the oldest first: those that he decides, and those others do. 待批"""

    mine: tuple[Lane, ...]
    others: tuple[Lane, ...]


@dataclass(frozen=True, kw_only=True)
class Answers:
    """What stands above: on duty, who is silent, what is due next, what waits. 上方四问"""

    on_duty: tuple[OnDuty, ...]
    silent: tuple[str, ...]
    unreached: int
    next: OpenIncident | None
    running: int
    undecided: Undecided


@dataclass(frozen=True, kw_only=True)
class Desk:
    """What is written with the page: the answers, what is open, the first column. 值班台"""

    answers: Answers
    incidents: tuple[OpenIncident, ...]
    columns: tuple[Shown, ...]


def desk(*, seen_by: Actor) -> Desk:
    """The desk as it stands; a fixed number of statements. 值班台"""
    with one_look():
        look = look_of(seen_by)
        return Desk(
            incidents=look.incidents,
            columns=_shown(look, (column for column in COLUMNS if column.at_once)),
            answers=_answers(look),
        )


def columns_behind(*, seen_by: Actor) -> tuple[Shown, ...]:
    """The columns that the page fetches by a request of their own, as many statements. 其余各栏"""
    with one_look():
        return _shown(look_of(seen_by), (column for column in COLUMNS if not column.at_once))


def _shown(look: Look, columns: Iterable[Column]) -> tuple[Shown, ...]:
    return tuple(
        Shown(
            column=column,
            parts=tuple(Part(kind=kind, rows=list(kind.rows(look))) for kind in column.kinds),
        )
        for column in columns
    )


def _answers(look: Look) -> Answers:
    silent = (who.row.person.name for one in look.confirmations for who in one.silent)
    return Answers(
        on_duty=on_duty(),
        silent=tuple(dict.fromkeys([*silent, *(one.person_name for one in look.unreached)])),
        unreached=len(look.unreached),
        next=_next_due(look.incidents),
        running=sum(one.level is not None for one in look.incidents),
        undecided=_undecided(look),
    )


def _undecided(look: Look) -> Undecided:
    decides = look.by.may("activation.decide")
    mine = tuple(one for one in look.lanes if decides and one.may_decide)
    return Undecided(mine=mine, others=tuple(one for one in look.lanes if one not in mine))


def _next_due(incidents: Sequence[OpenIncident]) -> OpenIncident | None:
    """The incident whose open deadline comes first."""
    waiting = ((one.due.due_at, one) for one in incidents if one.due and not one.due.met_at)
    return min(waiting, key=lambda pair: pair[0], default=(None, None))[1]
