"""Teams with leaders around an incident, and phones that answer. 测试用调队"""

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.test import Client

from qianjun.force.actions import confirm_team, propose_teams
from qianjun.force.models import Team, TeamCall, TeamMember
from qianjun.force.rules.team_calls import Errand, TeamAsk, matter_of
from qianjun.incident.models import Incident
from qianjun.kernel import clock
from qianjun.message.models import Message
from qianjun.org.actor import Actor
from qianjun.org.models import Address, Person
from tests import cast
from tests.force.some import AGREED, HERE, NOW, team

LON, LAT = HERE


def led(name: str = "演示龙城社区响应队", *, deputies: int = 1, **told: Any) -> Team:
    """A team with a leader and deputies, each with a telephone."""
    made = team(name, **told)
    for n in range(deputies + 1):
        known = Person.objects.count()
        person = Person.objects.create(name=f"演示队干{known}", unit=cast.unit(), sort_key="")
        Address.objects.create(
            person=person,
            channel="sms",
            value=f"1000008{known:04d}",
            consent_at=NOW,
            consent_text=AGREED,
            is_synthetic=True,
        )
        TeamMember.objects.create(
            team=made,
            person=person,
            role="deputy" if n else "leader",
            employment="part_time",
            joined_at=NOW - timedelta(days=30),
        )
    return made


def errand(**changed: Any) -> Errand:
    """Door-knocking at the usual point within forty minutes."""
    usual: dict[str, Any] = {
        "needed_by": NOW + timedelta(minutes=40),
        "lon": LON,
        "lat": LAT,
        "place": "静兰小学门口",
        "what": "上风一侧敲门疏散",
        "risk": "有浓烟，不进 300 米",
    }
    return Errand(**(usual | changed))


def ask(of: Team, *, way: str = "", headcount: int = 8) -> TeamAsk:
    """Eight of it, in its own way."""
    return TeamAsk(team=of.pk, way=way or of.way, headcount=headcount)


def proposed(by: Actor, incident: Incident, *of: Team, **changed: Any) -> list[TeamCall]:
    """These teams proposed, nobody told."""
    asks = [ask(one) for one in of]
    return propose_teams(by=by, incident_id=incident.pk, asks=asks, errand=errand(**changed))


def called(by: Actor, incident: Incident, of: Team, **changed: Any) -> TeamCall:
    """This team called."""
    (row,) = proposed(by, incident, of, **changed)
    return confirm_team(by=by, call_id=row.pk)


def again(row: TeamCall) -> TeamCall:
    """The row as it stands now."""
    return TeamCall.objects.select_related("team").get(pk=row.pk)


def people(row: TeamCall) -> list[int]:
    """Who answers for its team, the leader first."""
    rows = TeamMember.objects.filter(team=row.team_id).order_by("-role", "pk")
    return [one.person_id for one in rows]


def messages(row: TeamCall, purpose: str = "order") -> list[Message]:
    """What was sent about it."""
    return list(Message.objects.filter(purpose=purpose, matter=matter_of(row.pk)).order_by("pk"))


def path_of(row: TeamCall, person: int | None = None) -> str:
    """The link that its leader, or this person, was sent."""
    who = person or people(row)[0]
    message = next(one for one in messages(row) if one.person_id == who)
    (path,) = message.links
    return str(path)


def act(
    row: TeamCall,
    name: str,
    *,
    act_id: UUID | str = "",
    at: datetime | None = None,
    person: int | None = None,
    **more: Any,
) -> tuple[int, dict[str, Any]]:
    """The leader presses a button of his page: status and answer."""
    body = {"act": name, "act_id": str(act_id or uuid4()), **more}
    if at is not None:
        body |= {"happened_at": at.isoformat(), "sent_at": clock.real().isoformat()}
    reply = Client().post(f"{path_of(row, person)}/acts", json.dumps(body), "application/json")
    return reply.status_code, json.loads(reply.content)


def pressed(row: TeamCall, name: str, **more: Any) -> str:
    """The outcome of a press that is taken in."""
    status, said = act(row, name, **more)
    assert status == 200, said
    return str(said["outcome"])
