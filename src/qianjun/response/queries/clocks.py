"""What is due to whom for an incident: facts, rules, and the rows as they stand. 时限查询"""

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Any, Final

from django.db.models import QuerySet
from django.utils.translation import get_language, gettext

from qianjun.incident.activation_models import Activation
from qianjun.incident.models import Figure, Grading, Incident, Report
from qianjun.incident.queries import incident_seen
from qianjun.journal.deadlines import deadlines_of
from qianjun.kernel import clock
from qianjun.org.actor import Actor
from qianjun.response.clock_models import ReportingClock
from qianjun.response.notice_models import STANDS as NOTICE_STANDS
from qianjun.response.notice_models import AccidentNotice
from qianjun.response.queries.noticing import known_rules
from qianjun.response.rules.clocks import (
    ALWAYS,
    DISASTER_FIRST,
    ENTERPRISE_REPORT,
    FOLLOW_UP,
    GRAVEST,
    LEAST_GRAVE,
    NOTICE,
    OURS,
    PHONE_REPORT,
    RECEIVED,
    STARTS,
    STEPS,
    SUPPLEMENT,
    WATCH,
    WHOSE,
    WRITTEN_REPORT,
    ZERO_REPORT,
    ClockRule,
    ClockTable,
    Due,
    Facts,
    State,
    clock_table,
    due_of,
    is_at_risk,
    minutes_between,
    recipients_of,
    state_of,
)
from qianjun.response.rules.upward import HURT
from qianjun.response.upward_models import STANDS, UpwardDelivery, UpwardReport

TABLE: Final = resources.files("qianjun.response") / "tables" / "clocks.toml"
Json = dict[str, Any]
REPEATED: Final = (FOLLOW_UP, ZERO_REPORT)


@cache
def clock_rules() -> ClockTable:
    """The rules that come with the house, and those of the notices. 时限规则表"""
    table = clock_table(tomllib.loads(TABLE.read_text(encoding="utf-8")))
    return replace(table, rules=(*table.rules, *_of_notices()))


def _of_notices() -> Iterator[ClockRule]:
    for rule in known_rules():
        yield ClockRule(
            code=f"notice_{rule.code}"[:30],
            step=NOTICE,
            start=RECEIVED,
            within=rule.within,
            days=None,
            categories=rule.categories,
            grade_from=LEAST_GRAVE,
            grade_to=GRAVEST,
            needs=ALWAYS,
            units=rule.units,
            whose=OURS,
            is_sample=False,
            zh=rule.zh,
            en=rule.en,
            basis_zh=rule.basis_zh,
            basis_en=rule.basis_en,
        )


# --- what the rules ask of an incident ------------------------------------------------------------


def facts_of(incident: Incident) -> Facts:
    """What is known of it now. 时限要素"""
    about = "incident", str(incident.pk)
    started = Activation.objects.filter(incident=incident, started_at__isnull=False)
    gradings = Grading.objects.filter(incident=incident).order_by("at", "pk")
    return Facts(
        category=incident.category,
        grade=incident.grade,
        received_at=incident.received_at,
        happened_at=incident.occurred_at,
        gradings=tuple(gradings.values_list("value", "at")),
        at_risk_at=_at_risk_at(incident),
        activated_at=started.order_by("started_at").values_list("started_at", flat=True).first(),
        quick=any(one.kind == PHONE_REPORT for one in deadlines_of(about)[about]),
    )


def _figures(incident: Incident) -> QuerySet[Figure]:
    rows = Figure.objects.filter(incident=incident, stands=True, withdrawn_at__isnull=True)
    return rows.order_by("recorded_at", "pk")


def _at_risk_at(incident: Incident) -> datetime | None:
    """When the figures first spoke of grave danger."""
    known: dict[str, int] = {}
    for row in _figures(incident):
        known[row.kind] = row.value
        if is_at_risk(clock_rules(), known):
            return row.recorded_at
    return None


def recipients_for(incident: Incident) -> tuple[str, ...]:
    """To whom a report of it goes, as it is graded now. 报送单位"""
    return recipients_of(facts_of(incident), clock_rules().rules)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """One step that is due, which of its kind, and when it was met. 应有的时限"""

    due: Due
    turn: int
    met_at: datetime | None


def wanted_for(incident: Incident) -> list[Wanted]:
    """Every step that is or was due for it, as the facts are now. 应有的时限

    What nobody has judged to be one to report asks only for what the law asks by its kind.
    """
    if incident.kind == Incident.Kind.OPERATION or incident.merged_into_id is not None:
        return []
    facts, rules = facts_of(incident), clock_rules().rules
    everybody = recipients_of(facts, rules)
    told = _Told(incident)
    once = [rule for rule in rules if told.is_asked_once(rule)]
    wanted = [
        Wanted(due=one, turn=0, met_at=told.met_at(one))
        for one in due_of(facts, once, everybody=everybody)
        if told.is_judged or one.rule.step == NOTICE or one.rule.whose != OURS
    ]
    return [
        *wanted,
        *_repeated(facts, told, everybody),
        *_supplements(facts, told, everybody),
    ]


def _repeated(facts: Facts, told: "_Told", everybody: Sequence[str]) -> Iterator[Wanted]:
    """After each signed report the next one is due, sooner when casualties have changed."""
    yield from _after(facts, told, told.signed, step=FOLLOW_UP, everybody=everybody)
    yield from _after(facts, told, told.statistics, step=ZERO_REPORT, everybody=everybody)


def _after(
    facts: Facts,
    told: "_Told",
    signed: Sequence[UpwardReport],
    *,
    step: str,
    everybody: Sequence[str],
) -> Iterator[Wanted]:
    rules = [rule for rule in clock_rules().rules if rule.step == step]
    for n, row in enumerate(signed):
        if row.kind in (UpwardReport.Kind.FINAL, UpwardReport.Kind.SURVEY):
            return
        assert row.signed_at is not None
        after = signed[n + 1 :]
        until = after[0].signed_at if after else None
        changed = told.changed_between(row.signed_at, until)
        now = replace(facts, reported_at=row.signed_at, changed_at=changed)
        for one in due_of(now, rules, everybody=everybody):
            yield Wanted(due=one, turn=row.pk, met_at=told.given_at(one.unit, after))


def _supplements(facts: Facts, told: "_Told", everybody: Sequence[str]) -> Iterator[Wanted]:
    """A change after the end is due on its day, to all to whom it was reported."""
    rule = clock_rules().by_code(SUPPLEMENT)
    for row in told.reports:
        if row.kind == SUPPLEMENT and row.waived_at is None:
            for one in due_of(
                replace(facts, changed_at=row.drafted_at), [rule], everybody=everybody
            ):
                yield Wanted(due=one, turn=row.pk, met_at=told.given_at(one.unit, [row]))


class _Told:
    """What has been done about an incident: reports, deliveries, notices. 已办"""

    def __init__(self, incident: Incident) -> None:
        rows = UpwardReport.objects.filter(incident=incident).order_by("pk")
        self.reports = list(rows)
        self.signed = self._signed(UpwardReport.Family.EVENT)
        self.statistics = self._signed(UpwardReport.Family.DISASTER)
        given = UpwardDelivery.objects.filter(STANDS, incident=incident)
        self.deliveries = list(given.select_related("unit"))
        notices = AccidentNotice.objects.filter(NOTICE_STANDS, incident=incident)
        self.notices = dict(notices.values_list("unit__code", "told_at"))
        self.hurt = list(_figures(incident).filter(kind__in=HURT))
        reports = Report.objects.filter(incident=incident, source="enterprise")
        self.enterprise_at = reports.order_by("received_at").values_list("received_at", flat=True)
        self.is_judged = self._is_judged(incident)
        self.is_over = incident.state == Incident.State.CLOSED or any(
            row.kind == UpwardReport.Kind.FINAL for row in self.signed
        )

    def _signed(self, family: str) -> list[UpwardReport]:
        rows = [
            row
            for row in self.reports
            if row.family == family and row.signed_at and row.kind != SUPPLEMENT
        ]
        return sorted(rows, key=lambda row: (row.signed_at, row.pk))

    def is_asked_once(self, rule: ClockRule) -> bool:
        """Whether it is due once; casualties are watched from the end of what was reported."""
        if rule.step == WATCH:
            return self.is_over and bool(self.signed)
        return rule.step not in (*REPEATED, SUPPLEMENT)

    def _is_judged(self, incident: Incident) -> bool:
        """Whether somebody has judged it to be reported: a report, a grade, hurt, a response."""
        if any(row.waived_at for row in self.reports) and not self.signed:
            return False
        if self.reports or any(row.value for row in self.hurt) or incident.grade:
            return True
        return Activation.objects.filter(incident=incident, started_at__isnull=False).exists()

    def met_at(self, due: Due) -> datetime | None:
        """When a step that is due once was done."""
        if due.rule.step == PHONE_REPORT:
            return self._first(due.unit, [row for row in self.deliveries if not row.report_id])
        if due.rule.step == WRITTEN_REPORT:
            return self.given_at(due.unit, self.signed)
        if due.rule.step == DISASTER_FIRST:
            return self.given_at(due.unit, self.statistics)
        if due.rule.step == NOTICE:
            return self.notices.get(due.unit)
        if due.rule.step == ENTERPRISE_REPORT:
            return self.enterprise_at.first()
        return None

    def given_at(self, unit: str, reports: Iterable[UpwardReport]) -> datetime | None:
        """When this unit first had one of these reports."""
        keys = {row.pk for row in reports}
        return self._first(unit, [row for row in self.deliveries if row.report_id in keys])

    def _first(self, unit: str, rows: Iterable[UpwardDelivery]) -> datetime | None:
        mine = (with_them_at(row) for row in rows if row.unit.code == unit)
        return min((at for at in mine if at is not None), default=None)

    def changed_between(self, since: datetime, until: datetime | None) -> datetime | None:
        """When a number of people first changed after a report, before the next one."""
        after = (row.recorded_at for row in self.hurt if row.recorded_at > since)
        return next((at for at in after if until is None or at <= until), None)


def with_them_at(row: UpwardDelivery) -> datetime | None:
    """Since when a unit has it: a message alone brings nothing before it is acknowledged."""
    return row.received_at if row.way == UpwardDelivery.Way.MESSAGE else row.told_at


# --- as they stand --------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class ClockLine:
    """A row with its rule in words. 时限一行"""

    row: ReportingClock
    zh: str
    en: str
    basis_zh: str
    basis_en: str
    is_sample: bool

    @property
    def started_at(self) -> datetime:
        """As its chip wants it."""
        return self.row.started_at

    @property
    def due_at(self) -> datetime:
        """As its chip wants it."""
        return self.row.due_at

    @property
    def met_at(self) -> datetime | None:
        """As its chip wants it."""
        return self.row.met_at

    @property
    def state(self) -> State:
        """Met, late, overdue, open or void."""
        row = self.row
        return state_of(due_at=row.due_at, met_at=row.met_at, void_at=row.void_at, now=clock.now())

    @property
    def step(self) -> str:
        """What is due, in the reader's language."""
        return gettext(STEPS[self.row.step])

    @property
    def start(self) -> str:
        """From when it counts."""
        return gettext(STARTS[self.row.start])

    @property
    def whose(self) -> str:
        """Whose clock it is."""
        return gettext(WHOSE[self.row.whose])

    @property
    def is_ours(self) -> bool:
        """Whether we have to meet it."""
        return self.row.whose == OURS

    @property
    def title(self) -> str:
        """The rule."""
        return self.en if _latin() else self.zh

    @property
    def rule(self) -> str:
        """Its source, for the chip's title."""
        return self.basis_en if _latin() else self.basis_zh

    @property
    def took_min(self) -> int | None:
        """How long it took."""
        row = self.row
        return minutes_between(row.started_at, row.met_at) if row.met_at else None

    def as_json(self) -> Json:
        """As the interface answers it."""
        row = self.row
        return {
            "id": str(row.pk),
            "incident": str(row.incident_id),
            "unit": row.unit.code,
            "unit_said": row.unit.short_name,
            "step": row.step,
            "rule": row.rule,
            "rule_zh": self.zh,
            "basis_zh": self.basis_zh,
            "sample": self.is_sample,
            "whose": row.whose,
            "start": row.start,
            "started_at": row.started_at.isoformat(),
            "due_at": row.due_at.isoformat(),
            "met_at": row.met_at.isoformat() if row.met_at else None,
            "state": self.state,
        }


def _latin() -> bool:
    return (get_language() or "").startswith("en")


def line_of(row: ReportingClock) -> ClockLine:
    """The row with its rule; one whose rule is gone from the table keeps its code. 时限"""
    rule = next((one for one in clock_rules().rules if one.code == row.rule), None)
    return ClockLine(
        row=row,
        zh=rule.zh if rule else row.rule,
        en=rule.en if rule else row.rule,
        basis_zh=rule.basis_zh if rule else "",
        basis_en=rule.basis_en if rule else "",
        is_sample=bool(rule and rule.is_sample),
    )


def clocks_of(*, seen_by: Actor, incident_id: str | int) -> list[ClockLine]:
    """What is or was due for an incident, the earliest first; 404 when he does not see it. 时限"""
    incident = incident_seen(seen_by=seen_by, incident_id=incident_id)
    rows = ReportingClock.objects.filter(incident=incident, void_at__isnull=True)
    return [line_of(row) for row in rows.select_related("unit").order_by("due_at", "pk")]
