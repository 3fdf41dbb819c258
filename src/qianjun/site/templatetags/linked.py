"""What the forms of link pages carry, and links that a phone can photograph. 链接页标签"""

from typing import Any
from uuid import uuid4

import segno
from django import template
from django.template import Context
from django.utils.safestring import SafeString

register = template.Library()


@register.inclusion_tag("link/act.html", takes_context=True)
def act(context: Context, name: str) -> dict[str, Any]:
    """The hidden fields of a form that acts; its id makes a second press the same act. 操作字段"""
    return {"act": name, "act_id": str(uuid4()), "link": context["link"]}


@register.filter
def qr(link: str) -> SafeString:
    """An address as a picture that a phone's camera opens, drawn in the page. 二维码"""
    drawn = segno.make(link, error="m", micro=False)
    return SafeString(drawn.svg_inline(border=4, light="white", svgclass="qr", omitsize=True))
