"""Put people on the roster, change it, take them off and back. 排班"""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from qianjun.duty.events import (
    ShiftBegan,
    ShiftChanged,
    ShiftEntered,
    ShiftRemoved,
    ShiftRestored,
)
from qianjun.duty.models import STANDS, Shift
from qianjun.duty.rules.roster import (
    DAYS_MOST,
    EARLIEST,
    LATEST,
    LONGEST,
    POSTS,
    TIMES_MOST,
    Span,
    repeated,
)
from qianjun.duty.shifts.queries import people_for, shift_json
from qianjun.journal.bus import emit
from qianjun.journal.timers import cancel_timer, set_timer
from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.kernel.fields import refused_field
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor, key_of, not_found, require
from qianjun.org.models import Holding, Person, Post
from qianjun.org.posting import end_holding, held_post, move_holding, place_on_post
from qianjun.org.rules import masked_name

STALE = _("这一班刚被别人改过，请看过最新内容再改。")
Told = ShiftEntered | ShiftChanged | ShiftRemoved | ShiftRestored


@transaction.atomic(savepoint=False)
def enter_shift(
    *,
    by: Actor,
    post: str,
    person: int,
    since: datetime,
    until: datetime,
    every_days: int = 1,
    times: int = 1,
) -> list[Shift]:
    """He has this post from then until then, and the same again every so many days. 排班

    All of them or none. 409 ``already_there`` when he has the post in that time already.
    """
    require(by, "roster.write")
    place, somebody = _fitting(post, person)
    if not (1 <= times <= TIMES_MOST and 1 <= every_days <= DAYS_MOST):
        raise refused_field("times", "out_of_bounds", _("轮排最多 31 次，间隔 1 至 31 天。"))
    _must_be_possible((since, until))
    spans = repeated((since, until), every_days=every_days, times=times)
    return [_enter(place, somebody, span, by=by) for span in spans]


def _fitting(post: str, person: int) -> tuple[Post, Person]:
    if post not in POSTS:
        raise refused_field("post", "unknown_value", _("没有这个岗位。"))
    place = held_post(post)
    somebody = people_for(post).filter(pk=person).first() if abs(person) < 2**63 else None
    if somebody is None:
        zh = _("这个人不能排这个岗位：没有相应的角色，请先授予角色。")
        raise refused_field("person", "does_not_fit", zh)
    return place, somebody


def _enter(post: Post, person: Person, span: Span, *, by: Actor) -> Shift:
    _must_be_free(post, person, span)
    row = Shift.objects.create(
        post=post,
        person=person,
        since=span[0],
        until=span[1],
        entered_at=clock.now(),
        by_kind=by.kind,
        by_id=by.ident,
    )
    _stand(row, by=by)
    _tell(ShiftEntered, row, by=by)
    return row


def _must_be_possible(span: Span) -> None:
    since, until = span
    now = clock.now()
    if until <= since:
        raise refused_field("until", "bad_order", _("下班时间须晚于上班时间。"))
    if until - since > LONGEST:
        raise refused_field("until", "too_long", _("一班最长 7 天，请分成几班。"))
    if not now - EARLIEST <= since <= now + LATEST:
        raise refused_field("since", "out_of_bounds", _("上班时间须在一个月前至一年后之间。"))


def _must_be_free(post: Post, person: Person, span: Span, *, but: int | None = None) -> None:
    _must_be_possible(span)
    since, until = span
    others = Shift.objects.filter(STANDS, post=post, person=person).exclude(pk=but or 0)
    if others.filter(since__lt=until, until__gt=since).exists():
        zh = _("这个人在这段时间已经排了这个岗位。")
        raise Refused("already_there", zh, status=409)


def _stand(row: Shift, *, by: Actor) -> None:
    """Place the holding below, end what was until further notice, have the beginning told."""
    if row.until <= clock.now():
        return  # written down afterwards: it moves nobody now
    row.holding = place_on_post(
        by=by, post=row.post, person=row.person, since=row.since, until=row.until
    )
    open_ended = Holding.objects.filter(post=row.post, shift__isnull=True, since__lt=row.since)
    found = list(open_ended.filter(Q(until__isnull=True) | Q(until__gt=row.since)))
    for one in found:
        move_holding(by=by, holding=one, since=one.since, until=row.since)
    row.cut = [one.pk for one in found]
    row.save(update_fields=["holding", "cut"])
    if row.since > clock.now():
        began = ShiftBegan(shift_id=row.pk, post=row.post.code, since=row.since, until=row.until)
        set_timer(key=_key(row), due_at=row.since, event=began)


def _key(row: Shift) -> str:
    return f"shift:{row.pk}"


def _leave(row: Shift, *, by: Actor) -> None:
    """Take the holding away again, and give back what it has ended."""
    if row.holding is not None:
        end_holding(by=by, holding=row.holding, at=clock.now())
    cancel_timer(_key(row))
    after = Shift.objects.filter(STANDS, post=row.post).exclude(pk=row.pk)
    for one in Holding.objects.filter(pk__in=row.cut, until=row.since):
        heir = after.filter(since__gt=one.since).order_by("since").first()
        move_holding(by=by, holding=one, since=one.since, until=heir.since if heir else None)
        if heir is not None:
            heir.cut = [*heir.cut, one.pk]
            heir.save(update_fields=["cut"])
    row.cut = []


@transaction.atomic(savepoint=False)
def change_shift(
    *,
    by: Actor,
    shift_id: str | int,
    person: int,
    since: datetime,
    until: datetime,
    version: int,
) -> Shift:
    """Another person, or another time. 409 ``stale`` on an older version. 改班

    Who has the post by it now leaves it at once when somebody else is named.
    """
    require(by, "roster.write")
    row = _held(shift_id)
    _post, somebody = _fitting(row.post.code, person)
    if row.removed_at is not None or row.version != version:
        raise Refused("stale", STALE, status=409, extra={"current": shift_json(row)})
    if (row.person_id, row.since, row.until) == (somebody.pk, since, until):
        return row
    _must_be_free(row.post, somebody, (since, until), but=row.pk)
    _leave(row, by=by)
    begun = row.holding is not None and row.holding.pk is not None
    row.holding = None
    row.person, row.since, row.until, row.version = somebody, since, until, row.version + 1
    row.save(update_fields=["holding", "person", "since", "until", "version", "cut"])
    _stand(row, by=by)
    _not_before_now(row, begun=begun, by=by)
    _tell(ShiftChanged, row, by=by)
    return row


def _not_before_now(row: Shift, *, begun: bool, by: Actor) -> None:
    """Who comes in the middle of a shift has the post from now on: the past stays as it was."""
    now = clock.now()
    if begun and row.holding is not None and row.since < now < row.until:
        move_holding(by=by, holding=row.holding, since=now, until=row.until)


@transaction.atomic(savepoint=False)
def remove_shift(*, by: Actor, shift_id: str | int) -> Shift:
    """He is off the roster; again changes nothing. 撤班"""
    require(by, "roster.write")
    row = _held(shift_id)
    if row.removed_at is not None:
        return row
    _leave(row, by=by)
    row.holding = row.holding if row.holding is not None and row.holding.pk else None
    row.removed_at, row.version = clock.now(), row.version + 1
    row.save(update_fields=["holding", "removed_at", "version", "cut"])
    _tell(ShiftRemoved, row, by=by)
    return row


@transaction.atomic(savepoint=False)
def restore_shift(*, by: Actor, shift_id: str | int) -> Shift:
    """Undo a removal; 409 when he has been put there again meanwhile, or it is over. 恢复排班"""
    require(by, "roster.write")
    row = _held(shift_id)
    if row.removed_at is None:
        return row
    if row.until <= clock.now():
        raise Refused("over", _("这一班已经过去，不能恢复。"), status=409)
    _must_be_free(row.post, row.person, (row.since, row.until), but=row.pk)
    begun = row.holding is not None
    row.holding, row.removed_at, row.version = None, None, row.version + 1
    row.save(update_fields=["holding", "removed_at", "version"])
    _stand(row, by=by)
    _not_before_now(row, begun=begun, by=by)
    _tell(ShiftRestored, row, by=by)
    return row


def _held(shift_id: str | int) -> Shift:
    rows = Shift.objects.select_related("post", "person", "holding")
    row = rows.select_for_update(of=("self",)).filter(pk=key_of(shift_id)).first()
    if row is None:
        raise not_found()
    held_post(row.post.code)
    return row


def _tell(kind: type[Told], row: Shift, *, by: Actor) -> None:
    event = kind(shift_id=row.pk, post=row.post.code, since=row.since, until=row.until)
    emit(event, by=by, about=("shift", str(row.pk)), body=masked_name(row.person.name))
