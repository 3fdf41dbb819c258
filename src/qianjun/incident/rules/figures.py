"""Numbers of an incident: which there are, how far they may go, when one asks why. 数字规则"""

from collections.abc import Mapping
from typing import Final

from qianjun.kernel.words import noop as _

FIGURES: Final[dict[str, str]] = {
    "dead": _("遇难"),
    "missing": _("失联"),
    "serious": _("重伤"),
    "injured": _("受伤"),
    "evacuated": _("转移"),
    "loss_yuan": _("直接经济损失（元）"),
}
MOST: Final[dict[str, int]] = {
    "dead": 100_000,
    "missing": 1_000_000,
    "serious": 1_000_000,
    "injured": 1_000_000,
    "evacuated": 10_000_000,
    "loss_yuan": 1_000_000_000_000,
}
JUMP_LEAST = 3
JUMP_SHARE = 0.5


def asks_why(*, kind: str, last: int | None, value: int) -> bool:
    """Whether the step from the last value to this one needs an explanation. 跳变

    Any decrease does; a rise by more than max(3, 50 %) does; for the dead any change does. The
    first value of a series never does.
    """
    if last is None or value == last:
        return False
    if value < last or kind == "dead":
        return True
    return value - last > max(JUMP_LEAST, JUMP_SHARE * last)


def out_of_bounds(kind: str, value: int) -> bool:
    """Whether no district could have such a number."""
    return not 0 <= value <= MOST[kind]


def hurt_is_known(figures: Mapping[str, int]) -> bool:
    """Whether anything was said about people."""
    return bool({"dead", "missing", "serious", "injured"} & figures.keys())
