"""Read one table of a file key by key; every fault is kept, none stops the reading. 读表"""

import re
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import Any, Final, TypeVar

from qianjun.kernel.words import noop as _
from qianjun.plan.rules.faults import Fault, Path
from qianjun.plan.rules.shape import Words

CODE: Final = re.compile(r"[a-z][a-z0-9_]{1,39}")
EVENT_TYPE: Final = re.compile(r"1[1-4][0-9A-Z][0-9]{2}|10000")
TEXT_MOST: Final = 500
COUNT_MOST: Final = 1_000_000_000
FIRST_DAY: Final = date(1, 1, 1)
MISSING: Final = _("缺这一项，请补上。")
NOT_THERE: Final = _("没有“%(found)s”，可用：%(allowed)s。")
Made = TypeVar("Made")


class Table:
    """A table with what has been asked of it, so that what nobody asked for is a fault too."""

    def __init__(self, found: Any, *, path: Path, faults: list[Fault]) -> None:  # noqa: ANN401
        self.path = path
        self.faults = faults
        self.asked: set[str] = set()
        self.found: dict[str, Any] = found if isinstance(found, dict) else {}
        if not isinstance(found, dict):
            self.fault("", _("这里要写成一个表。"))

    def fault(self, key: str, zh: str, **words: object) -> None:
        """Keep what is wrong with a key, or with the table as a whole."""
        path = (*self.path, key) if key else self.path
        self.faults.append(Fault(path=path, zh=zh, words=words))

    def has(self, key: str) -> bool:
        """Whether an optional key is there."""
        self.asked.add(key)
        return key in self.found

    def value(self, key: str, kind: type[Made], otherwise: Made, *, zh: str) -> Made:
        """A value of one type; ``otherwise`` stands for what is missing or wrong."""
        if not self.has(key):
            self.fault(key, MISSING)
            return otherwise
        found = self.found[key]
        # True is an int, and an instant is a date
        if type(found) is not kind:
            self.fault(key, zh)
            return otherwise
        return found

    def text(self, key: str, *, most: int = TEXT_MOST) -> str:
        """A text that says something."""
        found = self.value(key, str, "", zh=_("这里要写成文字，加引号。"))
        if key in self.found and isinstance(self.found[key], str) and not found.strip():
            self.fault(key, _("不能空着。"))
        if len(found) > most:
            self.fault(key, _("太长，最多 %(most)s 个字。"), most=most)
        return found

    def both(self, key: str) -> Words:
        """The same in both languages."""
        below = self.below(key)
        said = Words(zh=below.text("zh"), en=below.text("en"))
        below.done()
        return said

    def code(self, key: str, *, of: Iterable[str] | None = None) -> str:
        """A code, one of those when given."""
        found = self.text(key)
        if of is None:
            if found and not CODE.fullmatch(found):
                self.fault(key, _("代码用小写字母、数字和下划线，字母开头。"))
        elif found and found not in (allowed := sorted(of)):
            self.fault(key, NOT_THERE, found=found, allowed=_some(allowed))
        return found

    def codes(
        self, key: str, *, of: Iterable[str] | None = None, least: int = 0
    ) -> tuple[str, ...]:
        """A list of texts without repeats, each one of those when given; may be left out."""
        if not self.has(key):
            if least:
                self.fault(key, MISSING)
            return ()
        found = self.found[key]
        if not isinstance(found, list) or not all(isinstance(one, str) and one for one in found):
            self.fault(key, _('这里要写成一列文字：["…", "…"]。'))
            return ()
        if len(found) < least:
            self.fault(key, _("至少要有 %(least)s 项。"), least=least)
        allowed = None if of is None else sorted(of)
        for one in found:
            if allowed is not None and one not in allowed:
                self.fault(key, NOT_THERE, found=one, allowed=_some(allowed))
            if found.count(one) > 1:
                self.fault(key, _("“%(found)s”写了两次。"), found=one)
        return tuple(dict.fromkeys(found))

    def event_types(self, key: str, *, least: int = 0) -> tuple[str, ...]:
        """A list of event type codes."""
        found = self.codes(key, least=least)
        for one in found:
            self._event_type(key, one)
        return found

    def event_type(self, key: str) -> str:
        """One event type code."""
        found = self.text(key)
        if found:
            self._event_type(key, found)
        return found

    def _event_type(self, key: str, found: str) -> None:
        if not EVENT_TYPE.fullmatch(found):
            self.fault(key, _("“%(found)s”不是事件类型代码，例如 12G00。"), found=found)

    def number(self, key: str, *, least: int, most: int, otherwise: int | None = None) -> int:
        """A whole number within bounds; ``otherwise`` when it may be left out."""
        if otherwise is not None and not self.has(key):
            return otherwise
        found = self.value(key, int, least, zh=_("这里要写成整数，不加引号。"))
        if not least <= found <= most:
            self.fault(key, _("要在 %(least)s 到 %(most)s 之间。"), least=least, most=most)
        return found

    def decimal(self, key: str) -> Decimal:
        """A number that may have decimals."""
        self.asked.add(key)
        found = self.found.get(key)
        if isinstance(found, bool) or not isinstance(found, int | Decimal):
            self.fault(key, _("这里要写成数字，不加引号。"))
            return Decimal(0)
        number = Decimal(found)
        if not number.is_finite():
            self.fault(key, _("这里要写成数字，不加引号。"))
        return number

    def day(self, key: str) -> date:
        """A day."""
        return self.value(key, date, FIRST_DAY, zh=_("这里要写成日期：2026-01-31，不加引号。"))

    def truth(self, key: str, *, otherwise: bool | None = None) -> bool:
        """True or false; ``otherwise`` when it may be left out."""
        if otherwise is not None and not self.has(key):
            return otherwise
        return self.value(key, bool, False, zh=_("这里写 true 或 false，不加引号。"))

    def below(self, key: str) -> "Table":
        """The table under a key; what is missing is said once, not for every key of it."""
        if not self.has(key):
            self.fault(key, MISSING)
            return Table({}, path=(), faults=[])
        return Table(self.found[key], path=(*self.path, key), faults=self.faults)

    def each(
        self, key: str, make: Callable[["Table"], Made], *, least: int, most: int = 200
    ) -> tuple[Made, ...]:
        """What is made of every table of a list."""
        found = self.found.get(key, []) if self.has(key) else []
        if not isinstance(found, list):
            self.fault(key, _("这里要写成一列表：[[%(name)s]]。"), name=key)
            return ()
        if not least <= len(found) <= most:
            zh = _("要有 %(least)s 到 %(most)s 项，现有 %(count)s 项。")
            self.fault(key, zh, least=least, most=most, count=len(found))
        made = []
        for number, one in enumerate(found):
            below = Table(one, path=(*self.path, key, number), faults=self.faults)
            made.append(make(below))
            below.done()
        return tuple(made)

    def done(self) -> None:
        """Every key that nobody asked for is a typing error."""
        for key in sorted(self.found.keys() - self.asked):
            self.fault(key, _("没有这一项，请检查拼写。"))


def _some(allowed: list[str]) -> str:
    shown = "、".join(allowed[:20])
    return f"{shown}…" if len(allowed) > 20 else shown
