"""POST /api/v1/places/locate by contract 12, and what the command line asks."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from qianjun.place.command import lines_of, locate_lines
from tests import cast

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/places/locate"


def ask(body: Any, *, role: str = "duty_officer", **headers: str) -> Any:
    return Client().post(
        ADDRESS,
        body,
        content_type="application/json",
        headers={**cast.headers_for(role), **headers},
    )


@pytest.mark.usefixtures("seeded")
def test_a_text_is_answered_as_the_contract_says() -> None:
    answer = ask({"text": "桂中社区３栋着火"})
    assert answer.status_code == 200
    said = answer.json()
    assert set(said) == {"answer", "places", "text_normalised", "ms"}
    assert (said["answer"], said["text_normalised"]) == ("found", "桂中社区3栋着火")
    assert said["places"][0]["name"] == "桂中社区"


@pytest.mark.usefixtures("seeded")
def test_where_the_caller_is_may_come_from_any_map() -> None:
    east = ask({"text": "滨江东路"}).json()["places"][0]
    near = {"lon": east["lon"], "lat": east["lat"], "crs": "gcj02"}
    assert ask({"text": "滨江路", "near": near}).json()["places"][0]["name"] == "滨江东路"


@pytest.mark.usefixtures("seeded")
def test_no_more_places_than_the_limit() -> None:
    assert len(ask({"text": "文昌着火了", "limit": 2}).json()["places"]) == 2


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"text": ""},
        {"text": "   "},
        {"text": "一" * 5_001},
        {"text": 5},
        {"text": None},
        {"text": ["三中路"]},
        {"text": "三中\0路"},
        '{"text": "三中\\ud800路"}',
        {"text": "三中路", "limit": 0},
        {"text": "三中路", "limit": 21},
        {"text": "三中路", "limit": "many"},
        {"text": "三中路", "limit": "5"},
        {"text": "三中路", "near": {"lon": "109", "lat": 24}},
        {"text": "三中路", "near": {"lon": True, "lat": 24}},
        {"text": "三中路", "near": {"lon": 181, "lat": 24}},
        {"text": "三中路", "near": {"lon": 109}},
        '{"text": "三中路", "near": {"lon": NaN, "lat": 24}}',
        {"text": "三中路", "near": {"lon": 109, "lat": 24, "crs": "mars"}},
    ],
)
def test_bad_input_is_refused_in_one_sentence(body: Any) -> None:
    answer = ask(body)
    assert answer.status_code in (400, 422)
    assert answer["Content-Type"].startswith("application/problem+json")
    assert answer.json()["detail_zh"]


@pytest.mark.parametrize("text", ["'; DROP TABLE x;--", "=1+1", "😀", "<b>三中路</b>", "a\u202eb"])
def test_odd_text_is_a_text(text: str) -> None:
    assert ask({"text": text}).status_code == 200


def test_a_repeated_key_gets_the_same_answer() -> None:
    client, key = cast.client_for("duty_officer"), {"Idempotency-Key": "locate-0001"}
    body, kind = {"text": "三中路"}, "application/json"
    first = client.post(ADDRESS, body, content_type=kind, headers=key)
    again = client.post(ADDRESS, body, content_type=kind, headers=key)
    assert again.content == first.content
    assert again["Idempotent-Replay"] == "true"


@pytest.mark.parametrize("role", ["volunteer", "system_admin", "keeper", "partner"])
def test_who_does_not_read_incidents_does_not_locate(role: str) -> None:
    assert ask({"text": "三中路"}, role=role).status_code == 403


def test_a_stranger_is_asked_for_a_token() -> None:
    answer = Client().post(ADDRESS, {"text": "三中路"}, content_type="application/json")
    assert answer.status_code in (401, 403)


@pytest.mark.usefixtures("seeded")
def test_lines_are_answered_one_by_one_and_empty_ones_too(tmp_path: Path) -> None:
    file = tmp_path / "lines.txt"
    file.write_text("\ufeff三中路着火\r\n\n喂\u2028你好\n", "utf-8")
    answers = [answer.answer for answer in locate_lines(lines_of(file))]
    assert answers == ["found", "none", "none"]


def test_an_empty_file_has_no_lines(tmp_path: Path) -> None:
    file = tmp_path / "lines.txt"
    file.write_text("")
    assert lines_of(file) == []
