"""What becomes of sorted reports: somebody follows up, or the caller gets his answer. 指派与答复"""

from collections import Counter
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext

from qianjun.incident import actions as incident
from qianjun.incident.models import Incident, Report
from qianjun.incident.queries import report_seen
from qianjun.journal.bus import emit
from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.kernel.fields import refused_field, words
from qianjun.kernel.words import noop as _
from qianjun.message.actions import send_many
from qianjun.message.rules import REST
from qianjun.org.actor import Actor, require
from qianjun.org.models import Address
from qianjun.response.actions.chosen import Chosen, Sorted, begun, ended, held, incidents_of
from qianjun.response.events import CallerTold, ReportsAnswered
from qianjun.response.models import Assignment, Reply, SortingStep
from qianjun.response.queries.marks import STANDS, TO_CALL

ANSWER_MOST = 500
NOTE_MOST = 200
BY_TEXT = "sms"


@transaction.atomic(savepoint=False)
def assign_chosen(*, by: Actor, chosen: Chosen, unit: str, note: str = "") -> Sorted:
    """Give the chosen reports to a unit by its code: one task in each of their incidents. 指派"""
    require(by, "report.sort")
    if not unit:
        raise refused_field("unit", "unit_needed", _("请选择指派给哪个单位。"))
    what = words("note", note, most=NOTE_MOST, least=0)
    rows, _stand = held(by, chosen)
    step = begun(by, chosen, act=SortingStep.Act.ASSIGN, reports=len(rows))
    tasks = []
    for pk in incidents_of(rows):
        own = [row for row in rows if row.incident_id == pk]
        title = what or gettext("跟办 %(n)s 份报告") % {"n": len(own)}
        task = incident.open_task(by=by, incident_id=pk, title=title, lead=unit)
        Assignment.objects.bulk_create(Assignment(report=row, task=task) for row in own)
        tasks.append([pk, task.pk])
    ended(step, tasks=tasks)
    return Sorted(step=step, incidents=tuple(_incidents(rows)))


@transaction.atomic(savepoint=False)
def close_chosen(*, by: Actor, chosen: Chosen, answer: str, close_incidents: bool = True) -> Sorted:
    """Close the chosen reports with an answer, and the incidents that have no other. 办结并答复

    Callers with an address and consent get it as a message, the others are to be called. 409 for
    a report that has its answer, and when an incident that would close is held.
    """
    require(by, "report.sort")
    text = words("answer", answer, most=ANSWER_MOST)
    rows, stand = held(by, chosen)
    if any(stand[row.pk].reply for row in rows):
        zh = _("其中有报告已经办结；请只选未办结的报告。")
        raise Refused("already_answered", zh, status=409)
    step = begun(by, chosen, act=SortingStep.Act.CLOSE, reports=len(rows))
    replies = _replies(rows, step=step, text=text)
    sent = sum(_tell(by, pk, replies, rows=rows) for pk in incidents_of(rows))
    done = _answered_whole(rows) if close_incidents else []
    for pk in done:
        incident.close_incident(by=by, incident_id=pk)
    ended(step, closed=done)
    to_call = sum(one.way == Reply.Way.PHONE for one in replies)
    return Sorted(step=step, incidents=tuple(_incidents(rows)), sent=sent, to_call=to_call)


def _incidents(rows: Iterable[Report]) -> Iterable[Incident]:
    return Incident.objects.filter(pk__in=incidents_of(rows)).order_by("pk")


def _replies(rows: Sequence[Report], *, step: SortingStep, text: str) -> list[Reply]:
    """A row for each report, with the person who can be written to."""
    persons = _written_to({row.caller_phone for row in rows} - {""})
    now = clock.now()
    made = [
        Reply(
            report=row,
            step=step,
            text=text,
            way=_way(row.caller_phone, persons),
            person_id=persons.get(row.caller_phone),
            at=now,
        )
        for row in rows
    ]
    return Reply.objects.bulk_create(made)


def _way(phone: str, persons: dict[str, int]) -> str:
    if phone in persons:
        return Reply.Way.MESSAGE
    return Reply.Way.PHONE if phone else Reply.Way.NOBODY


def _written_to(phones: set[str]) -> dict[str, int]:
    """Whose number this is, when it is one person's and he agreed to be written to there."""
    agreed = Address.objects.filter(
        channel=BY_TEXT, value__in=phones, consent_at__isnull=False
    ).values_list("value", "person")
    owners = Counter(value for value, _person in agreed)
    return {value: person for value, person in agreed if owners[value] == 1}


def _tell(by: Actor, pk: int, replies: Sequence[Reply], *, rows: Sequence[Report]) -> int:
    """One entry and one wave for an incident; the number of people written to."""
    here = {row.pk for row in rows if row.incident_id == pk}
    own = [one for one in replies if one.report_id in here]
    step, text = own[0].step, own[0].text
    event = ReportsAnswered(incident_id=pk, step_id=step.pk, count=len(own))
    emit(event, by=by, incident=pk, body=text)
    return send_many(
        by=by,
        people=[one.person_id for one in own if one.person_id],
        purpose="report",
        matter=matter_of(step),
        text=text,
        rank=REST,
        incident=pk,
        channel=BY_TEXT,
    )


def matter_of(step: SortingStep) -> str:
    """What the messages of these answers are about."""
    return f"reply:{step.pk}"


def _answered_whole(rows: Sequence[Report]) -> list[int]:
    """The open incidents of these reports in which no report waits for an answer."""
    answered = Exists(Reply.objects.filter(STANDS, report=OuterRef("pk")))
    waiting = Report.objects.filter(~answered, incident=OuterRef("pk"))
    open_ones = Incident.objects.filter(pk__in=incidents_of(rows), state=Incident.State.OPEN)
    return list(open_ones.filter(~Exists(waiting)).order_by("pk").values_list("pk", flat=True))


@transaction.atomic(savepoint=False)
def tell_caller(*, by: Actor, report_id: str | int) -> Reply:
    """The caller has been told the answer on the telephone; 409 when nobody waits. 已电话答复"""
    require(by, "report.sort")
    report = report_seen(seen_by=by, report_id=report_id)
    row = Reply.objects.select_for_update().filter(TO_CALL, report=report).first()
    if row is None:
        raise Refused("nobody_to_call", _("这份报告没有待电话答复的内容。"), status=409)
    row.told_at = clock.now()
    row.save(update_fields=["told_at"])
    told = CallerTold(incident_id=report.incident_id, report_id=report.pk)
    emit(told, by=by, incident=report.incident_id, about=("report", str(report.pk)))
    return row
