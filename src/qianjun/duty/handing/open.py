"""Everything that is open now and must be known to the next one. 未了事项"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext

from qianjun.confirm.queries import confirmations_waiting
from qianjun.duty.queries import cards_seen
from qianjun.duty.rules.handing import SECTIONS
from qianjun.force.models import TeamCall
from qianjun.force.queries.team_calls import WANTED
from qianjun.incident.activation_models import RUNS, Activation
from qianjun.incident.models import Incident, Task
from qianjun.incident.queries import (
    open_incidents,
    unconfirmed_reports,
    waiting_activations,
    waiting_letters,
)
from qianjun.incident.queries.instructions import open_instructions
from qianjun.incident.queries.tasks import OPEN
from qianjun.journal.deadlines import deadlines_of
from qianjun.journal.models import Deadline, Seal
from qianjun.journal.rules import DEADLINES
from qianjun.kernel import clock
from qianjun.message.queries import unreached
from qianjun.org.actor import Actor
from qianjun.org.rules import masked_name
from qianjun.response.queries.handing import waiting_firsts
from qianjun.response.queries.responses import lanes_of
from qianjun.response.rules.upward import CLOCKS

MOST: Final = 200
Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Matter:
    """One open thing: its key and number are frozen, its words are looked up. 未了一项"""

    key: str
    text: str
    number: str = ""
    incident: int | None = None
    url: str = ""
    due: Deadline | None = None

    def as_json(self) -> Json:
        """As it is frozen: ids, numbers, instants."""
        due = {"due_at": self.due.due_at.isoformat(), "due": self.due.kind} if self.due else {}
        return {"key": self.key, "number": self.number, **due}


@dataclass(frozen=True, kw_only=True)
class Section:
    """The open things of one kind. 未了一类"""

    code: str
    matters: tuple[Matter, ...]

    @property
    def title(self) -> str:
        """What the kind is called, in the reader's language."""
        return gettext(SECTIONS[self.code])


def open_now(*, seen_by: Actor) -> tuple[Section, ...]:
    """Every section that has something, in order; a fixed number of statements. 未了事项"""
    rows = list(open_incidents(seen_by=seen_by)[:MOST])
    due = deadlines_of(*(("incident", str(row.pk)) for row in rows)) if rows else {}
    found: dict[str, Iterable[Matter]] = {
        "incidents": [_incident(row, due["incident", str(row.pk)]) for row in rows],
        "responses": _lanes(_running(rows), by=seen_by),
        "undecided": _lanes(list(waiting_activations(seen_by=seen_by)[:MOST]), by=seen_by),
        "upward": _upward(rows, due),
        "tasks": _tasks(rows),
        "teams": _teams(rows),
        "firsts": _firsts(rows, by=seen_by),
        **_waiting(seen_by),
    }
    sections = (Section(code=code, matters=tuple(found.get(code, ()))) for code in SECTIONS)
    return tuple(one for one in sections if one.matters)


def snapshot_of(sections: Sequence[Section]) -> Json:
    """What a signature freezes: ids and numbers, and where the journal stood. 快照"""
    last = Seal.objects.order_by("-seq").values_list("seq", "hash").first()
    return {
        "at": clock.now().isoformat(),
        "journal": f"{last[0]}:{last[1]}" if last else "",
        "sections": {one.code: [row.as_json() for row in one.matters] for one in sections},
    }


def _incident(row: Incident, due: list[Deadline]) -> Matter:
    waiting = [one for one in due if one.met_at is None]
    return Matter(
        key=f"incident:{row.pk}",
        number=row.number,
        text=row.title,
        incident=row.pk,
        due=waiting[0] if waiting else None,
    )


def _running(rows: Sequence[Incident]) -> list[Activation]:
    keys = [row.pk for row in rows]
    found = Activation.objects.filter(RUNS, incident__in=keys).select_related("incident")
    return list(found.order_by("pk")[:MOST]) if keys else []


def _lanes(rows: list[Activation], *, by: Actor) -> list[Matter]:
    lanes = lanes_of(rows, by=by) if rows else []
    return [
        Matter(
            key=f"activation:{one.row.pk}",
            number=one.row.incident.number,
            text=f"{one.title} · {one.level_word} · {one.authority}",
            incident=one.row.incident_id,
        )
        for one in lanes
    ]


def _upward(rows: Sequence[Incident], due: dict[tuple[str, str], list[Deadline]]) -> list[Matter]:
    return [
        Matter(
            key=f"deadline:{one.pk}",
            number=row.number,
            text=gettext(DEADLINES.get(one.kind, one.kind)),
            incident=row.pk,
            due=one,
        )
        for row in rows
        for one in due["incident", str(row.pk)]
        if one.met_at is None and one.kind in CLOCKS
    ]


def _tasks(rows: Sequence[Incident]) -> list[Matter]:
    late = Task.objects.filter(OPEN, due_at__lt=clock.now(), incident__in=[row.pk for row in rows])
    return [
        Matter(
            key=f"task:{row.pk}",
            number=row.incident.number,
            text=row.title,
            incident=row.incident_id,
        )
        for row in late.select_related("incident").order_by("due_at", "pk")[:MOST]
    ]


def _teams(rows: Sequence[Incident]) -> list[Matter]:
    out = TeamCall.objects.filter(WANTED, asked_at__isnull=False)
    out = out.filter(incident__in=[row.pk for row in rows])
    return [
        Matter(
            key=f"team_call:{row.pk}",
            number=row.incident.number,
            text=f"{row.team.name} · {row.place}",
            incident=row.incident_id,
        )
        for row in out.select_related("team", "incident").order_by("pk")[:MOST]
    ]


def _firsts(rows: Sequence[Incident], *, by: Actor) -> list[Matter]:
    return [
        Matter(
            key=f"first:{one.incident.pk if one.incident else ''}:{one.first.desk}",
            number=one.incident.number if one.incident else "",
            text=one.first.desk,
            incident=one.incident.pk if one.incident else None,
        )
        for one in waiting_firsts(rows, seen_by=by)[:MOST]
    ]


def _instructions(by: Actor) -> list[Matter]:
    rows = open_instructions(seen_by=by)[:MOST] if by.may("instruction.read") else []
    return [
        Matter(
            key=f"instruction:{row.pk}",
            number=row.number,
            text=f"{row.sender} · {row.title}",
            url=reverse("instruction", args=[row.pk]),
        )
        for row in rows
    ]


def _waiting(by: Actor) -> dict[str, list[Matter]]:
    """What waits for a person and belongs to no incident alone."""
    return {
        "instructions": _instructions(by),
        "confirmations": [
            Matter(key=f"confirmation:{one.row.pk}", text=one.row.text[:80])
            for one in confirmations_waiting(seen_by=by)
        ],
        "unreached": [
            Matter(
                key=f"message:{one.message}",
                text=f"{masked_name(one.person_name)} · {gettext(one.reason_zh)}",
                incident=one.incident,
            )
            for one in unreached(seen_by=by, limit=MOST)
        ],
        "letters": [
            Matter(key=f"letter:{row.pk}", text=f"{clock.in_beijing(row.arrived_at):%m-%d %H:%M}")
            for row in waiting_letters(seen_by=by)[:MOST]
        ],
        "unconfirmed": [
            Matter(
                key=f"report:{row.pk}",
                number=row.number,
                text=row.incident.number,
                incident=row.incident_id,
            )
            for row in unconfirmed_reports(seen_by=by)[:MOST]
        ],
        "cards": [Matter(key=f"card:{row.pk}", text=row.reaction) for row in cards_seen(by)[:MOST]],
    }
