"""How what was just done on the desk and in the duty log is taken back. 值班的撤销"""

from typing import Final

from django.utils.translation import gettext

from qianjun.duty.handing.actions import withdraw_hand_over
from qianjun.duty.log.actions import correct_note
from qianjun.duty.shifts.actions import remove_shift, restore_shift
from qianjun.incident.actions import restore_letter
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor
from qianjun.org.undo.kinds import takes_back

WHY: Final = _("撤销刚才的操作")
VOID: Final = _("此条作废")


@takes_back("letter_aside", says=_("已撤销：来信放回“待分拣”。"))
def letter_back(*, by: Actor, letter_id: int) -> None:
    """The letter waits on the desk again. 来信放回"""
    restore_letter(by=by, letter_id=letter_id)


@takes_back("duty_note", says=_("已撤销：那一条划去并保留。"))
def strike(*, by: Actor, entry_id: int) -> None:
    """A new line says that the old one is void. 作废一条"""
    correct_note(by=by, entry_id=entry_id, text=gettext(VOID), why=gettext(WHY))


@takes_back("shift", says=_("已撤销：这一班和原来一样。"))
def shift_back(*, by: Actor, shift_id: str, restores: bool) -> None:
    """Whoever was taken off is on the roster again, or the other way round. 班次改回"""
    verb = restore_shift if restores else remove_shift
    verb(by=by, shift_id=shift_id)


@takes_back("signed_out", says=_("已撤销，这个班还是您的。"))
def sign_back(*, by: Actor, hand_over_id: int) -> None:
    """His signature is taken back before the other has signed. 撤回交班"""
    withdraw_hand_over(by=by, hand_over_id=hand_over_id)
