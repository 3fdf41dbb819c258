"""What forces do when others ask or speak: a text message may answer a call. 力量的反应"""

from collections.abc import Collection
from uuid import NAMESPACE_OID, UUID, uuid5

from django.db.models import Q

from qianjun.confirm.events import PersonConfirmed
from qianjun.confirm.models import Confirmation
from qianjun.confirm.voices import Told, speaks
from qianjun.force.actions import (
    continue_callout,
    stand_down,
    stand_down_team,
    take_team_words,
    take_words,
)
from qianjun.force.actions.answering import Did
from qianjun.force.actions.mandates import end_mandates
from qianjun.force.actions.team_acts import TeamDid, forget_reason
from qianjun.force.actions.team_calls import call_for
from qianjun.force.actions.team_ends import end_team_links
from qianjun.force.callout_events import LookDue, StepDue
from qianjun.force.models import Called, CallOut, TeamCall
from qianjun.force.queries.counting import volunteers_of
from qianjun.force.queries.team_calls import people_of_teams
from qianjun.force.rules.answering import allowed
from qianjun.force.rules.answering import said as understood
from qianjun.force.rules.team_calls import ABOUT, call_in, matter_of, next_acts
from qianjun.force.simulated import plan_steps
from qianjun.force.simulated_teams import plan_team_steps, plan_way_home
from qianjun.force.team_call_events import TeamActed, TeamStepDue, TeamStoodDown
from qianjun.incident.events import IncidentClosed
from qianjun.incident.queries.people import counts_people
from qianjun.incident.rules.people import People
from qianjun.journal.bus import Said, on
from qianjun.journal.events import BodyErased
from qianjun.journal.models import Entry
from qianjun.kernel import clock
from qianjun.message.events import LinkFollowed, MessageAnswered
from qianjun.message.models import Inbound, Message
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
    rows = Called.objects.select_related("callout", "volunteer")
    called = rows.filter(pk=event.called_id).first()
    if called is None or called.callout.ended_at is not None or not people_now().auto:
        return
    turned_back = called.stood_down_at is not None and called.arrived_at is None
    act = "home" if turned_back else event.act
    if act not in allowed(called, over=called.stood_down_at is not None):
        return
    lon, lat = _whereabouts(called, act)
    take_words(
        by=system(cause=said.entry),
        callout=event.callout_id,
        person=called.person_id,
        did=Did(
            act=act,
            act_id=uuid5(NAMESPACE_OID, f"step:{called.pk}:{event.act}"),
            happened_at=said.at,
            lon=lon,
            lat=lat,
        ),
    )


def _whereabouts(called: Called, act: str) -> tuple[float, float] | tuple[None, None]:
    """What a telephone would say: he starts at home and comes to where he is wanted."""
    if act == "en_route":
        return called.volunteer.lon, called.volunteer.lat
    return (called.callout.lon, called.callout.lat) if act == "arrived" else (None, None)


def _callout_of(matter: str) -> int:
    kind, _mark, rest = matter.partition(":")
    ident = rest.partition(":")[0]
    return int(ident) if kind == "callout" and ident.isdigit() else 0


@on(LookDue, "force.go_on_calling", queue="heavy")
def go_on_calling(event: LookDue, said: Said) -> None:
    """The house confirms a further wave, as far as an officer lets it. 自动续召"""
    house = system(cause=said.entry, name="force")
    continue_callout(by=house, mandate_id=event.mandate_id, look=event.look)


@on(IncidentClosed, "force.end_mandates")
def end_mandates_of(event: IncidentClosed, said: Said) -> None:
    """Nobody is called for what is closed. 结案后不再续召"""
    end_mandates(system(cause=said.entry, name="force"), event.incident_id)


# --- called teams -------------------------------------------------------------------------------


@counts_people("teams")
def count_teams(incidents: Collection[int]) -> dict[int, list[People]]:
    """Whom called teams bring to these incidents. 队伍人数"""
    return people_of_teams(incidents)


@speaks(ABOUT, purpose="order", matter=matter_of)
def say_team_call(call: Confirmation, people: Collection[int]) -> Told:
    """Whoever is called about a team is sent what is asked of it. 叫应调队"""
    return call_for(call=int(call.about_id), people=people, deputy=call.step > 0)


@on(MessageAnswered, "force.hear_leader")
def hear_leader(event: MessageAnswered, said: Said) -> None:
    """A leader's 收到, 1 or 2 counts like the button; anything else a person reads. 队长回信"""
    if event.purpose != "order":
        return
    letter = Inbound.objects.select_related("matched").filter(pk=event.inbound_id).first()
    if letter is None or letter.matched is None:
        return
    call, act = call_in(letter.matched.matter) or 0, understood(letter.text)
    if act is None or not TeamCall.objects.filter(pk=call, asked_at__isnull=False).exists():
        return
    take_team_words(
        by=system(cause=said.entry, name="force"),
        call_id=call,
        person=letter.matched.person_id,
        did=TeamDid(
            act=act,
            act_id=uuid5(NAMESPACE_OID, f"inbound:{letter.pk}"),
            happened_at=letter.sent_at,
            reason=letter.text if act == "decline" else "",
        ),
    )


@on(PersonConfirmed, "force.sign_by_call")
def sign_called(event: PersonConfirmed, said: Said) -> None:
    """Whom the desk has heard on the telephone has signed for his team. 叫应签收"""
    call = Confirmation.objects.get(pk=event.confirmation_id)
    if call.about_kind != ABOUT:
        return
    row = TeamCall.objects.filter(pk=int(call.about_id)).first()
    if row is None or row.accepted_at or row.declined_at or row.arrived_at:
        return
    _go_on(row, "accept", said, person=event.person_id, mark=f"confirmed:{said.entry}")


@on(LinkFollowed, "force.sign_as_simulated")
def follow(event: LinkFollowed, said: Said) -> None:
    """A simulated leader signs for the team whose link he opened, and goes. 模拟队长签收"""
    message = Message.objects.filter(pk=event.message_id, purpose="order").first()
    call = (call_in(message.matter) if message else None) or 0
    row = TeamCall.objects.filter(pk=call).first()
    if message is None or row is None or "accept" not in next_acts(row):
        return
    row = _go_on(row, "accept", said, person=message.person_id, mark=f"followed:{message.pk}")
    plan_team_steps(row, cause=said.entry)


@on(TeamStepDue, "force.take_team_step")
def take_team_step(event: TeamStepDue, said: Said) -> None:
    """A simulated team goes on; what no longer makes sense it leaves out. 模拟队伍下一步"""
    row = TeamCall.objects.filter(pk=event.team_call_id).first()
    if row is None or not people_now().auto or event.act not in next_acts(row):
        return
    if row.stood_down_at is None or event.act == "home":
        _go_on(row, event.act, said, person=None, mark=f"step:{row.pk}:{event.act}")


@on(TeamStoodDown, "force.team_turns_back")
def turn_back(event: TeamStoodDown, said: Said) -> None:
    """A simulated team that was stood down goes home. 模拟队伍返回"""
    plan_way_home(TeamCall.objects.get(pk=event.team_call_id), cause=said.entry)


@on(IncidentClosed, "force.end_team_links")
def end_links_of_teams(event: IncidentClosed, _said: Said) -> None:
    """Links end with their incident. 结案后链接失效"""
    end_team_links(incident=event.incident_id)


@on(IncidentClosed, "force.withdraw_proposed")
def withdraw_proposed(event: IncidentClosed, said: Said) -> None:
    """What nobody confirmed is taken back with its incident, and says so. 结案撤回建议"""
    house = system(cause=said.entry, name="force")
    mine = Q(incident=event.incident_id, proposed_at__lte=said.at, stood_down_at=None)
    for team in TeamCall.objects.filter(mine, asked_at=None, ended_at=None).order_by("pk"):
        stand_down_team(by=house, call_id=team.pk)
    for callout in CallOut.objects.filter(mine, confirmed_at=None, ended_at=None).order_by("pk"):
        stand_down(by=house, callout_id=callout.pk)


@on(BodyErased, "force.forget_words", queue="bulk")
def forget_erased(event: BodyErased, _said: Said) -> None:
    """Why a team could not come goes when the journal's words go. 依法删除"""
    entry = Entry.objects.filter(pk=event.entry_id, name=TeamActed.name).first()
    if entry is not None:
        forget_reason(call_id=entry.payload["team_call_id"])


def _go_on(row: TeamCall, act: str, said: Said, *, person: int | None, mark: str) -> TeamCall:
    did = TeamDid(act=act, act_id=_named(mark), happened_at=clock.now())
    house = system(cause=said.entry, name="force")
    return take_team_words(by=house, call_id=row.pk, person=person, did=did)[0]


def _named(mark: str) -> UUID:
    return uuid5(NAMESPACE_OID, mark)
