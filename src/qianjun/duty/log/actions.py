"""Write into the duty log by hand, correct a line, take the log out as paper. 记值班日志"""

from datetime import datetime

from django.db import transaction

from qianjun.duty.events import DutyNoted
from qianjun.duty.rules.log import day_of
from qianjun.incident.rules.facts import bad_time
from qianjun.journal.bus import emit
from qianjun.journal.models import Entry
from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.kernel.fields import words
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor, key_of, not_found, require

NOTE_MOST = 5_000
WHY_MOST = 200


@transaction.atomic(savepoint=False)
def note_down(*, by: Actor, text: str, happened_at: datetime | None = None) -> int:
    """A line of the log; an older ``happened_at`` shows as 补录. The entry's id. 记一条"""
    require(by, "duty_log.note")
    fault = bad_time("happened_at", happened_at, now=clock.now()) if happened_at else None
    if fault is not None:
        raise Refused(fault.code, fault.zh, fields=(fault,))
    said = words("text", text, most=NOTE_MOST)
    return emit(DutyNoted(), by=by, about=_day(happened_at), body=said, happened_at=happened_at)


def _day(happened_at: datetime | None) -> tuple[str, str]:
    return ("duty_day", day_of("", now=happened_at or clock.now()).isoformat())


@transaction.atomic(savepoint=False)
def correct_note(*, by: Actor, entry_id: str | int, text: str, why: str = "") -> int:
    """A new line stands for a wrong one, which stays struck through: its id. 更正

    It stands where the old one stood. Refuses with 409 what was corrected before or erased.
    """
    require(by, "duty_log.note")
    said = words("text", text, most=NOTE_MOST)
    reason = words("why", why, most=WHY_MOST, least=0)
    rows = Entry.objects.select_for_update(of=("self",)).select_related("body")
    old = rows.filter(pk=key_of(entry_id), name=DutyNoted.name).first()
    if old is None:
        raise not_found()
    if not hasattr(old, "body") or not old.body.text:
        raise Refused("erased", _("这一条已依法删除，不能更正。"), status=409)
    if Entry.objects.filter(corrects=old.pk).exists():
        raise Refused("already_corrected", _("这一条已经更正过，请更正最新的一条。"), status=409)
    body = f"{said}（{reason}）" if reason else said
    about = (old.about_kind, old.about_id)
    return emit(
        DutyNoted(), by=by, about=about, body=body, happened_at=old.happened_at, corrects=old.pk
    )
