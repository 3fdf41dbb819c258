"""Who is needed at once by the plan that is proposed, and for what. 先期处置单位"""

from dataclasses import dataclass
from functools import cache
from typing import Final

from django.utils.translation import gettext

from qianjun.kernel.words import noop as _
from qianjun.org.shipped import shipped_units
from qianjun.plan.queries import plan_by_code, said

LEAST_LEVEL: Final = 4
LOCAL: Final = {"@street": _("所在街道"), "@community": _("所在社区、村")}


@dataclass(frozen=True, kw_only=True)
class FirstTask:
    """What a unit leads before anybody has decided a level. 先期处置"""

    unit: str
    title: str
    due_min: int


@cache
def _short_names() -> dict[str, str]:
    return {row["code"]: row["short_name"] or row["name"] for row in shipped_units()}


def first_tasks(plan: str, *, level: int | None) -> tuple[FirstTask, ...]:
    """The tasks that the duty officer may start alone, the soonest due first. 先期处置任务"""
    found = plan_by_code(plan)
    tasks = found.tasks if found else ()
    wanted = [one for one in tasks if one.first and (level or LEAST_LEVEL) <= one.from_level]
    return tuple(
        FirstTask(unit=_name(one.lead), title=said(one.title), due_min=one.due_min)
        for one in sorted(wanted, key=lambda one: one.due_min)
    )


def _name(code: str) -> str:
    return gettext(LOCAL[code]) if code in LOCAL else _short_names().get(code, code)
