"""How what was just done with goods is taken back. 物资的撤销"""

from typing import Final

from django.utils.translation import gettext

from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor
from qianjun.org.undo.kinds import takes_back
from qianjun.supply import actions

WHY: Final = _("撤销刚才的操作")


@takes_back("order", says=_("已撤销这张调拨单。"))
def cancel(*, by: Actor, order_id: int) -> None:
    """What was asked for is not wanted, unless it has left. 撤单"""
    actions.cancel_order(by=by, order_id=order_id, why=gettext(WHY))


@takes_back("movement", says=_("已撤销：这一笔已冲正，原来的一笔仍在台账里。"))
def book_back(*, by: Actor, movement: int) -> None:
    """The opposite is booked beside it. 冲正"""
    actions.reverse(by=by, movement=movement, why=gettext(WHY))
