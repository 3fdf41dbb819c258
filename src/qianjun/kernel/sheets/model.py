"""A sheet as it was read: headings, rows, notes. 读到的表"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time

from qianjun.kernel.sheets.refusals import NOTES

Cell = str | int | float | bool | date | datetime | time | None
TITLE_JOINT = "/"


def letter(index: int) -> str:
    """The name of a column as spreadsheets show it: 0 is A, 26 is AA. 列号"""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


@dataclass(frozen=True, kw_only=True, slots=True)
class Note:
    """What the reader did besides reading; row 0 is the file as a whole. 读取提示"""

    code: str
    row: int = 0
    words: Mapping[str, str] = field(default_factory=dict)

    @property
    def zh(self) -> str:
        """The sentence, with places for the words."""
        return NOTES[self.code]


@dataclass(frozen=True, kw_only=True, slots=True)
class Heading:
    """One column: where it stands, the lines of its title from the top. 列"""

    index: int
    parts: tuple[str, ...]

    @property
    def title(self) -> str:
        """The whole title: 联系人/电话."""
        return TITLE_JOINT.join(self.parts)

    @property
    def letter(self) -> str:
        """As spreadsheets name the column."""
        return letter(self.index)

    @property
    def name(self) -> str:
        """The title, or the letter when it has none."""
        return self.title or self.letter


@dataclass(frozen=True, slots=True)
class Row:
    """One row of content; the number is that of the spreadsheet. 行"""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """One sheet; ``cells[heading.index]`` is the cell of a column, if the row reaches it. 表"""

    kind: str
    name: str
    headings: tuple[Heading, ...]
    rows: tuple[Row, ...]
    notes: tuple[Note, ...] = ()
