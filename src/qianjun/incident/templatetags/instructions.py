"""How instructions, referrals and calls stand, in templates. 来文标签"""

from django import template
from django.utils.translation import gettext

from qianjun.incident.instruction_models import Instruction, Opinion, Referral
from qianjun.incident.queries.instructions import (
    Due,
    due_next,
    due_of_referral,
    stage_now,
    stage_of_referral,
    whose,
)
from qianjun.incident.rules import instructions as rules
from qianjun.kernel.text import masked_phone

register = template.Library()
WORDS = {
    "way": rules.WAYS,
    "urgency": rules.URGENCIES,
    "how": rules.HOW,
    "reply": rules.REPLY_WAYS,
    "direction": rules.DIRECTIONS,
    "matter": rules.MATTERS,
    "stage": rules.STAGES | rules.REFERRAL_STAGES,
    "fed": rules.FED,
}


@register.filter
def worded(code: str, kind: str) -> str:
    """The word for a code of this kind: way, urgency, how, reply, direction, matter, stage, fed."""
    return gettext(WORDS[kind].get(code, code))


@register.filter
def phone(number: str) -> str:
    """A telephone as far as it is shown."""
    return masked_phone(number)


@register.filter
def lies(row: Instruction) -> str:
    """The code of where an instruction lies."""
    return stage_now(row)


@register.filter
def next_due(row: Instruction) -> Due | None:
    """What is due next about it."""
    return due_next(row)


@register.filter
def proposal(row: Instruction) -> Opinion | None:
    """The last proposal that stands."""
    rows = row.opinions.filter(kind=Opinion.Kind.PROPOSAL, withdrawn_at__isnull=True)
    return rows.order_by("-pk").first()


@register.filter
def how_far(row: Referral) -> str:
    """The code of how far a referral is."""
    return stage_of_referral(row)


@register.filter
def referral_due(row: Referral) -> Due | None:
    """Its chip."""
    return due_of_referral(row)


@register.filter
def has_it(row: Referral) -> str:
    """Who has a referral."""
    return whose(row)
