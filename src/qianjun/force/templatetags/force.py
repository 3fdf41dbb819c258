"""Numbers as people read them. 数字"""

from django import template

register = template.Library()


@register.filter
def grouped(number: int) -> str:
    """With a comma before every three digits: 68,945. 千分位"""
    return f"{number:,}"
