"""Take readings in, correct one. 记读数"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from qianjun.journal.bus import emit
from qianjun.journal.locks import one_at_a_time
from qianjun.kernel import clock
from qianjun.kernel.clock import in_beijing
from qianjun.kernel.errors import FieldError, Refused
from qianjun.kernel.fields import refused_field, words
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor, key_of, not_found, require
from qianjun.place.events import ReadingCorrected, ReadingsTaken
from qianjun.place.gauges import rules
from qianjun.place.gauges.table import gauges
from qianjun.place.models import Reading

ROWS_MOST = 1000
WORDS_MOST, SOURCE_MOST, WHY_MOST = 200, 40, 200


@dataclass(frozen=True, kw_only=True)
class Told:
    """A reading as somebody tells it; ``sure`` says that a sudden change was looked at. 读数"""

    gauge: str
    value: str = ""
    words: str = ""
    kind: str = "observed"
    at: datetime | None = None
    issued_at: datetime | None = None
    source: str = ""
    sure: bool = False


@dataclass(frozen=True, kw_only=True)
class Taken:
    """The rows that stand for what was told, and how many of them are new."""

    rows: tuple[Reading, ...]
    made: int


@transaction.atomic(savepoint=False)
def take_readings(*, by: Actor, told: Sequence[Told]) -> Taken:
    """All of them or none; what is known already is not written twice. 记读数

    422 names the row and field: ``unknown_value``, ``out_of_range``, ``bad_time``, ``jump``;
    409 ``differs`` when another value stands at that time.
    """
    require(by, "gauge.write")
    if not 1 <= len(told) <= ROWS_MOST:
        raise refused_field("readings", "out_of_bounds", _("一次要有 1 至 1000 条读数。"))
    one_at_a_time("place.readings")  # so that the same reading is not written twice
    made, rows = 0, []
    for n, one in enumerate(told):
        try:
            row, is_new = _take(one)
        except Refused as refused:
            raise (refused if len(told) == 1 else _named(n, refused)) from refused
        rows.append(row)
        made += is_new
    if made:
        last = rows[-1]
        event = ReadingsTaken(reading_id=last.pk, gauge=last.gauge, count=made)
        emit(event, by=by, about=("gauge", last.gauge), body=_said(last))
    return Taken(rows=tuple(rows), made=made)


def _named(n: int, refused: Refused) -> Refused:
    """The refusal of one row of several says which row it was."""
    fields = tuple(
        FieldError(field=f"readings.{n}.{one.field}", code=one.code, zh=one.zh)
        for one in refused.fields
    )
    return Refused(refused.code, refused.zh, status=refused.status, fields=fields)


def _take(told: Told) -> tuple[Reading, bool]:
    row, gauge = _read(told), gauges()[told.gauge]
    same = Reading.objects.filter(
        gauge=row.gauge, kind=row.kind, at=row.at, issued_at=row.issued_at
    ).filter(corrected_by__isnull=True)
    if known := same.first():
        if (known.value, known.words) == (row.value, row.words):
            return known, False
        zh = _("这个测站这个时刻已有不同的读数，要改请用更正。")
        raise Refused("differs", zh, status=409)
    if row.value is not None and row.kind == "observed" and not told.sure:
        before = _before(row)
        if rules.jumps(gauge, row.value, at=row.at, before=before):
            zh = _("比前一条变化太快，请核对；确认无误的，勾选“确认无误”再记。")
            raise refused_field("value", "jump", zh)
    row.save()
    return row, True


def _read(told: Told) -> Reading:
    gauge = gauges().get(told.gauge)
    if gauge is None:
        raise refused_field("gauge", "unknown_value", _("没有这个测站。"))
    if told.kind not in rules.KINDS:
        raise refused_field("kind", "unknown_value", _("种类只能是实测或预报。"))
    now = clock.now()
    at = (told.at or now).replace(second=0, microsecond=0)
    issued = told.issued_at.replace(second=0, microsecond=0) if told.issued_at else None
    issued = (issued or at) if gauge.text and told.kind == "forecast" else issued
    if fault := rules.bad_times(told.kind, at, issued, now=now):
        raise refused_field(fault.field, fault.code, fault.zh)
    return Reading(
        gauge=gauge.code,
        kind=told.kind,
        at=at,
        value=None if gauge.text else _value(gauge, told.value),
        words=words("words", told.words, most=WORDS_MOST) if gauge.text else "",
        issued_at=issued if told.kind == "forecast" else None,
        source=words("source", told.source or gauge.source, most=SOURCE_MOST),
        received_at=now,
    )


def _value(gauge: rules.Gauge, typed: str) -> Decimal:
    value = rules.number_of(typed)
    if value is None:
        raise refused_field("value", "not_a_number", _("请填一个数字，例如 79.84。"))
    if fault := rules.bad_value(gauge, value):
        raise refused_field(fault.field, fault.code, fault.zh)
    return value.quantize(Decimal(1).scaleb(-gauge.places))


def _before(row: Reading) -> rules.Point | None:
    rows = Reading.objects.filter(gauge=row.gauge, kind="observed", at__lt=row.at)
    found = rows.filter(corrected_by__isnull=True).order_by("-at", "-pk").first()
    return (
        rules.Point(at=found.at, value=found.value) if found and found.value is not None else None
    )


def _said(row: Reading) -> str:
    gauge = gauges()[row.gauge]
    what = row.words if row.value is None else gauge.said(row.value)
    kind = "预报" if row.kind == "forecast" else ""
    return f"{gauge.zh}{kind} {what}（{row.source} {in_beijing(row.at):%m-%d %H:%M}）"


@transaction.atomic(savepoint=False)
def correct_reading(
    *, by: Actor, reading_id: str | int, why: str, value: str = "", text: str = ""
) -> Reading:
    """Another value stands for a wrong one, which stays and is struck through. 更正读数

    404 for none; 409 ``already_corrected`` when a newer one stands for it.
    """
    require(by, "gauge.write")
    reason = words("why", why, most=WHY_MOST)
    old = Reading.objects.select_for_update().filter(pk=key_of(reading_id)).first()
    if old is None or old.gauge not in gauges():
        raise not_found()
    if Reading.objects.filter(corrects=old).exists():
        raise Refused("already_corrected", _("这一条已经更正过，请更正最新的一条。"), status=409)
    gauge = gauges()[old.gauge]
    row = Reading.objects.create(
        gauge=old.gauge,
        kind=old.kind,
        at=old.at,
        value=None if gauge.text else _value(gauge, value),
        words=words("words", text, most=WORDS_MOST) if gauge.text else "",
        issued_at=old.issued_at,
        source=old.source,
        received_at=clock.now(),
        corrects=old,
        why=reason,
    )
    event = ReadingCorrected(reading_id=row.pk, corrected=old.pk, gauge=row.gauge)
    body = f"{_said(old)} → {_said(row)}：{reason}"
    emit(event, by=by, about=("gauge", row.gauge), body=body)
    return row
