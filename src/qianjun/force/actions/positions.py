"""Where responders are: kept while they are out, and not a minute longer. 在外位置"""

from datetime import datetime
from typing import Any

from qianjun.force.models import Called, CallOut, Position, TeamCall
from qianjun.force.rules.answering import out


def keep_position(
    one: Called | TeamCall,
    *,
    incident: int,
    at: datetime,
    lon: float | None,
    lat: float | None,
) -> None:
    """Keep the newest place of whoever is out; forget that of whoever is no more. 记位置"""
    whose: dict[str, Any] = {"called" if isinstance(one, Called) else "team_call": one}
    if not _is_out(one):
        Position.objects.filter(**whose).delete()
        return
    if lon is None or lat is None or Position.objects.filter(**whose, at__gt=at).exists():
        return
    place = {"incident_id": incident, "lon": lon, "lat": lat, "at": at}
    Position.objects.update_or_create(**whose, defaults=place)


def _is_out(one: Called | TeamCall) -> bool:
    """On the way or there; who was told to turn back is nobody's concern any more."""
    return out(one) and not (one.stood_down_at is not None and one.arrived_at is None)


def forget_positions(row: CallOut, *, but_there: bool = False) -> None:
    """Nobody is wanted any more: of those on the way, or of all, no place is kept. 删位置"""
    rows = Position.objects.filter(called__callout=row)
    if but_there:
        rows = rows.filter(called__arrived_at__isnull=True)
    rows.delete()
