"""What the duty desk does when others speak. 值班室的反应"""

from qianjun.duty.bulletins.actions import await_bulletin, draft_bulletins, forget_bulletin
from qianjun.duty.events import BulletinDue, LeaderNotCalled
from qianjun.duty.rules import LEADER, call_text
from qianjun.incident.events import IncidentOpened
from qianjun.incident.queries import incident_seen, kind_name
from qianjun.journal.bus import Said, emit, on
from qianjun.journal.events import BodyErased
from qianjun.message.actions import send
from qianjun.org.actor import system
from qianjun.org.away.actions import tell_stand_ins
from qianjun.org.queries import answering_for


@on(IncidentOpened, "duty.call_leader")
def call_leader(event: IncidentOpened, said: Said) -> None:
    """Call the leader on duty; without one, timeline and desk say so. 叫应带班领导"""
    house = system(cause=said.entry, name="duty")
    incident = incident_seen(seen_by=house, incident_id=event.incident_id)
    called = answering_for(LEADER)[:1]
    if not called:
        nobody = LeaderNotCalled(incident_id=incident.pk)
        emit(nobody, by=house, incident=incident.pk)
        return
    (leader,) = tell_stand_ins(called, by=house, incident=incident.pk)
    send(
        by=house,
        purpose="report",
        matter=f"incident:{incident.pk}",
        person=leader,
        text=call_text(
            number=incident.number,
            place=incident.place_name,
            kind=kind_name(incident.category),
            received_at=incident.received_at,
        ),
        rank=0,
        incident=incident.pk,
        expects_answer=True,
    )


@on(BulletinDue, "duty.draft_bulletin")
def draft_bulletin(_event: BulletinDue, said: Said) -> None:
    """It is eight o'clock: the drafts that are missing, and the next time. 值班信息草稿"""
    draft_bulletins(by=system(cause=said.entry, name="duty"))
    await_bulletin()


@on(BodyErased, "duty.forget_bulletin", queue="bulk")
def forget_erased(event: BodyErased, said: Said) -> None:
    """A bulletin that was erased by law is erased here too. 依法删除"""
    forget_bulletin(by=system(cause=said.entry, name="duty"), entry=event.entry_id)
