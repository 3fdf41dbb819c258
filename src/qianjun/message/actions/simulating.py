"""Play the simulated world: carrier, people, their phones. 模拟"""

from collections.abc import Iterable

from django.conf import settings
from django.db import transaction

from qianjun.journal.bus import emit
from qianjun.kernel import clock
from qianjun.kernel.coordinates import Crs, to_wgs84
from qianjun.kernel.errors import FieldError, Refused
from qianjun.kernel.text import clean
from qianjun.kernel.words import noop as _
from qianjun.media.queries import free_file
from qianjun.message.channels.simulated import CHANNEL
from qianjun.message.events import CarrierSwitched, PeopleSwitched
from qianjun.message.models import Carrier, CarrierReply, CarrierRow, SimulatedPeople
from qianjun.message.people import people_now, wake_carrier
from qianjun.message.receipts import receive
from qianjun.org.actor import Actor, not_found, require
from qianjun.org.models import Person


@transaction.atomic(savepoint=False)
def switch_carrier(
    *,
    by: Actor,
    channel: str,
    down: bool | None = None,
    delay_s: float | None = None,
    loss: float | None = None,
    repeat_receipts: int | None = None,
) -> Carrier:
    """Have the simulated carrier serve a channel well or badly; what is not said stays. 设通道"""
    _simulates(by)
    wanted = {"down": down, "delay_s": delay_s, "loss": loss, "repeat_receipts": repeat_receipts}
    fields = {name: value for name, value in wanted.items() if value is not None}
    row, _made = Carrier.objects.update_or_create(channel=channel, defaults=fields)
    emit(
        CarrierSwitched(
            channel=channel,
            down=row.down,
            delay_ms=round(row.delay_s * 1000),
            loss_permille=round(row.loss * 1000),
            repeat_receipts=row.repeat_receipts,
        ),
        by=by,
    )
    return row


@transaction.atomic(savepoint=False)
def switch_people(
    *,
    by: Actor,
    auto: bool | None = None,
    accept_rate: float | None = None,
    delay_s: float | None = None,
    silent: Iterable[int] | None = None,
) -> SimulatedPeople:
    """Have the simulated people answer by themselves or not; what is not said stays. 设模拟人员"""
    _simulates(by)
    row = people_now()
    row.auto = row.auto if auto is None else auto
    row.accept_rate = row.accept_rate if accept_rate is None else accept_rate
    row.delay_s = row.delay_s if delay_s is None else delay_s
    row.silent = row.silent if silent is None else _known_people(silent)
    SimulatedPeople.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["auto", "accept_rate", "delay_s", "silent"],
    )
    emit(
        PeopleSwitched(
            auto=row.auto,
            accept_permille=round(row.accept_rate * 1000),
            delay_ms=round(row.delay_s * 1000),
            silent_count=len(row.silent),
        ),
        by=by,
    )
    return row


def _known_people(wanted: Iterable[int]) -> list[int]:
    idents = sorted(set(wanted))
    if Person.objects.filter(pk__in=idents).count() != len(idents):
        raise _wrong("silent", "unknown_person", _("名单里有不存在的人员。"))
    return idents


@transaction.atomic(savepoint=False)
def reply_as(
    *,
    by: Actor,
    channel: str,
    from_value: str,
    text: str = "",
    lon: float | None = None,
    lat: float | None = None,
    crs: Crs = "wgs84",
    file: str | int | None = None,
) -> CarrierReply:
    """Send a text, a position, a file or all of them from a simulated phone. 代答

    The carrier hands it over a moment later. ``file`` was uploaded by the caller himself and is
    part of nothing yet.
    """
    _simulates(by)
    if channel not in CHANNEL.about.carries:
        raise _wrong("channel", "unknown_value", _("不在允许的取值之内。"))
    if not CHANNEL.accepts(from_value):
        raise _wrong("from", "not_simulated", _("只能用演示号码：100 加 8 位数字。"))
    if (lon is None) != (lat is None):
        raise _wrong("lon" if lon is None else "lat", "missing", _("经度和纬度要一起给出。"))
    said = clean(text).text.strip()
    held = None if file is None else _free_file(by, file)
    if not said and lon is None and held is None:
        raise _wrong("text", "empty_reply", _("请写内容，或附上位置、文件。"))
    if lon is not None and lat is not None:
        lon, lat = to_wgs84(lon, lat, crs=crs)
    row = CarrierReply.objects.create(
        channel=channel,
        from_value=from_value,
        text=said,
        lon=lon,
        lat=lat,
        file=held,
        sent_at=clock.now(),
    )
    wake_carrier()
    return row


def _free_file(by: Actor, file: str | int) -> int:
    """The number of a file that he has uploaded and that nobody has sent or put anywhere yet."""
    row = free_file(by=by, file_id=file)
    if row is None or CarrierReply.objects.filter(file=row.pk).exists():
        zh = _("没有这个文件，或已经用过。请先上传，再填上传得到的文件编号。")
        raise _wrong("file", "unknown_file", zh)
    return row.pk


def open_as(*, by: Actor, row: int) -> bool:
    """Open a delivered message on a simulated phone; whether that was news. 代读"""
    _simulates(by)
    shown = CarrierRow.objects.filter(pk=row, state="delivered").first()
    if shown is None:
        raise not_found()
    return receive(shown.ref, "opened", clock.now())


def _simulates(by: Actor) -> None:
    """Refuse whoever may not use the simulator, and everybody in the realm live."""
    if settings.REALM == "live":
        raise not_found()
    require(by, "simulator.use")


def _wrong(field: str, code: str, zh: str) -> Refused:
    return Refused(code, zh, fields=(FieldError(field=field, code=code, zh=zh),))
