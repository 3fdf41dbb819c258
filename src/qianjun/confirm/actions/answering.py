"""Somebody answers: on his phone's page, by a message, or to the desk on the telephone. 应答"""

from datetime import datetime

from django.db import transaction

from qianjun.confirm import rules
from qianjun.confirm.actions.held import (
    about_of,
    held_confirmation,
    held_person,
    must_run,
    timer_of,
)
from qianjun.confirm.actions.stepping import HOUSE, NAME
from qianjun.confirm.events import ConfirmationMet, PersonConfirmed
from qianjun.confirm.models import Confirmation, ConfirmPerson
from qianjun.confirm.queries import called_by_link, called_of
from qianjun.confirm.voices import asked_in, timeline_of
from qianjun.journal.bus import emit
from qianjun.journal.timers import cancel_timer
from qianjun.kernel import clock
from qianjun.kernel.fields import refused_field, words
from qianjun.kernel.words import noop as _
from qianjun.message.actions import stop_asking
from qianjun.org.actor import Actor, require, system
from qianjun.org.rules import masked_name


@transaction.atomic(savepoint=False)
def answer_for(
    *,
    by: Actor,
    confirmation_id: str | int,
    person: str | int,
    how: rules.How = "by_desk",
    text: str = "",
) -> rules.Outcome:
    """The desk notes that somebody has answered; again changes nothing. 409 when ended. 记应答"""
    require(by, "confirm.call")
    said = words("text", text, most=rules.ANSWER_MOST, least=0)
    if how not in rules.HOW or how == "link":
        raise refused_field("how", "unknown_value", _("不在允许的取值之内。"))
    row = held_confirmation(by, confirmation_id)
    must_run(row)
    return _take(row, held_person(by, row, person), by=by, how=how, text=said)


@transaction.atomic(savepoint=False)
def answer_by_link(
    *, by: Actor, text: str = "", happened_at: datetime | None = None
) -> rules.Outcome:
    """Whoever was called answers on his page; a question that was asked wants an answer. 链接应答

    Receipt decides; what an offline phone claims is kept beside it.
    """
    row, one = _held(by)
    said = words("text", text, most=rules.ANSWER_MOST, least=0)
    if row.question and not said and one.answered_at is None and row.ended_at is None:
        raise refused_field("text", "answer_needed", _("请先回答上面的问题，再点应答。"))
    return _take(row, one, by=by, how="link", text=said, happened_at=happened_at)


@transaction.atomic(savepoint=False)
def open_by_link(*, by: Actor) -> rules.Outcome:
    """He has the page before him and has touched it; no answer yet. 看到"""
    row, one = _held(by)
    if row.ended_at is not None:
        return "too_late"
    if one.opened_at is not None:
        return "repeated"
    one.opened_at = clock.now()
    one.save(update_fields=["opened_at"])
    return "taken"


@transaction.atomic(savepoint=False)
def answer_by_message(
    *, by: Actor, confirmation_id: int, person: int, channel: str, text: str, sent_at: datetime
) -> rules.Outcome | None:
    """What came in answers a call; None when it says nothing or belongs to no call. 消息应答"""
    require(by, HOUSE)
    how = rules.how_said(channel, text)
    row = Confirmation.objects.select_for_update().filter(pk=confirmation_id).first()
    one = row.people.select_related("person").filter(person=person).first() if row else None
    if row is None or one is None or how is None:
        return None
    said = text[: rules.ANSWER_MOST]
    return _take(row, one, by=by, how=how, text=said, happened_at=sent_at)


@transaction.atomic(savepoint=False)
def settle_about(
    *,
    by: Actor,
    about: tuple[str, str],
    person: int | None = None,
    how: rules.How = "by_desk",
    happened_at: datetime | None = None,
) -> int:
    """The owner of the matter says that it is settled: nobody else is called about it. 已了结

    ``person`` has answered when he is among those called; somebody else may have settled it. How
    many calls it has ended; again changes nothing.
    """
    require(by, HOUSE)
    rows = Confirmation.objects.select_for_update().filter(
        about_kind=about[0], about_id=about[1], met_at__isnull=True, ended_at__isnull=True
    )
    found = list(rows.order_by("pk"))
    for row in found:
        one = row.people.select_related("person").filter(person=person).first()
        if one is not None:
            _take(row, one, by=by, how=how, text="", happened_at=happened_at)
        if row.met_at is None:
            _put_met(row, house=by, answered=0)
    return len(found)


def _held(by: Actor) -> tuple[Confirmation, ConfirmPerson]:
    """What his link calls him about, locked, as it is now."""
    row, one = called_by_link(seen_by=by)
    row = Confirmation.objects.select_for_update().get(pk=row.pk)
    return row, row.people.select_related("person").get(pk=one.pk)


def _take(
    row: Confirmation,
    one: ConfirmPerson,
    *,
    by: Actor,
    how: rules.How,
    text: str,
    happened_at: datetime | None = None,
) -> rules.Outcome:
    """The first answer of a person counts; with enough of them the call is over. 记下应答"""
    if row.ended_at is not None:
        return "too_late"
    if one.answered_at is not None:
        return "repeated"
    now = clock.now()
    one.answered_at, one.answered_how = now, how
    one.save(update_fields=["answered_at", "answered_how"])
    event = PersonConfirmed(confirmation_id=row.pk, person_id=one.person_id, how=how)
    entry = emit(
        event,
        by=by,
        incident=timeline_of(row),
        about=about_of(row),
        body=" · ".join(part for part in (masked_name(one.person.name), text) if part),
        happened_at=max(row.started_at, min(happened_at, now)) if happened_at else None,
    )
    house = system(cause=entry, name=NAME)
    _ask_no_more(row, [one.person_id], house=house)
    _meet(row, house=house)
    return "taken"


def _ask_no_more(row: Confirmation, people: list[int], *, house: Actor) -> None:
    """His other channels need no answer any more, and what has not left does not leave."""
    purpose, matter = asked_in(row)
    stop_asking(by=house, purpose=purpose, matter=matter, people=people)


def _meet(row: Confirmation, *, house: Actor) -> None:
    called = called_of(row.people.all())
    if row.met_at is None and rules.is_met(called, need=row.need):
        _put_met(row, house=house, answered=len(rules.answered_seats(called)))


def _put_met(row: Confirmation, *, house: Actor, answered: int) -> None:
    row.met_at, row.next_at = clock.now(), None
    row.save(update_fields=["met_at", "next_at"])
    cancel_timer(timer_of(row))
    event = ConfirmationMet(confirmation_id=row.pk, answered=answered)
    emit(event, by=house, incident=timeline_of(row), about=about_of(row))
