"""What an incident must be known by, what is still to be asked, what a time may be. 要素"""

import re
from datetime import datetime, timedelta
from typing import Final

from qianjun.kernel.errors import FieldError
from qianjun.kernel.words import noop as _

QUESTIONS: Final[dict[str, str]] = {
    "where": _("在哪里？"),
    "place_unsure": _("是候选地点中的哪一个？"),
    "elsewhere": _("不在本区，是否移送？"),
    "what": _("什么事？"),
    "casualties": _("有没有人伤亡、被困、失联？"),
    "figure_unexplained": _("数字与已记录的不一致，以哪个为准？"),
    "time": _("什么时候发生的？"),
    "caller": _("报告人怎么联系？"),
}
TITLE_LENGTH: Final = 30
TITLE_MOST: Final = 200
EARLIEST = timedelta(days=366)
LATEST = timedelta(minutes=5)
WRITTEN_REPORT = timedelta(hours=2)
WRITTEN_REPORT_RULE = _("书面报告：自接报起 2 小时内")
# who is on the line himself; from the others the desk that passed it on is the one to ask
CALLED_BY_PEOPLE = ("", "public", "enterprise")


def bad_time(field: str, at: datetime, *, now: datetime) -> FieldError | None:
    """Why this instant cannot be when something happened. 时间界限"""
    if at > now + LATEST:
        return FieldError(field=field, code="in_the_future", zh=_("时间在将来，请检查。"))
    if at < now - EARLIEST:
        return FieldError(field=field, code="too_long_ago", zh=_("时间在一年以前，请检查。"))
    return None


def questions(
    *,
    place_answer: str,
    category: str,
    hurt_is_known: bool,
    unexplained: bool,
    time_is_known: bool,
    can_call_back: bool,
) -> tuple[str, ...]:
    """Codes of what is still to be asked, in the order people speak. 待问"""
    where = {"none": "where", "unsure": "place_unsure", "elsewhere": "elsewhere"}
    asked = (
        (where.get(place_answer, ""), place_answer in where),
        ("what", not category),
        ("casualties", not hurt_is_known),
        ("figure_unexplained", unexplained),
        ("time", not time_is_known),
        ("caller", not can_call_back),
    )
    return tuple(code for code, open_ in asked if open_)


def title_of(*, place: str, kind: str, text: str) -> str:
    """A title from what is known: place and kind, else the beginning of what was said. 标题"""
    if kind:
        return f"{place}{kind}"[:TITLE_MOST]
    first = re.split(r"[。！？!?\n]", text.strip(), maxsplit=1)[0]
    return (first if len(first) <= TITLE_LENGTH else f"{first[: TITLE_LENGTH - 1]}…") or place
