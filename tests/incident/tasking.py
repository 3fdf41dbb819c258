"""Tasks for tests, and the phones of those who have them. 任务示例"""

import json
import re
from typing import Any
from uuid import uuid4

from django.http import HttpResponse
from django.test import Client

from qianjun.incident.actions import open_task
from qianjun.incident.models import Task
from qianjun.kernel import clock
from qianjun.message.models import Message
from qianjun.org.actor import Actor
from qianjun.org.models import Address, Person, Unit
from tests import cast

POLICE = "450202-GA"
HEALTH = "450202-WJ"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def somebody(name: str, unit: str, phone: str = "") -> Person:
    """A person of this unit who agrees to be reached by this number."""
    made = Person.objects.create(name=name, unit=cast.unit(unit), sort_key=name)
    if phone:
        Address.objects.create(
            person=made,
            channel="sms",
            value=phone,
            consent_at=clock.now(),
            consent_text="演示",
            is_synthetic=True,
        )
    return made


def police() -> Unit:
    """A unit whose duty room has a telephone."""
    somebody("演示公安值班室", POLICE, "10000020002")
    return cast.unit(POLICE)


def given(by: Actor, incident: int, **told: Any) -> Task:
    """A task for the police."""
    police_ = {"lead": POLICE} if not {"person", "lead", "post"} & set(told) else {}
    return open_task(by=by, incident_id=incident, **{"title": "封控三百米", **police_, **told})


def orders(**wanted: Any) -> list[Message]:
    """The orders that were sent, in their order."""
    return list(Message.objects.filter(purpose="order", **wanted).order_by("pk"))


def link_to(person: Person) -> str:
    """The path of the last link that somebody was sent."""
    return str(orders(person=person)[-1].links[0])


class Phone:
    """A phone without any cookie of the house. 手机"""

    def __init__(self, path: str) -> None:
        self.path = path
        self.client = Client()

    def page(self, **headers: str) -> HttpResponse:
        """The page as a browser asks for it."""
        return self.client.get(self.path, headers={"accept": BROWSER} | headers)  # type: ignore[return-value]

    def told(self) -> dict[str, Any]:
        """The same for a program."""
        reply = self.client.get(self.path, headers={"accept": "application/json"})
        told: dict[str, Any] = json.loads(reply.content)
        return told

    def act(self, act: str, **said: Any) -> dict[str, Any]:
        """What the house answers to an act."""
        body = {"act": act, "act_id": str(uuid4())} | said
        reply = self.client.post(f"{self.path}/acts", json.dumps(body), "application/json")
        answer: dict[str, Any] = json.loads(reply.content)
        return answer | {"status": reply.status_code}

    def press(self, act: str, **said: str) -> HttpResponse:
        """The same by a form of the page, without scripts."""
        page = self.page().content.decode()
        form = next(f for f in page.split("<form")[1:] if f'name="act" value="{act}"' in f)
        found = re.search(r'name="act_id" value="([^"]+)"', form)
        assert found
        fields = {"act": act, "act_id": found[1]} | said
        return self.client.post(f"{self.path}/acts", fields, headers={"accept": BROWSER})  # type: ignore[return-value]
