"""Draft the bulletin of a day, write its closing words, issue it. 起草与签发值班信息"""

from datetime import date, timedelta
from typing import Final

from django.db import transaction

from qianjun.duty.bulletins.queries import KIND, Seen, about, bulletin_json, seen_of
from qianjun.duty.events import BulletinDrafted, BulletinDue, BulletinIssued
from qianjun.duty.models import Bulletin
from qianjun.duty.rules.bulletin import (
    CLOSING_MOST,
    days_missing,
    last_due,
    period_of,
    plain_text,
)
from qianjun.journal.bus import emit
from qianjun.journal.deadlines import meet_deadline, set_deadline
from qianjun.journal.models import Entry, Timer
from qianjun.journal.numbers import next_written, register_of
from qianjun.journal.timers import set_timer
from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.kernel.fields import words
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor, key_of, not_found, require
from qianjun.org.contacts import BUREAU
from qianjun.org.store import setting

REGISTER: Final = "ZB"
TIMER: Final = "bulletin"
RULE = _("每日值班信息：8 时起算")
STALE = _("这期值班信息刚被别人改过，请看过最新内容再改。")
CHANGED = _("内容在您看过以后有变化，请看过最新内容再签发。")
ISSUED = _("这一期已经签发，不能再改；有错在下一期更正。")


@transaction.atomic(savepoint=False)
def draft_bulletins(*, by: Actor) -> list[Bulletin]:
    """The drafts of all days since the last one that have none; again changes nothing. 起草

    A house that has none begins with the last day that is due; after a jump of the clock at most
    the last 7 days are drafted.
    """
    require(by, "bulletin.write")
    last = Bulletin.objects.order_by("-day").values_list("day", flat=True).first()
    made = [_draft(day, by=by) for day in days_missing(last, now=clock.now())]
    return [row for row in made if row is not None]


def _draft(day: date, *, by: Actor) -> Bulletin | None:
    since, until = period_of(day)
    now = clock.now()
    row, new = Bulletin.objects.get_or_create(
        day=day, defaults={"since": since, "until": until, "drafted_at": now}
    )
    if not new:
        return None
    chosen = setting("duty", "bulletin_within_min")
    within = timedelta(minutes=chosen if isinstance(chosen, int) else 0)
    set_deadline(about=about(row), kind=KIND, started_at=until, due_at=until + within, rule=RULE)
    emit(BulletinDrafted(bulletin_id=row.pk, day=day), by=by, about=about(row))
    return row


def await_bulletin() -> None:
    """At the next eight o'clock of domain time the next draft is due, unless that waits. 定时"""
    if Timer.objects.filter(key=TIMER, done_at__isnull=True).exists():
        return
    day = last_due(clock.now()) + timedelta(days=1)
    set_timer(key=TIMER, due_at=period_of(day)[1], event=BulletinDue(day=day))


@transaction.atomic(savepoint=False)
def write_closing(*, by: Actor, bulletin_id: str | int, text: str, version: int) -> Seen:
    """The words that people add at the end. 409 ``stale`` on an older version. 写结语"""
    require(by, "bulletin.write")
    said = words("text", text, most=CLOSING_MOST, least=0)
    row = _held(bulletin_id)
    if row.version != version:
        raise Refused("stale", STALE, status=409, extra={"current": bulletin_json(seen_of(row))})
    row.closing, row.version = said, row.version + 1
    row.save(update_fields=["closing", "version"])
    return seen_of(row)


@transaction.atomic(savepoint=False)
def issue_bulletin(*, by: Actor, bulletin_id: str | int, digest: str) -> Seen:
    """Freeze what was seen and number it; 409 ``changed`` when it reads otherwise now. 签发"""
    require(by, "bulletin.issue")
    row = _held(bulletin_id)
    seen, now = seen_of(row), clock.now()
    if seen.digest != digest:
        raise Refused("changed", CHANGED, status=409, extra={"current": bulletin_json(seen)})
    row.lines = [one.as_json() for one in seen.lines]
    row.text, row.digest = plain_text(seen.lines, row.closing), digest
    row.issued_at, row.issuer_kind, row.issuer_id = now, by.kind, by.ident
    row.version += 1
    (row.number,) = next_written(register_of(REGISTER, unit=BUREAU, at=now))
    row.issue = int(row.number.rsplit("-", 1)[1])
    row.save()
    meet_deadline(about=about(row), kind=KIND, at=now)
    event = BulletinIssued(bulletin_id=row.pk, issue=row.issue, digest=digest)
    emit(event, by=by, about=about(row), body=row.text)
    return seen_of(row)


def _held(bulletin_id: str | int) -> Bulletin:
    """The draft, locked; 409 once it is issued."""
    row = Bulletin.objects.select_for_update().filter(pk=key_of(bulletin_id)).first()
    if row is None:
        raise not_found()
    if row.issued_at is not None:
        raise Refused("issued", ISSUED, status=409)
    return row


@transaction.atomic(savepoint=False)
def forget_bulletin(*, by: Actor, entry: int) -> bool:
    """What was erased by law stands in no bulletin either; whether one said it. 依法删除"""
    require(by, "body.erase")
    said = Entry.objects.filter(pk=entry, name=BulletinIssued.name).first()
    row = Bulletin.objects.filter(pk=said.payload["bulletin_id"]).first() if said else None
    if row is None:
        return False
    row.text, row.closing, row.lines = "【已依法删除】", "", []
    row.save(update_fields=["text", "closing", "lines"])
    return True
