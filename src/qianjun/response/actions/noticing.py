"""Tell whom the law names of an accident: by message or by telephone, with receipt. 事故通报"""

from datetime import datetime

from django.db import transaction

from qianjun.incident.actions.held import held_incident, must_be_open
from qianjun.incident.actions.noting import check_time
from qianjun.incident.models import Incident
from qianjun.journal.bus import emit
from qianjun.journal.deadlines import meet_deadline, set_deadline
from qianjun.kernel import clock
from qianjun.kernel.fields import refused_field, words
from qianjun.kernel.words import noop as _
from qianjun.message.actions import send
from qianjun.message.rules import URGENT
from qianjun.org.actor import Actor, require, system
from qianjun.org.contacts import first_reachable
from qianjun.org.models import Person
from qianjun.org.rules import masked_name
from qianjun.response.actions.clocks import keep_clocks
from qianjun.response.events import NoticeGiven, NoticeReceived, NoticeWithdrawn
from qianjun.response.notice_models import STANDS, AccidentNotice
from qianjun.response.queries.noticing import (
    Told,
    notices_about,
    recipient_of,
    rule_of,
    rule_that_may,
)
from qianjun.response.rules.noticing import (
    ACTS,
    DEADLINE,
    MESSAGE,
    PHONE,
    RECEIVED,
    TAKEN_BY_MOST,
    WAYS,
    WITHDRAWN,
    is_complete,
    matter_of,
)

HOUSE = system(name="response.notices")


@transaction.atomic(savepoint=False)
def notify(
    *,
    by: Actor,
    incident_id: str | int,
    unit: str,
    act: str,
    way: str = "",
    taken_by: str = "",
    at: datetime | None = None,
) -> None:
    """Tell a unit, note its receipt, or take that back; again changes nothing. 通报一个单位

    Without ``way`` a message goes to who answers for the unit; 422 ``telephone_them`` when nobody
    can be reached, for then it is told by telephone and ``taken_by`` says who took it.
    """
    require(by, "notice.give")
    if act not in ACTS:
        raise refused_field("act", "unknown_act", _("只能是已通报、已收到或撤回。"))
    if way and way not in WAYS:
        raise refused_field("way", "unknown_way", _("方式只能是发消息或打电话。"))
    who = words("taken_by", taken_by, most=TAKEN_BY_MOST, least=0)
    check_time("at", at)
    incident = held_incident(by, incident_id)
    must_be_open(incident)
    line = recipient_of(notices_about(incident), unit)
    if act == WITHDRAWN:
        _withdraw(incident, line, by=by)
        keep_clocks(incident)
        return
    row = line.row or _told(incident, line, by=by, way=way, who=who, at=at)
    if act == RECEIVED or row.way == PHONE:
        _receive(row, by=by, who=who, at=at)
    _settle(incident)
    keep_clocks(incident)


@transaction.atomic(savepoint=False)
def notify_all(*, by: Actor, incident_id: str | int) -> tuple[int, int]:
    """Send the notice to every unit that was not told and can be reached; how many, and how many

    are left to be telephoned. 一键通报
    """
    require(by, "notice.give")
    incident = held_incident(by, incident_id)
    must_be_open(incident)
    due = [one for one in notices_about(incident).lines if one.state == "due"]
    ready = [one for one in due if one.has_contact]
    for line in ready:
        _told(incident, line, by=by, way=MESSAGE, who="", at=None)
    _settle(incident)
    keep_clocks(incident)
    return len(ready), len(due) - len(ready)


def _told(
    incident: Incident, line: Told, *, by: Actor, way: str, who: str, at: datetime | None
) -> AccidentNotice:
    asks = way != PHONE and line.has_contact
    person = first_reachable(line.unit.code) if asks else None
    if person is None and not who:
        zh = _("这个单位没有能收消息的联系人：请打电话，写对方谁接的。")
        raise refused_field("taken_by", "telephone_them", zh)
    row = AccidentNotice.objects.create(
        incident=incident,
        unit=line.unit,
        way=MESSAGE if person else PHONE,
        told_at=at or clock.now(),
        taken_by="" if person else who,
        by_kind=by.kind,
        by_id=by.ident,
    )
    event = NoticeGiven(incident_id=incident.pk, notice_id=row.pk, way=row.way)
    _say(event, row, by=by, body=line.unit.short_name, at=at)
    if person is not None:
        _send(row, person)
    return row


def _send(row: AccidentNotice, person: Person) -> None:
    incident = row.incident
    received = clock.in_beijing(incident.received_at)
    where = f"，{incident.place_name}" if incident.place_name else ""
    send(
        by=HOUSE,
        person=person.pk,
        purpose="report",
        matter=matter_of(row.pk),
        text=(
            f"【事故通报】{incident.title}（{incident.number}）{where}，{received:%m月%d日%H:%M}接报，"
            "依法通报，伤亡以核实为准。请回复“收到”。"
        ),
        rank=URGENT,
        incident=incident.pk,
        expects_answer=True,
    )


def _receive(row: AccidentNotice, *, by: Actor, who: str, at: datetime | None) -> None:
    if row.received_at is not None:
        return
    row.received_at, row.taken_by = at or clock.now(), who or row.taken_by
    row.save(update_fields=["received_at", "taken_by"])
    event = NoticeReceived(incident_id=row.incident_id, notice_id=row.pk)
    body = " · ".join(part for part in (row.unit.short_name, row.taken_by) if part)
    _say(event, row, by=by, body=body, at=at)


def _withdraw(incident: Incident, line: Told, *, by: Actor) -> None:
    row = line.row
    if row is None:
        return
    row.withdrawn_at = clock.now()
    row.save(update_fields=["withdrawn_at"])
    event = NoticeWithdrawn(incident_id=incident.pk, notice_id=row.pk)
    _say(event, row, by=by, body=line.unit.short_name)


@transaction.atomic(savepoint=False)
def receive_by_reply(*, by: Actor, notice: int, person: int) -> bool:
    """Who was sent the notice has answered that he has it; whether that was new. 回复收到"""
    require(by, "notice.give")
    row = AccidentNotice.objects.select_for_update(of=("self",)).select_related("unit")
    found = row.filter(STANDS, pk=notice, received_at__isnull=True).first()
    if found is None:
        return False
    name = Person.objects.filter(pk=person).values_list("name", flat=True).first() or ""
    _receive(found, by=by, who=masked_name(name) if name else "", at=None)
    return True


@transaction.atomic(savepoint=False)
def expect_notices(*, by: Actor, incident_id: int) -> bool:
    """Whether the law asks for notices of this incident; then their deadline runs. 通报时限

    What was settled to be no such accident is due no longer.
    """
    require(by, "notice.give")
    incident = Incident.objects.select_for_update().get(pk=incident_id)
    keep_clocks(incident)
    rule = rule_of(incident)
    if rule is None:
        # there is no other end of a deadline: the matter is done with
        meet_deadline(about=_about(incident), kind=DEADLINE, at=clock.now())
        return False
    set_deadline(
        about=_about(incident),
        kind=DEADLINE,
        started_at=incident.received_at,
        due_at=incident.received_at + rule.within,
        rule=rule.basis_zh,
        incident=incident.pk,
    )
    _settle(incident)
    return True


def _about(incident: Incident) -> tuple[str, str]:
    return ("incident", str(incident.pk))


def _settle(incident: Incident) -> None:
    """Everybody has been told: the deadline is met by the last one."""
    rows = AccidentNotice.objects.filter(STANDS, incident=incident)
    told = dict(rows.values_list("unit__code", "told_at"))
    if told and is_complete(rule_that_may(incident), list(told)):
        meet_deadline(about=_about(incident), kind=DEADLINE, at=max(told.values()))


def _say(
    event: NoticeGiven | NoticeReceived | NoticeWithdrawn,
    row: AccidentNotice,
    *,
    by: Actor,
    body: str,
    at: datetime | None = None,
) -> None:
    about = ("accident_notice", str(row.pk))
    emit(event, by=by, incident=row.incident_id, about=about, body=body, happened_at=at)
