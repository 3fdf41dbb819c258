"""What is to be settled before an incident is closed, and what follows its end. 结案规则"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from qianjun.incident.rules.holding import HOLDS, RESPONSES
from qianjun.kernel.words import noop as _
from qianjun.response.rules.days import end_of_day

PURGE: Final = "purge"
LESSON_MOST: Final = 1_000
HOW_MOST: Final = 500
FARTHEST: Final = timedelta(days=3 * 366)

# what holds, in the order of the list: what to do, and the page on which it is done
TO_DO: Final[dict[str, tuple[str, str]]] = {
    "people": (_("问到每个人、每支队伍都已离开，再结束召集。"), "callouts"),
    "supplies": (_("由仓库在调拨单上发出、记归还或核销，或者撤单。"), "incident"),
    "tasks": (_("在“任务”里办结、撤销或转交。"), "incident"),
    "command_post": (_("在“指挥部”里交回指挥、撤销。"), "command"),
    RESPONSES: (_("由启动的机关终止响应。"), "incident"),
    "final_report": (_("把续报改成终报，由领导签发。"), "upward"),
}
# what does not hold: what was not confirmed goes with the closing, and one says so before
UNSENT: Final = "unsent"
UNCONFIRMED: Final = "unconfirmed"
BESIDE: Final[dict[str, tuple[str, str, str]]] = {
    UNSENT: (
        _("没有发出的召集、队伍、调拨单和报请"),
        _("现在确认，否则随结案撤回。"),
        "incident",
    ),
    UNCONFIRMED: (_("没有确认的自动归并"), _("确认是同一件事，或者拆开。"), "incident"),
}


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of the list: how many are open, what to do, where; whether it holds. 结案清单一行"""

    code: str
    title: str
    to_do: str
    page: str
    count: int
    holds: bool

    @property
    def is_settled(self) -> bool:
        """Whether nothing is left to do."""
        return self.count == 0


@dataclass(frozen=True, kw_only=True)
class PurgeRule:
    """How long personal data may be kept after the end, and where it is written. 清除期限"""

    days: int
    is_sample: bool
    zh: str
    en: str
    basis_zh: str
    basis_en: str

    def due_at(self, ended_at: datetime) -> datetime:
        """24:00 of the last day."""
        return end_of_day(ended_at, days=self.days)

    @property
    def said(self) -> str:
        """The rule in one line."""
        sample = "示例：" if self.is_sample else ""
        return f"{self.zh}（{sample}{self.basis_zh}）"


def purge_rule(found: Mapping[str, Any]) -> PurgeRule:
    """The rule of the table; KeyError names what it lacks. 清除期限"""
    row = found["purge"]
    return PurgeRule(
        days=int(row["days"]),
        is_sample=bool(row.get("sample", False)),
        **{name: str(row[name]) for name in ("zh", "en", "basis_zh", "basis_en")},
    )


def lines_of(holds: Mapping[str, int], *, unsent: int, unconfirmed: int) -> tuple[Line, ...]:
    """The whole list, what holds first; settled lines stand too. 结案清单"""
    hard = [
        Line(
            code=code,
            title=HOLDS[code],
            to_do=to_do,
            page=page,
            count=holds.get(code, 0),
            holds=True,
        )
        for code, (to_do, page) in TO_DO.items()
    ]
    counts = {UNSENT: unsent, UNCONFIRMED: unconfirmed}
    soft = [
        Line(code=code, title=title, to_do=to_do, page=page, count=counts[code], holds=False)
        for code, (title, to_do, page) in BESIDE.items()
    ]
    return (*hard, *soft)


def bad_day(due_on: date, *, today: date) -> str:
    """Why a lesson cannot be due on this day; empty when it can."""
    if due_on < today:
        return _("期限不能早于今天。")
    return _("期限太远。") if due_on > today + FARTHEST else ""
