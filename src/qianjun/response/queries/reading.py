"""Read a report: clean, check, kind, place, numbers; no statement. 读报告"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast

from django.utils.translation import gettext

from qianjun.incident.queries import category_name, is_category
from qianjun.incident.rules.facts import title_of
from qianjun.incident.rules.told import NewReport, Spot
from qianjun.kernel.coordinates import Crs, to_wgs84
from qianjun.kernel.errors import FieldError, Refused
from qianjun.kernel.geometry import distance_m
from qianjun.kernel.text import clean, mask_phones_in
from qianjun.kernel.words import noop as _
from qianjun.place.queries import Candidate, community_of, inside_district, locate
from qianjun.response.queries.words import label_of, words_of_kinds
from qianjun.response.rules.category import spoken_of
from qianjun.response.rules.checking import faults
from qianjun.response.rules.proposals import proposals_in
from qianjun.response.rules.told import Proposal, Told

POINT_RADIUS_M = 50.0
# a named place this near to a given point is what the point is called
SAME_SPOT_M = 300.0
INVALID = _("填写的内容有误，请按提示修改。")
TEXTS = ("text", "title", "where", "place", "caller_name", "caller_phone")


@dataclass(frozen=True, kw_only=True)
class Heard:
    """A report that has been read: what may be written, and what was made of it. 已读报告

    ``words`` are what people said, without the labels that the house wrote beside it.
    """

    report: NewReport
    words: str
    places: tuple[Candidate, ...]
    category_why: str
    proposals: tuple[Proposal, ...]


def hear(told: Told, *, now: datetime) -> Heard:
    """Read a told report; refuses with 422 naming every wrong field. 读报告"""
    plain, removed_bidi = _cleaned(told)
    _check(plain, now=now)
    words = _words(plain)
    category, given, why = category_of(words, told=plain.category)
    spot, places = placed(plain)
    kind = label_of(category) or category_name(category)
    title = title_of(place=spot.name, kind=kind, text=mask_phones_in(plain.text))
    report = NewReport(
        text=_written(plain),
        title=plain.title,
        incident_title=plain.title or title,
        channel=plain.channel,
        source=plain.source,
        caller_name=plain.caller_name,
        caller_phone=plain.caller_phone,
        category=category,
        category_given=given,
        spot=spot,
        occurred_at=plain.occurred_at,
        received_at=now,
        removed_bidi=removed_bidi,
        figures=dict(plain.figures),
    )
    return Heard(
        report=report,
        words=f"{told.where} {words}" if told.where else words,
        places=places,
        category_why=why,
        proposals=proposals_in(words),
    )


def _cleaned(told: Told) -> tuple[Told, int]:
    texts = {name: clean(getattr(told, name)) for name in TEXTS}
    besides = [(one, clean(one.value)) for one in told.besides]
    stripped: dict[str, Any] = {name: one.text.strip() for name, one in texts.items()}
    stripped["besides"] = tuple(replace(one, value=said.text.strip()) for one, said in besides)
    removed = sum(one.removed_bidi for one in texts.values())
    return replace(told, **stripped), removed + sum(said.removed_bidi for _one, said in besides)


def _check(told: Told, *, now: datetime) -> None:
    found = [*faults(told, now=now)]
    if told.category and not is_category(told.category):
        zh = _("没有这个事件类型代码。")
        found.append(FieldError(field="category", code="unknown_category", zh=zh))
    if found:
        codes = {one.code for one in found}
        raise Refused(codes.pop() if len(codes) == 1 else "invalid", INVALID, fields=tuple(found))


def category_of(text: str, *, told: str = "") -> tuple[str, bool, str]:
    """Code, whether it was told, and why. 类型"""
    if told:
        return told, True, gettext("报告时已给出类型。")
    spoken = spoken_of(words_of_kinds(), text)
    if not spoken.code:
        return "", False, gettext("没有认出类型。")
    return spoken.code, False, gettext("文中提到：%(words)s") % {"words": " · ".join(spoken.words)}


def _with_place(told: Told) -> str:
    """The words for the place belong to what was said."""
    if not told.where or told.where in told.text:
        return told.text
    return f"{told.where} {told.text}"


def _words(told: Told) -> str:
    """What was said and answered, without the titles and questions of the house."""
    return "\n".join((told.text, *(one.value for one in told.besides)))


def _written(told: Told) -> str:
    """The words, and below them what was told beside them, each with its title."""
    return "\n".join((_with_place(told), *(one.line for one in told.besides)))


def placed(told: Told) -> tuple[Spot, tuple[Candidate, ...]]:
    """Where the report points, and the candidates. 定位"""
    if told.lon is not None and told.lat is not None:
        return _given(told, told.lon, told.lat)
    answer = locate(_with_place(told))
    if told.place:
        chosen = next((one for one in answer.places if one.name == told.place), None)
        if chosen is None:
            zh = _("所选地点不在候选之中，请重新选择。")
            fields = (FieldError(field="place", code="unknown_place", zh=zh),)
            raise Refused("unknown_place", zh, fields=fields)
        return _at(chosen, placed="chosen", answer="found"), answer.places
    if answer.answer == "found":
        return _at(answer.places[0], placed="read", answer="found"), answer.places
    name = answer.places[0].name if answer.answer == "elsewhere" and answer.places else ""
    return Spot(answer=answer.answer, name=name), answer.places


def _at(place: Candidate, *, placed: str, answer: str) -> Spot:
    return Spot(
        placed=placed,
        answer=answer,
        name=place.name,
        code=place.code,
        division=place.code,
        lon=place.lon,
        lat=place.lat,
        radius_m=place.radius_m,
    )


def _given(told: Told, told_lon: float, told_lat: float) -> tuple[Spot, tuple[Candidate, ...]]:
    lon, lat = to_wgs84(told_lon, told_lat, crs=_crs(told.crs))
    answer = locate(_with_place(told), near=(lon, lat), limit=4)
    around = community_of(lon, lat)
    code = around.code if around else ""
    named = _named_here(answer.places, lon, lat) or (around.name if around else "")
    spot = Spot(
        placed="given",
        answer="found" if inside_district(lon, lat) else "elsewhere",
        name=named,
        code=code,
        division=code,
        lon=lon,
        lat=lat,
        radius_m=POINT_RADIUS_M,
        crs=told.crs,
    )
    return spot, (point_of(spot), *answer.places)


def _crs(told: str) -> Crs:
    return cast("Crs", told)


def point_of(spot: Spot) -> Candidate:
    """A given point as the first candidate."""
    assert spot.lon is not None
    assert spot.lat is not None
    return Candidate(
        name=spot.name or f"{spot.lon:.5f}, {spot.lat:.5f}",
        code=spot.division,
        kind="point",
        lon=spot.lon,
        lat=spot.lat,
        radius_m=POINT_RADIUS_M,
        probability=1.0,
        why=gettext("报告给出的坐标"),
    )


def _named_here(places: tuple[Candidate, ...], lon: float, lat: float) -> str:
    """The name of a small place that the words mean and the point confirms."""
    for place in places:
        near_m = max(SAME_SPOT_M, place.radius_m)
        if place.probability >= 0.5 and distance_m(lon, lat, place.lon, place.lat) <= near_m:
            return place.name
    return ""
