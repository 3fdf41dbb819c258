"""What the duty desk does when others speak. 值班室的反应"""

from qianjun.duty.events import LeaderNotCalled
from qianjun.duty.rules import LEADER, call_text
from qianjun.incident.events import IncidentOpened
from qianjun.incident.queries import incident_seen, kind_name
from qianjun.journal.bus import Said, emit, on
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
