"""Where a text says something is, for programs. 定位接口"""

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field

from qianjun.kernel.coordinates import Crs, to_wgs84
from qianjun.kernel.errors import FieldError, Refused
from qianjun.kernel.text import clean
from qianjun.kernel.words import noop as _
from qianjun.org.actor import require
from qianjun.org.http import actor_of, answer_once, signed_in
from qianjun.org.wire import Asked
from qianjun.place.gauges.api import router as gauges
from qianjun.place.queries import locate
from qianjun.place.rules import Kind, Point, Word

router = Router(auth=signed_in, tags=["places"])
router.add_router("", gauges)

Longitude = Annotated[float, Field(ge=-180, le=180)]
Latitude = Annotated[float, Field(ge=-90, le=90)]


class Near(Asked):
    """Where the caller is."""

    lon: Longitude
    lat: Latitude
    crs: Crs = "wgs84"


class Sought(Asked):
    """A text and, if known, where it comes from."""

    text: str = Field(min_length=1, max_length=5000)
    near: Near | None = None
    limit: int = Field(5, ge=1, le=20)


class Found(Schema):
    """One place that may be meant; the point is WGS-84."""

    name: str
    code: str
    kind: Kind
    lon: float
    lat: float
    radius_m: float
    probability: float
    why: str


class Located(Schema):
    """The answer, and places ranked by probability."""

    answer: Word
    places: list[Found]
    text_normalised: str
    ms: float


@router.post("/places/locate", response=Located)
def locate_places(request: HttpRequest, asked: Sought) -> HttpResponse:
    """Places that the text may mean, ranked, with probability and radius. 定位"""
    require(actor_of(request), "place.locate")
    text = clean(asked.text).text
    if not text.strip():
        zh = _("请写一段话，说明在什么地方。")
        raise Refused("empty", zh, fields=(FieldError(field="text", code="empty", zh=zh),))
    near = _point(asked.near) if asked.near else None
    return answer_once(request, lambda: (200, locate(text, near=near, limit=asked.limit).as_json()))


def _point(near: Near) -> Point:
    return to_wgs84(near.lon, near.lat, crs=near.crs)
