"""Icons, chips and times in templates. 模板标签"""

from datetime import datetime
from typing import Any, Protocol

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from qianjun.kernel import clock
from qianjun.org.roles import ROLES
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
def since(instant: datetime) -> dict[str, Any]:
    """How long ago this was, counting on."""
    elapsed_s = (clock.now() - instant).total_seconds()
    return {"instant": instant, "said": spans.minutes(elapsed_s)}


@register.filter
def hhmm(instant: datetime | None) -> str:
    """The time of day; with the date when it was not today. 时刻"""
    if instant is None:
        return "–"
    local, today = clock.in_beijing(instant), clock.in_beijing(clock.now()).date()
    return f"{local:%H:%M}" if local.date() == today else f"{local:{DAY}}"


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
