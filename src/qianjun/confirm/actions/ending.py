"""Send somebody to the door, or end it. 派人、结束"""

from typing import Final

from django.db import transaction

from qianjun.confirm import rules
from qianjun.confirm.actions.held import (
    about_of,
    held_confirmation,
    held_person,
    must_run,
    timer_of,
)
from qianjun.confirm.actions.stepping import NAME
from qianjun.confirm.events import ConfirmationEnded, KnockSent
from qianjun.confirm.models import Confirmation, ConfirmPerson
from qianjun.confirm.voices import asked_in, timeline_of
from qianjun.journal.bus import emit
from qianjun.journal.timers import cancel_timer
from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.kernel.fields import words
from qianjun.kernel.words import noop as _
from qianjun.message.actions import stop_asking
from qianjun.org.actor import Actor, require, system
from qianjun.org.links import end_links
from qianjun.org.rules import masked_name

GOES_MOST: Final = 60
WHY_MOST: Final = 200


@transaction.atomic(savepoint=False)
def send_knock(
    *, by: Actor, confirmation_id: str | int, person: str | int, goes: str
) -> ConfirmPerson:
    """Somebody goes to the door of one who is silent; again changes nothing. 派人敲门

    409 when it has ended, when he has answered, or when nobody has called him.
    """
    require(by, "confirm.call")
    who = words("goes", goes, most=GOES_MOST)
    row = held_confirmation(by, confirmation_id)
    must_run(row)
    one = held_person(by, row, person)
    if one.answered_at is not None:
        raise Refused("answered_already", _("他已经应答，不用再派人。"), status=409)
    if one.called_at is None:
        raise Refused("not_called", _("还没有叫过他，先不用派人。"), status=409)
    if one.knocked_at is not None:
        return one
    one.knocked_at = clock.now()
    one.save(update_fields=["knocked_at"])
    event = KnockSent(confirmation_id=row.pk, person_id=one.person_id)
    body = f"{masked_name(one.person.name)} ← {who}"
    emit(event, by=by, incident=row.incident, about=about_of(row), body=body)
    return one


@transaction.atomic(savepoint=False)
def end_confirmation(*, by: Actor, confirmation_id: str | int, why: str) -> Confirmation:
    """Nobody need answer any more: its links end, what has not left stays; once. 结束"""
    require(by, "confirm.call")
    reason = words("why", why, most=WHY_MOST)
    row = held_confirmation(by, confirmation_id)
    if row.ended_at is None:
        _end(row, by=by, why=reason, incident=row.incident)
    return row


@transaction.atomic(savepoint=False)
def end_all_about(*, by: Actor, about: tuple[str, str], why: str) -> int:
    """End everything that is still called about this; how many. 全部结束"""
    require(by, "confirm.call")
    rows = Confirmation.objects.select_for_update().filter(
        about_kind=about[0], about_id=about[1], ended_at__isnull=True
    )
    found = list(rows.order_by("pk"))
    for row in found:
        _end(row, by=by, why=why, incident=timeline_of(row))
    return len(found)


def _end(row: Confirmation, *, by: Actor, why: str, incident: int | None) -> None:
    row.ended_at, row.next_at = clock.now(), None
    row.save(update_fields=["ended_at", "next_at"])
    cancel_timer(timer_of(row))
    end_links(about_of(row))
    event = ConfirmationEnded(confirmation_id=row.pk)
    entry = emit(event, by=by, incident=incident, about=about_of(row), body=why)
    purpose, matter = asked_in(row)
    stop_asking(by=system(cause=entry, name=NAME), purpose=purpose, matter=matter)


def forget_words(*, confirmation_id: int) -> bool:
    """Empty what it said, which was erased by law; again changes nothing. 依法删除"""
    rows = Confirmation.objects.filter(pk=confirmation_id).exclude(text="", question="")
    return rows.update(text="", question="") > 0


def retell(*, about: tuple[str, str], text: str) -> int:
    """Its owner tells otherwise what they are called about: hidden, or erased by law. 改写"""
    rows = Confirmation.objects.filter(about_kind=about[0], about_id=about[1])
    return rows.exclude(text="").update(text=text[: rules.TEXT_MOST])
