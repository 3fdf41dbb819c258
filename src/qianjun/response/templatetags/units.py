"""Units as pages call them. 单位名称"""

from collections.abc import Mapping

from django import template

register = template.Library()


@register.filter
def named(names: Mapping[str, str], code: str) -> str:
    """The name behind a code, else the code itself. 名称"""
    return names.get(code, code)
