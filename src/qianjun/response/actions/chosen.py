"""What is chosen for sorting, as its asker saw it, and what came of it. 所选报告"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from qianjun.incident.actions.batches import held_reports
from qianjun.incident.models import Incident, Report
from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor
from qianjun.response.models import SortingStep
from qianjun.response.queries.marks import Standing, standings

STALE = _("这组报告刚被别人动过，没有处理；请看过最新内容再办。")


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """Reports by id; ``seen`` are the marks under which a screen showed them. 所选"""

    reports: tuple[str, ...]
    seen: Mapping[str, str] = field(default_factory=dict)
    round: str = ""


@dataclass(frozen=True, kw_only=True)
class Sorted:
    """What one step has done. 分拣结果"""

    step: SortingStep
    incidents: tuple[Incident, ...]
    sent: int = 0
    to_call: int = 0

    def as_json(self) -> dict[str, Any]:
        """As the interface answers it."""
        return {
            "step": str(self.step.pk),
            "act": self.step.act,
            "reports": self.step.reports,
            "incidents": [
                {"id": str(row.pk), "number": row.number, "state": row.state}
                for row in self.incidents
            ],
            "sent": self.sent,
            "to_call": self.to_call,
        }


def held(by: Actor, chosen: Chosen) -> tuple[list[Report], dict[int, Standing]]:
    """The chosen reports, locked, and how they stand; 409 when one stands otherwise than seen."""
    rows = held_reports(by, chosen.reports)
    stand = standings({row.pk: row.incident_id for row in rows})
    marks = {str(pk): one.mark for pk, one in stand.items()}
    if any(marks.get(pk) != mark for pk, mark in chosen.seen.items()):
        raise Refused("stale", STALE, status=409)
    return rows, stand


def begun(by: Actor, chosen: Chosen, *, act: str, reports: int) -> SortingStep:
    """The row of a step; what undoes it is added at its end."""
    return SortingStep.objects.create(
        act=act,
        round=chosen.round,
        reports=reports,
        at=clock.now(),
        by_kind=by.kind,
        by_id=by.ident,
    )


def ended(step: SortingStep, **back: object) -> SortingStep:
    """The step knows what undoes it."""
    step.back = back
    step.save(update_fields=["back"])
    return step


def incidents_of(rows: Iterable[Report]) -> list[int]:
    """The incidents of these reports, in the order of their keys."""
    return sorted({row.incident_id for row in rows})
