"""From a cell to a value of its kind: one reader per kind, made once per column. 取值"""

import re
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import NoReturn

from qianjun.kernel.sheets.dates import read_date, read_instant
from qianjun.kernel.sheets.model import Cell
from qianjun.kernel.sheets.problems import Wrong
from qianjun.kernel.sheets.tables import Column, Value
from qianjun.kernel.sheets.wording import plain, starts_a_formula, title_key

Read = Callable[[Cell, list[str]], Value]

EXACT_BELOW = 10**15  # a spreadsheet keeps 15 digits of a number
NEAR_SHARE = 60.0  # of rapidfuzz's ratio
CHOICES_SHOWN = 12
BLANKS = frozenset(["-", "--", "—", "——", "–", "/", "\\", "n/a", "N/A", "null", "NULL", "#N/A"])
NOTHING = BLANKS | {"无", "暂无", "没有", "不详", "未知", "空"}
YES = frozenset(["是", "有", "对", "√", "✓", "✔", "☑", "1", "y", "yes", "true", "t"])
NO = frozenset(["否", "无", "没有", "不是", "错", "×", "✗", "✘", "x", "0", "n", "no", "false", "f"])

_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
_SCIENTIFIC = re.compile(r"(\d\.\d+)[eE]\+?(\d{1,2})|(\d)[eE]\+(\d{2})")
_DOT_ZERO = re.compile(r"(\d+)\.0+")
_FILLING = re.compile(r"[\s()\-–—]")
_MOBILE = re.compile(r"1(?:[3-9]\d|00)\d{8}")
_LAND = re.compile(r"(0(?:10|2\d|[3-9]\d\d))([2-9]\d{6,7})")
_SHORT_PHONE = re.compile(r"[2-9]\d{6,7}|[48]00\d{7}|1\d{2,5}|9\d{4,5}")
_EXTENSION = re.compile(r"^(.*\d)(?:转|分机|#|x|-(?=\d{1,5}$))\s*(\d{1,5})$")
_SEVERAL = re.compile(r"\d{7,}\s*[/、,，;；\n ]\s*\+?\d{7,}|\d{11}\d{11}")


def reader_of(column: Column) -> Read:
    """The function that reads the cells of a column; it raises ``Wrong``."""
    reader = MAKERS[column.kind](column)
    nothing = BLANKS if column.kind in ("text", "choice", "bool") else NOTHING

    def read(cell: Cell, flags: list[str]) -> Value:
        if cell is None or (cell.__class__ is str and cell in nothing):
            if column.required:
                raise Wrong("missing")
            return None
        return reader(cell, flags)

    return read


def _text(column: Column) -> Read:
    most = column.max_chars

    def read(cell: Cell, flags: list[str]) -> str:
        text = cell if isinstance(cell, str) else written(cell)
        if len(text) > most:
            raise Wrong("too_long", limit=most)
        if starts_a_formula(text):
            flags.append("formula")
        return text

    return read


def written(cell: Cell) -> str:
    """A cell that is no text, as a person would write it."""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < EXACT_BELOW else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else f"{cell:%Y-%m-%d %H:%M}"
    if isinstance(cell, date):
        return cell.isoformat()
    return "" if cell is None else str(cell)


def _number(cell: Cell) -> Decimal:
    if isinstance(cell, bool) or not isinstance(cell, str | int | float):
        raise Wrong("not_a_number")
    if isinstance(cell, str):
        text = plain(cell).replace(" ", "")
        if not _NUMBER.fullmatch(text):
            raise Wrong("not_a_number")
        return Decimal(text.replace(",", ""))
    try:
        number = Decimal(repr(cell))
    except InvalidOperation as wrong:
        raise Wrong("not_a_number") from wrong
    if not number.is_finite():
        raise Wrong("not_a_number")
    return number


def _within(number: Decimal, *, column: Column) -> None:
    least, most = column.least, column.most
    if (least is not None and number < least) or (most is not None and number > most):
        raise Wrong("out_of_range", least=_bound(least), most=_bound(most))


def _bound(limit: int | Decimal | None) -> str:
    return "…" if limit is None else str(limit)


def _int(column: Column) -> Read:
    def read(cell: Cell, _flags: list[str]) -> int:
        number = _number(cell)
        if number != number.to_integral_value():
            raise Wrong("not_whole")
        if abs(number) >= EXACT_BELOW:
            raise Wrong("damaged")
        _within(number, column=column)
        return int(number)

    return read


def _decimal(column: Column) -> Read:
    def read(cell: Cell, _flags: list[str]) -> Decimal:
        number = _number(cell)
        _within(number, column=column)
        return number

    return read


def digits_of(cell: Cell) -> str:
    """The text of a number or code that a spreadsheet may have turned into a number."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        if not abs(cell) < EXACT_BELOW:
            raise Wrong("damaged")
        return written(cell)
    if not isinstance(cell, str):
        return written(cell)
    text = plain(cell).lstrip("'‘’`")
    if found := _SCIENTIFIC.fullmatch(text):
        return _unrounded(found[1] or found[3], int(found[2] or found[4]))
    found = _DOT_ZERO.fullmatch(text)
    return found[1] if found else text


def _unrounded(mantissa: str, exponent: int) -> str:
    """The digits of a number in scientific notation, if none of them has been rounded away."""
    digits = mantissa.replace(".", "")
    if len(digits) != exponent + 1:
        raise Wrong("damaged")
    return digits


def _code(column: Column) -> Read:
    form = re.compile(column.pattern) if column.pattern else None
    most = column.max_chars

    def read(cell: Cell, flags: list[str]) -> str:
        text = digits_of(cell)
        if len(text) > most:
            raise Wrong("too_long", limit=most)
        if form and not form.fullmatch(text):
            raise Wrong("not_a_code")
        if starts_a_formula(text):
            flags.append("formula")
        return text

    return read


def _phone(_column: Column) -> Read:
    def read(cell: Cell, _flags: list[str]) -> str:
        return phone_of(digits_of(cell))

    return read


def phone_of(text: str) -> str:
    """One telephone number in one form: mobiles as digits, land lines ``0772-2600000``."""
    plainly = plain(text)
    if _SEVERAL.search(plainly):
        raise Wrong("two_phones")
    if known := _known_phone(plainly):
        return known
    extension = _EXTENSION.match(plainly)
    known = _known_phone(extension[1]) if extension else None
    if not extension or not known:
        raise Wrong("not_a_phone")
    return f"{known}-{extension[2]}"


def _known_phone(text: str) -> str | None:
    digits = _FILLING.sub("", text)
    for front in ("+86", "0086"):
        digits = digits.removeprefix(front)
    if len(digits) == 13:
        digits = digits.removeprefix("86")
    if _MOBILE.fullmatch(digits) or _SHORT_PHONE.fullmatch(digits):
        return digits
    if land := _LAND.fullmatch(digits):
        return f"{land[1]}-{land[2]}"
    return None


def _choice(column: Column) -> Read:
    known = {title_key(word): value for word, value in column.choices.items()}
    known |= {title_key(value): value for value in column.choices.values()}

    def read(cell: Cell, _flags: list[str]) -> str:
        text = cell if isinstance(cell, str) else written(cell)
        value = known.get(title_key(text))
        if value is None:
            _refuse_choice(text, column=column)
        return value

    return read


def _refuse_choice(text: str, *, column: Column) -> NoReturn:
    nearest = _nearest(text, tuple(column.choices))
    if nearest:
        raise Wrong("near_choice", nearest=nearest)
    shown = list(column.choices)
    more = "…" if len(shown) > CHOICES_SHOWN else ""
    raise Wrong("not_a_choice", choices="、".join(shown[:CHOICES_SHOWN]) + more)


@lru_cache(maxsize=5_000)
def _nearest(text: str, words: tuple[str, ...]) -> str | None:
    from rapidfuzz import fuzz, process

    found = process.extractOne(text[:100], words, scorer=fuzz.ratio, score_cutoff=NEAR_SHARE)
    return str(found[0]) if found else None


def _bool(_column: Column) -> Read:
    def read(cell: Cell, _flags: list[str]) -> bool:
        if isinstance(cell, bool):
            return cell
        word = plain(written(cell)).lower()
        if word in YES:
            return True
        if word in NO:
            return False
        raise Wrong("not_a_yes_or_no")

    return read


def _date(_column: Column) -> Read:
    return read_date


def _instant(_column: Column) -> Read:
    return read_instant


MAKERS: dict[str, Callable[[Column], Read]] = {
    "text": _text,
    "int": _int,
    "decimal": _decimal,
    "date": _date,
    "instant": _instant,
    "phone": _phone,
    "code": _code,
    "choice": _choice,
    "bool": _bool,
}
