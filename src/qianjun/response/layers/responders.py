"""Where responders were last, while they are out: teams by name, volunteers without. 在外力量"""

from collections.abc import Iterator
from typing import Any, Final

from django.utils.translation import gettext

from qianjun.force.queries.positions import positions_seen
from qianjun.kernel import clock
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor

TITLE: Final = _("在外的队伍和志愿者")
PERMISSION: Final = "callout.read"
LIVE: Final = True
MOST: Final = 2_000
SAID: Final = _("%(team)s · %(at)s")


def features(*, seen_by: Actor) -> Iterator[dict[str, Any]]:
    """A point for each who is on the way or there and whose telephone said where. 在外位置"""
    for row in positions_seen(seen_by=seen_by)[:MOST]:
        said: dict[str, Any] = {"incident": str(row.incident_id), "ours": True}
        if row.team_call is not None:
            at = clock.in_beijing(row.at).strftime("%H:%M")
            said["name"] = gettext(SAID) % {"team": row.team_call.team.name, "at": at}
        yield {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [row.lon, row.lat]},
            "properties": said,
        }
