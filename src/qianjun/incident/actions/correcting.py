"""A line was wrong: a new one stands for it, the old one stays struck through. 更正"""

from datetime import datetime

from django.db import transaction

from qianjun.incident.actions.held import held_incident
from qianjun.incident.actions.noting import NOTE_MOST, NOTES, check_time
from qianjun.journal.bus import emit
from qianjun.journal.models import Entry
from qianjun.kernel.errors import Refused
from qianjun.kernel.fields import words
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor, key_of, not_found, require

WHY_MOST = 200
BY_NAME = {event.name: event for event in NOTES.values()}


@transaction.atomic(savepoint=False)
def correct_entry(
    *,
    by: Actor,
    incident_id: str | int,
    entry_id: str | int,
    text: str,
    why: str = "",
    happened_at: datetime | None = None,
) -> tuple[int, str]:
    """Put a new line in the place of a noted one: its id, and its kind, which stays. 更正

    Refuses with 409 what was corrected before, what was erased, and what is no note: reports stay
    as they were told, a number is corrected by a further number.
    """
    require(by, "incident.note")
    said = words("text", text, most=NOTE_MOST)
    reason = words("why", why, most=WHY_MOST, least=0)
    check_time("happened_at", happened_at)
    incident = held_incident(by, incident_id)
    old = Entry.objects.filter(pk=key_of(entry_id), incident=incident.pk).first()
    if old is None:
        raise not_found()
    _must_be_correctable(old)
    event = BY_NAME[old.name](incident_id=incident.pk)
    body = f"{said}（{reason}）" if reason else said
    entry = emit(
        event, by=by, incident=incident.pk, body=body, happened_at=happened_at, corrects=old.pk
    )
    return entry, event.kind


def _must_be_correctable(old: Entry) -> None:
    if old.name not in BY_NAME:
        zh = _("只有记下的事实、命令、反馈可以更正；数字请再报一次并写明原因。")
        raise Refused("not_a_note", zh, status=409)
    if not hasattr(old, "body") or not old.body.text:
        raise Refused("erased", _("这一条已依法删除，不能更正。"), status=409)
    if Entry.objects.filter(incident=old.incident, corrects=old.pk).exists():
        raise Refused("already_corrected", _("这一条已经更正过，请更正最新的一条。"), status=409)
