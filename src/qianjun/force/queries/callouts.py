"""How call-outs stand: as the contract shows them, and everybody in one box of the board. 查召集"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext

from qianjun.force.models import Called, CallOut, Wave
from qianjun.force.queries.mandates import last_mandate, mandate_json
from qianjun.force.rules.answering import STATES, comes, gone, out, state_of
from qianjun.incident.queries.seen import incident_seen, incidents_seen
from qianjun.message.models import Message
from qianjun.org.actor import Actor, key_of, not_found, require
from qianjun.org.rules import masked_name

Json = dict[str, Any]


def matter_of(callout: int, rank: int) -> str:
    """Under which name the messages of a wave stand in the outbox."""
    return f"callout:{callout}:{rank}"


def callouts_of(*, seen_by: Actor, incident_id: str | int) -> QuerySet[CallOut]:
    """The call-outs of an incident. 事件的召集"""
    require(seen_by, "callout.read")
    return CallOut.objects.filter(incident=incident_seen(seen_by=seen_by, incident_id=incident_id))


def callout_seen(*, seen_by: Actor, callout_id: str | int) -> CallOut:
    """The call-out with this id; 404 when there is none, or none that he may know of."""
    require(seen_by, "callout.read")
    found = CallOut.objects.filter(pk=key_of(callout_id), incident__in=incidents_seen(seen_by))
    row = found.select_related("incident").first()
    if row is None:
        raise not_found()
    return row


def people_wanted(incident: int) -> int:
    """How many people the call-outs of an incident want that nobody has ended. 召集人数"""
    rows = CallOut.objects.filter(
        incident=incident, ended_at__isnull=True, stood_down_at__isnull=True
    )
    return int(rows.aggregate(n=Sum("need"))["n"] or 0)


@dataclass(frozen=True, kw_only=True)
class Line:
    """Somebody on the board: his row, when the message reached him and was read. 一行"""

    row: Called
    reached_at: datetime | None
    read_at: datetime | None

    @property
    def state(self) -> str:
        """The box in which he is counted."""
        return state_of(
            self.row, reached=self.reached_at is not None, read=self.read_at is not None
        )

    @property
    def word(self) -> str:
        """The box in words."""
        return gettext(STATES[self.state])

    @property
    def name(self) -> str:
        """His name, masked."""
        return masked_name(self.row.person.name)

    @property
    def answered_at(self) -> datetime | None:
        """When he said yes or no."""
        return self.row.accepted_at or self.row.declined_at


def lines_of(row: CallOut) -> list[Line]:
    """Everybody who was called, the latest wave last, the likeliest first. 名单"""
    people = (
        row.people.filter(sent_at__isnull=False)
        .select_related("person", "wave")
        .order_by("wave__rank", "-chance", "pk")
    )
    told = _told(row)
    return [_line(one, *told.get(one.person_id, (None, None))) for one in people]


def _line(one: Called, reached: datetime | None, opened: datetime | None) -> Line:
    read = one.read_at or opened
    return Line(row=one, reached_at=reached or read, read_at=read)


def _told(row: CallOut) -> dict[int, tuple[datetime | None, datetime | None]]:
    """Per person when his message arrived and was opened, by the books of the outbox."""
    matters = [matter_of(row.pk, wave.rank) for wave in row.waves.all()]
    sent = Message.objects.filter(incident=row.incident_id, matter__in=matters)
    columns = sent.values_list("person_id", "delivered_at", "opened_at")
    return {person: (delivered, opened) for person, delivered, opened in columns}


def counts_of(lines: Iterable[Line]) -> dict[str, int]:
    """How many are in each box; each is in one. 计数"""
    found = Counter(line.state for line in lines)
    return {name: found[name] for name in STATES}


def coming_and_there(lines: Iterable[Line]) -> tuple[int, int]:
    """How many persons are on their way, and there, with whom they bring. 途、到"""
    rows = [line.row for line in lines]
    there = [one for one in rows if one.arrived_at is not None and not gone(one)]
    coming = [one for one in rows if comes(one) and one.arrived_at is None]
    turned = [one for one in coming if one.stood_down_at is None]
    return sum(one.headcount or 1 for one in turned), sum(one.headcount or 1 for one in there)


def still_out(row: CallOut) -> int:
    """How many are on their way or there. 在外人数"""
    return sum(out(one) for one in row.people.all())


def callout_json(row: CallOut, lines: list[Line] | None = None) -> Json:
    """A call-out as in contract 8."""
    shown = lines_of(row) if lines is None else lines
    waves = list(row.waves.order_by("rank"))
    last = waves[-1] if waves else None
    return {
        "id": str(row.pk),
        "incident": str(row.incident_id),
        "state": row.state,
        "need": row.need,
        "skills": row.skills,
        "by": row.needed_by.isoformat(),
        "lon": row.lon,
        "lat": row.lat,
        "place": row.place,
        "what": row.what,
        "risk": row.risk,
        "kit": row.kit,
        "probability": row.probability,
        "radius_m": row.radius_m,
        "proposal": _proposal(last) if last and last.sent_at is None else None,
        "waves": [_wave(one) for one in waves],
        "counts": counts_of(shown),
        "disturbed": len(shown),
        "out": sum(out(line.row) for line in shown),
        "forecast": None,
        "best_possible": last.best_possible if last else None,
        "auto": mandate_json(last_mandate(row), disturbed=len(shown)),
        "version": row.version,
    }


def _proposal(wave: Wave) -> Json:
    return {
        "count": wave.count,
        "probability": wave.probability,
        "ladder": wave.ladder,
        "expected": wave.expected,
        "next_look_at": wave.next_look_at.isoformat(),
        "why_zh": wave.why_zh,
        "why_en": wave.why_en,
        "excluded": wave.excluded,
    }


def _wave(wave: Wave) -> Json:
    return {
        "rank": wave.rank,
        "state": "proposed" if wave.sent_at is None else "sent",
        "count": wave.count,
        "sent_at": wave.sent_at.isoformat() if wave.sent_at else None,
        "why_zh": wave.why_zh,
    }


def person_json(line: Line) -> Json:
    """Somebody who was called, as in contract 8; his name is masked. 被召集人"""
    row = line.row

    def at(instant: datetime | None) -> str | None:
        return instant.isoformat() if instant else None

    return {
        "id": str(row.pk),
        "name_masked": line.name,
        "state": line.state,
        "wave": row.wave.rank,
        "distance_m": round(row.distance_m),
        "chance": round(row.chance, 4),
        "eta_at": at(row.eta_at),
        "sent_at": at(row.sent_at),
        "reached_at": at(line.reached_at),
        "read_at": at(line.read_at),
        "answered_at": at(line.answered_at),
        "arrived_at": at(row.arrived_at),
        "left_at": at(row.left_at or row.home_at),
        "stood_down_at": at(row.stood_down_at),
        "minutes": row.minutes,
        "headcount": row.headcount,
        "other_device": row.other_device,
    }
