"""The gazetteer of this process: rebuilt when its version row changes. 地名库缓存

Locating costs no statement: the version row is read at most every CHECKED_EVERY_S of real time, and
at once in the process that changed it. A change is seen elsewhere after that time at the latest.
"""

import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from time import monotonic

from django.db import transaction
from django.db.models import Q, QuerySet

from qianjun.kernel import clock
from qianjun.place.locating import Gazetteer, gazetteer_of
from qianjun.place.models import Alias, Division, GazetteerVersion, Place
from qianjun.place.rules import Kind, Named

CHECKED_EVERY_S = 5.0
FAR_LEVELS = (Division.Level.PROVINCE, Division.Level.CITY, Division.Level.DISTRICT)
RIVER_TOO = ("柳江",)  # a district's short name that is also our river: says nothing alone


@dataclass(frozen=True, kw_only=True)
class _Held:
    version: int
    day: date
    checked_at: float
    gazetteer: Gazetteer


class _Shelf:
    """What this process holds; replaced as a whole, so readers need no lock."""

    def __init__(self) -> None:
        self.held: _Held | None = None
        self.building = threading.Lock()


_shelf = _Shelf()


def current() -> Gazetteer:
    """The gazetteer of today, shared by all threads."""
    held, day = _shelf.held, _today()
    if held and held.day == day and monotonic() - held.checked_at < CHECKED_EVERY_S:
        return held.gazetteer
    with _shelf.building:
        return _checked(day).gazetteer


def _checked(day: date) -> _Held:
    """Keep what is still right, else build; only one thread at a time gets here."""
    held, began = _shelf.held, monotonic()
    if held and held.day == day and began - held.checked_at < CHECKED_EVERY_S:
        return held
    version = GazetteerVersion.objects.filter(pk=1).values_list("number", flat=True).first() or 0
    if held and held.day == day and held.version == version:
        gazetteer = held.gazetteer
    else:
        gazetteer = made_of(divisions_on(day), Place.objects.all(), _aliases())
    fresh = _Held(version=version, day=day, checked_at=began, gazetteer=gazetteer)
    _shelf.held = fresh
    return fresh


def forget() -> None:
    """Have the next caller build anew."""
    _shelf.held = None


def changed(*, tables_digest: str | None = None) -> None:
    """Raise the version in the caller's transaction, whoever has changed a row; forget at once."""
    row, _new = GazetteerVersion.objects.select_for_update().get_or_create(
        pk=1, defaults={"number": 0, "tables_digest": ""}
    )
    row.number += 1
    row.tables_digest = row.tables_digest if tables_digest is None else tables_digest
    row.save(update_fields=["number", "tables_digest"])
    forget()
    transaction.on_commit(forget)  # another thread may have read the old rows meanwhile


def _today() -> date:
    return clock.in_beijing(clock.now()).date()


def divisions_on(day: date) -> QuerySet[Division]:
    """Divisions in force on a day; ``valid_until`` is the first day without them."""
    return Division.objects.filter(valid_from__lte=day).filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=day)
    )


Aliases = Mapping[str, tuple[str, ...]]


def made_of(divisions: Iterable[Division], places: Iterable[Place], aliases: Aliases) -> Gazetteer:
    """The gazetteer of these rows, saved or not; aliases by code of division or name of place."""
    rows = list(divisions)
    named = [*_own_and_around(rows, aliases), *(_place(row, aliases) for row in places)]
    return gazetteer_of(named, _far(rows, aliases))


def _aliases() -> Aliases:
    found: dict[str, tuple[str, ...]] = {}
    rows = Alias.objects.order_by("pk").values_list("place__name", "division__code", "text")
    for place, code, text in rows:
        found[place or code] = (*found.get(place or code, ()), text)
    return found


def _own_and_around(rows: Iterable[Division], aliases: Aliases) -> Iterator[Named]:
    """Own divisions with the city, and communities and streets outside."""
    for row in rows:
        if row.inside or row.level not in FAR_LEVELS:
            yield _division(row, aliases)


def _place(row: Place, aliases: Aliases) -> Named:
    return Named(
        name=row.name,
        kind="road" if row.kind == Place.Kind.ROAD else "site",
        division_code=row.division_code,
        forms=(row.name, *aliases.get(row.name, ())),
        inside=True,
        lon=row.lon,
        lat=row.lat,
        radius_m=row.radius_m,
    )


def _division(row: Division, aliases: Aliases) -> Named:
    wide = row.level in FAR_LEVELS
    usual = row.name if wide else row.short_name
    no_place = row.inside and row.level == Division.Level.CITY  # 柳州市 in front says nothing
    return Named(
        name=usual,
        kind=_KINDS[row.kind],
        division_code=row.code,
        forms=(usual, *aliases.get(row.code, ())),
        inside=row.inside,
        lon=None if no_place else row.lon,
        lat=None if no_place else row.lat,
        radius_m=row.radius_m or 0.0,
    )


_KINDS: dict[str, Kind] = {
    Division.Kind.COMMUNITY.value: "community",
    Division.Kind.VILLAGE.value: "village",
    Division.Kind.DIVISION.value: "division",
}


def _far(rows: Iterable[Division], aliases: Aliases) -> Iterator[tuple[str, Named, bool]]:
    """Words for districts, cities and provinces outside, the narrowest first."""
    far = [row for row in rows if not row.inside and row.level in FAR_LEVELS]
    for row in sorted(far, key=lambda r: (-FAR_LEVELS.index(Division.Level(r.level)), r.code)):
        named = _division(row, aliases)
        for word in named.forms:
            yield word, named, True
        if row.short_name not in (*RIVER_TOO, row.name):
            yield row.short_name, named, False
