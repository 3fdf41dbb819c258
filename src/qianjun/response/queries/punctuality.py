"""How punctually was reported, per unit and clock of a period; never per person. 时限统计"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any, Final

from django.db.models import QuerySet
from django.utils.translation import gettext

from qianjun.incident.models import Incident
from qianjun.incident.queries.seen import incidents_seen
from qianjun.kernel import clock
from qianjun.kernel.errors import FieldError, Refused
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor
from qianjun.response.clock_models import ReportingClock
from qianjun.response.queries.clocks import ClockLine, line_of
from qianjun.response.rules.clocks import OURS, STEPS, WATCH, minutes_between, state_of

Json = dict[str, Any]
MET, LATE, OPEN = "met", "late", "open"
STATES: Final[dict[str, str]] = {MET: _("按时"), LATE: _("超时"), OPEN: _("未到期")}
ROWS_MOST: Final = 20_000
DATE_CHARS: Final = 10


@dataclass(frozen=True, kw_only=True)
class Period:
    """Days from and to, both included, in Beijing. 统计时段"""

    since: date
    until: date

    @property
    def begins(self) -> datetime:
        """0:00 of the first day."""
        return datetime(self.since.year, self.since.month, self.since.day, tzinfo=clock.BEIJING)

    @property
    def ends(self) -> datetime:
        """24:00 of the last day."""
        after = self.until + timedelta(days=1)
        return datetime(after.year, after.month, after.day, tzinfo=clock.BEIJING)


def period_of(since: str, until: str) -> Period:
    """The days that are asked for; this month up to today without. 422 ``bad_date``. 时段"""
    today = clock.in_beijing(clock.now()).date()
    found = Period(
        since=day_of("from", since) or today.replace(day=1), until=day_of("to", until) or today
    )
    if found.until < found.since or found.until == date.max:
        zh = _("止日不能早于起日。")
        raise Refused("bad_date", zh, fields=(FieldError(field="to", code="bad_date", zh=zh),))
    return found


def day_of(field: str, said: str) -> date | None:
    """The day that is written like 2026-06-01, None for nothing; 422 ``bad_date``. 日期"""
    if not said:
        return None
    try:
        if not said.isascii() or len(said) != DATE_CHARS:
            raise ValueError(said)
        return date.fromisoformat(said)
    except ValueError as error:
        zh = _("日期须写成 2026-06-01 这样。")
        fields = (FieldError(field=field, code="bad_date", zh=zh),)
        raise Refused("bad_date", zh, fields=fields) from error


@dataclass(frozen=True, kw_only=True)
class Punctual:
    """One unit and one step of the period: how many were due, met, late; how long it took. 一行

    ``late`` are those that were met late and those that are overdue; ``median_min`` is None while
    nothing was met.
    """

    unit: str
    unit_said: str
    step: str
    due: int
    met: int
    late: int
    open: int
    median_min: int | None

    @property
    def step_said(self) -> str:
        """The step in the reader's language."""
        return gettext(STEPS[self.step])

    def as_json(self) -> Json:
        """As the interface answers it."""
        return {
            "unit": self.unit,
            "unit_said": self.unit_said,
            "step": self.step,
            "step_said": STEPS[self.step],
            "due": self.due,
            "met": self.met,
            "late": self.late,
            "open": self.open,
            "median_min": self.median_min,
        }


def _rows(by: Actor, period: Period) -> QuerySet[ReportingClock]:
    """What fell due in the period, of incidents that he sees; what is not ours is not counted."""
    seen = incidents_seen(by).filter(kind=Incident.Kind.INCIDENT).order_by()
    rows = ReportingClock.objects.filter(
        incident__in=seen,
        whose=OURS,
        void_at__isnull=True,
        due_at__gte=period.begins,
        due_at__lt=period.ends,
    )
    rows = rows.exclude(step=WATCH).select_related("unit", "incident")
    return rows.order_by("unit__path", "step", "due_at", "pk")


def _state(row: ReportingClock) -> str:
    found = state_of(due_at=row.due_at, met_at=row.met_at, void_at=row.void_at, now=clock.now())
    return found if found in (MET, OPEN) else LATE


def punctuality(*, seen_by: Actor, period: Period) -> list[Punctual]:
    """Every unit and step that something was due for in the period. 时限统计"""
    grouped: dict[tuple[str, str], list[ReportingClock]] = defaultdict(list)
    for row in _rows(seen_by, period):
        grouped[row.unit.code, row.step].append(row)
    order = list(STEPS)
    sums = [_sum(rows) for rows in grouped.values()]
    return sorted(sums, key=lambda one: (order.index(one.step), one.unit))


def _sum(rows: list[ReportingClock]) -> Punctual:
    states = [_state(row) for row in rows]
    took = [minutes_between(row.started_at, row.met_at) for row in rows if row.met_at]
    return Punctual(
        unit=rows[0].unit.code,
        unit_said=rows[0].unit.short_name,
        step=rows[0].step,
        due=len(rows),
        met=states.count(MET),
        late=states.count(LATE),
        open=states.count(OPEN),
        median_min=int(median(took)) if took else None,
    )


def punctual_rows(
    *, seen_by: Actor, period: Period, unit: str = "", step: str = "", state: str = ""
) -> list[ClockLine]:
    """The rows behind a number, the earliest due first. 时限明细"""
    rows: Iterable[ReportingClock] = _rows(seen_by, period)
    return [
        line_of(row)
        for row in rows
        if (not unit or row.unit.code == unit)
        and (not step or row.step == step)
        and (not state or _state(row) == state)
    ]


def state_said(line: ClockLine) -> str:
    """Met in time, late, or not yet due, in the reader's language. 状态"""
    return gettext(STATES[_state(line.row)])
