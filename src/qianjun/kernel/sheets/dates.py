"""Dates and instants as people and spreadsheets write them. 日期与时间"""

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from qianjun.kernel.clock import BEIJING
from qianjun.kernel.sheets.model import Cell
from qianjun.kernel.sheets.problems import Wrong
from qianjun.kernel.sheets.wording import plain

YEARS = (1900, 2100)
SERIAL_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet knows no zone
SERIALS = (1, 73_415)  # 1899-12-31 to 2100-12-31
TRUSTED_SERIALS = (7_306, 73_415)  # from 1920: a smaller number is a count, not a day
MINUTE_S = 60

_YMD = re.compile(r"(\d{4})\s*(?:[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*[日号]?)")
_PACKED = re.compile(r"(\d{4})(\d{2})(\d{2})")
_MDY = re.compile(r"(\d{1,2})[-./](\d{1,2})[-./](\d{4})")
_NO_DAY = re.compile(r"\d{4}\s*[-./年]\s*\d{1,2}\s*月?|\d{4}\s*年?")
_SHORT = re.compile(r"\d{2}\s*[-./年]\s*\d{1,2}\s*[-./月]\s*\d{1,2}\s*日?")
_CLOCK = re.compile(
    r"(上午|下午|晚上|早上)?\s*(\d{1,2})\s*[:时点]\s*(?:(\d{1,2})\s*分?)?(?::?\s*(\d{1,2})(?:\.\d+)?\s*秒?)?"
)
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})")
_SERIAL = re.compile(r"\d{4,5}(?:\.\d+)?")
_MIDNIGHT = re.compile(r"[ T]?0{1,2}:00(?::00(?:\.0+)?)?")


def read_date(cell: Cell, flags: list[str]) -> date:
    """The day in a cell; a time other than midnight is no date."""
    if isinstance(cell, datetime):
        if cell.time() != time():
            raise Wrong("not_a_date")
        return _bounded(cell.date())
    if isinstance(cell, date):
        return _bounded(cell)
    if isinstance(cell, bool) or not isinstance(cell, str | int | float):
        raise Wrong("not_a_date")
    if not isinstance(cell, str):
        return _packed(int(cell)) or _serial(float(cell)).date()
    day, order, rest = _day_and_rest(plain(cell))
    if rest and not _MIDNIGHT.fullmatch(rest):
        raise Wrong("not_a_date")
    if order:
        flags.append("date_order")
    return day


def read_instant(cell: Cell, flags: list[str]) -> datetime:
    """The instant in a cell, aware UTC; without a zone it is Beijing time."""
    if isinstance(cell, datetime):
        return _aware(cell)
    if isinstance(cell, date):
        raise Wrong("no_time")
    if isinstance(cell, bool) or not isinstance(cell, str | int | float):
        raise Wrong("not_an_instant")
    if not isinstance(cell, str):
        return _aware(_serial(float(cell)))
    return _instant_of(plain(cell), flags)


def _instant_of(text: str, flags: list[str]) -> datetime:
    if _ISO.fullmatch(text):
        try:
            return datetime.fromisoformat(text).astimezone(UTC)
        except ValueError as wrong:
            raise Wrong("not_an_instant") from wrong
    day, order, rest = _day_and_rest(text)
    if not rest:
        raise Wrong("no_time")
    if order:
        flags.append("date_order")
    return _aware(datetime.combine(day, _clock(rest.lstrip("T"))))


def _clock(text: str) -> time:
    found = _CLOCK.fullmatch(text.strip())
    if found is None:
        raise Wrong("not_an_instant")
    half, hour, minute, second = found[1], int(found[2]), int(found[3] or 0), int(found[4] or 0)
    if half in ("下午", "晚上") and hour < 12:
        hour += 12
    try:
        return time(hour, minute, second)
    except ValueError as wrong:
        raise Wrong("not_an_instant") from wrong


@lru_cache(maxsize=20_000)
def _day_and_rest(text: str) -> tuple[date, bool, str]:
    """The day, whether its order was read as month/day/year without need, and what follows."""
    if found := _YMD.match(text) or _PACKED.match(text):
        return _day(found[1], found[2], found[3]), False, text[found.end() :].strip()
    if found := _MDY.match(text):
        month, day, year = found.groups()
        if int(month) > 12:
            month, day = day, month
        open_question = int(day) <= 12 and day != month
        return _day(year, month, day), open_question, text[found.end() :].strip()
    if _SERIAL.fullmatch(text) and float(text) >= TRUSTED_SERIALS[0]:
        at = _serial(float(text))
        return at.date(), False, "" if at.time() == time() else at.time().isoformat()
    raise Wrong(_why_no_day(text))


def _why_no_day(text: str) -> str:
    if _NO_DAY.fullmatch(text):
        return "no_day"
    return "short_year" if _SHORT.fullmatch(text) else "not_a_date"


def _day(year: str, month: str, day: str) -> date:
    try:
        return _bounded(date(int(year), int(month), int(day)))
    except ValueError as wrong:
        raise Wrong("not_a_date") from wrong


def _packed(number: int) -> date | None:
    """20240601 as a number."""
    if not 19_000_101 <= number <= 21_001_231:
        return None
    digits = str(number)
    return _day(digits[:4], digits[4:6], digits[6:])


def _serial(number: float) -> datetime:
    """A spreadsheet's count of days, to the nearest second."""
    if not TRUSTED_SERIALS[0] <= number <= TRUSTED_SERIALS[1]:
        raise Wrong("not_a_date")
    return SERIAL_ZERO + timedelta(seconds=round(number * 86_400))


def _bounded(day: date) -> date:
    if not YEARS[0] <= day.year <= YEARS[1]:
        raise Wrong("date_out_of_range")
    return day


def _aware(at: datetime) -> datetime:
    _bounded(at.date())
    return (at if at.tzinfo else at.replace(tzinfo=BEIJING)).astimezone(UTC)
