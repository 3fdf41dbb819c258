"""Where the reports of the last day point. 最近的接报"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

from qianjun.incident.queries.seen import reports_seen
from qianjun.kernel import clock
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor

TITLE: Final = _("近 24 小时的接报")
PERMISSION: Final = "report.read_own"
LIVE: Final = True
SINCE: Final = timedelta(hours=24)
MOST: Final = 500


def features(*, seen_by: Actor) -> Iterator[dict[str, Any]]:
    """A point each, the newest first, as far as he may see them; no words of theirs."""
    since = clock.now() - SINCE
    rows = reports_seen(seen_by).filter(received_at__gte=since, lon__isnull=False)
    for row in rows.order_by("-received_at", "-pk")[:MOST]:
        yield {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [row.lon, row.lat]},
            "properties": {"name": row.number, "id": str(row.pk), "radius_m": row.radius_m},
        }
