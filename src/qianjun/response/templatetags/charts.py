"""The map of an incident, for the room. 事件地图"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import template

from qianjun.org.http import actor_of
from qianjun.response.queries.maps import chart, shown_at
from qianjun.response.sketch import sketch

register = template.Library()


@dataclass(frozen=True, kw_only=True)
class Point:
    """Where the incident is. 事件点"""

    name: str
    lon: float
    lat: float
    radius_m: float


@register.inclusion_tag("response/map/room.html", takes_context=True)
def room_map(context: Mapping[str, Any], card: Mapping[str, Any]) -> dict[str, Any]:
    """The incident on its map; the sentence that it is nowhere yet when it has no point."""
    drawn = chart(seen_by=actor_of(context["request"]))
    place = card["place"]
    points = []
    if place.get("lon") is not None and place.get("lat") is not None:
        radius_m = place.get("radius_m") or 0.0
        points.append(
            Point(name=place["name"], lon=place["lon"], lat=place["lat"], radius_m=radius_m)
        )
    spots = [(one, shown_at(one.lon, one.lat, crs=drawn.crs)) for one in points]
    return {"chart": drawn, "spots": spots, "sketch": sketch(points)}
