"""Text with delimiters: which encoding, which delimiter, which rows. 分隔文本"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator

from qianjun.kernel.sheets.contents import refuse_pages
from qianjun.kernel.sheets.limits import Limits
from qianjun.kernel.sheets.model import letter
from qianjun.kernel.sheets.refusals import refuse
from qianjun.kernel.words import noop as _

MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
DELIMITERS = (",", "\t", ";", "|")
TRIED_ROWS = 50
TRIED_CHARACTERS = 200_000
DAMAGED_SHARE = 0.05  # of the characters of a UTF-8 text; more, and it is another encoding
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f]")
_SAID = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)


def decoded(content: bytes) -> str:
    """The text by its mark, else UTF-8, UTF-16, GB 18030; refused when none of them fits."""
    text = _by_mark(content) or _strictly(content, "utf-8") or _unmarked(content)
    if text is None:
        raise refuse("sheet_encoding")
    if _CONTROL.search(text):
        raise refuse("sheet_not_a_sheet", what=_("未知格式"))
    return text


def _by_mark(content: bytes) -> str | None:
    for mark, encoding in MARKS:
        if content.startswith(mark):
            text = _strictly(content, encoding)
            if text is None:
                raise refuse("sheet_encoding")
            return text
    return None


def _unmarked(content: bytes) -> str | None:
    if b"\0" in content:
        both = (_strictly(content, "utf-16-le"), _strictly(content, "utf-16-be"))
        return next((t for t in both if t and "\n" in t and not _CONTROL.search(t)), None)
    loose = content.decode("utf-8", "replace")
    foreign = sum(1 for c in loose if c > "\x7f")
    # a damaged UTF-8 text would decode as GB 18030, into nonsense
    if loose.count("\ufffd") <= foreign * DAMAGED_SHARE:
        return None
    return _strictly(content, "gb18030")


def _strictly(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeError:
        return None


def delimiter_of(text: str) -> str:
    """The delimiter by which most rows have the same number of cells, more than one. 分隔符"""
    beginning = text[:TRIED_CHARACTERS]
    return max(DELIMITERS, key=lambda d: _evenness(beginning, delimiter=d))


def _evenness(text: str, *, delimiter: str) -> tuple[float, int]:
    widths = Counter[int]()
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            widths[len(cells)] += bool(cells)
            if widths.total() >= TRIED_ROWS:
                break
    except csv.Error:
        return 0.0, 0
    (width, rows), *_rest = widths.most_common(1) or [(0, 0)]
    wide = sum(n for width, n in widths.items() if width > 1)
    return (wide + rows * (width > 1)) / max(1, widths.total()), width


def rows_of(content: bytes, *, limits: Limits) -> Iterator[list[str]]:
    """Every record of the text; refused where a quote is not closed or a limit is passed."""
    text = decoded(content)
    refuse_pages(text)
    said = _SAID.match(text[:10])
    delimiter = said[1] if said else delimiter_of(text)
    lines = io.StringIO(text[said.end() :] if said else text, newline="")
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, 1):
            _refuse_large(cells, number=number, limits=limits)
            yield cells
    except csv.Error as wrong:
        if "field larger" in str(wrong):
            raise _too_long(number + 1, 0, limits=limits) from wrong
        raise refuse("sheet_quotes", row=number + 1) from wrong


def _refuse_large(cells: list[str], *, number: int, limits: Limits) -> None:
    if number > limits.rows:
        raise refuse("sheet_too_many_rows", limit=limits.rows)
    if len(cells) > limits.columns:
        raise refuse("sheet_too_many_columns", limit=limits.columns)
    if sum(map(len, cells)) > limits.cell_characters:
        for index, cell in enumerate(cells):
            if len(cell) > limits.cell_characters:
                raise _too_long(number, index, limits=limits)


def _too_long(row: int, index: int, *, limits: Limits) -> Exception:
    words = {"row": row, "column": letter(index), "limit": limits.cell_characters}
    return refuse("sheet_cell_too_long", **words)
