"""Five hundred different places of the district, the same ones in every run. 度量用的地点"""

import json
import random
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from shapely.geometry import Point, shape

LAYERS = Path(__file__).parents[2] / "src" / "qianjun" / "place" / "layers"
PLACES = 500
KINDS = (
    "{name}{number}号民房起火，有浓烟",
    "{name}{number}号路口两车相撞，有人受伤",
    "{name}{number}号门前树倒了，挡住半边路",
    "{name}{number}号院内积水到膝盖",
)


@dataclass(frozen=True, kw_only=True)
class Spot:
    """A point somebody means, and the words he has for it."""

    name: str
    number: int
    lon: float
    lat: float

    def report(self, round_: int = 0) -> dict[str, object]:
        """What is told of this place in this round: another kind of trouble each time."""
        kind = KINDS[(self.number + round_) % len(KINDS)]
        text = kind.format(name=self.name, number=self.number)
        return {
            "text": text,
            "channel": "phone",
            "source": "public",
            "caller": {"name": "演示群众", "phone": f"100{self.number:08d}"},
            "lon": self.lon,
            "lat": self.lat,
        }


@cache
def spots(count: int = PLACES, seed: int = 7) -> tuple[Spot, ...]:
    """Points drawn inside the communities, each with the name of its community."""
    dice = random.Random(seed)
    layer = json.loads((LAYERS / "communities.geojson").read_text(encoding="utf-8"))
    areas = [(f["properties"]["name"], shape(f["geometry"])) for f in layer["features"]]
    found: list[Spot] = []
    while len(found) < count:
        name, area = areas[len(found) % len(areas)]
        west, south, east, north = area.bounds
        lon, lat = dice.uniform(west, east), dice.uniform(south, north)
        if area.contains(Point(lon, lat)):
            number = len(found) + 1
            found.append(Spot(name=name, number=number, lon=round(lon, 6), lat=round(lat, 6)))
    return tuple(found)
