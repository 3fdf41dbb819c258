"""The addresses of reports and incidents: the bodies of the contract, field by field."""

import json
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from qianjun.incident.models import Report
from qianjun.org.models import Answered
from tests import cast
from tests.incident.fires import FIRE, LAT, LON

pytestmark = pytest.mark.django_db
REPORT: dict[str, Any] = {"text": FIRE, "channel": "phone", "lon": LON, "lat": LAT}

REPORT_FIELDS = {
    *("id", "number", "received_at", "text", "incident", "joined", "join_probability", "places"),
    *("place_answer", "duplicates", "category", "category_why", "grade_suggested", "grade_why"),
    *("plan_suggested", "proposals", "questions", "deadlines"),
}
INCIDENT_FIELDS = {
    *("id", "number", "kind", "exercise", "title", "category", "grade", "grade_suggested"),
    *("state", "version", "place", "occurred_at", "received_at", "opened_at", "closed_at"),
    *("reports", "figures", "activations", "people", "tasks", "deadlines", "holds", "questions"),
}
LINE_FIELDS = {
    *("id", "seq", "at", "happened_at", "recorded_at", "late_entry", "name", "kind", "by"),
    *("text_zh", "text_en", "erased", "corrects", "about", "files"),
}


@pytest.fixture
def desk() -> Client:
    """A duty officer's program."""
    return cast.client_for("duty_officer")


def post(client: Client, path: str, body: object, **headers: str) -> HttpResponse:
    """Send JSON; what came back."""
    reply = client.post(
        f"/api/v1/{path}", json.dumps(body), content_type="application/json", headers=headers
    )
    assert isinstance(reply, HttpResponse)
    return reply


def patch(client: Client, path: str, body: object) -> HttpResponse:
    """Send JSON by PATCH."""
    reply = client.patch(f"/api/v1/{path}", json.dumps(body), content_type="application/json")
    assert isinstance(reply, HttpResponse)
    return reply


def made(reply: HttpResponse, status: int = 201) -> dict[str, Any]:
    """The body of a good answer."""
    assert reply.status_code == status, reply.content.decode()
    body: dict[str, Any] = json.loads(reply.content)
    return body


def got(client: Client, path: str) -> dict[str, Any]:
    """The body of a good answer to GET."""
    reply = client.get(f"/api/v1/{path}")
    assert reply.status_code == 200, reply.content.decode()
    body: dict[str, Any] = reply.json()
    return body


def problem(reply: HttpResponse, status: int, code: str) -> dict[str, Any]:
    """A problem document with this code."""
    body: dict[str, Any] = json.loads(reply.content)
    assert (reply.status_code, body["code"]) == (status, code), body
    assert reply["Content-Type"] == "application/problem+json"
    return body


def test_a_report_is_answered_with_every_field_of_the_contract(desk: Client) -> None:
    answer = made(post(desk, "reports", REPORT))
    assert answer.keys() >= REPORT_FIELDS
    assert answer["incident"].keys() >= {"id", "number", "url"}
    assert answer["places"][0].keys() >= {
        *("name", "code", "kind", "lon", "lat", "radius_m", "probability", "why")
    }
    assert isinstance(answer["id"], str)
    assert got(desk, f"reports/{answer['id']}") == answer


def test_an_incident_is_shown_with_every_field_of_the_contract(desk: Client) -> None:
    answer = made(post(desk, "reports", REPORT | {"figures": {"injured": 2}}))
    card = got(desk, f"incidents/{answer['incident']['id']}")
    assert card.keys() >= INCIDENT_FIELDS
    assert card["kind"] == "incident"
    assert card["exercise"] is False
    assert card["activations"] == []
    assert card["people"] == {"need": 0, "coming": 0, "on_scene": 0}
    assert card["tasks"] == {"open": 0, "overdue": 0, "done": 0, "unsigned": 0, "help": 0}
    assert card["figures"].keys() == {
        *("dead", "missing", "serious", "injured", "evacuated", "loss_yuan")
    }
    assert card["figures"]["injured"]["value"] == 2
    assert card["figures"]["dead"] is None
    assert card["deadlines"][0].keys() >= {"kind", "due_at", "met_at", "late"}


def test_the_timeline_has_every_field_of_the_contract(desk: Client) -> None:
    incident = made(post(desk, "reports", REPORT))["incident"]["id"]
    page = got(desk, f"incidents/{incident}/timeline?limit=1")
    (line,) = page["items"]
    assert line.keys() >= LINE_FIELDS
    assert line["by"].keys() >= {"kind", "name_masked", "role"}
    rest = got(desk, f"incidents/{incident}/timeline?after={page['next']}")
    assert [one["name"] for one in rest["items"]] == ["incident.opened"]
    facts = got(desk, f"incidents/{incident}/timeline?kind=fact")
    assert {one["kind"] for one in facts["items"]} == {"fact"}
    asked = f"incidents/{incident}/timeline?as_of=2026-06-01T13:00:00%2B08:00"
    assert got(desk, asked)["items"] == []


def test_incidents_are_listed_the_newest_first_in_pages(desk: Client) -> None:
    numbers = [
        made(post(desk, "reports", REPORT | {"join": "new"}))["incident"]["number"]
        for _ in range(3)
    ]
    first = got(desk, "incidents?limit=2&state=open")
    assert [card["number"] for card in first["items"]] == numbers[:0:-1]
    rest = got(desk, f"incidents?limit=2&after={first['next']}")
    assert [card["number"] for card in rest["items"]] == numbers[:1]
    assert rest["next"] is None
    assert got(desk, "incidents?since=2026-06-01T15:00:00%2B08:00")["items"] == []
    for wrong in ("limit=0", "limit=201", "state=burning", "kind=x", "since=today", "after=x"):
        assert desk.get(f"/api/v1/incidents?{wrong}").status_code == 422, wrong


def test_operations_and_incidents_are_listed_apart(desk: Client) -> None:
    fire = made(post(desk, "reports", REPORT | {"join": "new"}))["incident"]["id"]
    asked = {"plan": "flood", "level": 4, "title": "汛期备勤"}
    operation = made(post(desk, "activations", asked))["incident"]
    listed = {
        kind: [card["id"] for card in got(desk, f"incidents?kind={kind}")["items"]]
        for kind in ("incident", "operation", "")
    }
    assert listed == {"incident": [fire], "operation": [operation], "": [operation, fire]}


def test_a_key_answers_twice_the_same_and_writes_once(desk: Client) -> None:
    headers = {"Idempotency-Key": "one-and-the-same"}
    first = post(desk, "reports", REPORT, **headers)
    again = post(desk, "reports", REPORT, **headers)
    assert (again.status_code, again.content) == (201, first.content)
    assert again["Idempotent-Replay"] == "true"
    assert len(got(desk, "incidents")["items"]) == 1
    problem(post(desk, "reports", REPORT | {"text": "别的"}, **headers), 409, "key_reused")


@pytest.mark.parametrize("key", [{}, {"Idempotency-Key": "with-a-key"}])
def test_the_numbers_of_the_answer_are_those_of_the_rows(desk: Client, key: dict[str, str]) -> None:
    odd = REPORT | {"text": f"{REPORT['text']} \ue000abcdefabcdefabcdef"}
    for number, joined in enumerate(("new", "auto"), start=1):
        headers = {name: f"{value}-{number}" for name, value in key.items()}
        reply = post(desk, "reports", odd, **headers)
        answer = made(reply)
        assert answer["joined"] == joined
        assert answer["text"] == odd["text"]
        report = Report.objects.select_related("incident").get(pk=answer["id"])
        assert answer["number"] == report.number == f"J-20260601-000{number}"
        assert answer["incident"]["number"] == report.incident.number == "450202-20260601-0001"
        if headers:
            kept = Answered.objects.values_list("body", flat=True)
            assert reply.content.decode() in kept


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"text": ""}, "too_short", "text"),
        ({"text": "   "}, "too_short", "text"),
        ({"text": 5}, "not_a_string", "text"),
        ({"text": "火" * 5_001}, "too_long", "text"),
        ({"channel": "pigeon"}, "unknown_value", "channel"),
        ({"source": "113"}, "unknown_value", "source"),
        ({"source": 119}, "unknown_value", "source"),
        ({"occurred_at": "2026-06-01T14:00:00"}, "time_without_offset", "occurred_at"),
        ({"occurred_at": 1780293900}, "not_a_time", "occurred_at"),
        ({"occurred_at": "1900-01-01T00:00:00Z"}, "too_long_ago", "occurred_at"),
        ({"occurred_at": "9999-12-31T00:00:00Z"}, "in_the_future", "occurred_at"),
        ({"lon": "109"}, "not_a_number", "lon"),
        ({"lon": True}, "not_a_number", "lon"),
        ({"lon": 181}, "too_large", "lon"),
        ({"lat": None}, "missing", "lat"),
        ({"crs": "mars"}, "unknown_value", "crs"),
        ({"category": "99X99"}, "unknown_category", "category"),
        ({"title": "火" * 201}, "too_long", "title"),
        ({"figures": {"dead": -1}}, "too_small", "figures.dead"),
        ({"figures": {"dead": 1.5}}, "not_a_number", "figures.dead"),
        ({"figures": {"dead": 10**7}}, "too_large", "figures.dead"),
        ({"figures": []}, "not_an_object", "figures"),
        ({"caller": {"phone": 5}}, "not_a_string", "caller.phone"),
        ({"join": 5}, "not_a_string", "join"),
    ],
)
def test_a_wrong_value_is_refused_by_its_field(
    desk: Client, changed: dict[str, Any], code: str, field: str
) -> None:
    body = problem(post(desk, "reports", REPORT | changed), 422, code)
    assert [error["field"] for error in body["errors"]] == [field]
    assert body["detail_zh"]
    assert got(desk, "incidents")["items"] == []


def test_a_field_that_nobody_knows_is_ignored(desk: Client) -> None:
    made(post(desk, "reports", REPORT | {"colour": "red"}))


def test_split_join_and_confirm_answer_report_and_incident(desk: Client) -> None:
    first = made(post(desk, "reports", REPORT))
    second = made(post(desk, "reports", REPORT))
    assert second["joined"] == "auto"
    confirmed = made(post(desk, f"reports/{second['id']}/confirm", {}), 200)
    assert confirmed["report"]["join_confirmed"] is True
    split = made(post(desk, f"reports/{second['id']}/split", {}), 200)
    assert split["incident"]["id"] != first["incident"]["id"]
    assert split["report"]["incident"] == split["incident"]
    joined = made(
        post(desk, f"reports/{second['id']}/join", {"incident": first["incident"]["id"]}), 200
    )
    assert joined["incident"] == first["incident"]
    assert joined["report"]["joined"] == "chosen"
    problem(post(desk, f"reports/{first['id']}/join", {"incident": "x"}), 404, "not_found")


def test_the_only_report_is_not_split(desk: Client) -> None:
    first = made(post(desk, "reports", REPORT))
    problem(post(desk, f"reports/{first['id']}/split", {}), 409, "only_report")


def test_figures_notes_closing_and_reopening(desk: Client) -> None:
    path = f"incidents/{made(post(desk, 'reports', REPORT))['incident']['id']}"
    figure = {"kind": "injured", "value": 1, "source": "市医院"}
    assert made(post(desk, f"{path}/figures", figure))["value"] == 1
    problem(post(desk, f"{path}/figures", figure | {"value": 9}), 422, "explanation_needed")
    made(post(desk, f"{path}/figures", figure | {"value": 9, "explanation": "核实"}))
    note = made(post(desk, f"{path}/notes", {"text": "消防到场", "kind": "fact"}))
    assert note["id"] in {line["id"] for line in got(desk, f"{path}/timeline")["items"]}
    assert made(post(desk, f"{path}/close", {}), 200)["state"] == "closed"
    problem(post(desk, f"{path}/close", {}), 409, "incident_closed")
    assert made(post(desk, f"{path}/reopen", {"reason": "复燃"}), 200)["state"] == "open"


def test_a_stale_version_is_refused_with_the_current_incident(desk: Client) -> None:
    path = f"incidents/{made(post(desk, 'reports', REPORT))['incident']['id']}"
    place = {"lon": LON, "lat": LAT, "name": "演示涂料厂"}
    card = made(patch(desk, path, {"version": 1, "title": "新标题", "place": place}), 200)
    assert (card["title"], card["place"]["confirmed"], card["version"]) == ("新标题", True, 2)
    stale = problem(patch(desk, path, {"version": 1, "title": "别的"}), 409, "stale")
    assert stale["current"]["title"] == "新标题"
    problem(patch(desk, path, {"version": 2}), 422, "nothing_to_change")
    assert made(patch(desk, path, {"version": 2, "category": None}), 200)["category"] is None


def test_who_shows_no_token_and_what_is_unknown(desk: Client) -> None:
    assert post(Client(), "reports", REPORT).status_code == 401
    for path in ("incidents/999999", "incidents/x", "reports/999999", "incidents/1/timeline"):
        reply = desk.get(f"/api/v1/{path}")
        assert isinstance(reply, HttpResponse)
        problem(reply, 404, "not_found")
