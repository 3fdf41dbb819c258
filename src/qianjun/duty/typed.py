"""What people type into the forms of the duty room: numbers, instants. 值班表单"""

from datetime import datetime
from typing import Final

from django.http import HttpRequest

from qianjun.kernel.fields import refused_field
from qianjun.kernel.words import noop as _
from qianjun.org.typed import maybe_instant

DIGITS_MOST: Final = 9


def number_in(request: HttpRequest, name: str, *, default: int = -1) -> int:
    """A whole number of a form; what is none is ``default``, which every rule refuses. 整数"""
    typed = request.POST.get(name, "").strip()
    plain = typed.isascii() and typed.isdigit() and len(typed) <= DIGITS_MOST
    return int(typed) if plain else default


def instant_in(request: HttpRequest, name: str) -> datetime:
    """The instant of a field in Beijing time; 422 naming the field when there is none. 时刻"""
    found = maybe_instant(request, name)
    if found is None:
        raise refused_field(name, "bad_time", _("请填日期和时间。"))
    return found
