"""What a reading may be, what it tells, and how it is drawn. 水情规则"""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Final, Literal

from qianjun.kernel.clock import in_beijing
from qianjun.kernel.errors import FieldError
from qianjun.kernel.words import noop as _

Kind = Literal["observed", "forecast"]
KINDS: Final[dict[str, str]] = {"observed": _("实测"), "forecast": _("预报")}
DIGITS_MOST: Final = 12
LATE: Final = timedelta(minutes=10)  # clocks of others run a little ahead of ours
OLDEST: Final = timedelta(days=366)
FARTHEST: Final = timedelta(days=15)
STEADY: Final = Decimal("0.01")
TREND_OVER: Final = timedelta(minutes=45)
GAP_OF_STALE: Final = 2


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A value that means something at this gauge; ``above`` is said when it is reached. 特征值"""

    value: Decimal
    zh: str
    en: str
    above: bool = False


@dataclass(frozen=True, kw_only=True)
class Gauge:
    """Where something is measured, in which unit, within which bounds. 测站

    ``jump`` is the most that it usually changes within an hour; with ``text`` it has words instead
    of a number; after ``stale_min`` minutes a reading is old.
    """

    code: str
    zh: str
    en: str
    unit: str
    stale_min: int
    source: str
    places: int = 0
    least: Decimal = Decimal(0)
    most: Decimal = Decimal(0)
    jump: Decimal | None = None
    text: bool = False
    marks: tuple[Mark, ...] = ()

    def said(self, value: Decimal) -> str:
        """The number as people write it, with its unit."""
        return f"{value:.{self.places}f} {self.unit}"


@dataclass(frozen=True, kw_only=True)
class Point:
    """One reading as the rules see it."""

    at: datetime
    value: Decimal
    issued_at: datetime | None = None


def read_gauge(told: Mapping[str, Any]) -> Gauge:
    """A gauge as its table says it; a number is a decimal string. 读测站"""
    read: dict[str, Any] = {n: Decimal(told[n]) for n in ("least", "most", "jump") if n in told}
    marks = told.get("marks", ())
    read["marks"] = tuple(Mark(**(one | {"value": Decimal(one["value"])})) for one in marks)
    return Gauge(**(dict(told) | read))


def number_of(typed: str) -> Decimal | None:
    """The number that somebody typed, full-width too; None when it is none. 读数字"""
    plain = unicodedata.normalize("NFKC", typed).strip().replace("−", "-")
    if not plain.isascii() or len(plain) > DIGITS_MOST:
        return None
    try:
        found = Decimal(plain)
    except InvalidOperation:
        return None
    return found if found.is_finite() and "e" not in plain.lower() else None


def bad_value(gauge: Gauge, value: Decimal) -> FieldError | None:
    """What is wrong with this value at this gauge."""
    if gauge.least <= value <= gauge.most:
        return None
    zh = _("读数超出这个测站的合理范围，请核对数字和单位。")
    return FieldError(field="value", code="out_of_range", zh=zh)


def bad_times(
    kind: str, at: datetime, issued_at: datetime | None, *, now: datetime
) -> FieldError | None:
    """What is wrong with when it was measured, or is forecast for."""
    if kind == "observed":
        if not now - OLDEST <= at <= now + LATE:
            zh = _("实测时间不能晚于现在，也不能早于一年前。")
            return FieldError(field="at", code="bad_time", zh=zh)
        return None
    if issued_at is None or not now - OLDEST <= issued_at <= now + LATE:
        zh = _("预报要写发布时间，不能晚于现在。")
        return FieldError(field="issued_at", code="bad_time", zh=zh)
    if not issued_at <= at <= issued_at + FARTHEST:
        zh = _("预报的时间要在发布之后十五天以内。")
        return FieldError(field="at", code="bad_time", zh=zh)
    return None


def jumps(gauge: Gauge, value: Decimal, *, at: datetime, before: Point | None) -> bool:
    """Whether it changed faster than it usually does since the reading before. 突变"""
    if gauge.jump is None or before is None or at <= before.at:
        return False
    hours = Decimal(max((at - before.at).total_seconds() / 3600, 1))
    return abs(value - before.value) > gauge.jump * hours


def change_per_hour(points: Sequence[Point]) -> Decimal | None:
    """How fast it changes, from the newest and one at least 45 minutes older. 涨率"""
    if not points:
        return None
    last = points[0]
    older = next((one for one in points if last.at - one.at >= TREND_OVER), None)
    if older is None:
        return None
    hours = Decimal((last.at - older.at).total_seconds()) / 3600
    return (last.value - older.value) / hours


def is_stale(gauge: Gauge, at: datetime, *, now: datetime) -> bool:
    """Whether a reading is too old to be acted upon."""
    return now - at > timedelta(minutes=gauge.stale_min)


def reached(gauge: Gauge, value: Decimal) -> Mark | None:
    """The highest warned mark that the value stands at or above. 超过的特征值"""
    over = [mark for mark in gauge.marks if mark.above and value >= mark.value]
    return max(over, key=lambda mark: mark.value, default=None)


def next_mark(gauge: Gauge, value: Decimal) -> Mark | None:
    """The next mark above the value."""
    above = [mark for mark in gauge.marks if mark.above and value < mark.value]
    return min(above, key=lambda mark: mark.value, default=None)


# --- the chart ----------------------------------------------------------------------------------

WIDE, HIGH, LEFT, RIGHT, TOP, BOTTOM = 960.0, 240.0, 56.0, 12.0, 10.0, 24.0
TICKS: Final = 4
HOURS_A_TICK: Final = (3, 6, 12, 24, 48, 120)
TIMES_MOST: Final = 9
ROUND: Final = tuple(Decimal(one) for one in ("0.01", "0.02", "0.05", "0.1", "0.2", "0.5"))
WHOLE: Final = tuple(Decimal(one) for one in (1, 2, 5, 10, 20, 50, 100, 200))


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A chart in the units of its own drawing. 曲线"""

    lines: tuple[str, ...]
    ahead: str
    dots: tuple[tuple[float, float], ...]
    levels: tuple[tuple[float, str], ...]
    times: tuple[tuple[float, str], ...]
    marks: tuple[tuple[float, Mark], ...]
    now_x: float


def chart(
    gauge: Gauge, seen: Sequence[Point], ahead: Sequence[Point], *, since: datetime, now: datetime
) -> Chart | None:
    """Draw what was measured since then and what is forecast; a gap stays a gap. 画曲线"""
    every = [*seen, *ahead]
    if not every:
        return None
    until = max([now, *(one.at for one in ahead)])
    low, high = _bounds(gauge, every)
    step = _step(high - low)

    def x(at: datetime) -> float:
        return round(LEFT + (at - since) / (until - since) * (WIDE - LEFT - RIGHT), 1)

    def y(value: Decimal) -> float:
        return round(HIGH - BOTTOM - float((value - low) / (high - low)) * (HIGH - TOP - BOTTOM), 1)

    def line(points: Iterable[Point]) -> str:
        return " ".join(f"{x(one.at)},{y(one.value)}" for one in points)

    parts = _unbroken(seen, timedelta(minutes=gauge.stale_min * GAP_OF_STALE))
    first = low - low % step + (step if low % step else 0)
    levels = [first + step * n for n in range(int((high - first) / step) + 1)]
    return Chart(
        lines=tuple(line(part) for part in parts if len(part) > 1),
        ahead=line([*seen[-1:], *ahead]) if ahead else "",
        dots=tuple((x(part[0].at), y(part[0].value)) for part in parts if len(part) == 1),
        levels=tuple((y(value), f"{value:.{gauge.places}f}") for value in levels),
        times=tuple((x(at), said) for at, said in _times(since, until)),
        marks=tuple((y(one.value), one) for one in gauge.marks if low <= one.value <= high),
        now_x=x(now),
    )


def _bounds(gauge: Gauge, points: Sequence[Point]) -> tuple[Decimal, Decimal]:
    low, high = min(one.value for one in points), max(one.value for one in points)
    wide = max(high - low, Decimal(1))
    near = [mark.value for mark in gauge.marks if low - wide <= mark.value <= high + wide * 4]
    low, high = min([low, *near]), max([high, *near])
    room = max((high - low) / 10, Decimal("0.1"))
    return (max(low - room, gauge.least) if low >= gauge.least else low - room), high + room


def _step(wide: Decimal) -> Decimal:
    return next((one for one in (*ROUND, *WHOLE) if wide / one <= TICKS), WHOLE[-1])


def _unbroken(points: Sequence[Point], gap: timedelta) -> list[list[Point]]:
    parts: list[list[Point]] = []
    for one in points:
        if parts and one.at - parts[-1][-1].at <= gap:
            parts[-1].append(one)
        else:
            parts.append([one])
    return parts


def _times(since: datetime, until: datetime) -> list[tuple[datetime, str]]:
    hours = (until - since).total_seconds() / 3600
    every = next((n for n in HOURS_A_TICK if hours / n < TIMES_MOST), HOURS_A_TICK[-1])
    local = in_beijing(since).replace(hour=0, minute=0, second=0, microsecond=0)
    found = []
    for n in range(int(hours / every) + 24 // min(every, 24) + 2):
        at = local + timedelta(hours=n * every)
        if since <= at <= until:
            found.append((at, f"{at:%m-%d}" if at.hour == 0 else f"{at:%H:%M}"))
    return found
