"""Teams, coverage and volunteers for programs."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from qianjun.place.seeding import seed_places
from tests import cast
from tests.force import some

pytestmark = pytest.mark.django_db(transaction=True)
API = "/api/v1/"


@pytest.fixture(autouse=True)
def places() -> None:
    seed_places()


def asked(client: Client, path: str) -> Any:
    return json.loads(client.get(f"{API}{path}").content)


def sent(client: Client, path: str, body: Any, **headers: str) -> tuple[int, Any]:
    answer = client.post(
        f"{API}{path}", json.dumps(body), content_type="application/json", headers=headers
    )
    return answer.status_code, json.loads(answer.content)


def test_teams_are_listed_without_names_and_numbers() -> None:
    team = some.team(duty_phone="10030000001", covers=("450202001001",))
    some.member(team)
    client = cast.client_for("commander")
    (one,) = asked(client, "teams?kind=community")["items"]
    assert (one["leader_masked"], one["way"]) == ("队***", "order")
    assert one["duty_phone_masked"] == "100****0001"
    assert one["communities"] == ["450202001001"]
    assert (one["readiness"], one["part_time"]) == (None, 12)
    assert asked(client, "teams?kind=fire") == {"items": [], "next": None}
    assert client.get(f"{API}teams?kind=army").status_code == 422


def test_one_team_has_its_members_and_things() -> None:
    team = some.team()
    some.member(team)
    client = cast.client_for("duty_officer")
    whole = asked(client, f"teams/{team.pk}")
    assert [one["role"] for one in whole["members"]] == ["leader"]
    assert whole["equipment"] == []
    for ident in (team.pk + 1, "x", "9" * 40):
        assert client.get(f"{API}teams/{ident}").status_code == 404


def test_readiness_is_said_once_per_key() -> None:
    team = some.team()
    client = cast.client_for("duty_officer")
    told = {"state": "out", "headcount": 8}
    path = f"teams/{team.pk}/readiness"
    answers = [sent(client, path, told, **{"Idempotency-Key": "ready-0001"}) for _ in range(2)]
    assert answers[0] == answers[1]
    assert answers[0][1]["state"] == "out"
    assert team.readiness.count() == 1
    assert sent(client, path, {"state": "asleep"})[0] == 422
    assert sent(client, f"teams/{team.pk + 1}/readiness", told)[0] == 404
    assert sent(cast.client_for("bureau_leader"), path, told)[0] == 403


def test_coverage_counts_the_gap() -> None:
    some.team(covers=("450202001001",))
    found = asked(cast.client_for("bureau_leader"), "coverage")
    assert (len(found["items"]), found["uncovered"]) == (37, 36)
    gap = next(one for one in found["items"] if not one["teams"])
    assert gap["cover"]["name"] == "演示龙城社区响应队"
    assert gap["cover_distance_m"] > 0
    page = asked(cast.client_for("bureau_leader"), "coverage?limit=30")
    assert (page["items"], page["uncovered"]) == (found["items"][:30], 36)
    rest = asked(cast.client_for("bureau_leader"), f"coverage?limit=30&after={page['next']}")
    assert (rest["items"], rest["next"]) == (found["items"][30:], None)


def test_volunteers_come_as_numbers() -> None:
    some.volunteer(1)
    some.volunteer(2, adult_from=None)
    found = asked(cast.client_for("commander"), "volunteers/summary")
    assert (found["count"], found["callable"], found["excluded"]["minor"]) == (2, 1, 1)
    assert found["sources"] == [{"code": "own_sign_up", "count": 2, "callable": 1}]
    assert cast.client_for("volunteer").get(f"{API}volunteers/summary").status_code == 403


def test_a_volunteer_is_paused_and_comes_back() -> None:
    one = some.volunteer()
    client = cast.client_for("duty_officer")
    until = (some.NOW + timedelta(days=3)).isoformat()
    status, body = sent(client, f"volunteers/{one.pk}/pause", {"until": until})
    assert (status, body["excluded"]) == (200, "paused")
    assert "name" not in body
    status, body = sent(client, f"volunteers/{one.pk}/resume", {})
    assert (status, body["excluded"]) == (200, None)
    assert sent(client, f"volunteers/{one.pk}/pause", {"until": "2020-01-01T00:00:00Z"})[0] == 422
    assert sent(client, f"volunteers/{one.pk}/pause", {"until": "2026-07-01 00:00"})[0] == 422
