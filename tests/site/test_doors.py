"""Who may listen is asked before a stream starts."""

import pytest
from django.test import Client

from tests.cast import SYSTEM, XIAOWANG, client_for, signed_in

pytestmark = pytest.mark.django_db
EVENTS = "/api/v1/events"


def test_a_desk_may_listen_by_token_and_by_session() -> None:
    for client in (client_for("duty_officer"), signed_in(XIAOWANG)):
        response = client.get(EVENTS, {"topics": "desk"})
        assert (response.status_code, response.json()) == (200, {"topics": ["desk"]})


@pytest.mark.parametrize(
    "topics", ["incident:1", "incident:x", "incident:-1", "incident:" + "9" * 30, "city", "desk,x"]
)
def test_what_is_unknown_and_what_is_forbidden_are_the_same_403(topics: str) -> None:
    response = client_for("duty_officer").get(EVENTS, {"topics": topics})
    assert (response.status_code, response.json()["code"]) == (403, "topic_not_allowed")


@pytest.mark.parametrize("topics", ["", ",", ",".join(["desk"] * 21)])
def test_no_topic_and_too_many_are_a_bad_question(topics: str) -> None:
    assert client_for("duty_officer").get(EVENTS, {"topics": topics}).status_code == 422


def test_a_stranger_gets_401_and_an_administrator_403() -> None:
    assert Client().get(EVENTS, {"topics": "desk"}).status_code == 401
    assert signed_in(SYSTEM).get(EVENTS, {"topics": "desk"}).status_code == 403
