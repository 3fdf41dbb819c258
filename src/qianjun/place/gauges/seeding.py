"""Two days of made-up readings for the demo, ending a few minutes ago. 演示水情"""

from datetime import datetime, timedelta
from decimal import Decimal
from math import sin

from django.conf import settings
from django.db import transaction

from qianjun.journal.bus import emit
from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.kernel.words import noop as _
from qianjun.org.actor import system
from qianjun.place.events import ReadingsTaken
from qianjun.place.models import Reading

HOURS, AHEAD, BEFORE_MIN = 48, 24, 12
RIVER, SKY = "演示水文中心", "演示气象台"
WORDS = "演示：今晚到明天多云转小雨，18 到 23 ℃，偏南风 2 级。"


@transaction.atomic
def seed_readings() -> int:
    """Readings of every gauge, once; refused in the realm live. 演示水情"""
    if settings.REALM not in ("demo", "drill"):
        raise Refused("not_a_demo", _("演示水情只能放进演示或演练环境。"), status=409)
    if Reading.objects.exists():
        return 0
    now = clock.now().replace(second=0, microsecond=0) - timedelta(minutes=BEFORE_MIN)
    rows = [one for n in range(HOURS + 1) for one in _hour(now - timedelta(hours=HOURS - n), n)]
    told = {"kind": "forecast", "issued_at": now, "received_at": now}
    rows += [
        Reading(
            gauge="river_level",
            at=now + timedelta(hours=n),
            value=_level(HOURS + n),
            source=RIVER,
            **told,
        )
        for n in range(3, AHEAD + 1, 3)
    ]
    rows.append(Reading(gauge="weather", at=now, words=WORDS, source=SKY, **told))
    made = Reading.objects.bulk_create(rows)
    last = made[-1]
    event = ReadingsTaken(reading_id=last.pk, gauge=last.gauge, count=len(made))
    emit(event, by=system(name="demo"), about=("gauge", last.gauge), body=WORDS)
    return len(made)


def _hour(at: datetime, n: int) -> list[Reading]:
    values = {
        "river_level": (_level(n), RIVER),
        "rain_1h": (Decimal(str(max(0, round(4 * sin(n / 5), 1)))), SKY),
        "rain_24h": (Decimal(str(round(18 + 6 * sin(n / 9), 1))), SKY),
        "temperature": (Decimal(str(round(20 + 3 * sin(n / 4), 1))), SKY),
    }
    return [
        Reading(gauge=code, kind="observed", at=at, value=value, source=source, received_at=at)
        for code, (value, source) in values.items()
    ]


def _level(n: int) -> Decimal:
    return Decimal(str(round(78.6 + 0.022 * n + 0.12 * sin(n / 6), 2)))
