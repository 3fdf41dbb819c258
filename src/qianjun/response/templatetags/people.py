"""How many people are still missing, for pages. 缺人"""

from collections.abc import Mapping

from django import template

from qianjun.incident.rules.people import People

register = template.Library()


@register.filter
def missing(counts: Mapping[str, int]) -> int:
    """The gap between need and who comes or is there, of the counts of a card. 缺"""
    names = ("need", "coming", "on_scene")
    need, coming, there = (counts[name] for name in names)
    return People(need=need, coming=coming, on_scene=there).gap
