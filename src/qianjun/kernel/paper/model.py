"""What an official document holds, as values; nothing here says how it looks. 公文要素"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

Align = Literal["left", "center", "right"]
Level = Literal[1, 2, 3, 4]
MOST_COLUMNS: Final = 63  # Word opens no table with more
NAME_TOP_MM: Final = 35  # from the top of the text block to the agency's name


@dataclass(frozen=True, kw_only=True)
class Head:
    """What stands above the title; with a name it is red and closed by a red line. 版头

    ``number`` with ``signer`` share a line, ``number`` alone is centred; ``issuer`` and ``issued``
    are the line of a bulletin. ``mark`` is a handling mark (内部), never one of a state secret.
    """

    name: str = ""  # 发文机关标志: 城中区应急管理局文件, 值班信息
    under: str = ""  # below the name: 第12期, （首报）
    number: str = ""  # 发文字号: 城应急信〔2026〕12号
    signer: str = ""  # 签发人
    issuer: str = ""  # 编发单位
    issued: date | None = None
    copy_number: str = ""  # 份号
    mark: str = ""
    urgency: str = ""  # 特急, 加急
    name_top_mm: float = NAME_TOP_MM


@dataclass(frozen=True, kw_only=True)
class Text:
    """Passages of the body; every line of the text is a paragraph. 正文"""

    text: str
    indented: bool = True


@dataclass(frozen=True, kw_only=True)
class Heading:
    """一、 （一） 1. （1）, numbered in order; ``then`` follows in the same paragraph. 层次标题"""

    text: str
    level: Level = 1
    then: str = ""
    numbered: bool = True


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is known, as a table of two columns: word and value. 要素表"""

    rows: tuple[tuple[str, str], ...]
    label_share: float = 0.25
    caption: str = ""


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A cell over ``across`` columns and ``down`` rows; a label is centred, in 黑体. 单元格"""

    text: str = ""
    across: int = 1
    down: int = 1
    label: bool = False
    align: Align = "left"


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row; ``least_mm`` leaves room for handwriting. 表格行"""

    cells: tuple[Cell | str, ...]
    least_mm: float = 0


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table or a form; ``shares`` are the widths of the columns, in any unit. 表格

    The first ``head_rows`` rows are labels and come again on every page. Rows that do not fill
    the columns are an error of the caller.
    """

    rows: tuple[Row, ...]
    shares: tuple[float, ...]
    head_rows: int = 0
    points: Literal[9, 12, 14, 16] = 14
    caption: str = ""

    def __post_init__(self) -> None:
        if not 1 <= len(self.shares) <= MOST_COLUMNS or min(self.shares) <= 0:
            raise ValueError(f"a table has 1 to {MOST_COLUMNS} columns, each with some width")
        for number, filled in enumerate(_filled(self.rows, columns=len(self.shares)), 1):
            if filled != len(self.shares):
                raise ValueError(f"row {number} fills {filled} of {len(self.shares)} columns")


def _filled(rows: tuple[Row, ...], *, columns: int) -> Iterator[int]:
    """How many columns each row fills, with what hangs down from the rows above."""
    hanging = [0] * columns
    for row in rows:
        filled = sum(1 for left in hanging if left)
        below = [max(0, left - 1) for left in hanging]
        free = [n for n, left in enumerate(hanging) if not left]
        for cell in row.cells:
            across, down = (1, 1) if isinstance(cell, str) else (cell.across, cell.down)
            if across < 1 or down < 1:
                raise ValueError("a cell covers at least one column and one row")
            taken, free = free[:across], free[across:]
            if len(taken) < across or taken[-1] - taken[0] != across - 1:
                raise ValueError("a cell is wider than the room in its row")
            filled += across
            for n in taken:
                below[n] = down - 1
        hanging = below
        yield filled
    if any(hanging):
        raise ValueError("a cell hangs below the last row")


@dataclass(frozen=True, kw_only=True)
class NewPage:
    """What follows starts on a new page. 分页"""


Block = Text | Heading | Facts | Table | NewPage


@dataclass(frozen=True, kw_only=True)
class Signature:
    """Who signs as an agency, and the date of the document. 署名和成文日期"""

    by: str
    on: date


@dataclass(frozen=True, kw_only=True)
class Foot:
    """Who gets it, between lines at the foot of the last page: 报, 送, 抄; who printed it. 版记"""

    report: tuple[str, ...] = ()
    send: tuple[str, ...] = ()
    copy: tuple[str, ...] = ()
    printed_by: str = ""
    printed_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Stamp:
    """Who had it made and when, in small print below the page number. 打印信息"""

    by: str
    at: datetime
    number: str = ""  # of the incident, of the register


@dataclass(frozen=True, kw_only=True)
class Paper:
    """One official document. 公文

    ``made_at`` is aware and goes into the properties of the file; with ``drill`` the title, every
    page and the watermark say that it is an exercise. A newline in the title ends a line there.
    ``landscape`` lays the sheet on its side for a list of many columns; the standard knows no such.
    """

    title: str
    made_at: datetime
    made_by: str = ""
    head: Head | None = None
    to: tuple[str, ...] = ()  # 主送机关
    body: tuple[Block, ...] = ()
    attachments: tuple[str, ...] = ()
    signature: Signature | None = None
    note: str = ""  # 附注
    foot: Foot | None = None
    stamp: Stamp | None = None
    watermark: str = ""
    drill: bool = False
    landscape: bool = False

    def __post_init__(self) -> None:
        if self.made_at.tzinfo is None:
            raise ValueError("made_at carries no time zone")
