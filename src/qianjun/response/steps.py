"""Step charts: what was known when, one panel per kind, drawn by the server. 阶梯图"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Final, Protocol

# units of the drawing; words stand right of the plot, at the line's end
WIDTH: Final = 330
LEFT: Final = 6.0
RIGHT: Final = 234.0
TOP: Final = 14.0
BOTTOM: Final = 44.0
LABEL_GAP: Final = 26.0
GRADE_LEFT: Final = 60.0
GRADE_LEFT_LATIN: Final = 104.0
GRADE_STEP: Final = 16.0
GRADES: Final = (1, 2, 3, 4)


class Told(Protocol):
    """A number that was said; ``stands`` when it counts."""

    @property
    def kind(self) -> str: ...  # noqa: D102
    @property
    def value(self) -> int: ...  # noqa: D102
    @property
    def at(self) -> datetime: ...  # noqa: D102
    @property
    def stands(self) -> bool: ...  # noqa: D102
    @property
    def withdrawn_at(self) -> datetime | None: ...  # noqa: D102


class Graded(Protocol):
    """From this instant on it was this grade."""

    @property
    def at(self) -> datetime: ...  # noqa: D102
    @property
    def grade(self) -> int | None: ...  # noqa: D102


@dataclass(frozen=True, kw_only=True)
class Mark:
    """One step: where it stands, its number where there is room; ``waits`` is not taken yet."""

    x: float
    y: float
    said: str
    waits: bool


@dataclass(frozen=True, kw_only=True)
class Panel:
    """The line of one kind of number; ``value`` is where it stands now. 一种数字"""

    kind: str
    path: str
    marks: tuple[Mark, ...]
    value: str
    label_y: float
    told: tuple[tuple[datetime, str], ...]


@dataclass(frozen=True, kw_only=True)
class GradeLine:
    """What was suggested or confirmed, and where its line ends. 分级线"""

    path: str
    marks: tuple[Mark, ...]
    grade: int
    y: float


@dataclass(frozen=True, kw_only=True)
class GradeChart:
    """The four grades, what was suggested and what was confirmed. 分级过程"""

    suggested: GradeLine | None
    confirmed: GradeLine | None
    rows: tuple[tuple[int, float], ...]
    left: float

    @property
    def agree(self) -> bool:
        """Whether both lines end at one grade: one label is enough."""
        ends = {one.grade for one in (self.suggested, self.confirmed) if one}
        return len(ends) == 1


def panels(rows: Iterable[Told], *, since: datetime, now: datetime) -> tuple[Panel, ...]:
    """A panel for each kind, in the order of the rows' first appearance; withdrawn ones are out."""
    kept = [row for row in rows if row.withdrawn_at is None]
    kinds = list(dict.fromkeys(row.kind for row in kept))
    first = min([since, *(row.at for row in kept)])
    by_kind = {kind: [row for row in kept if row.kind == kind] for kind in kinds}
    return tuple(_panel(kind, by_kind[kind], first=first, now=now) for kind in kinds)


def begins(rows: Iterable[Told], *, since: datetime) -> datetime:
    """The left end of the charts' time."""
    return min([since, *(row.at for row in rows if row.withdrawn_at is None)])


def _panel(kind: str, rows: Sequence[Told], *, first: datetime, now: datetime) -> Panel:
    most = max(row.value for row in rows) or 1
    spots = [(_x(row.at, first, now), _y(row.value, most), row) for row in rows]
    line = [(x, y) for x, y, row in spots if row.stands]
    standing = [row for row in rows if row.stands]
    end_y = line[-1][1] if line else spots[-1][1]
    return Panel(
        kind=kind,
        path=_path(line, RIGHT),
        marks=tuple(_marks(spots)),
        value=f"{standing[-1].value:,}" if standing else "",
        label_y=round(min(max(end_y + 4, TOP), BOTTOM), 1),
        told=tuple((row.at, f"{row.value:,}") for row in rows),
    )


def _x(at: datetime, first: datetime, now: datetime, left: float = LEFT) -> float:
    whole_s = max((now - first).total_seconds(), 1.0)
    part = min(max((at - first).total_seconds() / whole_s, 0.0), 1.0)
    return round(left + part * (RIGHT - left), 1)


def _y(value: int, most: int) -> float:
    return round(BOTTOM - (BOTTOM - TOP) * value / most, 1)


def _path(line: Sequence[tuple[float, float]], right: float) -> str:
    """Level until the next value is said, then straight to it."""
    if not line:
        return ""
    (x, y), *rest = line
    return f"M{x} {y}" + "".join(f"H{x}V{y}" for x, y in rest) + f"H{right}"


def _marks(spots: Sequence[tuple[float, float, Told]]) -> Iterable[Mark]:
    """The steps; a number stands at its step where the next one leaves it room."""
    ends = [*(x for x, _y, _row in spots[1:]), RIGHT]
    for (x, y, row), end in zip(spots, ends, strict=True):
        said = f"{row.value:,}" if end - x >= LABEL_GAP else ""
        yield Mark(x=x, y=y, said=said, waits=not row.stands)


def grade_chart(
    suggested: Sequence[Graded],
    confirmed: Sequence[Graded],
    *,
    since: datetime,
    now: datetime,
    left: float = GRADE_LEFT,
) -> GradeChart | None:
    """Both lines over the same time, right of the words; None when there is neither. 分级图"""
    asked = _grade_line(suggested, since=since, now=now, left=left)
    given = _grade_line(confirmed, since=since, now=now, left=left)
    if asked is None and given is None:
        return None
    rows = tuple((grade, _grade_y(grade)) for grade in GRADES)
    return GradeChart(suggested=asked, confirmed=given, rows=rows, left=left)


def _grade_line(
    steps: Sequence[Graded], *, since: datetime, now: datetime, left: float
) -> GradeLine | None:
    """The line's last whole piece: where there was no grade there is no line."""
    pieces = [list(some) for has, some in groupby(steps, lambda s: s.grade is not None) if has]
    if not pieces or steps[-1].grade is None:
        return None
    line = [(_x(one.at, since, now, left), _grade_y(one.grade or 0)) for one in pieces[-1]]
    return GradeLine(
        path=_path(line, RIGHT),
        marks=tuple(Mark(x=x, y=y, said="", waits=False) for x, y in line),
        grade=steps[-1].grade,
        y=line[-1][1],
    )


def _grade_y(grade: int) -> float:
    return 10.0 + (grade - 1) * GRADE_STEP
