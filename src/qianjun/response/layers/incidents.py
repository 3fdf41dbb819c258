"""Open incidents that are placed. 处置中的事件"""

from collections.abc import Iterator
from typing import Any, Final

from qianjun.incident.queries import open_incidents
from qianjun.kernel.text import mask_phones_in
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor

TITLE: Final = _("处置中的事件")
PERMISSION: Final = "incident.read"
LIVE: Final = True
MOST: Final = 500


def features(*, seen_by: Actor) -> Iterator[dict[str, Any]]:
    """A point each, the newest first, as far as he may see them."""
    for row in open_incidents(seen_by=seen_by).filter(lon__isnull=False)[:MOST]:
        yield {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [row.lon, row.lat]},
            "properties": {
                "name": mask_phones_in(row.title),
                "id": str(row.pk),
                "radius_m": row.radius_m,
            },
        }
