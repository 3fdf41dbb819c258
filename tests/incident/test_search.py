"""Incidents are found by their words, their initials, a piece of a number, a word of a report."""

import json
from urllib.parse import urlencode

import pytest
from django.test import Client

from qianjun.incident.actions import erase_record, settle_facts, split_report
from qianjun.incident.models import Incident
from qianjun.incident.queries import incidents
from qianjun.org.actor import Actor
from tests import cast
from tests.incident.fires import CRASH, FAR, incident_of, taken
from tests.pages.reading import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(officer: Actor) -> tuple[Incident, Incident]:
    """A fire and a crash."""
    fire = taken(officer, text="学院路口民房着火，电话10000000031", title="学院路口民房火灾")
    crash = taken(officer, text=CRASH, title="重庆路追尾", **FAR)
    return incident_of(fire), incident_of(crash)


def found(by: Actor, q: str) -> list[str]:
    return [row.title for row in incidents(seen_by=by, q=q).order_by("pk")]


@pytest.mark.parametrize(
    ("q", "titles"),
    [
        ("民房", ["学院路口民房火灾"]),
        ("着火", ["学院路口民房火灾"]),
        ("火", ["学院路口民房火灾"]),
        ("xylk", ["学院路口民房火灾"]),
        ("mfhz", ["学院路口民房火灾"]),
        ("CQL", ["重庆路追尾"]),
        ("相撞", ["重庆路追尾"]),
        ("0001", ["学院路口民房火灾"]),
        ("0601-0002", ["重庆路追尾"]),
        ("450202-20260601-0002", ["重庆路追尾"]),
        ("J-20260601-0001", ["学院路口民房火灾"]),
        ("20260601", ["学院路口民房火灾", "重庆路追尾"]),
        ("民房 着火 0601", ["学院路口民房火灾"]),
        ("民房 相撞", []),
        ("10000000031", []),
        ("0000031", []),
        ("', (", []),
        ("\x1b！", []),
        ("", ["学院路口民房火灾", "重庆路追尾"]),
    ],
)
@pytest.mark.usefixtures("two")
def test_incidents_are_found(officer: Actor, q: str, titles: list[str]) -> None:
    assert found(officer, q) == titles


def test_a_settled_title_and_place_are_found_and_the_old_ones_no_more(
    officer: Actor, two: tuple[Incident, Incident]
) -> None:
    fire, _crash = two
    settle_facts(
        by=officer, incident_id=fire.pk, version=fire.version, facts={"title": "文昌大厦冒烟"}
    )
    assert found(officer, "wcds") == found(officer, "文昌") == ["文昌大厦冒烟"]
    assert found(officer, "xylkmf") == []
    assert found(officer, "着火") == ["文昌大厦冒烟"]  # the report still says so


def test_a_split_report_is_found_with_its_new_incident(officer: Actor) -> None:
    first = taken(officer, text="民房着火", title="甲处火灾")
    second = taken(officer, text="这里有油罐", title="乙处火灾", join=first.stored.incident_id)
    assert found(officer, "油罐") == ["甲处火灾"]
    split_report(by=officer, report_id=second.stored.report_id)
    assert found(officer, "油罐") == found(officer, "ychz") == ["乙处火灾"]
    assert found(officer, "0002") == ["甲处火灾", "乙处火灾"][1:]


@pytest.mark.usefixtures("two")
def test_the_interface_and_the_page_find_the_same() -> None:
    desk, screen = cast.client_for("duty_officer"), cast.signed_in(cast.XIAOWANG)
    for q, title in (("xylk", "学院路口民房火灾"), ("0601-0002", "重庆路追尾")):
        asked = urlencode({"q": q})
        assert titles(desk, asked) == [title]
        page = text_of(screen.get(f"/incidents/?{asked}"))
        assert title in page
        assert ("学院路口民房火灾" in page) == (title == "学院路口民房火灾")
    empty = text_of(screen.get("/incidents/?" + urlencode({"q": "没有的字"})))
    assert "没有找到“没有的字”" in empty


@pytest.mark.parametrize("q", ["%ED%A0%80", "%1b%07", "'%22%5C", "a" * 100, "火" * 100])
@pytest.mark.usefixtures("two")
def test_bad_questions_find_nothing_and_break_nothing(q: str) -> None:
    reply = cast.client_for("duty_officer").get(f"/api/v1/incidents?q={q}")
    assert reply.status_code == 200
    assert json.loads(reply.content)["items"] == []
    assert cast.signed_in(cast.XIAOWANG).get(f"/incidents/?q={q}").status_code == 200


@pytest.mark.usefixtures("two")
def test_a_question_with_nul_is_refused() -> None:
    assert cast.client_for("duty_officer").get("/api/v1/incidents?q=%00").status_code == 400
    assert cast.signed_in(cast.XIAOWANG).get("/incidents/?q=%00").status_code in (200, 400)


def test_a_question_that_is_too_long_is_refused(officer: Actor) -> None:
    assert (
        cast.client_for("duty_officer").get(f"/api/v1/incidents?q={'a' * 101}").status_code == 422
    )
    assert found(officer, "火" * 10_000_000) == []


@pytest.mark.usefixtures("two")
def test_the_words_of_others_stay_theirs() -> None:
    outside = cast.client_for("volunteer").get("/api/v1/incidents?q=0001")
    assert outside.status_code == 403


def titles(client: Client, asked: str) -> list[str]:
    return [
        card["title"]
        for card in json.loads(client.get(f"/api/v1/incidents?{asked}").content)["items"]
    ]


def test_what_was_erased_by_law_is_found_no_more(officer: Actor) -> None:
    told = taken(officer, text="王某在院里存放油罐", title="")
    assert found(officer, "油罐")
    leader = cast.actor(cast.LAOLI)
    ident = told.stored.report_id
    erase_record(by=leader, kind="report", ident=ident, reason="本人申请", article="pipl_47")
    assert found(officer, "油罐") == found(officer, "王某") == []
    assert found(officer, told.stored.number)
