"""A person settles what the incident is, where and when. 核定要素"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from qianjun.incident.actions.held import held_incident, must_be_current
from qianjun.incident.actions.taking import cells_of
from qianjun.incident.events import NO_CATEGORY, FactsSettled, SettlingUndone
from qianjun.incident.models import Incident, Settling
from qianjun.incident.queries.codes import is_category
from qianjun.incident.rules.facts import bad_time
from qianjun.incident.rules.told import Spot
from qianjun.journal.bus import emit
from qianjun.kernel import clock
from qianjun.kernel.coordinates import Crs, to_wgs84
from qianjun.kernel.errors import Refused
from qianjun.kernel.fields import refused_field, words
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor, require
from qianjun.place.queries import community_of

TITLE_MOST = 200
POINT_RADIUS_M = 50.0
RADIUS_MOST_M = 50_000.0


@dataclass(frozen=True, kw_only=True)
class Place:
    """A place as a person settles it; the point is in ``crs``. 核定的地点"""

    lon: float
    lat: float
    name: str = ""
    code: str = ""
    radius_m: float = POINT_RADIUS_M
    crs: Crs = "wgs84"


@transaction.atomic(savepoint=False)
def settle_facts(
    *, by: Actor, incident_id: str | int, version: int, facts: Mapping[str, Any]
) -> Incident:
    """Set some of ``title``, ``category``, ``occurred_at`` and ``place``; None empties one. 核定

    A stale version is refused with 409 and the incident as it is now.
    """
    require(by, "incident.settle")
    row = held_incident(by, incident_id)
    must_be_current(row, version)
    changed = _changes(facts)
    if not changed:
        raise refused_field("title", "nothing_to_change", _("没有要修改的内容。"))
    before = {name: getattr(row, name) for name in changed}
    _put(row, changed)
    Settling.objects.create(
        incident=row,
        version=row.version,
        before=stored(before),
        at=clock.now(),
        by_kind=by.kind,
        by_id=by.ident,
    )
    said = FactsSettled(incident_id=row.pk, category=_category_told(row, facts))
    emit(said, by=by, incident=row.pk, body=_body(row, facts))
    return row


@transaction.atomic(savepoint=False)
def undo_settling(*, by: Actor, incident_id: str | int, version: int) -> Incident:
    """Put back what the facts were before the last settling. 撤回核定

    Refuses with 409 ``stale`` when anything was changed since, ``nothing_to_undo`` when the last
    change of the incident was no settling.
    """
    require(by, "incident.settle")
    row = held_incident(by, incident_id)
    must_be_current(row, version)
    last = Settling.objects.filter(incident=row, version=row.version).first()
    if last is None:
        raise Refused("nothing_to_undo", _("上一次改动不是核定要素，不能撤回。"), status=409)
    before = read_back(last.before)
    _put(row, before)
    last.undone_at = clock.now()
    last.save(update_fields=["undone_at"])
    told = {"place": before.get("lon")} if "lon" in before else {}
    said = SettlingUndone(incident_id=row.pk, category=_category_told(row, before))
    emit(said, by=by, incident=row.pk, body=_body(row, before | told))
    return row


def _put(row: Incident, changed: Mapping[str, Any]) -> None:
    for name, value in changed.items():
        setattr(row, name, value)
    row.version += 1
    row.save(update_fields=[*changed, "search", "version"])


def stored(before: Mapping[str, Any]) -> dict[str, Any]:
    """Facts as JSON: an instant is its text."""
    at = before.get("occurred_at")
    return {**before, "occurred_at": at.isoformat()} if at is not None else dict(before)


def read_back(before: Mapping[str, Any]) -> dict[str, Any]:
    """The same as values."""
    at = before.get("occurred_at")
    return {**before, "occurred_at": datetime.fromisoformat(at)} if at else dict(before)


def _changes(facts: Mapping[str, Any]) -> dict[str, Any]:
    changed: dict[str, Any] = {}
    if "title" in facts:
        changed["title"] = words("title", facts["title"] or "", most=TITLE_MOST)
    if "category" in facts:
        changed["category"] = _category(facts["category"] or "")
    if "occurred_at" in facts:
        changed["occurred_at"] = _occurred(facts["occurred_at"])
    if facts.get("place") is not None:
        changed |= _placed(facts["place"])
    return changed


def _category(code: str) -> str:
    if code and not is_category(code):
        raise refused_field("category", "unknown_category", _("没有这个事件类型代码。"))
    return code


def _occurred(at: datetime | None) -> datetime | None:
    fault = bad_time("occurred_at", at, now=clock.now()) if at is not None else None
    if fault is not None:
        raise Refused(fault.code, fault.zh, fields=(fault,))
    return at


def _placed(place: Place) -> dict[str, Any]:
    lon, lat = to_wgs84(place.lon, place.lat, crs=place.crs)
    around = community_of(lon, lat)
    return {
        "placed": Incident.Placed.CHOSEN,
        "place_answer": "found",
        "place_name": words(
            "place.name", place.name or (around.name if around else ""), most=200, least=0
        ),
        "place_code": words("place.code", place.code, most=40, least=0),
        "division": around.code if around else "",
        "lon": lon,
        "lat": lat,
        "radius_m": min(place.radius_m, RADIUS_MOST_M),
        **cells_of(Spot(lon=lon, lat=lat)),
    }


def _category_told(row: Incident, facts: Mapping[str, Any]) -> str | None:
    return row.category or NO_CATEGORY if "category" in facts else None


def _body(row: Incident, facts: Mapping[str, Any]) -> str:
    lines = []
    if "title" in facts:
        lines.append(row.title)
    if facts.get("place") is not None:
        lines.append(row.place_name or f"{row.lon:.5f}, {row.lat:.5f}")
    if "occurred_at" in facts:
        at = row.occurred_at
        lines.append(f"{clock.in_beijing(at):%Y-%m-%d %H:%M}" if at else "—")
    return " · ".join(lines)
