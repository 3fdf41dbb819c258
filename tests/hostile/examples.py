"""A house with something in it, and a good body for every address that takes one. 样例"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

from django.db import connection
from django.http import HttpResponse
from django.test import Client

from qianjun.incident.models import Report
from qianjun.journal.models import Entry
from qianjun.kernel import clock
from qianjun.kernel.ids import short_id
from qianjun.org import seeding
from qianjun.org.models import Person
from qianjun.org.telephone_models import Absence, PhoneNumber
from qianjun.place.seeding import seed_places
from qianjun.supply.seeding import seed_demo_stock
from tests import cast
from tests.duty import some as on_duty
from tests.emptying import once_built
from tests.force import some
from tests.force.calls import Calls
from tests.force.calls import incident as an_incident
from tests.force.teaming import called, led
from tests.guard.routes import Route, all_routes
from tests.hostile.bodies import BODIES, REPORT
from tests.hostile.values import Raw
from tests.place.some import a_reading

API = "/api/v1/"
# what a duty officer may not
ASKED_BY = {
    "POST /api/v1/instructions/{}/direct": "leader_in_charge",
    "POST /api/v1/incidents/{}/upward_reports/sign": "leader_in_charge",
    "POST /api/v1/incidents/{}/upward_reports/waive": "leader_in_charge",
    "POST /api/v1/shift_hand_overs/signed_for": "leader_in_charge",
    "POST /api/v1/activations/{}/decision": "leader_in_charge",
    "POST /api/v1/journal/{}/erase": "leader_in_charge",
    "POST /api/v1/orders/{}/approve": "leader_in_charge",
    "POST /api/v1/orders/{}/issue": "keeper",
    "POST /api/v1/orders/{}/return": "keeper",
}
# what the protocol of uploads wants of every request; nobody else reads it
TUS = {"Tus-Resumable": "1.0.0", "Upload-Length": "4", "Upload-Offset": "0"}
PIECE = "application/offset+octet-stream"
# who may be called: bodies name them by these ids
CALLED = (900_001, 900_002, 900_003)
TEAM = 900_001
COUNTED = ("incident_report", "incident_incident", "journal_entry", "message_message")


def furnish() -> None:
    """Units, posts, places, and a leader on post who can be called."""
    once_built("furnished", _furnish)


def _furnish() -> None:
    seeding.seed_units()
    seeding.seed_posts()
    seed_places()
    seed_demo_stock()
    cast.put_on_duty(cast.LAOLI, phone="10000000002")
    some.team("演示待调队", pk=TEAM)
    on_duty.somebody()
    for key in CALLED:
        Person.objects.create(pk=key, name=f"演示{key}", unit=cast.unit(), sort_key="")
    PhoneNumber.objects.create(pk=CALLED[0], unit=cast.unit(), kind="duty", value="10000059001")


def api_routes(*methods: str) -> list[Route]:
    """Every address of the API that answers one of these methods."""
    return [r for r in all_routes() if r.path.startswith(API) and r.method in methods]


def counts() -> tuple[int, ...]:
    """Rows of reports, incidents, entries and messages."""
    columns = ", ".join(f"(SELECT count(*) FROM {table})" for table in COUNTED)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns}")
        return tuple(cursor.fetchone() or ())


@dataclass(kw_only=True)
class Asker:
    """Somebody with a token, and the report and incident that he made."""

    role: str
    client: Client = field(init=False)

    def __post_init__(self) -> None:
        headers = cast.headers_for(self.role) if self.role else {}
        self.client = Client(headers=headers | TUS, raise_request_exception=False)

    def send(self, method: str, path: str, body: object = None) -> HttpResponse:
        """Ask with a body of JSON, which may hold what JSON forbids."""
        words = written(body) if body is not None else ""
        return self.raw(method, path, words.encode("utf-8", "surrogatepass"))

    def raw(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        content_type: str = "application/json",
        **headers: str,
    ) -> HttpResponse:
        """Ask with these very bytes."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        reply = self.client.generic(method, path, body, content_type, headers=named)
        assert isinstance(reply, HttpResponse)
        return reply

    def report(self, **changed: Any) -> dict[str, Any]:
        """A report that was taken."""
        reply = self.send("POST", f"{API}reports", REPORT | changed)
        assert reply.status_code == 201, reply.content.decode()
        taken: dict[str, Any] = json.loads(reply.content)
        return taken

    def thing(self, route: str, *, only_his: bool = False) -> str | None:
        """A thing of his own for this address; None when he may not make one.

        With ``only_his`` None too where the thing would be made by the house and is nobody's.
        """
        if "/uploads/" in route or "/files/" in route:
            return self._sent(whole="/files/" in route)
        made = next((make for part, make in self._own().items() if part in route), None)
        if self.role == "team_leader" and route.endswith("/readiness"):
            return None  # his own team is that of his person; a token leads none
        if made is not None:
            return None if only_his and made not in self._by_himself() else made()
        reply = self.send("POST", f"{API}reports", REPORT)
        if reply.status_code != 201:
            return None
        taken = json.loads(reply.content)
        if "/journal/" in route:
            told = Entry.objects.filter(about_kind="report", about_id=taken["id"])
            return str(told.values_list("pk", flat=True)[0])
        if "/tasks/{" in route:
            return self._task(taken["incident"]["id"])
        if "/supplies/" in route:
            return "folding_bed"
        others = next((make for part, make in _BY_OTHERS.items() if part in route), None)
        if others is not None:
            return None if only_his else others(route, taken["incident"]["id"])
        return str(taken["id"] if "/reports/" in route else taken["incident"]["id"])

    def _own(self) -> dict[str, Callable[[], str | None]]:
        """What needs no report of his, by part of its address."""
        calls = Calls.made
        return {
            "/v1/teams/": lambda: str(some.team(f"演示{short_id()}队").pk),
            "/team_calls/": lambda: str(called_team()),
            "/volunteers/": lambda: str(some.volunteer().pk),
            "/callouts/": lambda: str(calls(cast.actor(cast.XIAOWANG), people=3).proposed().pk),
            "/confirmations/": self._called,
            "/contacts/": lambda: "450202-GA",
            "/v1/absences/": lambda: str(an_absence()),
            "/v1/posts/": lambda: "leader_in_charge",
            "/v1/lists/": lambda: "stock" if self.role == "keeper" else "incidents",
            "/v1/records/": self._record,
            "/activations/": self._proposed,
            "/instructions/": self._instructed,
            "/phone_records/": self._rung,
            "/v1/readings/": lambda: str(a_reading()),
            **on_duty.OWN,
        }

    def _record(self) -> str:
        """A record that others have made and he may take out: kind and number."""
        if self.role == "keeper":
            return f"order {order_for('/approve')}"
        return f"incident {Asker(role='duty_officer').report()['incident']['id']}"

    def _by_himself(self) -> tuple[Callable[[], str | None], ...]:
        """What of these he makes by asking for it."""
        return (self._called, self._proposed, self._instructed, self._rung)

    def _proposed(self) -> str | None:
        """A response that he has proposed."""
        body = BODIES["POST /api/v1/activations"]
        reply = self.send("POST", f"{API}activations", body)
        return str(json.loads(reply.content)["id"]) if reply.status_code == 201 else None

    def _instructed(self) -> str | None:
        """An instruction that he has taken in."""
        return self._made("instructions")

    def _rung(self) -> str | None:
        """A call that he has written down."""
        return self._made("phone_records")

    def _made(self, what: str) -> str | None:
        reply = self.send("POST", f"{API}{what}", BODIES[f"POST {API}{what}"])
        return str(json.loads(reply.content)["id"]) if reply.status_code == 201 else None

    def _called(self) -> str | None:
        """A call of his own."""
        reply = self.send("POST", f"{API}confirmations", BODIES["POST /api/v1/confirmations"])
        return str(json.loads(reply.content)["id"]) if reply.status_code == 201 else None

    def _task(self, incident: str) -> str | None:
        """A task of his own in an incident of his own: both ids."""
        reply = self.send("POST", f"{API}incidents/{incident}/tasks", {"title": "封控"})
        if reply.status_code != 201:
            return None
        return f"{incident} {json.loads(reply.content)['id']}"

    def _sent(self, *, whole: bool) -> str | None:
        """An upload that was begun, or the file that it became."""
        begun = self.send("POST", f"{API}uploads")
        if begun.status_code != 201:
            return None
        path = begun.headers["Location"]
        if not whole:
            return str(path.rsplit("/", 1)[1])
        done = self.raw("PATCH", path, b"abcd", PIECE)
        assert done.status_code == 204, done.content.decode()
        return str(done.headers["Upload-File"])


def signed_report(incident: str) -> str:
    """A report to the upper level that the leader has signed."""
    leader = Asker(role="leader_in_charge")
    reply = leader.send("GET", f"{API}incidents/{incident}/upward_reports")
    digest = json.loads(reply.content)["draft"]["digest"]
    answer = leader.send(
        "POST", f"{API}incidents/{incident}/upward_reports/sign", {"digest": digest}
    )
    return str(json.loads(answer.content)["id"])


def lesson_of(incident: str) -> str:
    """A lesson that the leader has put down for an incident."""
    leader = Asker(role="leader_in_charge")
    body = BODIES["POST /api/v1/incidents/{}/lessons"]
    answer = leader.send("POST", f"{API}incidents/{incident}/lessons", body)
    return str(json.loads(answer.content)["id"])


def enquiry_of(incident: str) -> str:
    """What the press asks about an incident, as the leader has taken it."""
    leader = Asker(role="leader_in_charge")
    body = BODIES["POST /api/v1/incidents/{}/media_enquiries"]
    answer = leader.send("POST", f"{API}incidents/{incident}/media_enquiries", body)
    return str(json.loads(answer.content)["id"])


def called_team() -> int:
    """A team that others have called."""
    of = led(f"演示{short_id()}队")
    return called(cast.actor(cast.XIAOWANG), an_incident(), of).pk


def order_for(route: str) -> str:
    """An order that others have brought to where this address goes on."""
    officer, leader, keeper = (
        Asker(role=role) for role in ("duty_officer", "leader_in_charge", "keeper")
    )
    incident = officer.report()["incident"]["id"]
    asked = {"code": "sheet", "quantity": 1}
    reply = officer.send("POST", f"{API}incidents/{incident}/orders", asked)
    ident = str(json.loads(reply.content)["id"])
    act = route.rsplit("/", 1)[1]
    if act in ("issue", "receive", "return"):
        leader.send("POST", f"{API}orders/{ident}/approve", {})
    if act in ("receive", "return"):
        keeper.send("POST", f"{API}orders/{ident}/issue", {})
    return ident


# what others have made, by part of its address
def an_absence() -> int:
    """Somebody who is away."""
    who = Person.objects.create(name=f"演示{short_id()}", unit=cast.unit(), sort_key="")
    now = clock.now()
    until = now + timedelta(days=1)
    row = Absence.objects.create(
        person=who, since=now, until=until, where="city", reported_at=now, by_kind="system"
    )
    return row.pk


_BY_OTHERS: dict[str, Callable[[str, str], str]] = {
    "/v1/orders/": lambda route, _incident: order_for(route),
    "/v1/upward_reports/": lambda _route, incident: signed_report(incident),
    "/v1/lessons/": lambda _route, incident: lesson_of(incident),
    "/v1/media_enquiries/": lambda _route, incident: enquiry_of(incident),
}


def body_for(route: str, *, incident: str = "1") -> dict[str, Any] | None:
    """A good body for a route; where it names an incident, this one, and its reports."""
    body = BODIES.get(route)
    if not body or "incident" not in body:
        return body
    own = Report.objects.filter(incident__pk=incident).values_list("pk", flat=True)
    named = {"reports": [str(pk) for pk in own]} if "reports" in body else {}
    return body | {"incident": incident} | named


def _filled(ident: str, _found: re.Match[str]) -> str:
    return ident


def path_for(route: str, ident: str | None = None) -> str:
    """The address of a route, about this thing; two ids stand apart by a space."""
    path = route.split(" ", 1)[1]
    for one in (ident or "1").split(" ") if path.count("{") > 1 else [ident or "1"]:
        path = re.sub(r"\{\w*\}", partial(_filled, one), path, count=1)
    return re.sub(r"\{\w*\}", lambda _found: ident or "1", path)


def written(body: object) -> str:
    """JSON, with raw pieces where the value holds them."""
    raw: list[str] = []

    def plain(value: object) -> object:
        if isinstance(value, Raw):
            raw.append(value.text)
            return f"@raw{len(raw) - 1}@"
        if isinstance(value, dict):
            return {key: plain(one) for key, one in value.items()}
        return [plain(one) for one in value] if isinstance(value, list) else value

    text = json.dumps(plain(body))
    for number, piece in enumerate(raw):
        text = text.replace(f'"@raw{number}@"', piece)
    return text


def faults(what: str, reply: HttpResponse, before: tuple[int, ...] | None = None) -> list[str]:
    """What is wrong with an answer: its status, its form, or what it left behind."""
    status = reply.status_code
    if status < 400:
        return [] if status in (200, 201, 202, 204) else [f"{what}: {status}"]
    if status not in (400, 401, 403, 404, 405, 409, 413, 415, 422):
        return [f"{what}: {status} {reply.content[:200]!r}"]
    found = [f"{what}: {status} {line}" for line in _misformed(reply)]
    if before is not None and counts() != before:
        found.append(f"{what}: {status} but rows {before} became {counts()}")
    return found


def _misformed(reply: HttpResponse) -> list[str]:
    kind = reply.headers.get("Content-Type", "")
    if kind.split(";")[0] != "application/problem+json":
        return [f"is {kind}"]
    told = json.loads(reply.content)
    wanted = ("type", "title", "code", "detail_zh", "detail_en")
    missing = [f"has no {name}" for name in wanted if not told.get(name)]
    missing += ["status differs"] if told.get("status") != reply.status_code else []
    errors = told.get("errors")
    if not isinstance(errors, list):
        return [*missing, "errors is no list"]
    # a field without a name is the body itself
    whole = [
        isinstance(e.get("field"), str) and e.get("code") and e.get("detail_zh") for e in errors
    ]
    return missing + [f"errors: {one}" for one, good in zip(errors, whole, strict=True) if not good]
