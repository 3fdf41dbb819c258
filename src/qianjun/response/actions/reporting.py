"""Sign a report to the upper level, give it to whom it goes, note the receipts. 签发与报送"""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Q

from qianjun.incident.actions import lift_hold, place_hold
from qianjun.incident.actions.held import held_incident
from qianjun.incident.actions.noting import check_time
from qianjun.incident.models import Hold, Incident
from qianjun.incident.rules.numbering import DISTRICT
from qianjun.journal.bus import emit
from qianjun.journal.numbers import next_written, register_of
from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.kernel.fields import refused_field, words
from qianjun.kernel.words import noop as _
from qianjun.message.actions import send
from qianjun.message.rules import URGENT
from qianjun.org.actor import Actor, require, system
from qianjun.org.contacts import first_reachable
from qianjun.org.models import Person, Unit
from qianjun.org.rules import masked_name
from qianjun.response.actions.clocks import keep_clocks
from qianjun.response.actions.drafting import (
    draft_now,
    expect_next,
    held_draft,
    met,
    row_of,
)
from qianjun.response.queries.clocks import recipients_for
from qianjun.response.queries.upward import Draft, draft_json, is_with_them, upward_rules
from qianjun.response.rules.families import EVENT, FAMILIES, FINAL, FIRST, FOLLOW_UP, SUPPLEMENT
from qianjun.response.rules.upward import (
    DELIVERED,
    MESSAGE,
    PHONE,
    PHONE_REPORT,
    RECEIVED,
    TAKEN_BY_MOST,
    WAYS,
    WHY_MOST,
    WITHDRAWN,
    WRITTEN_REPORT,
    matter_of,
    named,
)
from qianjun.response.upward_events import (
    DeliveryWithdrawn,
    UpwardDelivered,
    UpwardReceived,
    UpwardSigned,
    UpwardWaived,
)
from qianjun.response.upward_models import STANDS, UpwardDelivery, UpwardReport

HOUSE: Final = system(name="response.upward")
MET_BY: Final = {FIRST: (PHONE_REPORT, WRITTEN_REPORT), SUPPLEMENT: (SUPPLEMENT,)}
CHANGED: Final = _("您看过之后内容有了变化，没有签发。请看过现在的内容再签。")


# --- sign --------------------------------------------------------------------------------------


@transaction.atomic(savepoint=False)
def sign_report(
    *, by: Actor, incident_id: str | int, digest: str, family: str = EVENT, how: str = ""
) -> UpwardReport:
    """Sign what was seen: freeze it, number it, send it to whom a message reaches. 签发

    409 ``changed_meanwhile`` with the draft as it is now when the words are no longer those that
    ``digest`` stands for. ``how`` says that more than a log-in stood behind it. What was signed is
    never changed; a mistake is put right by the next.
    """
    require(by, "upward.sign")
    incident = held_incident(by, incident_id)
    draft = draft_now(incident, family=family)
    if digest != draft.digest:
        extra = {"current": draft_json(draft)}
        raise Refused("changed_meanwhile", CHANGED, status=409, extra=extra)
    row = row_of(incident, draft)
    _freeze(row, draft, by=by, how=how or _plainly(by))
    event = UpwardSigned(
        incident_id=incident.pk,
        upward_id=row.pk,
        upward_kind=row.kind,
        ordinal=row.ordinal,
        digest=row.digest,
        how=row.signed_how,
    )
    _say(event, row, by=by, body=f"{row.title}\n{row.text}")
    _clocks_after(incident, row)
    _send_to_all(incident, row)
    _settle(row)
    keep_clocks(incident)
    return row


def _plainly(by: Actor) -> str:
    return "login" if by.kind == "person" else by.kind


def _freeze(row: UpwardReport, draft: Draft, *, by: Actor, how: str) -> None:
    now = clock.now()
    row.title, row.text, row.digest = draft.title, draft.text, draft.digest
    row.lines = [one.as_json() for one in draft.lines]
    row.units, row.signed_at = list(draft.units), now
    row.signer_kind, row.signer_id, row.signed_how = by.kind, by.ident, how
    row.version += 1
    (row.number,) = next_written(register_of(FAMILIES[row.family].register, unit=DISTRICT, at=now))
    row.save()


def _clocks_after(incident: Incident, row: UpwardReport) -> None:
    """The follow-up that was due is there, the next one is due; a final one ends it."""
    assert row.signed_at is not None
    if row.family != EVENT:  # their clocks are kept per unit alone
        return
    if row.kind == SUPPLEMENT:
        met(incident.pk, SUPPLEMENT, at=row.signed_at)
        return
    met(incident.pk, FOLLOW_UP, at=row.signed_at)
    hold = ("upward_final", str(incident.pk))
    if row.kind == FINAL:
        lift_hold(about=hold)
        return
    place_hold(incident=incident.pk, kind=Hold.Kind.FINAL_REPORT, about=hold)
    expect_next(incident, at=row.signed_at, grade=incident.grade, changed=False)


@transaction.atomic(savepoint=False)
def waive_report(
    *, by: Actor, incident_id: str | int, why: str, family: str = EVENT
) -> UpwardReport:
    """Whoever signs decides that this one is not sent, and says why. 决定不报"""
    require(by, "upward.sign")
    said = words("why", why, most=WHY_MOST)
    incident, row = held_draft(by, incident_id, family=family)
    if row.kind == FOLLOW_UP:
        zh = _("续报不能不报；情况已经稳定的，请报终报。")
        raise Refused("follow_up_is_due", zh, status=409)
    now = clock.now()
    row.waived_at, row.waived_why, row.version = now, said, row.version + 1
    row.save(update_fields=["waived_at", "waived_why", "version"])
    event = UpwardWaived(
        incident_id=incident.pk, upward_id=row.pk, upward_kind=row.kind, ordinal=row.ordinal
    )
    _say(event, row, by=by, body=said)
    for kind in MET_BY.get(row.kind, (FOLLOW_UP,)) if row.family == EVENT else ():
        met(incident.pk, kind, at=now)
    if row.family == EVENT and row.kind != SUPPLEMENT:
        lift_hold(about=("upward_final", str(incident.pk)))
    keep_clocks(incident)
    return row


# --- give and receive ---------------------------------------------------------------------------


@transaction.atomic(savepoint=False)
def deliver(
    *,
    by: Actor,
    incident_id: str | int,
    unit: str,
    act: str,
    way: str,
    taken_by: str = "",
    by_phone: bool = False,
    at: datetime | None = None,
    family: str = EVENT,
) -> None:
    """Note that a unit was given the last signed report, that it has it, or take that back. 报送

    With ``by_phone`` it is the telephone report, which comes before anything is signed. Again
    changes nothing. 422 ``telephone_them`` for a message to nobody, 409 ``nothing_signed``.
    """
    require(by, "upward.write")
    _must_be_known(act, way)
    who = words("taken_by", taken_by, most=TAKEN_BY_MOST, least=0)
    check_time("at", at)
    incident = held_incident(by, incident_id)
    report = None if by_phone else _last_signed(incident, family)
    whom = _recipient(unit, report, incident)
    rows = UpwardDelivery.objects.select_for_update().filter(STANDS, incident=incident, unit=whom)
    row = rows.filter(report=report).first()
    if act == WITHDRAWN:
        _take_back(row, by=by)
    else:
        way = PHONE if by_phone else way
        if row is not None and act != RECEIVED and row.way == MESSAGE != way:
            _take_back(row, by=by)  # the paper itself follows the message that it is there
            row = None
        row = row or _give(incident, report, whom, by=by, way=way, who=who, at=at)
        if act == RECEIVED or row.way == PHONE:
            _receive(row, by=by, who=who, at=at)
    _settle(report, incident=incident)
    keep_clocks(incident)


def _must_be_known(act: str, way: str) -> None:
    if act not in DELIVERED:
        raise refused_field("act", "unknown_act", _("只能是已报送、已收到或撤回。"))
    if act != WITHDRAWN and way not in WAYS:
        raise refused_field("way", "unknown_way", _("没有这种报送方式。"))


def _last_signed(incident: Incident, family: str) -> UpwardReport:
    rows = UpwardReport.objects.filter(incident=incident, family=family, signed_at__isnull=False)
    found = rows.order_by("-pk").first()
    if found is None:
        raise Refused("nothing_signed", _("还没有签发的报告，请先送签。"), status=409)
    return found


def _recipient(code: str, report: UpwardReport | None, incident: Incident) -> Unit:
    codes = report.units if report else recipients_for(incident)
    found = Unit.objects.filter(code=code).first() if code in codes else None
    if found is None:
        raise refused_field("unit", "unknown_unit", _("这个单位不在报送清单里。"))
    return found


def _give(
    incident: Incident,
    report: UpwardReport | None,
    unit: Unit,
    *,
    by: Actor,
    way: str,
    who: str,
    at: datetime | None,
) -> UpwardDelivery:
    person = first_reachable(unit.code) if way == MESSAGE else None
    if way == MESSAGE and person is None:
        zh = _("这个单位没有能收消息的联系人：请打电话或送书面。")
        raise refused_field("way", "telephone_them", zh)
    if way == PHONE and not who:
        raise refused_field("taken_by", "too_short", _("请写对方谁接的。"))
    row = UpwardDelivery.objects.create(
        incident=incident,
        report=report,
        unit=unit,
        way=way,
        told_at=at or clock.now(),
        taken_by=who if way == PHONE else "",
        by_kind=by.kind,
        by_id=by.ident,
    )
    event = UpwardDelivered(incident_id=incident.pk, delivery_id=row.pk, way=way)
    _say_delivery(event, row, by=by, body=unit.short_name, at=at)
    if person is not None and report is not None:
        _send(row, person, report, incident)
    return row


def _send(row: UpwardDelivery, person: Person, report: UpwardReport, incident: Incident) -> None:
    """That a report is there, not what it says: it is internal, and read after log-in."""
    name = named(report.kind, report.ordinal)
    send(
        by=HOUSE,
        person=person.pk,
        purpose="report",
        matter=matter_of(row.pk),
        text=(
            f"【信息报送】{incident.title}（{incident.number}）{name}已签发，编号{report.number}。"
            "全文另送，请查收后回复“收到”。"
        ),
        rank=URGENT,
        incident=incident.pk,
        expects_answer=True,
    )


def _send_to_all(incident: Incident, row: UpwardReport) -> None:
    """Everybody of the list whom a message reaches; the others stay on the list as not given."""
    units = {one.code: one for one in Unit.objects.filter(code__in=row.units)}
    for code in row.units:
        unit = units.get(code)
        if unit is not None and first_reachable(unit.code) is not None:
            _give(incident, row, unit, by=HOUSE, way=MESSAGE, who="", at=None)


def _receive(row: UpwardDelivery, *, by: Actor, who: str, at: datetime | None) -> None:
    if row.received_at is not None:
        return
    row.received_at, row.taken_by = at or clock.now(), who or row.taken_by
    row.save(update_fields=["received_at", "taken_by"])
    event = UpwardReceived(incident_id=row.incident_id, delivery_id=row.pk)
    body = " · ".join(part for part in (row.unit.short_name, row.taken_by) if part)
    _say_delivery(event, row, by=by, body=body, at=at)


def _take_back(row: UpwardDelivery | None, *, by: Actor) -> None:
    if row is None:
        return
    row.withdrawn_at = clock.now()
    row.save(update_fields=["withdrawn_at"])
    event = DeliveryWithdrawn(incident_id=row.incident_id, delivery_id=row.pk)
    _say_delivery(event, row, by=by, body=row.unit.short_name)


@transaction.atomic(savepoint=False)
def receive_upward_by_reply(*, by: Actor, delivery: int, person: int) -> bool:
    """Who was told of the report has answered that he has it; whether that was new. 回复收到"""
    require(by, "upward.write")
    rows = UpwardDelivery.objects.select_for_update(of=("self",)).select_related("unit")
    found = rows.filter(STANDS, pk=delivery, received_at__isnull=True).first()
    if found is None:
        return False
    name = Person.objects.filter(pk=person).values_list("name", flat=True).first() or ""
    _receive(found, by=by, who=masked_name(name) if name else "", at=None)
    _settle(found.report, incident=found.incident)
    keep_clocks(found.incident)
    return True


def _settle(report: UpwardReport | None, *, incident: Incident | None = None) -> None:
    """Everybody has been told: the clock of that report is met by the last one."""
    if report is None:
        assert incident is not None
        _settle_one(
            Q(incident=incident, report=None), upward_rules().units, incident.pk, PHONE_REPORT
        )
    elif report.kind == FIRST:
        _settle_one(Q(report=report), report.units, report.incident_id, WRITTEN_REPORT)


def _with_them_at(row: UpwardDelivery) -> datetime:
    """Since when: a message alone brought nothing before it was acknowledged."""
    return (row.received_at or row.told_at) if row.way == MESSAGE else row.told_at


def _settle_one(rows: Q, units: Iterable[str], incident: int, kind: str) -> None:
    with_them = [
        one
        for one in UpwardDelivery.objects.filter(rows, STANDS).select_related("unit")
        if is_with_them(one)
    ]
    told = {one.unit.code: _with_them_at(one) for one in with_them}
    if told and set(units) <= set(told):
        met(incident, kind, at=max(told.values()))


def _say(
    event: UpwardSigned | UpwardWaived,
    row: UpwardReport,
    *,
    by: Actor,
    body: str = "",
) -> None:
    emit(event, by=by, incident=row.incident_id, about=("upward_report", str(row.pk)), body=body)


def _say_delivery(
    event: UpwardDelivered | UpwardReceived | DeliveryWithdrawn,
    row: UpwardDelivery,
    *,
    by: Actor,
    body: str,
    at: datetime | None = None,
) -> None:
    about = ("upward_delivery", str(row.pk))
    emit(event, by=by, incident=row.incident_id, about=about, body=body, happened_at=at)
