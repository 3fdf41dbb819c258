"""Where people who were called meet, how many come, and when the first is expected. 集合地点"""

from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

from django.utils.translation import gettext

from qianjun.force.queries.counting import meeting_places
from qianjun.incident.rules.people import People
from qianjun.kernel import clock
from qianjun.kernel.text import mask_phones_in
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor

TITLE: Final = _("召集的集合地点")
PERMISSION: Final = "callout.read"
LIVE: Final = True
MOST: Final = 200
SAID: Final = _("需 %(need)s · 途 %(coming)s · 到 %(there)s")
SAID_WHEN: Final = _("需 %(need)s · 途 %(coming)s · 到 %(there)s · 最早预计 %(at)s 到")


def features(*, seen_by: Actor) -> Iterator[dict[str, Any]]:
    """A point for each call-out that runs; nobody's own position. 集合点"""
    for row, people in islice(meeting_places(seen_by=seen_by), MOST):
        yield {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [row.lon, row.lat]},
            "properties": {
                "name": f"{mask_phones_in(row.place)}\n{_said(people)}",
                "id": str(row.pk),
                "incident": str(row.incident_id),
                "ours": True,
            },
        }


def _said(people: People) -> str:
    numbers = {"need": people.need, "coming": people.coming, "there": people.on_scene}
    if people.soonest is None:
        return gettext(SAID) % numbers
    at = clock.in_beijing(people.soonest).strftime("%H:%M")
    return gettext(SAID_WHEN) % {**numbers, "at": at}
