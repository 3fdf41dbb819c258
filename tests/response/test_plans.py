"""A report is answered with the plan it calls for and the card to ask by."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qianjun.org.actor import Actor
from qianjun.response.queries import look_at, report_card
from tests import cast
from tests.incident.fires import taken

pytestmark = pytest.mark.django_db
FACTORY = "静兰涂料厂一车间起火，明火，已派3站，疑有危化，请通知环保和供水。"
STATEMENTS_MOST = 16


def test_a_report_is_answered_with_plan_level_reason_and_authority(officer: Actor) -> None:
    answer = taken(officer, text=FACTORY, source="119").as_json()
    assert answer["category"] == "12G00"
    assert answer["plan_suggested"] == "fire"
    assert answer["plan"]["level"] == 3
    assert answer["plan"]["why"] == ["4.2 条（示例）：危化品火灾且有扩散可能"]
    assert answer["plan"]["authority"]["title"] == "区政府分管副区长"
    assert answer["card"]["code"] == "chemical_fire"
    assert answer["card"]["hand_over"]["desk"] == "119"


def test_figures_of_the_incident_count_for_the_level(officer: Actor) -> None:
    first = taken(officer, text="民房起火", figures={"dead": 1}, category="12G03")
    second = taken(
        officer, text="又来电，民房起火", category="12G03", join=str(first.stored.incident_id)
    )
    assert second.as_json()["plan"]["level"] == 3
    card = report_card(seen_by=officer, report_id=second.stored.report_id)
    assert card.as_json()["plan"]["level"] == 3


def test_a_kind_that_no_plan_means_is_answered_with_null(officer: Actor) -> None:
    answer = taken(officer, text="商场门口有人打架", category="14B00").as_json()
    assert (answer["plan_suggested"], answer["plan"], answer["card"]) == (None, None, None)


def test_plan_and_card_stand_on_the_page_while_it_is_typed(officer: Actor) -> None:
    preview = look_at(seen_by=officer, text="地下车库进水，车里有人")
    assert preview.plan
    assert (preview.plan.plan, preview.plan.level_word) == ("flood", "四级")
    assert preview.card
    assert preview.card.code == "underground_flood"
    empty = look_at(seen_by=officer, text="")
    assert empty.plan is None
    assert empty.card is None


@pytest.mark.usefixtures("places")
def test_nothing_more_is_asked_of_the_database() -> None:
    client = cast.client_for("duty_officer")
    body = {"text": FACTORY, "channel": "phone", "source": "119"}
    client.post("/api/v1/reports", body, "application/json")
    with CaptureQueriesContext(connection) as asked:
        reply = client.post("/api/v1/reports", body | {"join": "new"}, "application/json")
    assert reply.status_code == 201
    assert json.loads(reply.content)["plan_suggested"] == "fire"
    assert len(asked) <= STATEMENTS_MOST, [one["sql"] for one in asked]
