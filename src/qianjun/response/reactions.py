"""What intake does when others speak. 接报的反应"""

from django.utils.translation import gettext

from qianjun.confirm.actions import end_all_about
from qianjun.incident.actions.withholding import ERASED
from qianjun.incident.activation_models import WAITS, Activation
from qianjun.incident.events import (
    FactsSettled,
    FigureRecorded,
    FiguresReported,
    GradeConfirmed,
    IncidentClosed,
    IncidentOpened,
    IncidentReopened,
    ReportTaken,
    SettlingUndone,
)
from qianjun.incident.merging_events import IncidentsMerged, IncidentUnmerged
from qianjun.incident.rules.tasks import says_yes
from qianjun.journal.bus import Said, on
from qianjun.journal.events import BodyErased, DeadlinePassed, RecordMarked
from qianjun.journal.models import Entry
from qianjun.message.events import MessageAnswered
from qianjun.message.models import Inbound
from qianjun.org.actor import system
from qianjun.response.actions import end_response, expect_purge
from qianjun.response.actions.clocks import expect_clocks
from qianjun.response.actions.drafting import quicken_by_grade
from qianjun.response.actions.enquiring import forget_enquiry
from qianjun.response.actions.noticing import expect_notices, receive_by_reply
from qianjun.response.actions.pressing import (
    expect_after_change,
    expect_merged_report,
    forget_upward,
    press_for_report,
)
from qianjun.response.actions.reporting import receive_upward_by_reply
from qianjun.response.actions.sign_codes import forget_sign_code
from qianjun.response.besides import forget_besides
from qianjun.response.replies import read_again
from qianjun.response.rules.noticing import notice_in
from qianjun.response.rules.upward import CLOCKS, HURT, delivery_in
from qianjun.response.upward_events import SignCodeOver

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


@on(IncidentClosed, "response.expect_purge")
def expect_purge_at_end(event: IncidentClosed, said: Said) -> None:
    """From its end on its personal data is due for erasing. 清除期限"""
    if event.merged_into is None:
        expect_purge(by=system(cause=said.entry, name="response"), incident_id=event.incident_id)


@on(IncidentReopened, "response.expect_purge_no_more")
def expect_purge_no_more(event: IncidentReopened, said: Said) -> None:
    """It runs again: nothing is due for erasing. 清除期限"""
    expect_purge(by=system(cause=said.entry, name="response"), incident_id=event.incident_id)


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
    if message is None or answer is None or not says_yes(answer.text):
        return
    house = system(cause=said.entry, name="response")
    if notice := notice_in(message.matter):
        receive_by_reply(by=house, notice=notice, person=message.person_id)
    elif delivery := delivery_in(message.matter):
        receive_upward_by_reply(by=house, delivery=delivery, person=message.person_id)


# --- reports to the upper level -----------------------------------------------------------------


@on(GradeConfirmed, "response.quicken_by_grade")
def quicken(event: GradeConfirmed, said: Said) -> None:
    """The grade switches the short clocks on. 快报时限"""
    quicken_by_grade(by=system(cause=said.entry, name="response"), incident_id=event.incident_id)


@on(FigureRecorded, "response.expect_follow_up")
def expect_on_figure(event: FigureRecorded, said: Said) -> None:
    """Casualties have changed after a report: it is repeated. 伤亡变化续报"""
    house = system(cause=said.entry, name="response")
    if event.figure_kind in HURT:
        expect_after_change(by=house, incident_id=event.incident_id, at=said.at)
    else:  # people who were moved may make it an accident of grave danger
        expect_clocks(by=house, incident_id=event.incident_id)


@on(IncidentsMerged, "response.expect_merged_report")
def expect_on_merging(event: IncidentsMerged, said: Said) -> None:
    """Whoever was told of both is told that they are one. 并案续报"""
    _expect_merged(event.incident_id, event.merged_id, said)


@on(IncidentUnmerged, "response.expect_unmerged_report")
def expect_on_unmerging(event: IncidentUnmerged, said: Said) -> None:
    """Whoever was told that they are one is told that they are two. 拆分续报"""
    _expect_merged(event.incident_id, event.merged_id, said)


def _expect_merged(lead: int, merged: int, said: Said) -> None:
    house = system(cause=said.entry, name="response")
    expect_merged_report(by=house, incident_id=lead, merged_id=merged, at=said.at)


@on(FiguresReported, "response.expect_follow_up_on_report")
def expect_on_report(event: FiguresReported, said: Said) -> None:
    """The same for numbers that came with a report. 伤亡变化续报"""
    if event.standing and any(getattr(event, kind) is not None for kind in HURT):
        house = system(cause=said.entry, name="response")
        expect_after_change(by=house, incident_id=event.incident_id, at=said.at)


@on(DeadlinePassed, "response.press_for_report")
def press(event: DeadlinePassed, said: Said) -> None:
    """A report that must be made is late: the leader on duty is called. 上报超时叫应"""
    if event.about_kind == "incident" and event.deadline_kind in CLOCKS:
        house = system(cause=said.entry, name="response")
        press_for_report(by=house, incident_id=int(event.about_id), kind=event.deadline_kind)


@on(BodyErased, "response.forget_upward", queue="bulk")
def forget_upward_words(event: BodyErased, _said: Said) -> None:
    """What was erased stands in no report to the upper level either. 依法删除"""
    forget_upward(entry=event.entry_id, hidden=False)


@on(BodyErased, "response.forget_enquiry", queue="bulk")
def forget_enquiry_words(event: BodyErased, _said: Said) -> None:
    """What the press asked, and what a lesson said, goes with its entry. 依法删除"""
    forget_enquiry(entry=event.entry_id, text=gettext(ERASED))


@on(SignCodeOver, "response.forget_sign_code")
def forget_code(event: SignCodeOver, said: Said) -> None:
    """The digits of a code leave the outbox with its time. 清除过期验证码"""
    forget_sign_code(by=system(cause=said.entry), code_id=event.code_id)


@on(RecordMarked, "response.hide_upward", queue="bulk")
def hide_upward_words(event: RecordMarked, _said: Said) -> None:
    """What must not be entered is hidden there too. 遮住"""
    if event.record_kind == "entry" and event.record_id.isdigit() and event.mark == "barred":
        forget_upward(entry=int(event.record_id), hidden=True)
