"""The press asks: a task of whoever answers, and the answer. 媒体问询"""

from datetime import datetime
from typing import Final

from django.db import transaction

from qianjun.incident.actions import finish_task, open_task
from qianjun.incident.actions.held import held_incident, must_be_open
from qianjun.incident.models import Task
from qianjun.journal.bus import emit
from qianjun.journal.models import Entry
from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.kernel.fields import words
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor, require
from qianjun.response.closing_events import LessonAdded
from qianjun.response.closing_models import Lesson, MediaEnquiry
from qianjun.response.enquiry_events import EnquiryAnswered, EnquiryTaken
from qianjun.response.queries.enquiring import enquiry_seen

PUBLICITY: Final = "450202-XCB"  # 宣传部
NAME_MOST, QUESTION_MOST, ANSWER_MOST = 60, 1_000, 2_000
ORDER: Final = "请按已标为公开的口径答复，答复后回报；不说没有核实的数字。"


@transaction.atomic(savepoint=False)
def take_enquiry(
    *,
    by: Actor,
    incident_id: str | int,
    asked_by: str,
    medium: str,
    question: str,
    until: datetime | None = None,
    person: str | int = "",
) -> MediaEnquiry:
    """The press asks: a task goes to the publicity department, or to the person named. 媒体问询

    Like every task it holds the incident until it is answered or dropped.
    """
    require(by, "incident.task")
    told = {"asked_by": asked_by, "medium": medium}
    who, whom = (words(field, text, most=NAME_MOST) for field, text in told.items())
    said = words("question", question, most=QUESTION_MOST)
    incident = held_incident(by, incident_id)
    must_be_open(incident)
    task = _give(by, incident.pk, person, until, words_=(who, whom, said))
    row = MediaEnquiry.objects.create(
        incident=incident,
        task=task,
        asked_by=who,
        medium=whom,
        question=said,
        asked_at=clock.now(),
        until=until,
        by_kind=by.kind,
        by_id=by.ident,
    )
    event = EnquiryTaken(incident_id=incident.pk, enquiry_id=row.pk)
    _say(event, row, by=by, body=f"{whom} {who}：{said}")
    return row


def _give(
    by: Actor,
    incident: int,
    person: str | int,
    until: datetime | None,
    *,
    words_: tuple[str, str, str],
) -> Task:
    who, whom, said = words_
    return open_task(
        by=by,
        incident_id=incident,
        title=f"答复媒体问询：{whom}",
        lead="" if person else PUBLICITY,
        person=person,
        due_at=until,
        order=f"{who}问：{said[:300]}。{ORDER}",
    )


@transaction.atomic(savepoint=False)
def answer_enquiry(*, by: Actor, enquiry_id: str | int, answer: str) -> MediaEnquiry:
    """What the press was told; its task is done. 409 ``already_answered``. 已答复媒体"""
    require(by, "incident.task")
    said = words("answer", answer, most=ANSWER_MOST)
    found = enquiry_seen(seen_by=by, enquiry_id=enquiry_id)
    held_incident(by, found.incident_id)
    row = MediaEnquiry.objects.select_for_update().select_related("task").get(pk=found.pk)
    if row.answered_at is not None:
        raise Refused("already_answered", _("这次问询已经答复过。"), status=409)
    row.answer, row.answered_at = said, clock.now()
    row.answered_kind, row.answered_id = by.kind, by.ident
    row.save(update_fields=["answer", "answered_at", "answered_kind", "answered_id"])
    if row.task.done_at is None and row.task.dropped_at is None:
        finish_task(by=by, incident_id=row.incident_id, task_id=row.task_id, result="已答复")
    event = EnquiryAnswered(incident_id=row.incident_id, enquiry_id=row.pk)
    _say(event, row, by=by, body=said)
    return row


def _say(event: EnquiryTaken | EnquiryAnswered, row: MediaEnquiry, *, by: Actor, body: str) -> None:
    about = ("media_enquiry", str(row.pk))
    emit(event, by=by, incident=row.incident_id, about=about, body=body)


@transaction.atomic(savepoint=False)
def forget_enquiry(*, entry: int, text: str) -> None:
    """What an entry said of an enquiry or a lesson is kept nowhere else. 清除副本"""
    row = Entry.objects.filter(pk=entry).first()
    if row is None:
        return
    if row.name == EnquiryTaken.name:
        MediaEnquiry.objects.filter(pk=row.payload["enquiry_id"]).update(
            question=text, asked_by=text[:NAME_MOST]
        )
    elif row.name == EnquiryAnswered.name:
        MediaEnquiry.objects.filter(pk=row.payload["enquiry_id"]).update(answer=text)
    elif row.name == LessonAdded.name:
        Lesson.objects.filter(pk=row.payload["lesson_id"]).update(text=text)
