"""Icons, chips and times in templates. 模板标签"""

from datetime import datetime
from typing import Any, Protocol

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from qianjun.incident.queries import category_said
from qianjun.incident.rules.figures import FIGURES
from qianjun.incident.rules.grading import GRADES
from qianjun.incident.rules.holding import HOLDS
from qianjun.journal.rules import DEADLINES
from qianjun.kernel import clock
from qianjun.kernel.text import mask_phones_in
from qianjun.kernel.words import noop as _
from qianjun.message.rules import CHANNELS
from qianjun.org.roles import ROLES
from qianjun.org.rules import masked_name as masked_person
from qianjun.org.seeding import PEOPLE, Somebody, demo_password
from qianjun.site import spans


class Due(Protocol):
    """A deadline, whoever keeps it."""

    @property
    def started_at(self) -> datetime: ...  # noqa: D102
    @property
    def due_at(self) -> datetime: ...  # noqa: D102
    @property
    def met_at(self) -> datetime | None: ...  # noqa: D102


register = template.Library()
SPRITE = "vendor/icons.svg"
DAY = "%m-%d %H:%M"
KINDS = {"fact": _("事实"), "order": _("命令"), "feedback": _("反馈"), "system": _("系统")}


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """A decoration beside a word, from the sprite."""
    return format_html(
        '<svg class="i{}" aria-hidden="true"><use href="{}#{}"></use></svg>',
        f" i-{size}" if size else "",
        static(SPRITE),
        name,
    )


@register.inclusion_tag("part/due.html")
def due(deadline: Due, name: str = "") -> dict[str, Any]:
    """The chip of anything with ``started_at``, ``due_at``, ``met_at``."""
    started_at, due_at, met_at = deadline.started_at, deadline.due_at, deadline.met_at
    shown = spans.chip(started_at=started_at, due_at=due_at, met_at=met_at, now=clock.now())
    return {"deadline": deadline, "chip": shown, "name": name}


@register.inclusion_tag("part/since.html")
def since(instant: datetime | str) -> dict[str, Any]:
    """How long ago this was, counting on."""
    instant = _instant(instant)
    elapsed_s = (clock.now() - instant).total_seconds()
    return {"instant": instant, "said": spans.minutes(elapsed_s)}


def _instant(said: datetime | str) -> datetime:
    return datetime.fromisoformat(said) if isinstance(said, str) else said


@register.filter
def hhmm(instant: datetime | str | None) -> str:
    """The time of day; with the date when it was not today. 时刻"""
    if not instant:
        return "–"
    instant = _instant(instant)
    local, today = clock.in_beijing(instant), clock.in_beijing(clock.now()).date()
    return f"{local:%H:%M}" if local.date() == today else f"{local:{DAY}}"


@register.filter
def hhmmss(instant: datetime) -> str:
    """The time of day to the second."""
    return f"{clock.in_beijing(instant):%H:%M:%S}"


@register.filter
def iso(instant: datetime | None) -> str:
    """The instant for a machine."""
    return instant.isoformat() if instant else ""


@register.filter
def probability(value: float | None) -> str:
    """Two decimals, or a dash."""
    return "–" if value is None else f"{value:.2f}"


@register.filter
def metres(value: float | None) -> str:
    """A distance as people say it."""
    if value is None:
        return "–"
    return f"{value / 1000:.1f} km" if value >= 1000 else f"{value:.0f} m"


@register.filter
def category(code: str) -> str:
    """The name of an event type in the reader's language."""
    return category_said(code)


@register.filter
def figure(kind: str) -> str:
    """The word for a kind of figure."""
    return gettext(FIGURES.get(kind, kind))


@register.inclusion_tag("part/grade.html")
def grade(value: int | None, asked: bool = False) -> dict[str, Any]:
    """A grade as hollow shape and word; dashed when it is only suggested."""
    return {"n": value, "asked": asked, "said": GRADES.get(value or 0, "")}


@register.filter
def grade_name(value: int | None) -> str:
    """The word for a grade."""
    return gettext(GRADES[value]) if value in GRADES else "–"


@register.filter
def deadline(kind: str) -> str:
    """The word for a kind of deadline."""
    return gettext(DEADLINES.get(kind, kind))


@register.filter
def hold(kind: str) -> str:
    """The word for what keeps an incident open."""
    return gettext(HOLDS.get(kind, kind))


@register.filter
def kind_word(line: dict[str, str]) -> str:
    """The word for a line's kind."""
    return gettext(KINDS.get(line["kind"], line["kind"]))


@register.filter
def masked(text: str) -> str:
    """What somebody said, without whole telephone numbers."""
    return mask_phones_in(text)


@register.filter
def masked_name(name: str) -> str:
    """Somebody's name as far as it is shown."""
    return masked_person(name)


@register.filter
def channel(code: str) -> str:
    """The word for a way of sending."""
    return gettext(CHANNELS.get(code, code))


@register.filter
def word(text: str) -> str:
    """A catalogue word that a rule gave."""
    return gettext(text) if text else ""


@register.filter
def role(code: str) -> str:
    """The word for a role."""
    return gettext(ROLES[code]) if code in ROLES else code


@register.filter
def spoken(line: dict[str, str]) -> str:
    """The sentence of a timeline's line in the reader's language."""
    return line["text_en" if get_language() == "en" else "text_zh"]


@register.simple_tag
def demo_accounts() -> list[Somebody]:
    """Who may sign in at a demonstration; nobody elsewhere."""
    return [one for one in PEOPLE if one.login] if demo_password() else []


@register.simple_tag
def demo_password_shown() -> str:
    """The one password of the demonstration."""
    return demo_password() or ""
