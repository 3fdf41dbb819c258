"""Enough: tell those who need not come; all over: tell everybody; end when all are back. 停召"""

from collections.abc import Iterable

from django.db import transaction
from django.db.models.expressions import RawSQL

from qianjun.force.actions.holding import held_callout, must_be_current
from qianjun.force.actions.mandates import end_mandate
from qianjun.force.actions.positions import forget_positions
from qianjun.force.callout_events import CallOutEnded, CallOutEnough, CallOutStoodDown
from qianjun.force.models import Called, CallOut, Volunteer, Wave
from qianjun.force.queries.callouts import matter_of, still_out
from qianjun.force.rules.answering import out
from qianjun.incident.actions import lift_hold
from qianjun.journal.bus import emit
from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.kernel.text import clean
from qianjun.kernel.words import noop as _
from qianjun.message.actions import send_many, stop_spreading
from qianjun.message.rules import STAND_DOWN
from qianjun.org.actor import Actor, require
from qianjun.org.links import end_links

REASON_MOST = 500


@transaction.atomic(savepoint=False)
def enough(*, by: Actor, callout_id: str | int, version: int | None = None) -> CallOut:
    """Enough people come: everybody who has not said yes is told not to. 够了·停召

    The links of those who come stay open; again changes nothing.
    """
    require(by, "callout.call")
    row = held_callout(by, callout_id)
    if row.enough_at is not None or row.stood_down_at is not None or row.ended_at is not None:
        return row
    must_be_current(row, version)
    if row.confirmed_at is None:
        raise Refused("nothing_sent", _("还没有通知任何人，不用停召。"), status=409)
    _want_nobody_more(row, "enough", by=by)
    others = [one for one in _sent(row) if one.accepted_at is None and one.arrived_at is None]
    count = _release(row, others, word="enough", by=by)
    _mark(row, "enough_at")
    event = CallOutEnough(callout_id=row.pk, count=count)
    emit(event, by=by, incident=row.incident_id, about=("callout", str(row.pk)))
    lift_when_back(row)
    return row


@transaction.atomic(savepoint=False)
def stand_down(*, by: Actor, callout_id: str | int, version: int | None = None) -> CallOut:
    """Nobody is wanted: who is on his way turns back, who is there goes home when he can. 解除"""
    require(by, "callout.call")
    row = held_callout(by, callout_id)
    if row.stood_down_at is not None or row.ended_at is not None:
        return row
    must_be_current(row, version)
    _want_nobody_more(row, "stood_down", by=by)
    waiting = [one for one in _sent(row) if one.arrived_at is None and not one.home_at]
    count = _release(row, waiting, word="stand_down", by=by)
    _mark(row, "stood_down_at")
    forget_positions(row, but_there=True)
    event = CallOutStoodDown(callout_id=row.pk, count=count)
    emit(event, by=by, incident=row.incident_id, about=("callout", str(row.pk)))
    lift_when_back(row)
    return row


@transaction.atomic(savepoint=False)
def end_callout(*, by: Actor, callout_id: str | int, reason: str = "") -> CallOut:
    """Everybody is back: the links end, the incident is held no more. 结束召集

    409 ``people_out`` while somebody is not back, unless the officer says how he knows of them.
    """
    require(by, "callout.call")
    row = held_callout(by, callout_id)
    if row.ended_at is not None:
        return row
    why, missing = clean(reason).text.strip()[:REASON_MOST], still_out(row)
    if missing and not why:
        zh = _("还有 %(count)s 人没有离场或到家；逐一问到后写明情况，再结束。")
        words = {"count": missing}
        raise Refused("people_out", zh, status=409, words=words, extra={"out": missing})
    _want_nobody_more(row, "ended", by=by)
    _release(row, [one for one in _sent(row) if one.accepted_at is None], word="end", by=by)
    _free(row, list(_sent(row, released=True)))
    _mark(row, "ended_at")
    forget_positions(row)
    about = ("callout", str(row.pk))
    end_links(about)
    lift_hold(about=about)
    came = Called.objects.filter(callout=row, arrived_at__isnull=False).count()
    event = CallOutEnded(callout_id=row.pk, came=came, unaccounted=missing)
    emit(event, by=by, incident=row.incident_id, about=about, body=why)
    return row


def lift_when_back(row: CallOut) -> bool:
    """The incident is held no more once nobody is wanted and nobody is out. 解除挂起"""
    over = row.state in ("enough", "stood_down", "ended")
    if not over or still_out(row):
        return False
    return lift_hold(about=("callout", str(row.pk))) > 0


def _mark(row: CallOut, field: str) -> None:
    setattr(row, field, clock.now())
    row.version += 1
    row.save(update_fields=[field, "version"])


def _want_nobody_more(row: CallOut, why: str, *, by: Actor) -> None:
    """No wave is left to send, and the house confirms no further one."""
    end_mandate(by, row, why)
    Wave.objects.filter(callout=row, sent_at__isnull=True).delete()


def _sent(row: CallOut, *, released: bool = False) -> list[Called]:
    """Who was called, held; not those who were released or said no already, unless asked for."""
    rows = Called.objects.select_for_update().filter(callout=row, sent_at__isnull=False)
    if not released:
        rows = rows.filter(stood_down_at__isnull=True, declined_at__isnull=True)
    return list(rows.order_by("person_id"))


def _release(row: CallOut, people: list[Called], *, word: str, by: Actor) -> int:
    """These need not come: they are told before anything else, and others may ask them. 放人

    Whoever waits to be invited still hears of neither.
    """
    ranks = row.waves.values_list("rank", flat=True)
    matters = [matter_of(row.pk, rank) for rank in ranks]
    unheard = frozenset(stop_spreading(by=by, purpose="callout", matters=matters))
    if not people:
        return 0
    told = [one.person_id for one in people if one.person_id not in unheard]
    send_many(
        by=by,
        people=told,
        purpose="stand_down",
        matter=f"callout:{row.pk}:{word}",
        text=_text(row),
        rank=STAND_DOWN,
        incident=row.incident_id,
    )
    keys = _these(one.pk for one in people)
    Called.objects.filter(pk__in=keys).update(stood_down_at=clock.now())
    _free(row, [one for one in people if not out(one)])
    return len(told)


def _free(row: CallOut, people: list[Called]) -> None:
    """They are busy no more with this call-out."""
    ids = _these(one.volunteer_id for one in people)
    Volunteer.objects.filter(pk__in=ids, calls__callout=row).update(busy_until=None)


def _these(keys: Iterable[int]) -> RawSQL:
    """These keys as one value: a city is more than a statement takes. 一组编号"""
    return RawSQL("SELECT unnest(%s::bigint[])", [list(keys)])


def _text(row: CallOut) -> str:
    return f"【解除】{row.place} 的召集人手已够，不用来了。已在路上的请返回，谢谢您！"
