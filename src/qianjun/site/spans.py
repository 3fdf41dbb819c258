"""Spans of time as the house writes them; ``static/js/chips.js`` says the same. 时长写法"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from django.utils.translation import gettext as _

SOON_S: Final = 5 * 60
LAST_SHARE: Final = 1 / 3
MINUTE_S: Final = 60
HOUR_S: Final = 3600
DAY_S: Final = 24 * HOUR_S
State = Literal["ample", "soon", "late", "met"]


@dataclass(frozen=True, kw_only=True)
class Chip:
    """What a deadline chip shows now. 时限"""

    state: State
    said: str


def chip(*, started_at: datetime, due_at: datetime, met_at: datetime | None, now: datetime) -> Chip:
    """Ample, soon in its last third or five minutes, late until met, met with the time it took."""
    if met_at is not None:
        return Chip(state="met", said=span((met_at - started_at).total_seconds()))
    left_s = (due_at - now).total_seconds()
    if left_s < 0:
        return Chip(state="late", said=span(-left_s))
    whole_s = (due_at - started_at).total_seconds()
    soon = left_s <= max(SOON_S, whole_s * LAST_SHARE)
    return Chip(state="soon" if soon else "ample", said=span(left_s))


def span(seconds: float) -> str:
    """Under an hour ``m:ss``, above hours and minutes, from two days on days and hours."""
    whole = int(seconds)
    if whole < HOUR_S:
        return f"{whole // MINUTE_S}:{whole % MINUTE_S:02d}"
    if whole < 2 * DAY_S:
        words = {"hours": whole // HOUR_S, "minutes": whole % HOUR_S // MINUTE_S}
        return _("%(hours)s 时 %(minutes)s 分") % words
    words = {"days": whole // DAY_S, "hours": whole % DAY_S // HOUR_S}
    return _("%(days)s 天 %(hours)s 时") % words


def minutes(seconds: float) -> str:
    """How long something has been going on, in whole minutes."""
    whole = max(0, int(seconds))
    if whole < HOUR_S:
        return _("%(minutes)s 分钟") % {"minutes": whole // MINUTE_S}
    return span(whole)


def words() -> dict[str, str]:
    """The sentences that the pages' scripts fill in. 脚本用语"""
    return {
        "hours": _("%(hours)s 时 %(minutes)s 分"),
        "days": _("%(days)s 天 %(hours)s 时"),
        "minutes": _("%(minutes)s 分钟"),
        "left": _("剩"),
        "over": _("超"),
        "connected": _("已连接 · 更新于 %(age)s"),
        "seconds_ago": _("%(n)s 秒前"),
        "minutes_ago": _("%(n)s 分钟前"),
        "broken": _("正在重连，以下为 %(at)s 的内容"),
        "missed": _("连接中断期间有 %(n)s 条变化，已补上。"),
        "away": _("您没看这一页的时候有 %(n)s 条变化，已在页上。"),
        "resynced": _("连接中断较久，已重新读取本页内容。"),
        "fresh": _("%(n)s 条新 ↑"),
        "saved": _("已存 · %(at)s"),
        "saving": _("正在存"),
        "kept_here": _("服务器没有应答，先存在本机 · %(at)s"),
        "cleared": _("已清空。"),
        "copied": _("已复制，已记下谁、何时、什么。"),
        "not_copied": _("没有复制：请刷新本页再试。"),
        "not_noted": _("没能记下这次打印，请检查连接后再印。"),
        "not_sent": _("没有传上去：请检查连接后再传。"),
        "undo": _("撤销"),
        "fetch_failed": _("没能读取最新内容，请刷新本页。(%(code)s)"),
        "creating": _("正在立案"),
        "next_in": _("下一步 %(n)s 秒"),
        "next_now": _("马上下一步"),
    }
