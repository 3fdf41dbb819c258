"""What stock can give, what may not stand together, where an order is. 物资规则"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Protocol

from qianjun.kernel.words import noop as _

# pieces, boxes, tonnes: whole units of the article, as it is counted
QUANTITY_MOST: Final = 10_000_000
LINES_MOST: Final = 20
EXPIRES_SOON: Final = timedelta(days=90)

# why a row stands in the ledger; what comes in is positive, what goes out negative
REASONS: Final = {
    "opening": _("期初"),
    "in": _("入库"),
    "out": _("出库"),
    "return": _("归还"),
    "loss": _("核销"),
    "count": _("盘点"),
    "reverse": _("冲正"),
}
COMES: Final = ("opening", "in", "return")
GOES: Final = ("out", "loss")
# how the slips of each are called in the register
SLIPS: Final = {
    "opening": "QC",
    "in": "RK",
    "out": "CK",
    "return": "GH",
    "loss": "HX",
    "count": "PD",
    "reverse": "CZ",
}
ORDERS: Final = "DB"

# the state of an order, the last instant that is set; in this order
STATES: Final = {
    "proposed": _("待批准"),
    "approved": _("已批准，待发"),
    "issued": _("已发出，待签收"),
    "received": _("已签收"),
    "returned": _("已了结"),
    "cancelled": _("已撤单"),
}
MAY: Final[Mapping[str, frozenset[str]]] = {
    "approve": frozenset({"proposed"}),
    "issue": frozenset({"approved"}),
    "receive": frozenset({"issued"}),
    "link": frozenset({"issued"}),
    "return": frozenset({"issued", "received"}),
    "cancel": frozenset({"proposed", "approved"}),
}


# --- how much there is ----------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Account:
    """What a store holds of an article, and how much of that is promised. 结存"""

    on_hand: int = 0
    reserved: int = 0

    def after(self, *, on_hand: int = 0, reserved: int = 0) -> "Account | None":
        """The account with these added; None when it would not hold. 变动后"""
        made = Account(on_hand=self.on_hand + on_hand, reserved=self.reserved + reserved)
        return made if made.holds else None

    @property
    def holds(self) -> bool:
        """Never below nothing, and never more promised than there is."""
        return 0 <= self.reserved <= self.on_hand <= QUANTITY_MOST


@dataclass(frozen=True, kw_only=True)
class Shelved:
    """Goods of one lot: how many, and the last day on which they may be given. 批次结存"""

    lot: int
    quantity: int
    expires_on: date | None = None

    def good_on(self, day: date) -> bool:
        """Whether it may still be given that day. 未过期"""
        return self.expires_on is None or self.expires_on >= day


@dataclass(frozen=True, kw_only=True)
class Part:
    """So many from this lot."""

    lot: int
    quantity: int


@dataclass(frozen=True, kw_only=True)
class Given:
    """What can be given, from which lots, and what is missing. 可发"""

    parts: tuple[Part, ...]
    short: int

    @property
    def quantity(self) -> int:
        """All parts together."""
        return sum(part.quantity for part in self.parts)


def usable(lots: Iterable[Shelved], *, on: date) -> list[Shelved]:
    """What may be given that day: first expiring first, what never expires last. 先到期先发"""
    good = (lot for lot in lots if lot.quantity > 0 and lot.good_on(on))
    return sorted(good, key=lambda lot: (lot.expires_on is None, lot.expires_on or on, lot.lot))


def free_of(lots: Iterable[Shelved], *, reserved: int, on: date) -> int:
    """How much of these lots is neither expired nor promised. 可用"""
    return max(0, sum(lot.quantity for lot in usable(lots, on=on)) - reserved)


def allot(lots: Iterable[Shelved], *, quantity: int, on: date) -> Given:
    """Take so many, the first expiring first, and say how many are missing. 分批"""
    parts, left = [], max(0, quantity)
    for lot in usable(lots, on=on):
        take = min(left, lot.quantity)
        if take:
            parts.append(Part(lot=lot.lot, quantity=take))
            left -= take
    return Given(parts=tuple(parts), short=left)


def spread(quantity: int, free: Mapping[int, int]) -> list[tuple[int | None, int]]:
    """From which stores so many come, the fullest first; what is missing is asked of the first.

    Without anything anywhere it is asked of nobody: ``[(None, quantity)]``. 分库
    """
    parts: list[tuple[int | None, int]] = []
    left = quantity
    for store, there in sorted(free.items(), key=lambda one: (-one[1], one[0])):
        take = min(left, there)
        if take:
            parts.append((store, take))
            left -= take
    if not parts:
        return [(None, quantity)]
    first, taken = parts[0]
    return [(first, taken + left), *parts[1:]]


def fullest(wanted: Mapping[str, int], free: Mapping[int, Mapping[str, int]]) -> int | None:
    """The store that covers most of what is wanted; None when no store has any of it. 选库"""
    covers = {
        store: sum(min(n, there.get(code, 0)) for code, n in wanted.items())
        for store, there in free.items()
    }
    best = max(covers, key=lambda store: (covers[store], -store), default=None)
    return best if best is not None and covers[best] else None


def put_back(out: Mapping[int, int], *, quantity: int) -> list[Part]:
    """Into which lots so many go back: those they came from, the last one first. 归还批次"""
    parts, left = [], quantity
    for lot in sorted(out, reverse=True):
        take = min(left, max(0, out[lot]))
        if take:
            parts.append(Part(lot=lot, quantity=take))
            left -= take
    return parts


# --- what is needed -------------------------------------------------------------------------------


class Wanted(Protocol):
    """Goods that a plan asks for."""

    @property
    def code(self) -> str: ...  # noqa: D102
    @property
    def quantity(self) -> int: ...  # noqa: D102
    @property
    def from_level(self) -> int: ...  # noqa: D102
    @property
    def months(self) -> tuple[int, ...]: ...  # noqa: D102


def needed(
    supplies: Iterable[Wanted], *, month: int | None = None, level: int | None = None
) -> dict[str, int]:
    """What a plan asks for in this month from this level on, by article; 1 is the gravest. 需求

    Without a month or a level everything of any counts.
    """
    found: dict[str, int] = {}
    for one in supplies:
        out_of_season = month is not None and one.months and month not in one.months
        too_mild = level is not None and level > one.from_level
        if not out_of_season and not too_mild:
            found[one.code] = found.get(one.code, 0) + one.quantity
    return found


@dataclass(frozen=True, kw_only=True)
class RedLine:
    """The least that should be there, and the plan that asks for it. 红线"""

    quantity: int
    plan: str


def red_lines(
    plans: Iterable[tuple[str, Iterable[Wanted]]], *, month: int | None = None
) -> dict[str, RedLine]:
    """For each article the largest need among the plans; the first plan wins a tie. 红线"""
    lines: dict[str, RedLine] = {}
    for plan, supplies in plans:
        for code, quantity in needed(supplies, month=month).items():
            if code not in lines or lines[code].quantity < quantity:
                lines[code] = RedLine(quantity=quantity, plan=plan)
    return lines


# --- what may not stand together ------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Goods:
    """An article, and what it may not stand beside. 品目"""

    code: str
    incompatible: frozenset[str] = frozenset()


def clash(goods: Sequence[Goods]) -> tuple[str, str] | None:
    """Two of these that may not travel or stand together; either of them may say so. 禁忌"""
    for at, one in enumerate(goods):
        for other in goods[at + 1 :]:
            if other.code in one.incompatible or one.code in other.incompatible:
                return (one.code, other.code)
    return None


# --- where an order is ----------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Sent:
    """One line of an order, as the ledger and the receipt tell it. 调拨行

    ``must_return`` is of goods that are used and come back; what is used up is settled when it
    is signed for. ``returned`` counts what came back or was written off.
    """

    must_return: bool
    issued: int
    returned: int
    received: int | None

    @property
    def gone(self) -> int:
        """What left and did not come back."""
        return max(0, self.issued - self.returned)

    @property
    def outstanding(self) -> int:
        """What somebody must still account for. 未了结"""
        return self.gone if self.must_return else max(0, self.gone - (self.received or 0))

    @property
    def differs(self) -> bool:
        """Whether who received it counted another number than was sent."""
        return self.received is not None and self.received != self.issued


def is_settled(lines: Iterable[Sent]) -> bool:
    """Whether nothing of an order that was issued is outstanding. 了结"""
    return not any(line.outstanding for line in lines)
