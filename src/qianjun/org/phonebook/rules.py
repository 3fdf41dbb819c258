"""How a number is written, which are personal, when one is to be looked at again. 号码规则"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from qianjun.kernel.text import masked_phone

What = Literal["number", "address"]
WHATS: Final[tuple[What, ...]] = ("number", "address")
MOBILE: Final = "mobile"
# of a person or carried by one: shown by a press that is written down
PERSONAL: Final = frozenset({MOBILE, "satellite"})
# channels of addresses that are telephones
DIALLED: Final = ("sms", "voice")
NUMBER_MOST: Final = 40
TAIL_LEAST: Final = 3
_SHAPE: Final = re.compile(r"\+?[0-9][0-9-]{2,19}(?:转[0-9]{1,6})?")
_MOBILE: Final = re.compile(r"1(?:[3-9][0-9]|00)[0-9]{8}")
_LOOSE: Final = re.compile(r"[\s()（）.·]+")


@dataclass(frozen=True, kw_only=True)
class Tally:
    """How far the numbers of a unit have been looked at. 核对进度"""

    right: int = 0
    due: int = 0

    @property
    def all(self) -> int:
        """Every number of the unit."""
        return self.right + self.due


def written(said: str, *, kind: str) -> str | None:
    """The number as it is kept: ``0772-2812345转6``; None when it is none. 规范号码

    Full-width digits, blanks and brackets are how people type; letters are not.
    """
    plain = _LOOSE.sub("", unicodedata.normalize("NFKC", said)).replace("–", "-")
    if kind == MOBILE:
        plain = plain.replace("-", "").removeprefix("+86")
        return plain if _MOBILE.fullmatch(plain) else None
    return plain if _SHAPE.fullmatch(plain) else None


def tail_asked(q: str) -> str:
    """The end of a number when that is what was typed: digits alone, three or more. 尾号"""
    plain = _LOOSE.sub("", unicodedata.normalize("NFKC", q)).replace("-", "")
    return plain if plain.isascii() and plain.isdigit() and len(plain) >= TAIL_LEAST else ""


def dialled(value: str) -> str:
    """What stands behind ``tel:``; an extension is dialled after a pause. 拨号"""
    number, _turn, extension = value.partition("转")
    plain = "".join(c for c in number if c in "+0123456789")
    return f"{plain},{extension}" if extension else plain


def shown(value: str, *, personal: bool) -> str:
    """A personal number masked, that of a room as it is. 显示"""
    return masked_phone(value) if personal else value


def is_due(checked_at: datetime | None, *, now: datetime, days: int) -> bool:
    """Whether somebody should look at the number again. 该核对"""
    return checked_at is None or checked_at <= now - timedelta(days=days)
