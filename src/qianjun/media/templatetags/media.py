"""What a file is, and why it is kept back, in the reader's language. 文件用语"""

from typing import Any

from django import template
from django.utils.translation import gettext

from qianjun.media.rules.reasons import KINDS, REASONS

register = template.Library()


@register.filter
def file_kind(file: dict[str, Any]) -> str:
    """Photo, film, sound, document. 种类"""
    return gettext(KINDS.get(file["kind"], KINDS["other"]))


@register.filter
def kept_why(file: dict[str, Any]) -> str:
    """Why it is kept back, and what to do. 隔离原因"""
    return gettext(REASONS.get(file["why"] or "", REASONS["unknown"]))
