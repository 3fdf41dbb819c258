"""How what was just done with absences and the phone book is taken back. 外出与通讯录的撤销"""

from typing import Final

from qianjun.kernel.errors import Refused
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor
from qianjun.org.away.actions import end_absence, set_post_deputies
from qianjun.org.away.queries import listed_deputies
from qianjun.org.contacts import drop_contact, set_contact
from qianjun.org.undo.kinds import takes_back

GONE_ON: Final = _("之后又有人改过，不能撤销；请看最新内容再改。")


@takes_back("absence", says=_("已撤销：从现在起叫他本人。"))
def stay(*, by: Actor, absence: int) -> None:
    """He does not go. 结束外出"""
    end_absence(by=by, absence=absence)


@takes_back("deputies", says=_("已撤销：恢复原来的代理人。"))
def deputies_back(*, by: Actor, post: str, were: list[int], are: list[int]) -> None:
    """Who came after the post before comes after it again. 代理人改回"""
    if listed_deputies(post) != are:
        raise Refused("stale", GONE_ON, status=409)
    set_post_deputies(by=by, post=post, people=were)


@takes_back("contact_dropped", says=_("已撤销：恢复原来的联系人。"))
def contact_back(*, by: Actor, unit: str, person: int, rank: int) -> None:
    """He answers for the unit again, at the place that he had. 联系人放回"""
    set_contact(by=by, unit=unit, person=person, rank=rank)


@takes_back("contact_set", says=_("已撤销：联系人和原来一样。"))
def contact_as_before(*, by: Actor, unit: str, person: int, rank: int | None) -> None:
    """He has the place that he had, or none. 联系人改回"""
    if rank is None:
        drop_contact(by=by, unit=unit, person=person)
    else:
        set_contact(by=by, unit=unit, person=person, rank=rank)
