"""An incident, volunteers around it, call-outs, and phones that answer. 测试用召集"""

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.test import Client

from qianjun.force.actions import confirm_wave, propose_callout
from qianjun.force.models import Called, CallOut
from qianjun.force.rules.wanting import Wanted
from qianjun.incident.models import Incident
from qianjun.kernel import clock
from qianjun.message.models import Message
from qianjun.org.actor import Actor
from tests.force.some import HERE, NOW, volunteer

LON, LAT = HERE


def wanted(**changed: Any) -> Wanted:
    """Three people at the usual point within an hour."""
    usual = Wanted(
        need=3,
        needed_by=NOW + timedelta(hours=1),
        lon=LON,
        lat=LAT,
        place="静兰小学体育馆",
        what="登记、搬床",
        risk="低，离火场 900 米",
        kit="口罩",
    )
    return replace(usual, **changed)


def incident() -> Incident:
    """An open incident at the usual point."""
    now = clock.now()
    return Incident.objects.create(
        number=f"450202-20260601-{Incident.objects.count() + 1:04d}",
        title="演示涂料厂火灾",
        lon=LON,
        lat=LAT,
        placed="given",
        received_at=now,
        opened_at=now,
        last_report_at=now,
    )


@dataclass(kw_only=True)
class Calls:
    """Where call-outs are made. 召集场地"""

    by: Actor
    incident: Incident

    @classmethod
    def made(cls, by: Actor, *, people: int = 40) -> "Calls":
        """An incident and so many volunteers, one every 30 metres to the east."""
        for n in range(people):
            volunteer(n, east_m=30 * n)
        return cls(by=by, incident=incident())

    def proposed(self, **changed: Any) -> CallOut:
        """A call-out that nobody has confirmed."""
        return propose_callout(by=self.by, incident_id=self.incident.pk, wanted=wanted(**changed))

    def running(self, **changed: Any) -> CallOut:
        """A call-out whose first wave was sent."""
        row = self.proposed(**changed)
        return confirm_wave(by=self.by, callout_id=row.pk, rank=1, version=row.version)


def people(row: CallOut) -> list[Called]:
    """Who is in a call-out, the likeliest first."""
    return list(Called.objects.filter(callout=row).order_by("-chance", "pk"))


def path_of(one: Called) -> str:
    """The link that he was sent."""
    message = Message.objects.get(person=one.person_id, purpose="callout", incident__gt=0)
    (path,) = message.links
    return str(path)


def act(
    one: Called, name: str, *, act_id: UUID | str = "", at: datetime | None = None, **more: Any
) -> tuple[int, dict[str, Any]]:
    """He presses a button of his page: status and answer."""
    body = {"act": name, "act_id": str(act_id or uuid4()), **more}
    if at is not None:
        body |= {"happened_at": at.isoformat(), "sent_at": clock.real().isoformat()}
    reply = Client().post(f"{path_of(one)}/acts", json.dumps(body), "application/json")
    return reply.status_code, json.loads(reply.content)


def pressed(one: Called, name: str, **more: Any) -> str:
    """The outcome of a press that is taken in."""
    status, said = act(one, name, **more)
    assert status == 200, said
    return str(said["outcome"])


def again(one: Called) -> Called:
    """The row as it stands now."""
    return Called.objects.get(pk=one.pk)
