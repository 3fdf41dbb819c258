"""What the duty desk tells. 值班事件"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from django.utils.translation import gettext

from qianjun.duty.rules.roster import POSTS
from qianjun.journal.bus import Event
from qianjun.journal.rules import Code
from qianjun.kernel.clock import in_beijing
from qianjun.kernel.words import noop as _


@dataclass(frozen=True, kw_only=True)
class LeaderNotCalled(Event):
    """An incident was opened and nobody holds the leader's post. 无人可叫应"""

    name: ClassVar[str] = "duty.leader_not_called"
    says: ClassVar[str] = _("没有带班领导在岗，未能叫应，请电话报告局领导")
    incident_id: int


@dataclass(frozen=True, kw_only=True)
class _OfShift:
    """Something about one row of the roster; the body is whose."""

    shift_id: int
    post: Code
    since: datetime
    until: datetime

    def words(self) -> Mapping[str, object]:
        """The post by its name, the times as people here write them."""
        since, until = (in_beijing(one) for one in (self.since, self.until))
        post = gettext(POSTS.get(self.post, self.post))
        return {"post": post, "since": f"{since:%m-%d %H:%M}", "until": f"{until:%m-%d %H:%M}"}


@dataclass(frozen=True, kw_only=True)
class ShiftEntered(_OfShift, Event):
    """Somebody was put on the roster. 排班"""

    name: ClassVar[str] = "duty.shift_entered"
    says: ClassVar[str] = _("排班：%(post)s %(since)s 至 %(until)s")


@dataclass(frozen=True, kw_only=True)
class ShiftChanged(_OfShift, Event):
    """A row of the roster was changed. 改班"""

    name: ClassVar[str] = "duty.shift_changed"
    says: ClassVar[str] = _("改班：%(post)s %(since)s 至 %(until)s")


@dataclass(frozen=True, kw_only=True)
class ShiftRemoved(_OfShift, Event):
    """Somebody was taken off the roster. 撤班"""

    name: ClassVar[str] = "duty.shift_removed"
    says: ClassVar[str] = _("撤下排班：%(post)s %(since)s 至 %(until)s")


@dataclass(frozen=True, kw_only=True)
class ShiftRestored(_OfShift, Event):
    """He was put back. 恢复排班"""

    name: ClassVar[str] = "duty.shift_restored"
    says: ClassVar[str] = _("恢复排班：%(post)s %(since)s 至 %(until)s")


@dataclass(frozen=True, kw_only=True)
class ShiftBegan(_OfShift, Event):
    """By the roster a post has changed hands. 到点上岗"""

    name: ClassVar[str] = "duty.shift_began"
    says: ClassVar[str] = _("值班表到点：%(post)s上岗，至 %(until)s")

    @property
    def subject(self) -> tuple[str, str]:
        """The row of the roster."""
        return ("shift", str(self.shift_id))


@dataclass(frozen=True, kw_only=True)
class DutyNoted(Event):
    """An officer wrote a line into the duty log; the body is what he wrote. 值班手记"""

    name: ClassVar[str] = "duty.noted"
    kind: ClassVar[str] = "fact"


@dataclass(frozen=True, kw_only=True)
class _OfHandOver:
    """Something about a hand-over of a post."""

    hand_over_id: int
    post: Code
    incidents: tuple[int, ...]
    open_matters: int
    digest: Code

    def words(self) -> Mapping[str, object]:
        """The post by its name, how much is open."""
        return {"post": gettext(POSTS.get(self.post, self.post)), "open": self.open_matters}


@dataclass(frozen=True, kw_only=True)
class HandOverSigned(_OfHandOver, Event):
    """Whoever leaves has signed; the body is what he says to the next. 交班签字"""

    name: ClassVar[str] = "duty.hand_over_signed"
    kind: ClassVar[str] = "order"
    says: ClassVar[str] = _("%(post)s交班签字，未了 %(open)s 项")


@dataclass(frozen=True, kw_only=True)
class HandOverSignedFor(Event):
    """The shift leader signed for whoever is ill or gone; the body is why. 代为交班签字"""

    name: ClassVar[str] = "duty.hand_over_signed_for"
    kind: ClassVar[str] = "order"
    says: ClassVar[str] = _("%(post)s交班人不能签字，带班领导代签")
    hand_over_id: int
    post: Code
    outgoing: int

    def words(self) -> Mapping[str, object]:
        """The post by its name."""
        return {"post": gettext(POSTS.get(self.post, self.post))}


@dataclass(frozen=True, kw_only=True)
class HandOverTaken(_OfHandOver, Event):
    """Whoever comes has signed: the post is his. 接班签字"""

    name: ClassVar[str] = "duty.hand_over_taken"
    kind: ClassVar[str] = "feedback"
    says: ClassVar[str] = _("%(post)s接班签字，未了 %(open)s 项")


@dataclass(frozen=True, kw_only=True)
class HandOverWithdrawn(Event):
    """He has taken his signature back before the other signed. 撤回交班"""

    name: ClassVar[str] = "duty.hand_over_withdrawn"
    kind: ClassVar[str] = "order"
    says: ClassVar[str] = _("撤回交班签字")
    hand_over_id: int


@dataclass(frozen=True, kw_only=True)
class BulletinDue(Event):
    """It is eight o'clock: the bulletin of the day is to be drafted. 值班信息到点"""

    name: ClassVar[str] = "duty.bulletin_due"
    on_desk: ClassVar[bool] = False
    day: date


@dataclass(frozen=True, kw_only=True)
class BulletinDrafted(Event):
    """The draft of a day's bulletin waits to be issued. 值班信息草稿"""

    name: ClassVar[str] = "duty.bulletin_drafted"
    says: ClassVar[str] = _("%(day)s 值班信息草稿已生成，待签发")
    bulletin_id: int
    day: date


@dataclass(frozen=True, kw_only=True)
class BulletinIssued(Event):
    """A day's bulletin is issued and frozen; the body is its text. 签发值班信息"""

    name: ClassVar[str] = "duty.bulletin_issued"
    kind: ClassVar[str] = "order"
    says: ClassVar[str] = _("签发每日值班信息第 %(issue)s 期")
    bulletin_id: int
    issue: int
    digest: Code
