"""What a module lets an administrator choose: typed, within bounds, with a default. 可设项

A module declares its options in ``options.py``; the store keeps what was chosen, the page is made
from the declaration. Values are ``bool, int, Decimal, str`` or an aware ``datetime``; None stands
for what nobody has chosen and has no default.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final, Literal
from urllib.parse import urlsplit

from qianjun.kernel.clock import BEIJING
from qianjun.kernel.errors import Refused
from qianjun.kernel.text import clean
from qianjun.kernel.words import noop as _

Kind = Literal[
    "bool", "choice", "decimal", "instant", "int", "minutes", "secret", "text", "url"
]  # fmt: skip
Value = bool | int | Decimal | str | datetime
NAME: Final = re.compile(r"[a-z][a-z0-9_]{1,39}")
WHOLE: Final = re.compile(r"[+-]?[0-9]{1,18}")
PARTS: Final = re.compile(r"[+-]?[0-9]{1,15}(?:\.[0-9]{1,6})?")
_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
HOST: Final = re.compile(rf"{_LABEL}(?:\.{_LABEL}){{0,20}}|\[[0-9a-f:.]{{2,45}}\]")
URL_SIGNS: Final = re.compile(r"[!#$%&()*+,/:;=?@\[\]_{}~A-Za-z0-9.-]+")
URL_PLACE: Final = re.compile(r"\{(\w*)\}")
TRUE, FALSE = ("true", "on", "1"), ("false", "off", "0")
YEARS: Final = (1900, 2200)
TEXT_MOST: Final = 200
LONG_MOST: Final = 1_000


class BadValue(ValueError):
    """What was typed cannot be this option's value; ``zh`` is a catalogue sentence. 不能取这个值"""

    def __init__(self, zh: str, **words: object) -> None:
        super().__init__(zh)
        self.zh = zh
        self.words = words


@dataclass(frozen=True, kw_only=True)
class Option:
    """One thing that can be chosen. 可设项

    ``title``, ``help``, ``unit`` and the words of ``choices`` are catalogue strings. ``least`` and
    ``most`` bound numbers, ``longest`` texts. An url may hold the places ``{name}`` of ``places``,
    which it must, and of ``may``. ``check`` says in a catalogue sentence what is wrong, or nothing.
    """

    name: str
    kind: Kind
    title: str
    help: str = ""
    default: Value | None = None
    choices: Mapping[str, str] = field(default_factory=dict)
    least: int | Decimal | None = None
    most: int | Decimal | None = None
    unit: str = ""
    longest: int = TEXT_MOST
    places: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    check: Callable[[Any], str] | None = None

    def __post_init__(self) -> None:
        if not NAME.fullmatch(self.name):
            raise ValueError(f"{self.name} is no name of an option")
        if (self.kind == "choice") != bool(self.choices):
            raise ValueError(f"{self.name}: choices are for a choice")
        if self.kind == "secret" and self.default is not None:
            raise ValueError(f"{self.name}: a secret has no default")
        if self.default is not None:
            value_of(self, self.default)


def value_of(option: Option, typed: object) -> Value | None:
    """The value that was typed or given; None for an empty field. Raises BadValue. 读取"""
    if isinstance(typed, str):
        typed = _cleaned(typed)
        if typed == "" and option.kind != "bool":
            return None
    value = _READERS[option.kind](option, typed)
    fault = option.check(value) if option.check else ""
    if fault:
        raise BadValue(fault)
    return value


def _cleaned(typed: str) -> str:
    try:
        text = clean(typed).text.strip()
    except Refused as refused:
        raise BadValue(refused.zh) from refused
    if any(unicodedata.category(sign) == "Cc" for sign in text):
        raise BadValue(_("只能写一行。"))
    return text


def _bool(_option: Option, typed: object) -> bool:
    if isinstance(typed, bool):
        return typed
    if typed in TRUE:
        return True
    if typed in (*FALSE, ""):
        return False
    raise BadValue(_("只能是开或关。"))


def _int(option: Option, typed: object) -> int:
    if isinstance(typed, str) and WHOLE.fullmatch(digits := _plain(typed)):
        typed = int(digits)
    if isinstance(typed, bool) or not isinstance(typed, int):
        raise BadValue(_("请填整数。"))
    _bounded(option, typed)
    return typed


def _decimal(option: Option, typed: object) -> Decimal:
    if isinstance(typed, str) and PARTS.fullmatch(digits := _plain(typed)):
        typed = Decimal(digits)
    if isinstance(typed, bool) or not isinstance(typed, int | Decimal):
        raise BadValue(_("请填数字，最多六位小数。"))
    value = Decimal(typed)
    if not value.is_finite():
        raise BadValue(_("请填数字，最多六位小数。"))
    _bounded(option, value)
    return value


def _plain(typed: str) -> str:
    """Digits typed with a Chinese input method are digits."""
    return unicodedata.normalize("NFKC", typed)


def _bounded(option: Option, value: int | Decimal) -> None:
    if option.least is not None and value < option.least:
        raise BadValue(_("不能小于 %(least)s。"), least=option.least)
    if option.most is not None and value > option.most:
        raise BadValue(_("不能大于 %(most)s。"), most=option.most)


def _text(option: Option, typed: object) -> str:
    if not isinstance(typed, str):
        raise BadValue(_("请填文字。"))
    if len(typed) > option.longest:
        raise BadValue(_("太长，最多 %(most)s 个字。"), most=option.longest)
    return typed


def _secret(_option: Option, typed: object) -> str:
    if not isinstance(typed, str) or not typed.isascii() or not typed.isprintable():
        raise BadValue(_("密钥只能是英文字母、数字和符号。"))
    if len(typed) > LONG_MOST:
        raise BadValue(_("太长，最多 %(most)s 个字。"), most=LONG_MOST)
    return typed


def _choice(option: Option, typed: object) -> str:
    if not isinstance(typed, str) or typed not in option.choices:
        raise BadValue(_("请从列出的选项里选。"))
    return typed


def _url(option: Option, typed: object) -> str:
    """An address of the web; host and signs are such that it can stand in a policy or a page."""
    said = _("请填完整网址，以 https:// 或 http:// 开头，不带账号。")
    if not isinstance(typed, str) or len(typed) > LONG_MOST or not URL_SIGNS.fullmatch(typed):
        raise BadValue(said)
    try:
        parts = urlsplit(typed)
        _port = parts.port
    except ValueError as fault:
        raise BadValue(said) from fault
    host = parts.netloc.rpartition(":")[0] if parts.port is not None else parts.netloc
    if parts.scheme not in ("http", "https") or not HOST.fullmatch(host.lower()):
        raise BadValue(said)
    _places(option, typed)
    return typed


def _places(option: Option, url: str) -> None:
    found = URL_PLACE.findall(url)
    missing = [name for name in option.places if name not in found]
    strange = [name for name in found if name not in (*option.places, *option.may)]
    if missing:
        raise BadValue(_("网址里还缺 %(names)s。"), names=_braced(missing))
    if strange or url.count("{") != len(found) or url.count("}") != len(found):
        allowed = _braced((*option.places, *option.may))
        raise BadValue(_("花括号里只能是：%(names)s。"), names=allowed or "–")


def _braced(names: list[str] | tuple[str, ...]) -> str:
    return "、".join(f"{{{name}}}" for name in names)


def _instant(_option: Option, typed: object) -> datetime:
    """As a browser sends it, 2026-06-01T14:05, in Beijing; with an offset as it says."""
    said = _("时刻写成 2026-06-01 14:05。")
    if isinstance(typed, str):
        try:
            typed = datetime.fromisoformat(_plain(typed))
        except ValueError as fault:
            raise BadValue(said) from fault
        typed = typed if typed.tzinfo else typed.replace(tzinfo=BEIJING)
    if not isinstance(typed, datetime) or typed.tzinfo is None:
        raise BadValue(said)
    if not YEARS[0] < typed.year < YEARS[1]:
        raise BadValue(said)
    return typed.astimezone(UTC)


_READERS: Final[dict[Kind, Callable[[Option, object], Value]]] = {
    "bool": _bool,
    "choice": _choice,
    "decimal": _decimal,
    "instant": _instant,
    "int": _int,
    "minutes": _int,
    "secret": _secret,
    "text": _text,
    "url": _url,
}


def stored(value: Value | None) -> bool | int | str | None:
    """The value as JSON holds it."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return str(value) if isinstance(value, Decimal) else value


def from_stored(option: Option, found: object) -> Value | None:
    """The value that was stored, or the default; what no longer fits is not used. 存值"""
    if found is None:
        return option.default
    try:
        return value_of(option, found)
    except BadValue:
        return option.default


def shown(value: Value | None) -> str:
    """The value as it is typed into a field. 显示"""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "on" if value else ""
    if isinstance(value, datetime):
        return value.astimezone(BEIJING).strftime("%Y-%m-%dT%H:%M")
    return str(value)
