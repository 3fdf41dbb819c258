"""What a told report may hold; everything that is wrong with it at once. 接报单校验"""

from collections.abc import Iterator
from datetime import datetime
from math import isfinite

from qianjun.incident.rules.facts import bad_time
from qianjun.incident.rules.figures import FIGURES, out_of_bounds
from qianjun.incident.rules.told import CHANNELS, SOURCES
from qianjun.kernel.errors import FieldError
from qianjun.kernel.words import noop as _
from qianjun.response.rules.told import Told

CRS = ("wgs84", "gcj02", "bd09")
LENGTHS = {
    "text": 5_000,
    "title": 200,
    "where": 200,
    "place": 200,
    "caller.name": 60,
    "caller.phone": 40,
}


def faults(told: Told, *, now: datetime) -> tuple[FieldError, ...]:
    """Every fault of a report whose texts are clean, by field. 校验"""
    return tuple(
        fault
        for fault in (
            *_texts(told),
            *_codes(told),
            *_point(told),
            *_figures(told),
            bad_time("occurred_at", told.occurred_at, now=now) if told.occurred_at else None,
        )
        if fault is not None
    )


def _texts(told: Told) -> Iterator[FieldError]:
    if not told.text.strip():
        yield FieldError(field="text", code="too_short", zh=_("请写明报告内容。"))
    texts = {
        "text": told.text,
        "title": told.title,
        "where": told.where,
        "place": told.place,
        "caller.name": told.caller_name,
        "caller.phone": told.caller_phone,
    }
    for field, text in texts.items():
        if len(text) > LENGTHS[field]:
            yield FieldError(field=field, code="too_long", zh=_("太长，请缩短。"))


def _codes(told: Told) -> Iterator[FieldError]:
    zh = _("不在允许的取值之内。")
    if told.channel not in CHANNELS:
        yield FieldError(field="channel", code="unknown_value", zh=zh)
    if told.source and told.source not in SOURCES:
        yield FieldError(field="source", code="unknown_value", zh=zh)
    if told.crs not in CRS:
        yield FieldError(field="crs", code="unknown_value", zh=zh)


def _point(told: Told) -> Iterator[FieldError]:
    if (told.lon is None) != (told.lat is None):
        missing = "lon" if told.lon is None else "lat"
        yield FieldError(field=missing, code="missing", zh=_("经度和纬度要一起给出。"))
    for field, value, most in (("lon", told.lon, 180), ("lat", told.lat, 90)):
        if value is not None and not (isfinite(value) and -most <= value <= most):
            yield FieldError(field=field, code="out_of_bounds", zh=_("坐标超出范围。"))


def _figures(told: Told) -> Iterator[FieldError]:
    for kind, value in told.figures.items():
        if kind not in FIGURES:
            yield FieldError(field=f"figures.{kind}", code="unknown_value", zh=_("没有这种数字。"))
        elif out_of_bounds(kind, value):
            zh = _("数值超出合理范围。")
            yield FieldError(field=f"figures.{kind}", code="out_of_bounds", zh=zh)
