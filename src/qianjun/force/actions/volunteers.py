"""A volunteer is not called for a while, or again. 志愿者暂停与恢复"""

from datetime import datetime, timedelta

from django.db import transaction

from qianjun.force.actions.held import fault, held_volunteer
from qianjun.force.events import VolunteerPaused, VolunteerResumed
from qianjun.force.models import Volunteer
from qianjun.journal.bus import emit
from qianjun.kernel import clock
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor, require

LONGEST = timedelta(days=2 * 366)


@transaction.atomic(savepoint=False)
def pause_volunteer(*, by: Actor, volunteer_id: str | int, until: datetime) -> Volunteer:
    """Call him no more until then, at his own wish. 暂停召集"""
    require(by, "force.change")
    now = clock.now()
    if not now < until <= now + LONGEST:
        raise fault("until", "bad_until", _("暂停的截止时间须在以后，最长两年。"))
    row = held_volunteer(by, volunteer_id)
    if row.paused_until == until:
        return row
    _written(row, until)
    emit(VolunteerPaused(volunteer_id=row.pk, until=until), by=by, about=_about(row))
    return row


@transaction.atomic(savepoint=False)
def resume_volunteer(*, by: Actor, volunteer_id: str | int) -> Volunteer:
    """Let him be called again; who is not paused stays as he is. 恢复召集"""
    require(by, "force.change")
    row = held_volunteer(by, volunteer_id)
    if row.paused_until is None:
        return row
    _written(row, None)
    emit(VolunteerResumed(volunteer_id=row.pk), by=by, about=_about(row))
    return row


def _written(row: Volunteer, until: datetime | None) -> None:
    row.paused_until = until
    row.version += 1
    row.save(update_fields=["paused_until", "version"])


def _about(row: Volunteer) -> tuple[str, str]:
    return ("volunteer", str(row.pk))
