"""What follows the end of an incident: the day of erasing, and lessons with their day. 结案之后"""

from datetime import date

from django.db import transaction

from qianjun.incident.actions.held import held_incident
from qianjun.incident.actions.whom import person_told, unit_told
from qianjun.incident.models import Incident
from qianjun.journal.bus import emit
from qianjun.journal.deadlines import meet_deadline, set_deadline
from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.kernel.fields import refused_field, words
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor, require
from qianjun.response.actions.clocks import keep_clocks
from qianjun.response.closing_events import LessonAdded, LessonDone, LessonWithdrawn, PurgeNoted
from qianjun.response.closing_models import Lesson
from qianjun.response.queries.closing import known_purge_rule, lesson_seen, whose_lesson
from qianjun.response.rules.closing import HOW_MOST, LESSON_MOST, PURGE, bad_day


@transaction.atomic(savepoint=False)
def expect_purge(*, by: Actor, incident_id: int) -> bool:
    """It is over: its personal data is due for erasing; of an open one it is not. 清除期限

    From the end on changes of casualties are watched, too.
    """
    require(by, "upward.write")
    incident = Incident.objects.select_for_update().get(pk=incident_id)
    keep_clocks(incident)
    about = "incident", str(incident.pk)
    if incident.closed_at is None:
        # there is no other end of a deadline: nothing is to be erased while it runs
        meet_deadline(about=about, kind=PURGE, at=clock.now())
        return False
    rule = known_purge_rule()
    set_deadline(
        about=about,
        kind=PURGE,
        started_at=incident.closed_at,
        due_at=rule.due_at(incident.closed_at),
        rule=rule.said,
        incident=incident.pk,
    )
    return True


@transaction.atomic(savepoint=False)
def note_purged(*, by: Actor, incident_id: str | int, what: str) -> None:
    """Say that the personal data of a closed incident is erased, and what was. 已清除

    409 ``nothing_due`` while it is open, or when that was said already.
    """
    require(by, "lesson.write")
    said = words("what", what, most=HOW_MOST)
    incident = held_incident(by, incident_id)
    about = "incident", str(incident.pk)
    is_open = incident.state == Incident.State.OPEN
    if is_open or not meet_deadline(about=about, kind=PURGE, at=clock.now()):
        raise Refused("nothing_due", _("这个事件没有待清除的个人信息。"), status=409)
    emit(PurgeNoted(incident_id=incident.pk), by=by, incident=incident.pk, body=said)


@transaction.atomic(savepoint=False)
def add_lesson(
    *,
    by: Actor,
    incident_id: str | int,
    text: str,
    due_on: date,
    unit: str = "",
    person: str | int = "",
) -> Lesson:
    """Put down what is to be done better, by whom, until when; a closed incident takes it too. 整改

    422 ``nobody_named`` when neither unit nor person has it.
    """
    require(by, "lesson.write")
    said = words("text", text, most=LESSON_MOST)
    if fault := bad_day(due_on, today=clock.in_beijing(clock.now()).date()):
        raise refused_field("due_on", "bad_date", fault)
    lead, who = unit_told(unit, field="unit"), person_told(person)
    if lead is None and who is None:
        raise refused_field("unit", "nobody_named", _("请写由哪个单位或哪个人负责。"))
    incident = held_incident(by, incident_id)
    row = Lesson.objects.create(
        incident=incident,
        text=said,
        unit=lead,
        person=who,
        due_on=due_on,
        at=clock.now(),
        by_kind=by.kind,
        by_id=by.ident,
    )
    event = LessonAdded(incident_id=incident.pk, lesson_id=row.pk)
    _say(event, row, by=by, body=" · ".join((said, whose_lesson(row), due_on.isoformat())))
    return row


@transaction.atomic(savepoint=False)
def finish_lesson(*, by: Actor, lesson_id: str | int, how: str) -> Lesson:
    """It has been done, and how; again changes nothing. 整改完成"""
    require(by, "lesson.write")
    said = words("how", how, most=HOW_MOST)
    row = _held(by, lesson_id)
    if row.done_at is not None:
        return row
    row.done_at, row.done_how = clock.now(), said
    row.save(update_fields=["done_at", "done_how"])
    _say(LessonDone(incident_id=row.incident_id, lesson_id=row.pk), row, by=by, body=said)
    return row


@transaction.atomic(savepoint=False)
def withdraw_lesson(*, by: Actor, lesson_id: str | int) -> Lesson:
    """It was put down by mistake; the journal keeps it. 撤回整改事项"""
    require(by, "lesson.write")
    row = _held(by, lesson_id)
    row.withdrawn_at = clock.now()
    row.save(update_fields=["withdrawn_at"])
    _say(LessonWithdrawn(incident_id=row.incident_id, lesson_id=row.pk), row, by=by)
    return row


def _held(by: Actor, lesson_id: str | int) -> Lesson:
    found = lesson_seen(seen_by=by, lesson_id=lesson_id)
    return Lesson.objects.select_for_update().get(pk=found.pk)


def _say(
    event: LessonAdded | LessonDone | LessonWithdrawn, row: Lesson, *, by: Actor, body: str = ""
) -> None:
    emit(event, by=by, incident=row.incident_id, about=("lesson", str(row.pk)), body=body)
