"""What the desk shows of reports upward and accident notices. 值班台上的报送"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from qianjun.incident.models import Incident
from qianjun.journal.models import Deadline
from qianjun.org.models import Unit
from qianjun.response.notice_models import STANDS as NOTICE_STANDS
from qianjun.response.notice_models import AccidentNotice
from qianjun.response.queries.upward import is_with_them, name_said
from qianjun.response.rules.families import FIRST, FOLLOW_UP
from qianjun.response.rules.upward import CLOCKS, PHONE_REPORT
from qianjun.response.upward_models import STANDS, UpwardDelivery, UpwardReport

NOTICE: Final = "accident_notice"


@dataclass(frozen=True, kw_only=True)
class Owed:
    """A report or a notice that an incident owes; ``row`` is the draft, once touched. 应报"""

    incident: Incident
    due: Deadline | None
    row: UpwardReport | None

    @property
    def kind(self) -> str:
        """accident_notice, phone_report, or written for the paper."""
        kind = self.due.kind if self.due else ""
        return kind if kind in (NOTICE, PHONE_REPORT) else "written"

    @property
    def said(self) -> str:
        """What the draft is called; empty for what is no paper."""
        if self.kind != "written":
            return ""
        if self.row is not None:
            return name_said(self.row.kind, self.row.ordinal)
        follows = self.due is not None and self.due.kind == FOLLOW_UP
        return name_said(FOLLOW_UP if follows else FIRST, 0)

    @property
    def is_asked(self) -> bool:
        """Whether it waits for a signature."""
        return self.row is not None and self.row.asked_at is not None


@dataclass(frozen=True, kw_only=True)
class Undelivered:
    """The last signed report of an incident, and who does not have it yet. 未送达的报告"""

    incident: Incident
    row: UpwardReport
    missing: tuple[str, ...]

    @property
    def said(self) -> str:
        """What it is called."""
        return name_said(self.row.kind, self.row.ordinal)


@dataclass(frozen=True, kw_only=True)
class Unacknowledged:
    """Units that were told of an accident and have not said that they have it. 无回执"""

    incident: Incident
    units: tuple[str, ...]
    since: datetime


@dataclass(frozen=True, kw_only=True)
class Reports:
    """Everything about reporting of the open incidents. 报送"""

    owed: tuple[Owed, ...]
    undelivered: tuple[Undelivered, ...]
    unacknowledged: tuple[Unacknowledged, ...]


def reports_of(incidents: Sequence[Incident], due: Mapping[int, Sequence[Deadline]]) -> Reports:
    """What these incidents owe and who lacks it; at most four statements. 报送一览"""
    if not incidents:
        return Reports(owed=(), undelivered=(), unacknowledged=())
    by_key = {one.pk: one for one in incidents}
    drafts: dict[int, UpwardReport] = {}
    signed: dict[int, UpwardReport] = {}
    rows = UpwardReport.objects.filter(
        incident__in=by_key, waived_at__isnull=True, family=UpwardReport.Family.EVENT
    )
    for row in rows.defer("lines", "text", "written").order_by("pk"):
        (signed if row.signed_at else drafts)[row.incident_id] = row
    owed = (one for key, it in by_key.items() for one in _owed(it, due[key], drafts.get(key)))
    return Reports(
        owed=tuple(sorted(owed, key=_first)),
        undelivered=tuple(_undelivered(by_key, signed)),
        unacknowledged=tuple(_unacknowledged(by_key)),
    )


def _owed(
    incident: Incident, deadlines: Sequence[Deadline], draft: UpwardReport | None
) -> Iterable[Owed]:
    waiting = [one for one in deadlines if one.met_at is None and one.kind in (*CLOCKS, NOTICE)]
    papers = [one for one in waiting if one.kind not in (PHONE_REPORT, NOTICE)]
    for due in waiting:
        yield Owed(incident=incident, due=due, row=draft if due in papers else None)
    if draft is not None and draft.asked_at is not None and not papers:
        yield Owed(incident=incident, due=None, row=draft)


def _first(one: Owed) -> tuple[bool, float, int]:
    """What waits without a clock comes before what has one; then by the clock."""
    at = one.due.due_at.timestamp() if one.due else 0.0
    return one.due is not None, at, one.incident.pk


def _undelivered(
    incidents: Mapping[int, Incident], signed: dict[int, UpwardReport]
) -> Iterable[Undelivered]:
    has_it: dict[int, set[str]] = {}
    given = UpwardDelivery.objects.filter(STANDS, report__in=[row.pk for row in signed.values()])
    for one in given.select_related("unit") if signed else ():
        if is_with_them(one) and one.report_id is not None:
            has_it.setdefault(one.report_id, set()).add(one.unit.code)
    lacks = {
        key: [code for code in row.units if code not in has_it.get(row.pk, ())]
        for key, row in signed.items()
    }
    codes = {code for missing in lacks.values() for code in missing}
    named = Unit.objects.filter(code__in=codes).values_list("code", "short_name")
    names = dict(named) if codes else {}
    for key, missing in lacks.items():
        if known := tuple(names[code] for code in missing if code in names):
            yield Undelivered(incident=incidents[key], row=signed[key], missing=known)


def _unacknowledged(incidents: Mapping[int, Incident]) -> Iterable[Unacknowledged]:
    rows = AccidentNotice.objects.filter(
        NOTICE_STANDS, incident__in=incidents, received_at__isnull=True
    )
    found: dict[int, list[AccidentNotice]] = {}
    for row in rows.select_related("unit").order_by("told_at", "pk"):
        found.setdefault(row.incident_id, []).append(row)
    for key, told in found.items():
        yield Unacknowledged(
            incident=incidents[key],
            units=tuple(row.unit.short_name for row in told),
            since=told[0].told_at,
        )
