"""What incidents answer when others ask or speak. 事件的反应"""

from collections.abc import Collection

from qianjun.confirm.events import PersonConfirmed
from qianjun.confirm.models import Confirmation
from qianjun.confirm.voices import Told, speaks
from qianjun.incident.actions import (
    end_task_links,
    follow_link,
    follow_referral,
    keep_file,
    lay_out_letter,
    sign_by_call,
    sign_by_reply,
    sign_referral_by_reply,
    tell_instruction_overdue,
    tell_overdue,
)
from qianjun.incident.actions.telling import order_for
from qianjun.incident.actions.withholding import forget_entry
from qianjun.incident.events import IncidentClosed
from qianjun.incident.queries import incident_seen, report_seen
from qianjun.incident.queries.instructions import instruction_seen
from qianjun.incident.queries.tasks import CHARGE
from qianjun.incident.rules.instructions import REFERRAL_DUE, REPLY_DUE, referral_in
from qianjun.incident.rules.tasks import DEADLINE, charge_in, matter_of_charge, says_yes
from qianjun.journal.bus import Said, on
from qianjun.journal.events import BodyErased, DeadlinePassed
from qianjun.media.sight import sees
from qianjun.message.events import LinkFollowed, MessageAnswered, MessageReceived
from qianjun.message.models import Inbound, Message
from qianjun.org.actor import Actor, system


@sees("incident")
def sees_incident(by: Actor, ident: str) -> int:
    """Files of an incident are seen by who sees the incident. 事件的文件"""
    return incident_seen(seen_by=by, incident_id=ident).pk


@sees("report")
def sees_report(by: Actor, ident: str) -> int | None:
    """Files of a report are seen by who sees the report. 接报的文件"""
    return report_seen(seen_by=by, report_id=ident).incident_id


@sees("instruction")
def sees_instruction(by: Actor, ident: str) -> int | None:
    """Scans of an instruction are seen by who sees it; they belong to no incident. 来文的文件"""
    instruction_seen(seen_by=by, instruction_id=ident)
    return None


@on(MessageReceived, "incident.lay_out_letter")
def lay_out(event: MessageReceived, said: Said) -> None:
    """A letter that belongs to no incident may be a report: an officer looks at it. 来信待分拣"""
    if said.incident is None:
        house = system(cause=said.entry, name="incident")
        lay_out_letter(by=house, inbound=event.inbound_id, arrived_at=said.at)


@on(MessageReceived, "incident.keep_file")
def keep_received(event: MessageReceived, said: Said) -> None:
    """A file that came for an incident becomes part of it. 来信附件归入事件"""
    _keep_file(event.inbound_id, said)


@on(MessageAnswered, "incident.keep_answered_file")
def keep_answered(event: MessageAnswered, said: Said) -> None:
    """A file that came with an answer becomes part of the incident. 答复附件归入事件"""
    _keep_file(event.inbound_id, said)


def _keep_file(inbound: int, said: Said) -> None:
    if said.incident is not None:
        house = system(cause=said.entry, name="incident")
        keep_file(by=house, inbound=inbound, about=("incident", str(said.incident)))


@on(BodyErased, "incident.forget_words", queue="bulk")
def forget_erased(event: BodyErased, _said: Said) -> None:
    """Reports, figures and tasks keep nothing of what the journal has erased. 依法删除"""
    forget_entry(entry=event.entry_id)


@on(MessageAnswered, "incident.sign_by_reply")
def sign(event: MessageAnswered, said: Said) -> None:
    """Whoever answers an order with 收到 has signed for it. 回复签收"""
    if event.purpose != "order":
        return
    answer = Inbound.objects.select_related("matched").filter(pk=event.inbound_id).first()
    message = answer.matched if answer else None
    charge = charge_in(message.matter) if message else None
    if message and answer and charge and says_yes(answer.text):
        house = system(cause=said.entry, name="incident")
        sign_by_reply(by=house, charge=charge, person=message.person_id)


@speaks(CHARGE, purpose="order", matter=matter_of_charge)
def say_order(call: Confirmation, people: Collection[int]) -> Told:
    """Whoever is called about an order is sent the order itself. 叫应发指令"""
    return order_for(charge=int(call.about_id), people=people, deputy=call.step > 0)


@on(PersonConfirmed, "incident.sign_by_call")
def sign_called(event: PersonConfirmed, said: Said) -> None:
    """Whom the desk has heard on the telephone has signed for his order. 叫应签收"""
    call = Confirmation.objects.get(pk=event.confirmation_id)
    if call.about_kind == CHARGE:
        house = system(cause=said.entry, name="incident")
        sign_by_call(by=house, charge=int(call.about_id), person=event.person_id)


@on(LinkFollowed, "incident.sign_as_simulated")
def follow(event: LinkFollowed, said: Said) -> None:
    """A simulated person signs for the order whose link he opened. 模拟人员签收"""
    message = Message.objects.filter(pk=event.message_id, purpose="order").first()
    charge = charge_in(message.matter) if message else None
    if message and charge:
        house = system(cause=said.entry, name="incident")
        follow_link(by=house, charge=charge, person=message.person_id)


@on(DeadlinePassed, "incident.tell_overdue")
def overdue(event: DeadlinePassed, said: Said) -> None:
    """A task that is not done in time is said by its title, once. 任务超时"""
    if (event.about_kind, event.deadline_kind) == ("task", DEADLINE):
        tell_overdue(by=system(cause=said.entry, name="incident"), task_id=int(event.about_id))


@on(IncidentClosed, "incident.end_task_links")
def end_links_of_tasks(event: IncidentClosed, _said: Said) -> None:
    """Links end with their incident. 结案后链接失效"""
    end_task_links(incident=event.incident_id)


@on(MessageAnswered, "incident.sign_referral_by_reply")
def sign_referral(event: MessageAnswered, said: Said) -> None:
    """Whoever answers 收到 has signed for what was handed on to him. 回复签收转办"""
    if event.purpose != "order":
        return
    answer = Inbound.objects.select_related("matched").filter(pk=event.inbound_id).first()
    message = answer.matched if answer else None
    referral = referral_in(message.matter) if message else None
    if message and answer and referral and says_yes(answer.text):
        house = system(cause=said.entry, name="incident")
        sign_referral_by_reply(by=house, referral=referral, person=message.person_id)


@on(LinkFollowed, "incident.sign_referral_as_simulated")
def follow_to_referral(event: LinkFollowed, said: Said) -> None:
    """A simulated person signs for the referral whose link he opened. 模拟人员签收转办"""
    message = Message.objects.filter(pk=event.message_id, purpose="order").first()
    referral = referral_in(message.matter) if message else None
    if message and referral:
        house = system(cause=said.entry, name="incident")
        follow_referral(by=house, referral=referral, person=message.person_id)


@on(DeadlinePassed, "incident.tell_instruction_overdue")
def instruction_overdue(event: DeadlinePassed, said: Said) -> None:
    """An answer that did not come in time is said once. 来文超时"""
    if event.deadline_kind in (REPLY_DUE, REFERRAL_DUE):
        tell_instruction_overdue(
            by=system(cause=said.entry, name="incident"),
            kind=event.deadline_kind,
            ident=int(event.about_id),
        )
