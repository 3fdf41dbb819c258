"""Which command post stands, who has which seat, and who had it before. 指挥部查询"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from qianjun.incident.command_models import STANDS, CommandPost, CommandSeat, CommandTransfer
from qianjun.incident.queries.seen import incident_seen
from qianjun.incident.rules.commanding import CITY, DEPUTY, GROUPS, ON_SCENE, SEATS
from qianjun.journal.models import Entry
from qianjun.journal.queries import lines_of, with_rest
from qianjun.org.actor import Actor
from qianjun.org.queries import names_of

Json = dict[str, Any]
ABOUT = "command_post"


def about(row: CommandPost) -> tuple[str, str]:
    """What entries and rows above say they are about."""
    return (ABOUT, str(row.pk))


@dataclass(frozen=True, kw_only=True)
class Command:
    """A command post as it stands, or as it was: seats, who had them, transfers. 指挥部

    ``row`` is None while the incident has had none.
    """

    incident: int
    row: CommandPost | None
    seats: tuple[CommandSeat, ...] = ()
    past: tuple[CommandSeat, ...] = ()
    transfers: tuple[CommandTransfer, ...] = ()

    @property
    def state(self) -> str:
        """none, standing or stood_down."""
        if self.row is None:
            return "none"
        return "standing" if self.row.stood_down_at is None else "stood_down"

    @property
    def listens(self) -> bool:
        """Whether the city commands."""
        return self.row is not None and self.row.commands == CITY

    def of(self, seat: str) -> CommandSeat | None:
        """Who has this seat now; of deputies the first."""
        return next((one for one in self.seats if one.seat == seat), None)

    @property
    def on_scene(self) -> CommandSeat | None:
        """The one named commander on scene."""
        return self.of(ON_SCENE)

    @property
    def leaders(self) -> list[tuple[str, CommandSeat]]:
        """Who else commands: the word for the seat, and who has it."""
        rows = [one for one in self.seats if one.seat != ON_SCENE and one.seat not in GROUPS]
        ordered = sorted(rows, key=lambda one: (list(SEATS).index(one.seat), one.pk))
        return [(seat_said(one.seat), one) for one in ordered]

    @property
    def groups(self) -> list[tuple[str, str, CommandSeat | None]]:
        """Every group: code, word, who leads it."""
        return [(code, seat_said(code), self.of(code)) for code in GROUPS]

    @property
    def history(self) -> list[tuple[str, CommandSeat]]:
        """Who had a seat before, the latest first."""
        return [(seat_said(one.seat), one) for one in self.past]


def seat_said(code: str) -> str:
    """What a seat is called, in the reader's language."""
    return gettext(SEATS[code].zh) if code in SEATS else code


def command_of(*, seen_by: Actor, incident_id: str | int) -> Command:
    """The command post that stands, else the last one; 404 when he sees no such incident. 指挥部"""
    incident = incident_seen(seen_by=seen_by, incident_id=incident_id)
    rows = CommandPost.objects.filter(incident=incident)
    row = rows.order_by("-pk").first()
    return whole(row) if row else Command(incident=incident.pk, row=None)


def whole(row: CommandPost) -> Command:
    """A command post with everything that belongs to it; two statements."""
    seats = list(CommandSeat.objects.filter(post=row).select_related("unit").order_by("pk"))
    transfers = CommandTransfer.objects.filter(post=row).order_by("-pk")
    over = row.stood_down_at
    now = tuple(one for one in seats if one.until is None or one.until == over)
    return Command(
        incident=row.incident_id,
        row=row,
        seats=now,
        past=tuple(one for one in reversed(seats) if one not in now),
        transfers=tuple(transfers),
    )


def standing_post(incident: int) -> CommandPost | None:
    """The command post of an incident that stands, locked."""
    rows = CommandPost.objects.select_for_update().filter(STANDS, incident=incident)
    return rows.first()


def last_change(row: CommandPost) -> Json | None:
    """Who changed a command post last, when, and what: for whoever judged by an older one."""
    kind, ident = about(row)
    told = Entry.objects.filter(incident=row.incident_id, about_kind=kind, about_id=ident)
    lines = lines_of(with_rest(told).order_by("-pk")[:1])
    if not lines:
        return None
    (line,) = lines
    by = names_of([(line.by_kind, line.by_id)])[line.by_kind, line.by_id]
    return {
        "at": line.at.isoformat(),
        "by_masked": by,
        "text_zh": line.text_zh,
        "text_en": line.text_en,
    }


# --- for programs ---------------------------------------------------------------------------------


def command_json(told: Command, *, changed: Json | None = None) -> Json:
    """A command post as the interface answers it; every field null while there is none. 指挥部"""
    row = told.row
    head: Json = dict.fromkeys(_HEAD) if row is None else _head(row)
    on_scene = told.on_scene
    return {
        "incident": str(told.incident),
        "state": told.state,
        **head,
        "commander": seat_json(on_scene) if on_scene else None,
        "seats": _seats(told.seats),
        "past": _seats(told.past),
        "transfers": [_transfer(one) for one in told.transfers],
        "changed": changed,
    }


_HEAD = ("id", "place", "decided_by", "set_up_at", "stood_down_at", "why", "commands", "version")


def _head(row: CommandPost) -> Json:
    return {
        "id": str(row.pk),
        "place": row.place,
        "decided_by": row.decided_by,
        "set_up_at": row.set_up_at.isoformat(),
        "stood_down_at": _iso(row.stood_down_at),
        "why": row.end_why or None,
        "commands": row.commands,
        "version": row.version,
    }


def _seats(rows: Sequence[CommandSeat]) -> list[Json]:
    return [seat_json(one) for one in rows]


def seat_json(one: CommandSeat) -> Json:
    """Who has or had a seat."""
    return {
        "id": str(one.pk),
        "seat": one.seat,
        "seat_said": seat_said(one.seat),
        "group": one.seat in GROUPS,
        "unit": one.unit.code if one.unit else None,
        "unit_said": one.unit.short_name if one.unit else None,
        "person": str(one.person_id) if one.person_id else None,
        "name": one.name or None,
        "title": one.title or None,
        "since": one.since.isoformat(),
        "until": _iso(one.until),
        "why": one.why or None,
    }


def _transfer(one: CommandTransfer) -> Json:
    return {
        "id": str(one.pk),
        "to": one.to,
        "at": one.at.isoformat(),
        "taken_by": one.taken_by,
        "why": one.why or None,
        "hand_over_list": list(one.handed),
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None


def deputies(told: Command) -> list[CommandSeat]:
    """Who stands in for the chief, the first first. 副总指挥"""
    return [one for one in told.seats if one.seat == DEPUTY]
