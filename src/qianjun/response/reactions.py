"""What intake does when others speak. 接报的反应"""

from qianjun.confirm.actions import end_all_about
from qianjun.incident.activation_models import WAITS, Activation
from qianjun.incident.events import (
    FactsSettled,
    IncidentClosed,
    IncidentOpened,
    ReportTaken,
    SettlingUndone,
)
from qianjun.incident.rules.tasks import says_yes
from qianjun.journal.bus import Said, on
from qianjun.journal.events import BodyErased, RecordMarked
from qianjun.journal.models import Entry
from qianjun.message.events import MessageAnswered
from qianjun.message.models import Inbound
from qianjun.org.actor import system
from qianjun.response.actions import end_response
from qianjun.response.actions.noticing import expect_notices, receive_by_reply
from qianjun.response.besides import forget_besides
from qianjun.response.replies import read_again
from qianjun.response.rules.noticing import notice_in

CLOSED = "事件结案"


@on(BodyErased, "response.forget_besides", queue="bulk")
def forget_erased(event: BodyErased, _said: Said) -> None:
    """What a report told beside its words goes when they go. 依法删除"""
    row = Entry.objects.filter(pk=event.entry_id, name=ReportTaken.name).first()
    if row is not None:
        forget_besides(report_id=row.payload["report_id"])


@on(BodyErased, "response.forget_reply", queue="bulk")
def forget_reply(event: BodyErased, _said: Said) -> None:
    """An answer that was erased is said by no reply either. 依法删除"""
    read_again(entry=event.entry_id)


@on(RecordMarked, "response.hide_reply")
def hide_reply(event: RecordMarked, _said: Said) -> None:
    """An answer that must not be entered is hidden with its entry, and shows again with it. 遮住"""
    if event.record_kind == "entry" and event.record_id.isdigit():
        read_again(entry=int(event.record_id), hidden=event.mark == "barred")


@on(IncidentClosed, "response.end_confirmations")
def end_confirmations(event: IncidentClosed, said: Said) -> None:
    """Nobody is called about what is over. 结束叫应"""
    house, about = system(cause=said.entry, name="response"), ("incident", str(event.incident_id))
    end_all_about(by=house, about=about, why=CLOSED)


@on(IncidentClosed, "response.take_back_proposals")
def take_back_proposals(event: IncidentClosed, said: Said) -> None:
    """What nobody decided about waits no more in 待批. 结案撤回报请"""
    house = system(cause=said.entry, name="response")
    rows = Activation.objects.filter(
        WAITS, incident=event.incident_id, proposed_at__lte=said.at
    ).order_by("pk")
    for row in rows:
        end_response(by=house, activation_id=row.pk, why=CLOSED)


@on(IncidentOpened, "response.expect_notices")
def expect_at_first(event: IncidentOpened, said: Said) -> None:
    """An accident of which the law names who must be told: their time runs. 通报时限"""
    _expect(event.incident_id, said)


@on(FactsSettled, "response.expect_notices_as_settled")
def expect_as_settled(event: FactsSettled, said: Said) -> None:
    """The kind was settled: it may be such an accident now, or be none. 通报时限"""
    _expect(event.incident_id, said)


@on(SettlingUndone, "response.expect_notices_again")
def expect_again(event: SettlingUndone, said: Said) -> None:
    """The kind is what it was before. 通报时限"""
    _expect(event.incident_id, said)


def _expect(incident: int, said: Said) -> None:
    expect_notices(by=system(cause=said.entry, name="response"), incident_id=incident)


@on(MessageAnswered, "response.receive_notice")
def receive_notice(event: MessageAnswered, said: Said) -> None:
    """Whoever answers a notice with 收到 has given its receipt. 回复收到"""
    if event.purpose != "report":
        return
    answer = Inbound.objects.select_related("matched").filter(pk=event.inbound_id).first()
    message = answer.matched if answer else None
    notice = notice_in(message.matter) if message else None
    if message and answer and notice and says_yes(answer.text):
        house = system(cause=said.entry, name="response")
        receive_by_reply(by=house, notice=notice, person=message.person_id)
