"""How a task stands, in templates. 任务标签"""

from django import template
from django.utils.translation import gettext

from qianjun.incident.models import Task
from qianjun.incident.queries.tasks import has_no_contact, overdue, stage_of
from qianjun.incident.rules.tasks import STAGES, STEPS

register = template.Library()


@register.filter
def stage(row: Task) -> str:
    """The code of how far it is."""
    return stage_of(row)


@register.filter
def stage_word(code: str) -> str:
    """How far it is, in words."""
    return gettext(STAGES[code]) if code in STAGES else code


@register.filter
def step_word(code: str) -> str:
    """What somebody did, in words."""
    return gettext(STEPS[code]) if code in STEPS else code


@register.filter
def late(row: Task) -> bool:
    """Whether its time went by before its end."""
    return overdue(row)


@register.filter
def no_contact(row: Task) -> bool:
    """Whether no message reaches those who have it."""
    return has_no_contact(row)
