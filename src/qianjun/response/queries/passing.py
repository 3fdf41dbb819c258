"""Texts that are made to be passed on: no names, no telephones, no numbers of people. 可转发文本"""

from django.utils.translation import gettext

from qianjun.plan.queries import card_for


def advice_for(category: str) -> str:
    """What the public should do in this kind of incident, from the plan; empty without one."""
    card = card_for(category) if category else None
    if card is None or not card.safety:
        return ""
    return gettext("【安全提示】%(advice)s") % {"advice": card.safety}
