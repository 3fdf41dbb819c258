"""A list as a document: title, columns, rows; a wide one lies on its side. 清单成文"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from qianjun.kernel.paper import Paper, Row, Stamp, Table, Text
from qianjun.org.listing.cells import Cells

UPRIGHT_COLUMNS: Final = 5
LEAST_SHARE, MOST_SHARE = 4, 24  # in digits: a Chinese character is two


def paper_of(  # each is a part of the sheet
    titles: Sequence[str],
    cells: Cells,
    *,
    title: str,
    by: str,
    at: datetime,
    drill: bool,
    empty: str,
) -> Paper:
    """The list as a document; ``empty`` stands where there is no row."""
    wide = len(titles) > UPRIGHT_COLUMNS
    return Paper(
        title=title,
        made_at=at,
        made_by=by,
        body=(grid_of(titles, cells),) if cells else (Text(text=empty, indented=False),),
        stamp=Stamp(by=by, at=at),
        watermark=by,
        drill=drill,
        landscape=wide,
    )


def grid_of(titles: Sequence[str], cells: Cells) -> Table:
    """Titles and rows as a table of a document; small print where there are many columns."""
    return Table(
        rows=(Row(cells=tuple(titles)), *(Row(cells=line) for line in cells)),
        shares=_shares(titles, cells),
        head_rows=1,
        points=9 if len(titles) > UPRIGHT_COLUMNS else 12,
    )


def _shares(titles: Sequence[str], cells: Cells) -> tuple[float, ...]:
    """How wide the columns are beside each other: by their longest words, within bounds."""
    longest = [_width(title) for title in titles]
    for line in cells:
        for at, text in enumerate(line):
            longest[at] = max(longest[at], _width(text))
    return tuple(float(min(MOST_SHARE, max(LEAST_SHARE, width))) for width in longest)


def _width(text: str) -> int:
    lines = text.split("\n")
    return max(sum(1 if ord(c) < 0x2E80 else 2 for c in line) for line in lines)
