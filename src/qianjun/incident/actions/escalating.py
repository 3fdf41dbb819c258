"""A referral late for its answer is called on: unit, deputy, shift leader. 转办叫应"""

from typing import Final

from qianjun.confirm.actions import settle_about, start_confirmation
from qianjun.confirm.rules import WAIT_S, Step
from qianjun.incident.instruction_models import Referral
from qianjun.incident.queries.instructions import about_referral, whose
from qianjun.journal.bus import is_history
from qianjun.org.actor import system
from qianjun.org.contacts import contacts_of
from qianjun.org.queries import answering_or_role

HOUSE: Final = system(name="incident.referrals")
POST: Final = "leader_in_charge"
DEPUTIES_MOST: Final = 2  # of the unit, before the leader of the shift is called


def call_about_referral(referral: Referral) -> bool:
    """Call whoever has it, then the unit's deputies, then the shift leader; whether anybody is.

    One answer ends the call; feeding back or withdrawing settles it too. 转办超时叫应
    """
    order = [] if is_history() else _in_order(referral)
    if not order:
        return False
    first, rest = order[0], order[1:]
    number = referral.instruction.number
    start_confirmation(
        by=HOUSE,
        about=about_referral(referral),
        text=f"【转办超时】来文 {number}（{whose(referral)}）到时限没有反馈，请立即办理并反馈。",
        people=(first,),
        need=1,
        steps=[
            Step(after_s=WAIT_S * step, people=(one,), in_place_of={one: first})
            for step, one in enumerate(rest, start=1)
        ],
    )
    return True


def settle_referral_call(referral: Referral) -> int:
    """It was fed back or withdrawn: nobody else is called about it. 了结叫应"""
    return settle_about(by=HOUSE, about=about_referral(referral))


def _in_order(referral: Referral) -> list[int]:
    """The person or the unit's contacts, those first who have it; the shift leader at last."""
    unit = referral.unit or (referral.person.unit if referral.person else None)
    named = contacts_of([unit.code])[unit.code] if unit else []
    mine = [referral.person_id] if referral.person_id else []
    own = list(dict.fromkeys([*mine, *(one.pk for one in named)]))[: 1 + DEPUTIES_MOST]
    leaders = [one.person.pk for one in answering_or_role(POST)]
    return list(dict.fromkeys([*own, *leaders[:1]]))
