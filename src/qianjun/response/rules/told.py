"""A report as it is told, and the answer to it. 接报单与答复"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from qianjun.incident.rules.joining import Duplicate
from qianjun.incident.rules.told import Stored
from qianjun.place.rules import Candidate
from qianjun.plan.rules import Card, Proposed


@dataclass(frozen=True, kw_only=True)
class Beside:
    """Something told beside the words: a field of its source, or the answer to a question. 附报

    ``of`` is the source, or ``card`` for an answer; ``label`` is written, and never judged.
    """

    code: str
    label: str
    value: str
    of: str

    @property
    def line(self) -> str:
        """As it is written below the words."""
        return f"{self.label}{'' if self.label.endswith('？') else '：'}{self.value}"


@dataclass(frozen=True, kw_only=True)
class Told:
    """A report as somebody tells it; only the text and the channel must be there. 所报

    ``where`` are the words for the place when they were asked for apart, ``place`` the code of
    the candidate that a person chose; ``lon`` and ``lat`` are in ``crs``. ``join`` is ``auto``,
    ``new`` or the id of an incident. ``besides`` are written below the words.
    """

    text: str
    channel: str
    source: str = ""
    caller_name: str = ""
    caller_phone: str = ""
    occurred_at: datetime | None = None
    lon: float | None = None
    lat: float | None = None
    crs: str = "wgs84"
    where: str = ""
    place: str = ""
    category: str = ""
    title: str = ""
    figures: Mapping[str, int] = field(default_factory=dict)
    join: str = "auto"
    besides: tuple[Beside, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A number that was read from the words; a person may take it over. 读出的数字"""

    kind: str
    value: int
    quote: str

    def as_json(self) -> dict[str, Any]:
        """As the contract writes it."""
        return {"kind": self.kind, "value": self.value, "quote": self.quote}


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What the house makes of some words before they are taken in. 预览

    ``nearby`` are open incidents near in place and time that are hardly the same.
    """

    places: tuple[Candidate, ...]
    answer: str
    duplicates: tuple[Duplicate, ...]
    nearby: tuple[Duplicate, ...]
    category: str
    category_why: str
    grade_suggested: int | None
    grade_why: str
    questions: tuple[str, ...]
    proposals: tuple[Proposal, ...]
    plan: Proposed | None
    card: Card | None

    def as_json(self) -> dict[str, Any]:
        """The same words as in the answer to a report."""
        return {
            "places": [place.as_json() for place in self.places],
            "place_answer": self.answer,
            "duplicates": [duplicate_json(one) for one in self.duplicates],
            "nearby": [duplicate_json(one) for one in self.nearby],
            "category": self.category or None,
            "category_why": self.category_why,
            "grade_suggested": self.grade_suggested,
            "grade_why": self.grade_why,
            "questions": list(self.questions),
            "proposals": [one.as_json() for one in self.proposals],
            "plan_suggested": self.plan.plan if self.plan else None,
            "plan": self.plan.as_json() if self.plan else None,
            "card": self.card.as_json() if self.card else None,
        }


@dataclass(frozen=True, kw_only=True)
class Taken:
    """A report that stands, as it stands now: the answer of contract 4. 已接报

    Name and telephone of the caller are masked here, and telephones in the text.
    """

    received_at: datetime
    text: str
    caller_name: str
    caller_phone: str
    confirmed: bool
    removed_bidi: int
    stored: Stored
    seen: Preview

    @property
    def incident_url(self) -> str:
        """The page of the incident."""
        return f"/incidents/{self.stored.incident_id}/"

    def as_json(self) -> dict[str, Any]:
        """The body of contract 4."""
        stored = self.stored
        return {
            "id": str(stored.report_id),
            "number": stored.number,
            "received_at": self.received_at.isoformat(),
            "text": self.text,
            "caller": {"name": self.caller_name or None, "phone": self.caller_phone or None},
            "incident": {
                "id": str(stored.incident_id),
                "number": stored.incident_number,
                "url": self.incident_url,
            },
            "joined": stored.joined,
            "join_probability": stored.probability,
            "join_confirmed": self.confirmed,
            **self.seen.as_json(),
            "deadlines": [
                {"kind": kind, "due_at": due_at.isoformat()} for kind, due_at in stored.deadlines
            ],
            "removed_bidi": self.removed_bidi,
        }


def duplicate_json(one: Duplicate) -> dict[str, Any]:
    """A possible duplicate as the contract writes it."""
    return {
        "incident": str(one.incident),
        "number": one.number,
        "title": one.title,
        "distance_m": one.distance_m,
        "minutes": one.minutes,
        "probability": one.probability,
    }
