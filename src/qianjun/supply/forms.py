"""What keepers and officers type, as values. 物资表单"""

from collections.abc import Mapping
from datetime import date
from typing import Final

from qianjun.kernel.fields import refused_field
from qianjun.kernel.words import noop as _
from qianjun.supply.actions import Line

DIGITS_MOST: Final = 9
ROWS: Final = 6
BACK, LOST, GOT = "back", "lost", "got"


def whole(said: str, field: str) -> int:
    """A whole number as typed; 422 naming the field when it is none."""
    text = said.strip()
    if not (text.isascii() and text.isdigit() and len(text) <= DIGITS_MOST):
        raise refused_field(field, "not_a_number", _("请写整数。"))
    return int(text)


def day(said: str, field: str) -> date | None:
    """A day as typed, or none; 422 when it is no day."""
    text = said.strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise refused_field(field, "not_a_day", _("日期写成 2026-06-01 的样子。")) from None


def lines(form: Mapping[str, str]) -> list[Line]:
    """The rows of an order in which something stands."""
    found = []
    for n in range(1, ROWS + 1):
        code, quantity = form.get(f"code{n}", ""), form.get(f"quantity{n}", "")
        if code or quantity:
            found.append(Line(code=code, quantity=whole(quantity, f"quantity{n}")))
    return found


def counts(form: Mapping[str, str], what: str) -> dict[str, int]:
    """By article what was typed beside it: ``back-folding_bed``. Empty fields say nothing."""
    mark = f"{what}-"
    typed = {k.removeprefix(mark): v for k, v in form.items() if k.startswith(mark)}
    return {code: whole(said, f"{mark}{code}") for code, said in typed.items() if said.strip()}
