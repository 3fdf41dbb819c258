"""The four columns of the desk and the kinds of cards in each. 值班台四栏

To add a kind of card: write ``templates/duty/desk/<name>.html`` (its ``rows`` are what the kind
gives, the first control in the ``.acts`` of a card is its one act) and put one ``Kind`` into the
column below, where it belongs by urgency. The count in the head, the live refresh, the digit key
and the keys J and K come by themselves.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from qianjun.duty.queries.bulletins import bulletins_unissued
from qianjun.duty.queries.forces import callouts_running, teams_out
from qianjun.duty.queries.instructions import instructions_open
from qianjun.duty.queries.look import ROWS_MOST, Look, cards_seen
from qianjun.duty.queries.supplements import supplements_owed
from qianjun.incident.queries import unconfirmed_reports, waiting_letters
from qianjun.kernel.words import noop as _
from qianjun.response.queries.handing import waiting_firsts


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of card: what there is of it for whoever looks, the most urgent first. 卡片种类

    ``cause`` is one of ``rules.sounding.CAUSES`` when a new card is heard.
    """

    name: str
    rows: Callable[[Look], Iterable[Any]]
    cause: str = ""

    @property
    def template(self) -> str:
        """What shows the cards of this kind."""
        return f"duty/desk/{self.name}.html"


@dataclass(frozen=True, kw_only=True)
class Column:
    """One of the four questions of the desk, with the digit that does its first act. 栏

    One that is not shown ``at_once`` is fetched by the page that already stands.
    """

    code: str
    digit: int
    word: str
    empty: str
    kinds: tuple[Kind, ...]
    at_once: bool = False


@dataclass(frozen=True, kw_only=True)
class Part:
    """The cards of one kind. 同类卡片"""

    kind: Kind
    rows: Sequence[Any]


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A column as it stands. 一栏"""

    column: Column
    parts: tuple[Part, ...]

    @property
    def count(self) -> int:
        """How many cards wait in it."""
        return sum(len(part.rows) for part in self.parts)


COLUMNS: Final = (
    Column(
        code="take",
        digit=1,
        word=_("接"),
        empty=_("没有。要转警的、自动归并待确认的、要分拣的来信、没办结的来文会出现在这里。"),
        kinds=(
            Kind(
                name="firsts",
                cause="first",
                rows=lambda look: waiting_firsts(look.rows, seen_by=look.by)[:ROWS_MOST],
            ),
            Kind(
                name="unconfirmed",
                cause="join",
                rows=lambda look: unconfirmed_reports(seen_by=look.by)[:ROWS_MOST],
            ),
            Kind(
                name="letters",
                cause="letter",
                rows=lambda look: waiting_letters(seen_by=look.by)[:ROWS_MOST],
            ),
            Kind(name="instructions", rows=instructions_open),
        ),
        at_once=True,
    ),
    Column(
        code="report",
        digit=2,
        word=_("报"),
        empty=_("没有。要报上级、待签发、还没送到的，和没有回执的通报会出现在这里。"),
        kinds=(
            Kind(name="owed", cause="clock", rows=lambda look: look.reports.owed[:ROWS_MOST]),
            Kind(name="supplements", rows=supplements_owed),
            Kind(name="undelivered", rows=lambda look: look.reports.undelivered),
            Kind(name="unacknowledged", rows=lambda look: look.reports.unacknowledged),
            Kind(name="bulletins", rows=bulletins_unissued),
        ),
    ),
    Column(
        code="pass",
        digit=3,
        word=_("传"),
        empty=_("没有。没人应答的叫应、没送达的消息、没签收的任务、没办成的作业会出现在这里。"),
        kinds=(
            Kind(name="confirmations", cause="call_failed", rows=lambda look: look.confirmations),
            Kind(name="uncalled", cause="call_failed", rows=lambda look: look.uncalled),
            Kind(name="unreached", cause="call_failed", rows=lambda look: look.unreached),
            Kind(name="unsigned", rows=lambda look: look.unsigned),
            Kind(name="cards", rows=lambda look: cards_seen(look.by)[:ROWS_MOST]),
        ),
    ),
    Column(
        code="follow",
        digit=4,
        word=_("跟"),
        empty=_("没有。求助和超时的任务、待批的响应、进行中的召集和在外的队伍会出现在这里。"),
        kinds=(
            Kind(name="troubled", cause="danger", rows=lambda look: look.troubled),
            Kind(name="undecided", cause="decide", rows=lambda look: look.lanes),
            Kind(name="callouts", rows=callouts_running),
            Kind(name="teams", rows=teams_out),
        ),
    ),
)
