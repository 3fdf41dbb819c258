"""What people can do: the lines of ``tables/skills.toml``, and sets of them as bits. 技能"""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from django.utils.translation import get_language

TABLE: Final = Path(__file__).parent / "tables" / "skills.toml"
CHINESE: Final = "zh"


@dataclass(frozen=True, kw_only=True)
class Skill:
    """One line of the table. 技能"""

    code: str
    bit: int
    zh: str
    en: str

    @property
    def mask(self) -> int:
        """The set that holds it alone."""
        return 1 << self.bit

    @property
    def title(self) -> str:
        """Its word in the language of the page."""
        return self.zh if (get_language() or CHINESE).startswith(CHINESE) else self.en


@cache
def skills() -> tuple[Skill, ...]:
    """Every skill, in the order of the table. 全部技能"""
    told = tomllib.loads(TABLE.read_text("utf-8"))["skill"]
    return tuple(Skill(**one) for one in told)


@cache
def by_code() -> dict[str, Skill]:
    """Every skill by its code."""
    return {one.code: one for one in skills()}


def mask_of(codes: Iterable[str]) -> int:
    """The set of these skills; KeyError names one that the table has not. 技能集合"""
    mask = 0
    for code in codes:
        mask |= by_code()[code].mask
    return mask


def held_in(mask: int) -> list[Skill]:
    """The skills of a set, in the order of the table."""
    return [one for one in skills() if mask & one.mask]


def codes_of(mask: int) -> list[str]:
    """Their codes. 技能代码"""
    return [one.code for one in held_in(mask)]


def code_named(word: str) -> str | None:
    """The code of a skill by its code or its name in either language, else None. 按名取代码"""
    asked = word.strip().lower()
    for one in skills():
        if asked in (one.code, one.zh.lower(), one.en.lower()):
            return one.code
    return None
