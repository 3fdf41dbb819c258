"""How a record may be handled, in templates. 标记标签"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import template
from django.utils.translation import gettext

from qianjun.journal.rules import MARKS, RECORDS
from qianjun.kernel import clock
from qianjun.kernel.words import noop as _
from qianjun.org.leaving import KINDS, LEAVES

register = template.Library()
READS = {
    "caller.phone": _("报告人号码"),
    "media.original": _("文件原件"),
    "phone.reveal": _("完整号码"),
    "phone.search": _("按号码查人"),
}
ABOUTS = {"address": _("联系方式"), "page": _("页面"), "phone": _("号码"), **RECORDS}


@register.inclusion_tag("part/mark.html")
def mark_tag(mark: str) -> dict[str, str]:
    """The mark as a tag: solid with a lock unless it is public."""
    return {"mark": mark, "said": gettext(MARKS.get(mark, mark))}


@register.filter
def mark_word(mark: str) -> str:
    """The word for a mark; internal when nothing was said."""
    return gettext(MARKS.get(mark or "internal", mark))


@register.filter
def on_day(instant: datetime) -> str:
    """The day in Beijing, for paper that is read on another one."""
    return f"{clock.in_beijing(instant):%Y-%m-%d}"


@register.filter
def read_word(what: str) -> str:
    """What was seen, or in which way it left the house."""
    if what.startswith(LEAVES):
        return gettext(KINDS.get(what.removeprefix(LEAVES), what))
    return gettext(READS.get(what, what))


@register.filter
def about_word(kind: str) -> str:
    """What kind of thing it was about."""
    return gettext(ABOUTS[kind]) if kind in ABOUTS else kind


@register.filter
def lookup(told: Mapping[str, Any], key: str) -> Any:  # noqa: ANN401  # whatever stands there
    """What stands under this key."""
    return told.get(key, "")
