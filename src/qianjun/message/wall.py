"""What every simulated phone shows, for the wall of phones. 手机墙"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from qianjun.journal.search import matching
from qianjun.kernel import clock
from qianjun.message import rules
from qianjun.message.channels.simulated import CHANNEL
from qianjun.message.models import ASKS, Carrier, CarrierReply, CarrierRow, Inbound, Message
from qianjun.org.actor import Actor, require
from qianjun.org.models import Address, Grant, Holding, Person, Unit
from qianjun.org.queries import within
from qianjun.org.roles import ROLES

PHONES, LETTERS = 48, 12
DIGITS = r"^100[0-9]{8}$"
Show = Literal["all", "letters", "open"]
Line = tuple[str, str]  # channel and number


@dataclass(frozen=True, kw_only=True)
class Letter:
    """One text on a phone; ``is_mine`` when its holder has sent it. 一条消息"""

    row: int
    is_mine: bool
    at: datetime
    text: str
    state: str
    state_zh: str
    links: tuple[str, ...] = ()
    can_open: bool = False
    position: str = ""
    file: int | None = None


@dataclass(frozen=True, kw_only=True)
class Phone:
    """A simulated phone, who holds it, and its last texts, newest first. 一部模拟电话"""

    address: int
    channel: str
    channel_zh: str
    number: str
    person: int
    name: str
    unit: str
    roles: tuple[str, ...]
    letters: tuple[Letter, ...]


@dataclass(frozen=True, kw_only=True)
class Wall:
    """One page of phones; ``more`` says that others follow. 一页手机墙"""

    phones: tuple[Phone, ...]
    count: int
    more: bool


def wall(*, seen_by: Actor, show: Show = "all", q: str = "", skip: int = 0) -> Wall:
    """The phones of a demo or drill by unit and name, never by what their holders did."""
    require(seen_by, "simulator.use")
    found = within(_addresses(show, q), seen_by.scope, "person__unit__path")
    page = list(found[skip : skip + PHONES])
    lines = [(a.channel, a.value) for a in page]
    letters, roles = _letters(lines), _roles([a.person_id for a in page])
    phones = [
        Phone(
            address=a.pk,
            channel=a.channel,
            channel_zh=rules.CHANNELS.get(a.channel, a.channel),
            number=a.value,
            person=a.person_id,
            name=a.person.name,
            unit=a.person.unit.short_name,
            roles=roles[a.person_id],
            letters=letters.get((a.channel, a.value), ()),
        )
        for a in page
    ]
    count = found.count()
    return Wall(phones=tuple(phones), count=count, more=skip + PHONES < count)


def carriers(*, seen_by: Actor) -> list[Carrier]:
    """How each channel that a phone uses is served, in the order of the channels."""
    require(seen_by, "simulator.use")
    used = set(_addresses("all", "").order_by().values_list("channel", flat=True).distinct())
    known = {row.channel: row for row in Carrier.objects.all()}
    names = [name for name in rules.CHANNELS if name in used | set(known)]
    return [known.get(name) or Carrier(channel=name) for name in names]


def _addresses(show: Show, q: str) -> QuerySet[Address]:
    rows = Address.objects.filter(value__regex=DIGITS, channel__in=CHANNEL.about.carries)
    if show == "letters":
        to = CarrierRow.objects.filter(to=OuterRef("value"), channel=OuterRef("channel"))
        rows = rows.filter(Exists(to))
    if show == "open":
        asking = Message.objects.filter(ASKS, sent_at__isnull=False)
        there = asking.filter(address=OuterRef("value"), channel=OuterRef("channel"))
        rows = rows.filter(Exists(there))
    if q:
        named = Q(person__in=matching(Person.objects.order_by(), q))
        of_units = Q(person__unit__in=matching(Unit.objects.order_by(), q))
        rows = rows.filter(named | of_units | Q(value__contains=q))
    by_unit = ("person__unit__path", "person__sort_key", "rank", "id")
    return rows.select_related("person__unit").order_by(*by_unit)


def _roles(people: list[int]) -> dict[int, tuple[str, ...]]:
    """The posts that these people hold now, else their roles."""
    now = clock.now()
    until = Q(until__isnull=True) | Q(until__gt=now)
    held = Holding.objects.filter(until, person__in=people, since__lte=now)
    granted = Grant.objects.filter(until, person__in=people, since__lte=now)
    found: dict[int, dict[str, None]] = defaultdict(dict)
    for person, role in granted.order_by("id").values_list("person_id", "role"):
        found[person][ROLES.get(role, role)] = None
    for person, post in held.order_by("id").values_list("person_id", "post__name"):
        found[person][post] = None
    return defaultdict(tuple, {person: tuple(words) for person, words in found.items()})


def _letters(lines: list[Line]) -> dict[Line, tuple[Letter, ...]]:
    numbers = {number for _channel, number in lines}
    there: dict[Line, list[Letter]] = defaultdict(list)
    for row, letter in [*_arrived(numbers), *_written(numbers)]:
        there[row].append(letter)
    return {line: tuple(sorted(found, key=_newest)[:LETTERS]) for line, found in there.items()}


def _newest(letter: Letter) -> tuple[float, bool, int]:
    return (-letter.at.timestamp(), not letter.is_mine, -letter.row)


def _arrived(numbers: set[str]) -> Iterable[tuple[Line, Letter]]:
    last = Window(RowNumber(), partition_by=[F("channel"), F("to")], order_by=F("id").desc())
    rows = list(CarrierRow.objects.filter(to__in=numbers).annotate(n=last).filter(n__lte=LETTERS))
    known = {m.key: m for m in Message.objects.filter(key__in={row.key for row in rows})}
    for row in rows:
        yield (row.channel, row.to), _letter(row, known.get(row.key))


def _letter(row: CarrierRow, message: Message | None) -> Letter:
    state = row.state
    if message is not None and row.state == "delivered":
        state = "answered" if message.answered_at else "opened" if message.opened_at else state
    return Letter(
        row=row.pk,
        is_mine=False,
        at=row.accepted_at,
        text=row.text,
        state=state,
        state_zh=rules.SEEN_STATES.get(state, state),
        links=tuple(row.links),
        can_open=state == "delivered",
    )


def _written(numbers: set[str]) -> Iterable[tuple[Line, Letter]]:
    last = Window(
        RowNumber(), partition_by=[F("channel"), F("from_value")], order_by=F("id").desc()
    )
    theirs = CarrierReply.objects.filter(from_value__in=numbers)
    rows = list(theirs.annotate(n=last).filter(n__lte=LETTERS))
    taken = Inbound.objects.filter(key__in=[row.key for row in rows])
    states = dict(taken.values_list("key", "state"))
    for row in rows:
        yield (row.channel, row.from_value), _reply(row, states.get(row.key, ""))


def _reply(row: CarrierReply, state: str) -> Letter:
    here = "" if row.lon is None else f"{row.lon:.5f}, {row.lat:.5f}"
    return Letter(
        row=row.pk,
        is_mine=True,
        at=row.sent_at,
        text=row.text,
        state=state or "accepted",
        state_zh=rules.INBOUND_STATES.get(state, rules.SEEN_STATES["accepted"]),
        position=here,
        file=row.file,
    )
