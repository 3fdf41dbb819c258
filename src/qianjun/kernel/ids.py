"""Numbers people read aloud and ids nobody guesses. 编号"""

import re
import secrets
from base64 import b32encode
from dataclasses import dataclass
from datetime import date

LEAST_DIGITS = 4
MARK = re.compile(r"[A-Z]{2,6}")
UNIT = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{0,29}")


@dataclass(frozen=True, kw_only=True)
class Register:
    """What one unit numbers through one year: letters in, telephone notes, notices. 登记簿

    ``mark`` says what is numbered, as the register is called in letters: LW 来文, DH 电话记录,
    ZG 整改通知. ``unit`` is the unit's code, ``year`` the year in Beijing.
    """

    mark: str
    unit: str
    year: int

    def __post_init__(self) -> None:
        if not (MARK.fullmatch(self.mark) and UNIT.fullmatch(self.unit) and 0 < self.year < 10_000):
            raise ValueError(f"no register: {self}")

    @property
    def series(self) -> str:
        """The name of its counter."""
        return f"{self.mark}:{self.unit}:{self.year}"

    def written(self, n: int) -> str:
        """``LW-450202-2026-0012``, at least four digits. 登记编号"""
        return f"{self.mark}-{self.unit}-{self.year}-{n:0{LEAST_DIGITS}d}"


def incident_number(district: str, day: date, n: int) -> str:
    """``450202-YYYYMMDD-NNNN``, at least four digits. 事件编号"""
    return f"{district}-{day:%Y%m%d}-{n:0{LEAST_DIGITS}d}"


def report_number(day: date, n: int) -> str:
    """``J-YYYYMMDD-NNNN``, at least four digits. 接报编号"""
    return f"J-{day:%Y%m%d}-{n:0{LEAST_DIGITS}d}"


def short_id(n_bytes: int = 10) -> str:
    """A random id of lower-case letters and digits 2-7, safe in a URL. 短标识"""
    return b32encode(secrets.token_bytes(n_bytes)).decode().rstrip("=").lower()
