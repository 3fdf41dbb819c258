"""The reports of a period in groups, by the filters of the page; and the list for programs."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from qianjun.incident.actions import close_incident
from qianjun.incident.models import Report
from qianjun.kernel import clock
from qianjun.org.actor import Actor
from qianjun.response.actions import Chosen, close_chosen, keep_apart
from qianjun.response.queries.groups import Groups, Wanted, groups_of, reports_in
from qianjun.response.rules import Taken
from tests import cast
from tests.incident.fires import CRASH, FAR, nearby, taken
from tests.org.refusals import refused

pytestmark = pytest.mark.django_db(transaction=True)
FARTHER = {"lon": 109.38, "lat": 24.35}


def found(by: Actor, **wanted: Any) -> Groups:
    """The groups of the last day by these filters."""
    since = clock.now() - timedelta(hours=24)
    return groups_of(seen_by=by, wanted=Wanted(**{"since": since, **wanted}))


def chosen(*reports: Taken) -> Chosen:
    """These reports."""
    return Chosen(reports=tuple(str(one.stored.report_id) for one in reports))


def test_incidents_that_may_be_one_stand_in_one_row_with_all_their_reports(officer: Actor) -> None:
    first = taken(officer, source="119")
    taken(officer, source="119")
    second = taken(officer, source="public", **nearby(200))
    other = taken(officer, text=CRASH, **FAR)
    groups = found(officer)
    assert (groups.groups, groups.reports, groups.suggested) == (2, 4, 1)
    row = groups.rows[0]
    assert [one.pk for one in row.incidents] == [
        first.stored.incident_id,
        second.stored.incident_id,
    ]
    assert row.main.pk == first.stored.incident_id
    assert row.reports == 3
    assert row.sources[0] == ("119", "phone", 2)
    assert groups.rows[1].main.pk == other.stored.incident_id


def test_what_was_kept_apart_stands_in_two_rows(officer: Actor) -> None:
    first, second = taken(officer), taken(officer, **nearby(200))
    assert found(officer).suggested == 1
    keep_apart(by=officer, chosen=chosen(first, second))
    assert (found(officer).groups, found(officer).suggested) == (2, 0)


@pytest.mark.parametrize(
    ("wanted", "texts"),
    [
        ({"source": "119"}, {"明火"}),
        ({"source": "none"}, {"翻车"}),
        ({"channel": "wechat"}, {"浓烟"}),
        ({"q": "明火"}, {"明火"}),
        ({"q": "没有这个"}, set()),
        ({"kind": "12H00"}, {"翻车"}),
        ({"street": "none"}, {"明火", "浓烟", "翻车"}),
        ({"street": "450202001"}, set()),
    ],
)
def test_the_filters_choose_reports(
    officer: Actor, wanted: dict[str, str], texts: set[str]
) -> None:
    taken(officer, text="民房着火有明火", source="119", channel="phone")
    taken(officer, text="起火有浓烟", source="public", channel="wechat", **FAR)
    taken(officer, text="货车翻车", **FARTHER)
    Report.objects.update(division="")
    groups = found(officer, **wanted)
    there = {one.title for row in groups.rows for one in row.incidents}
    said = Report.objects.filter(incident__title__in=there)
    assert groups.reports == len(texts)
    if "q" in wanted or "source" in wanted:
        assert all(any(word in row.text for word in texts) for row in said) or not texts


def test_the_period_ends_where_it_is_told(officer: Actor, held_clock: clock.Held) -> None:
    taken(officer)
    held_clock.forward(timedelta(hours=25))
    taken(officer, **FAR)
    assert found(officer).reports == 1
    assert found(officer, since=clock.now() - timedelta(hours=48)).reports == 2
    assert found(officer, until=clock.now() - timedelta(hours=1)).reports == 0


def test_every_state_has_its_list(officer: Actor) -> None:
    first = taken(officer, caller_phone="10000000032")
    taken(officer, **FAR)
    third = taken(officer, **FARTHER)
    close_chosen(by=officer, chosen=chosen(first), answer="已处置")
    close_incident(by=officer, incident_id=third.stored.incident_id)
    counts = {s: found(officer, state=s).reports for s in ("open", "to_call", "closed", "all")}
    assert counts == {"open": 1, "to_call": 1, "closed": 2, "all": 3}


def test_a_street_sees_no_groups_and_readers_do(officer: Actor) -> None:
    taken(officer)
    assert found(cast.actor(cast.JUZHANG)).reports == 1
    with refused("not_allowed", status=403):
        found(cast.actor(cast.JIEDAO))


def test_an_opened_group_shows_its_reports_in_order(officer: Actor, held_clock: clock.Held) -> None:
    first = taken(officer)
    held_clock.forward(timedelta(minutes=1))
    second = taken(officer)
    rows = reports_in(seen_by=officer, wanted=Wanted(), incidents=[str(first.stored.incident_id)])
    assert [row.pk for row, _standing in rows] == [first.stored.report_id, second.stored.report_id]


# --- the API --------------------------------------------------------------------------------------


@pytest.fixture
def program() -> Client:
    """A program of the duty desk."""
    return cast.client_for("duty_officer")


def batch(program: Client, key: str = "", **body: Any) -> Any:
    """Ask for one act on many."""
    headers = {"Idempotency-Key": key} if key else {}
    return program.post(
        "/api/v1/reports/batch", body, content_type="application/json", headers=headers
    )


def ids(*reports: Taken) -> list[str]:
    """Their ids as the API writes them."""
    return [str(one.stored.report_id) for one in reports]


def test_the_list_of_reports_is_the_contracts_list(officer: Actor, program: Client) -> None:
    first = taken(officer, caller_phone="10000001234", caller_name="张三丰")
    second = taken(officer, text="另一处冒烟", **FAR)
    page = program.get("/api/v1/reports?limit=1").json()
    assert [one["id"] for one in page["items"]] == ids(second)
    more = program.get(f"/api/v1/reports?limit=1&after={page['next']}").json()
    (last,) = more["items"]
    assert (last["id"], more["next"]) == (*ids(first), None)
    assert last["caller"] == {"name": "张**", "phone": "100****1234"}
    assert last["incident"]["url"] == f"/incidents/{first.stored.incident_id}/"
    assert (last["state"], last["answer"], last["task"]) == ("open", None, None)
    said = program.get("/api/v1/reports", {"q": "另一处", "state": "open"}).json()["items"]
    assert [one["id"] for one in said] == ids(second)
    later = (clock.now() + timedelta(hours=1)).isoformat()
    assert program.get("/api/v1/reports", {"since": later}).json()["items"] == []
    assert program.get("/api/v1/reports", {"state": "moon"}).status_code == 422
    assert program.get("/api/v1/reports", {"since": "2026-06-01"}).status_code == 422


def test_who_reads_his_own_reports_lists_his_own(officer: Actor) -> None:
    taken(officer)
    partner = cast.client_for("partner")
    assert partner.get("/api/v1/reports").json()["items"] == []
    assert cast.client_for("volunteer").get("/api/v1/reports").status_code == 403


def test_one_act_on_many_is_done_once_per_key(officer: Actor, program: Client) -> None:
    first, second = taken(officer), taken(officer, **FAR)
    body = {"act": "join", "reports": ids(first, second)}
    done = batch(program, key="batch-key-1", **body)
    assert done.status_code == 200
    assert done.json()["reports"] == 1
    again = batch(program, key="batch-key-1", **body)
    assert again.content == done.content
    assert again.headers["Idempotent-Replay"] == "true"
    split = batch(program, act="split", reports=ids(second))
    assert split.json()["incidents"][0]["state"] == "open"


def test_all_or_none_of_a_batch_is_done(officer: Actor, program: Client) -> None:
    cast.unit(cast.STREET)
    first, second = taken(officer), taken(officer, **FAR)
    close_incident(by=officer, incident_id=second.stored.incident_id)
    refusals = [
        batch(program, act="assign", reports=ids(first, second), unit=cast.STREET),
        batch(program, act="close", reports=[*ids(first), "999999"], answer="已处置"),
        batch(program, act="close", reports=ids(first), answer=""),
        batch(program, act="join", reports=[]),
        batch(program, act="dance", reports=ids(first)),
    ]
    assert [one.status_code for one in refusals] == [409, 404, 422, 422, 422]
    closed = batch(program, act="close", reports=ids(first), answer="已处置").json()
    assert closed["incidents"][0]["state"] == "closed"
    (one, _other) = program.get("/api/v1/reports?state=closed").json()["items"][::-1]
    assert one["answer"]["text"] == "已处置"
    assert one["answer"]["way"] == "nobody"
