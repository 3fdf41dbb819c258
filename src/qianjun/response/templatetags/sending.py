"""What tells two sendings of one form from two forms, for templates. 表单键"""

from collections.abc import Mapping

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from qianjun.org.http import new_key

register = template.Library()


@register.simple_tag
def form_key(typed: Mapping[str, str] | str = "") -> SafeString:
    """The hidden key of a form; the one that it had when it is shown again. 表单键"""
    known = typed.get("key", "") if isinstance(typed, Mapping) else ""
    return format_html('<input type="hidden" name="key" value="{}">', known or new_key())
