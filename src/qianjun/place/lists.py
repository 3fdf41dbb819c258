"""Lists of the place module that are taken out: readings. 地点清单"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

from qianjun.kernel import clock
from qianjun.kernel.sheets import Column, Table
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor
from qianjun.org.listing.kinds import ROWS_MOST, Asked, listing
from qianjun.place.gauges import rules
from qianjun.place.gauges.queries import DAYS_MOST, readings
from qianjun.place.gauges.table import gauges

DIGITS_MOST: Final = 3
READINGS: Final = Table(
    name="readings",
    columns=(
        Column(field="gauge", zh=_("测站")),
        Column(
            field="kind",
            zh=_("种类"),
            kind="choice",
            choices={word: code for code, word in rules.KINDS.items()},
        ),
        Column(field="at", zh=_("时间"), kind="instant"),
        Column(field="value", zh=_("读数"), kind="decimal"),
        Column(field="unit", zh=_("计量单位")),
        Column(field="words", zh=_("文字"), max_chars=200),
        Column(field="issued_at", zh=_("发布时间"), kind="instant"),
        Column(field="source", zh=_("来源")),
        Column(field="received_at", zh=_("收到时间"), kind="instant"),
        Column(field="stands", zh=_("是否有效"), kind="bool"),
        Column(field="why", zh=_("更正理由"), max_chars=200),
    ),
)


@listing(name="readings", zh=_("水情天气读数"), permission="gauge.read", table=READINGS)
def reading_rows(by: Actor, asked: Asked) -> Iterator[dict[str, Any]]:
    """The readings of the gauge and days that the page shows. 读数"""
    days = asked.get("days", "")
    plain = days.isascii() and days.isdigit() and len(days) <= DIGITS_MOST
    since = clock.now() - timedelta(days=min(int(days), DAYS_MOST) if plain else DAYS_MOST)
    rows = readings(seen_by=by, gauge=asked.get("gauge", ""), since=since)
    for row in rows[: ROWS_MOST + 1]:
        known = gauges().get(row.gauge)
        yield {
            "gauge": known.zh if known else row.gauge,
            "kind": row.kind,
            "at": row.at,
            "value": row.value,
            "unit": known.unit if known else "",
            "words": row.words,
            "issued_at": row.issued_at,
            "source": row.source,
            "received_at": row.received_at,
            "stands": getattr(row, "corrected_by", None) is None,
            "why": row.why,
        }
