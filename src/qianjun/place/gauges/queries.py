"""What the gauges show: the newest above the desk, the course of one. 查水情"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from qianjun.kernel import clock
from qianjun.org.actor import Actor, require
from qianjun.place.gauges import rules
from qianjun.place.gauges.table import gauges
from qianjun.place.models import Reading

LOOKED_BACK = timedelta(days=3)
NEWEST = 48
DAYS_MOST = 366
Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A gauge as it stands above the desk. 测站现状"""

    gauge: rules.Gauge
    now: Reading | None
    is_stale: bool
    per_hour: Decimal | None
    reached: rules.Mark | None
    next_mark: rules.Mark | None
    ahead: Reading | None

    @property
    def arrow(self) -> str:
        """Rising, falling or neither."""
        if self.per_hour is None or abs(self.per_hour) < rules.STEADY:
            return ""
        return "up" if self.per_hour > 0 else "down"

    @property
    def value(self) -> str:
        """The newest number with its unit, or the words."""
        return said(self.now)

    @property
    def ahead_said(self) -> str:
        """The forecast with its unit."""
        return said(self.ahead)

    @property
    def below(self) -> str:
        """How far below the next mark."""
        if self.next_mark is None or self.now is None or self.now.value is None:
            return ""
        return self.gauge.said(self.next_mark.value - self.now.value)

    @property
    def rate(self) -> str:
        """The change an hour, with its sign."""
        return f"{self.per_hour:+.{self.gauge.places}f}" if self.per_hour is not None else ""


def said(row: Reading | None) -> str:
    """The number with its unit, or the words. 读数"""
    if row is None:
        return ""
    return row.words if row.value is None else gauges()[row.gauge].said(row.value)


def standing() -> QuerySet[Reading]:
    """Readings that no correction stands for."""
    return Reading.objects.filter(corrected_by__isnull=True)


def shown_gauges(*, seen_by: Actor) -> tuple[Shown, ...]:
    """Every gauge with its newest reading and what is forecast; one statement. 水情天气"""
    require(seen_by, "gauge.read")
    return gauges_at(clock.now())


def gauges_at(now: datetime) -> tuple[Shown, ...]:
    """The same as it stood then, for whoever writes it down. 某时水情"""
    seen = Q(kind="observed", at__lte=now + rules.LATE, at__gte=now - LOOKED_BACK)
    ahead = Q(kind="forecast", at__gte=now - LOOKED_BACK, issued_at__gte=now - LOOKED_BACK)
    newest = Window(
        RowNumber(),
        partition_by=[F("gauge"), F("kind")],
        order_by=[F("issued_at").desc(nulls_last=True), F("at").desc(), F("pk").desc()],
    )
    rows = standing().filter(seen | ahead, gauge__in=gauges()).annotate(nth=newest)
    found: dict[tuple[str, str], list[Reading]] = {}
    for row in rows.filter(nth__lte=NEWEST).order_by("gauge", "kind", "nth"):
        found.setdefault((row.gauge, row.kind), []).append(row)
    return tuple(
        _shown(gauge, found.get((code, "observed"), []), found.get((code, "forecast"), []), now)
        for code, gauge in gauges().items()
    )


def _shown(gauge: rules.Gauge, seen: list[Reading], ahead: list[Reading], now: datetime) -> Shown:
    newest = seen[0] if seen else (ahead[0] if gauge.text and ahead else None)
    value = newest.value if newest else None
    since = (newest.issued_at or newest.at) if newest else now
    return Shown(
        gauge=gauge,
        now=newest,
        is_stale=newest is not None and rules.is_stale(gauge, since, now=now),
        # rain of an hour and the temperature go up and down: a trend is said of levels alone
        per_hour=rules.change_per_hour(_points(seen)) if gauge.marks else None,
        reached=rules.reached(gauge, value) if value is not None else None,
        next_mark=rules.next_mark(gauge, value) if value is not None else None,
        ahead=None if gauge.text else _highest(ahead, now),
    )


def _highest(ahead: list[Reading], now: datetime) -> Reading | None:
    """The highest that the last issue still forecasts."""
    issued = ahead[0].issued_at if ahead else None
    coming = [one for one in ahead if one.issued_at == issued and one.at > now and one.value]
    return max(coming, key=lambda one: one.value or 0, default=None)


def _points(rows: list[Reading]) -> list[rules.Point]:
    return [rules.Point(at=one.at, value=one.value) for one in rows if one.value is not None]


@dataclass(frozen=True, kw_only=True)
class Course:
    """The course of one gauge. 过程"""

    gauge: rules.Gauge
    chart: rules.Chart | None
    days: int


def course(*, seen_by: Actor, gauge: str, days: int) -> Course | None:
    """What it showed in these days and what the last issue forecasts. 过程线"""
    require(seen_by, "gauge.read")
    known = gauges().get(gauge)
    if known is None:
        return None
    now, days = clock.now(), min(max(days, 1), DAYS_MOST)
    since = now - timedelta(days=days)
    rows = standing().filter(gauge=gauge)
    seen = list(rows.filter(kind="observed", at__gte=since).order_by("at", "pk"))
    last = rows.filter(kind="forecast").order_by("-issued_at", "-pk").first()
    ahead = list(
        rows.filter(kind="forecast", issued_at=last.issued_at, at__gt=now).order_by("at", "pk")
        if last
        else []
    )
    drawn = rules.chart(known, _points(seen), _points(ahead), since=since, now=now)
    return Course(gauge=known, chart=drawn, days=days)


def readings(
    *, seen_by: Actor, gauge: str = "", since: datetime | None = None, newest_first: bool = True
) -> QuerySet[Reading]:
    """Readings, those that were corrected too. 读数"""
    require(seen_by, "gauge.read")
    rows = Reading.objects.select_related("corrected_by")
    rows = rows.filter(gauge=gauge) if gauge else rows
    rows = rows.filter(at__gte=since) if since else rows
    return rows.order_by("-at", "-pk") if newest_first else rows.order_by("at", "pk")


def told_until(until: datetime) -> Iterator[tuple[str, str]]:
    """What the gauges showed then, as a report writes it, with the row behind. 水情一段"""
    for one in gauges_at(until):
        if one.now is None or one.is_stale:
            continue
        at = clock.in_beijing(one.now.at)
        text = f"{one.gauge.zh}{one.value}（{one.now.source}{at:%m月%d日%H时%M分}）"
        over = f"，达到{one.reached.zh}" if one.reached else ""
        yield f"{text}{over}", f"reading:{one.now.pk}:{one.gauge.code}"


def reading_json(row: Reading) -> Json:
    """A reading as programs read it; the value is a decimal string. 读数"""
    later = getattr(row, "corrected_by", None)
    return {
        "id": str(row.pk),
        "gauge": row.gauge,
        "kind": row.kind,
        "at": row.at.isoformat(),
        "value": None if row.value is None else f"{row.value.normalize():f}",
        "words": row.words,
        "unit": gauges()[row.gauge].unit if row.gauge in gauges() else "",
        "issued_at": row.issued_at.isoformat() if row.issued_at else None,
        "source": row.source,
        "received_at": row.received_at.isoformat(),
        "corrects": str(row.corrects_id) if row.corrects_id else None,
        "corrected_by": str(later.pk) if later else None,
        "why": row.why,
    }


def gauge_json(one: Shown) -> Json:
    """A gauge as programs read it. 测站"""
    gauge = one.gauge
    return {
        "code": gauge.code,
        "name": {"zh": gauge.zh, "en": gauge.en},
        "unit": gauge.unit,
        "stale_after_s": gauge.stale_min * 60,
        "marks": [{"value": f"{m.value}", "zh": m.zh, "en": m.en} for m in gauge.marks],
        "latest": reading_json(one.now) if one.now else None,
        "stale": one.is_stale,
        "per_hour": None if one.per_hour is None else f"{one.per_hour:.3f}",
        "reached": f"{one.reached.value}" if one.reached else None,
        "forecast": reading_json(one.ahead) if one.ahead else None,
    }
