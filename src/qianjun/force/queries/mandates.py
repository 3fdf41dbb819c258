"""How far the house may go on calling by itself: for the contract and for the board. 查授权"""

from typing import Any

from django.utils.translation import gettext

from qianjun.force.models import Called, CallOut, Mandate
from qianjun.force.rules.mandates import ENDS
from qianjun.org.queries import name_of

Json = dict[str, Any]


def invited(callout: int) -> int:
    """How many were called, whoever confirmed it. 已邀请"""
    return Called.objects.filter(callout=callout, sent_at__isnull=False).count()


def last_mandate(row: CallOut) -> Mandate | None:
    """The one that is asked for, in force, or ended last. 授权"""
    return Mandate.objects.filter(callout=row).order_by("-pk").first()


def mandate_json(mandate: Mandate | None, *, disturbed: int) -> Json | None:
    """``auto`` of a call-out: who gave it, how many may still be called, until when. 授权"""
    if mandate is None:
        return None
    ended = mandate.ended_at
    return {
        "max_people": mandate.max_people,
        "until": mandate.until.isoformat(),
        "state": mandate.state,
        "left": 0 if ended else max(mandate.max_people - disturbed, 0),
        # before a wave is confirmed it is nobody's mandate yet
        "given_by_masked": name_of(mandate.by_kind, mandate.by_id) if mandate.given_at else None,
        "given_at": mandate.given_at.isoformat() if mandate.given_at else None,
        "ended_at": ended.isoformat() if ended else None,
        "ended_why": mandate.ended_why or None,
    }


def mandate_shown(mandate: Mandate | None, *, disturbed: int) -> Json | None:
    """The same in words for the board. 板上"""
    told = mandate_json(mandate, disturbed=disturbed)
    if mandate is None or told is None:
        return None
    why = gettext(ENDS.get(mandate.ended_why, mandate.ended_why)) if mandate.ended_why else ""
    return told | {"until": mandate.until, "ended_at": mandate.ended_at, "why": why}
