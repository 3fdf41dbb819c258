"""What forces do when others ask or speak: a text message may answer a call-out. 力量的反应"""

from collections.abc import Collection
from uuid import NAMESPACE_OID, uuid5

from qianjun.force.actions import take_words
from qianjun.force.actions.answering import Did
from qianjun.force.callout_events import StepDue
from qianjun.force.models import Called, CallOut
from qianjun.force.queries.counting import volunteers_of
from qianjun.force.rules.answering import allowed
from qianjun.force.rules.answering import said as understood
from qianjun.force.simulated import plan_steps
from qianjun.incident.queries.people import counts_people
from qianjun.incident.rules.people import People
from qianjun.journal.bus import Said, on
from qianjun.message.events import MessageAnswered
from qianjun.message.models import Inbound
from qianjun.message.people import people_now
from qianjun.org.actor import system


@counts_people("volunteers")
def count_volunteers(incidents: Collection[int]) -> dict[int, list[People]]:
    """Whom call-outs bring to these incidents. 志愿者人数"""
    return volunteers_of(incidents)


@on(MessageAnswered, "force.hear_answer")
def hear_answer(event: MessageAnswered, said: Said) -> None:
    """A 1 or a 2, a yes or a no counts like the button; anything else a person reads. 短信应召"""
    if event.purpose != "callout":
        return
    letter = Inbound.objects.select_related("matched").filter(pk=event.inbound_id).first()
    if letter is None or letter.matched is None:
        return
    callout, act = _callout_of(letter.matched.matter), understood(letter.text)
    # a call-out that has ended hears nobody: the letter stands on its timeline
    open_ = CallOut.objects.filter(pk=callout, ended_at__isnull=True).exists()
    if act is None or not open_:
        return
    called, verdict = take_words(
        by=system(cause=said.entry),
        callout=callout,
        person=letter.matched.person_id,
        did=Did(
            act=act,
            act_id=uuid5(NAMESPACE_OID, f"inbound:{letter.pk}"),
            happened_at=letter.sent_at,
        ),
    )
    if verdict.outcome == "taken" and called.accepted_at is not None:
        plan_steps(called, cause=said.entry)


@on(StepDue, "force.take_step")
def take_step(event: StepDue, said: Said) -> None:
    """A simulated volunteer goes on; what no longer makes sense he leaves out. 模拟下一步"""
    called = Called.objects.filter(pk=event.called_id).select_related("callout").first()
    if called is None or called.callout.ended_at is not None or not people_now().auto:
        return
    turned_back = called.stood_down_at is not None and called.arrived_at is None
    act = "home" if turned_back else event.act
    if act not in allowed(called, over=called.stood_down_at is not None):
        return
    take_words(
        by=system(cause=said.entry),
        callout=event.callout_id,
        person=called.person_id,
        did=Did(
            act=act,
            act_id=uuid5(NAMESPACE_OID, f"step:{called.pk}:{event.act}"),
            happened_at=said.at,
        ),
    )


def _callout_of(matter: str) -> int:
    kind, _mark, rest = matter.partition(":")
    ident = rest.partition(":")[0]
    return int(ident) if kind == "callout" and ident.isdigit() else 0
