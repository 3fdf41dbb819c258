"""What stands around every page: who, where, when, which realm. 页面框架"""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Final

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.utils.translation import get_language, gettext

from qianjun.kernel import clock
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor
from qianjun.org.http import actor_of
from qianjun.org.models import Unit
from qianjun.org.roles import ROLES
from qianjun.org.store import text_setting
from qianjun.site import spans
from qianjun.site.rail import Entry, Link, entries

REALM_WORDS: Final = {"live": "", "demo": _("演示"), "drill": _("演练")}
REALM_NOTES: Final = {
    "live": "",
    "demo": _("【演示】人员、号码、坐标均为虚构，不计入统计"),
    "drill": _("【演练】不计入统计"),
}
THEME_COOKIE: Final = "theme"


@dataclass(frozen=True)
class Frame:
    """Read by the base template; each part is asked for at most once. 框架"""

    request: HttpRequest

    @cached_property
    def realm(self) -> str:
        """live, demo or drill."""
        return str(settings.REALM)

    @cached_property
    def realm_word(self) -> str:
        """The word in the bar; empty when this is no exercise."""
        word = REALM_WORDS[self.realm]
        return gettext(word) if word else ""

    @cached_property
    def realm_note(self) -> str:
        """What stands above a printed page."""
        note = REALM_NOTES[self.realm]
        return gettext(note) if note else ""

    @cached_property
    def dark(self) -> bool:
        """Whether this browser has asked for the dark room."""
        return self.request.COOKIES.get(THEME_COOKIE) == "dark"

    @cached_property
    def now(self) -> datetime:
        """Domain time, from which the page's clock goes on."""
        return clock.now()

    @cached_property
    def speed(self) -> float:
        """How many seconds of the house pass in one of the page."""
        return clock.speed()

    @cached_property
    def actor(self) -> Actor | None:
        """Who has signed in."""
        user = getattr(self.request, "user", None)
        return actor_of(self.request) if user is not None and user.is_authenticated else None

    @cached_property
    def name(self) -> str:
        """The name of who has signed in; his own, so unmasked."""
        return self.actor.name if self.actor else ""

    @cached_property
    def role(self) -> str:
        """The word for his role."""
        word = ROLES.get(self.actor.role, "") if self.actor else ""
        return gettext(word) if word else ""

    @cached_property
    def bureau(self) -> str:
        """The name of the house that the administrator has chosen, or nothing."""
        return text_setting("org", "bureau_name")

    @cached_property
    def unit(self) -> str:
        """The name of the house, else of the unit of who has signed in."""
        if self.actor is None or self.actor.unit is None:
            return ""
        if self.bureau:
            return self.bureau
        if came := getattr(self.request.user, "unit_name", None):
            return str(came)
        return Unit.objects.filter(pk=self.actor.unit).values_list("name", flat=True).first() or ""

    @cached_property
    def may(self) -> dict[str, bool]:
        """Which of the rail's pages he may open, and whether he hears what happens."""
        by = self.actor
        pages = {one.url: self._opens(one) for one in entries()}
        asked = {"listen": "live.listen", "search": "search.ask"}
        return pages | {name: by is not None and by.may(one) for name, one in asked.items()}

    def _opens(self, entry: Entry) -> bool:
        by = self.actor
        if by is None or self.realm not in entry.realms or not by.may(entry.permission):
            return False
        return not (entry.unless and by.may(entry.unless))

    @cached_property
    def said(self) -> dict[str, Any]:
        """What the page before leaves word of: every fault, and the last thing that was done."""
        found = list(get_messages(self.request))
        well = [one for one in found if one.level_tag != "error"]
        faults = [one for one in found if one.level_tag == "error"]
        return {"faults": faults, "last": well[-1] if well else None}

    @cached_property
    def may_show(self) -> bool:
        """Whether a story may be shown to him here: only in the realm demo."""
        return self.realm == "demo" and self.actor is not None and self.actor.may("show.read")

    @cached_property
    def may_export(self) -> bool:
        """Whether he may take lists out."""
        return self.actor is not None and self.actor.may("list.export")

    @cached_property
    def rail(self) -> list[Link]:
        """The entries that he may open, in his language; the page's own is marked. 导航"""
        match, language = self.request.resolver_match, get_language() or ""
        here = (match.url_name if match else None) or ""
        return [
            Link(
                url=one.url,
                icon=one.icon,
                word=one.said_in(language),
                current=one.covers(here),
            )
            for one in entries()
            if self.may[one.url]
        ]

    @cached_property
    def words(self) -> dict[str, str]:
        """The sentences of the scripts."""
        return spans.words()


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor: nothing is read until a template asks."""
    return {"frame": Frame(request)}
