"""What a picture claims about when and where: noted, never trusted. 照片自称"""

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

from qianjun.kernel.clock import BEIJING

_INSTANT: Final = re.compile(r"(\d{4})[:\-](\d\d)[:\-](\d\d)[ T](\d\d):(\d\d):(\d\d)")
_OFFSET: Final = re.compile(r"([+-])(\d\d):?(\d\d)")
OLDEST: Final = datetime(1995, 1, 1, tzinfo=UTC)
AHEAD: Final = timedelta(days=1)


def taken_at(words: str, offset: str, *, received_at: datetime) -> datetime | None:
    """The instant a camera wrote, aware UTC; local time is Beijing's. None when it cannot be."""
    parts = _INSTANT.match(words.strip())
    if parts is None:
        return None
    try:
        local = datetime(*map(int, parts.groups()), tzinfo=_zone(offset))  # type: ignore[misc, arg-type]
        said = local.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return said if OLDEST <= said <= received_at + AHEAD else None


def _zone(offset: str) -> timezone | object:
    parts = _OFFSET.fullmatch(offset.strip())
    if parts is None:
        return BEIJING
    minutes = int(parts[2]) * 60 + int(parts[3])
    return timezone(timedelta(minutes=-minutes if parts[1] == "-" else minutes))


def position(
    latitude: tuple[float, ...], north: str, longitude: tuple[float, ...], east: str
) -> tuple[float, float] | None:
    """Longitude and latitude of degrees, minutes, seconds; None when they name no place."""
    lat, lon = _degrees(latitude, north, "S"), _degrees(longitude, east, "W")
    if lat is None or lon is None or not (-90 <= lat <= 90 and -180 <= lon <= 180):
        return None
    # a camera without a fix writes nought and nought
    return None if lat == 0 and lon == 0 else (round(lon, 6), round(lat, 6))


def _degrees(parts: tuple[float, ...], side: str, negative: str) -> float | None:
    if len(parts) != 3 or any(part != part or part < 0 for part in parts):
        return None
    value = parts[0] + parts[1] / 60 + parts[2] / 3600
    return -value if side.strip("\x00 ").upper() == negative else value
