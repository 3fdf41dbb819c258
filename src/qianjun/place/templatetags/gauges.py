"""How gauges are named on pages. 测站名称"""

from collections.abc import Iterable

from django import template
from django.utils.translation import get_language

from qianjun.place.gauges.queries import Shown, said
from qianjun.place.gauges.rules import Gauge, Mark
from qianjun.place.models import Reading

register = template.Library()


@register.filter
def gauge_name(named: Gauge | Mark) -> str:
    """The name of a gauge or mark in the reader's language."""
    return named.en if (get_language() or "").startswith("en") else named.zh


@register.filter
def any_reading(shown: Iterable[Shown]) -> bool:
    """Whether any gauge has shown something lately."""
    return any(one.now is not None for one in shown)


@register.filter
def reading(row: Reading) -> str:
    """The number with its unit, or the words."""
    return said(row)
