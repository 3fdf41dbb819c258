"""A document that is wrong is answered with what is wrong in it."""

from typing import Any

import pytest

from qianjun.kernel.errors import Refused
from qianjun.solve.callout_file import answer
from tests.solve.worlds import at, crowd, need, person

KEYS = {"wave", "count", "probability", "enough", "best_possible", "ladder", "expected_arrivals"}
KEYS |= {"next_look_at", "excluded", "assumed", "why_zh", "why_en"}


def test_the_answer_has_every_field_of_the_contract() -> None:
    said = answer(need(3, crowd(100)))
    assert set(said) == KEYS
    assert set(said["wave"][0]) == {"id", "chance", "eta_at"}
    assert said["wave"][0]["eta_at"].endswith("+08:00")
    assert {"rate", "sigma", "answer_median_min", "no_show", "detour", "speed_kmh"} <= set(
        said["assumed"]
    )
    assert "95%" in said["why_zh"]
    assert "95%" in said["why_en"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"by": at(0)}, "by_in_the_past"),
        ({"by": at(-5)}, "by_in_the_past"),
        ({"by": "2026-06-01T15:00:00"}, "bad_time"),
        ({"by": "soon"}, "bad_time"),
        ({"by": None}, "bad_time"),
        ({"now": 5}, "bad_time"),
        ({"need": 0}, "bad_number"),
        ({"need": 2.5}, "bad_number"),
        ({"need": "3"}, "bad_number"),
        ({"need": True}, "bad_number"),
        ({"lon": 200}, "bad_number"),
        ({"lat": None}, "bad_number"),
        ({"probability": 1}, "bad_number"),
        ({"probability": 0}, "bad_number"),
        ({"cap_per_year": 0}, "bad_number"),
        ({"skills": {}}, "not_a_list"),
        ({"skills": ["nurse"]}, "bad_skill"),
        ({"skills": [{"skill": "nurse"}]}, "bad_number"),
        ({"skills": [{"skill": "nurse", "count": 4}]}, "more_skilled_than_needed"),
        ({"people": None}, "no_people"),
        ({"people": {}}, "no_people"),
        ({"people": [5]}, "bad_person"),
        ({"people": [{"lon": 1, "lat": 1}]}, "bad_person"),
        ({"asked": [{"id": "p1"}]}, "bad_time"),
        ({"asked": [{"at": at(-1), "answer": None}]}, "bad_asked"),
        ({"asked": [{"id": "p1", "at": at(-1), "answer": "yes"}]}, "bad_answer"),
        ({"assume": 5}, "bad_assumption"),
        ({"assume": {"rat": 0.3}}, "unknown_assumption"),
        ({"assume": {"rate": 3}}, "bad_number"),
    ],
)
def test_a_wrong_document_is_refused_by_name(change: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refused:
        answer(need(3, [person(1)]) | change)
    assert refused.value.code == code
    assert refused.value.zh % refused.value.words


@pytest.mark.parametrize(
    "change",
    [
        {"lon": None},
        {"lat": "24"},
        {"lon": 999},
        {"asked": -1},
        {"asked": 1.5},
        {"accepted": 1},
        {"speed_kmh": 0},
        {"adult": "yes"},
        {"skills": "nurse"},
        {"id": 7},
    ],
)
def test_a_wrong_person_is_named_by_his_line(change: dict[str, Any]) -> None:
    with pytest.raises(Refused, match="bad_person") as refused:
        answer(need(1, [person(1), person(2) | change]))
    assert refused.value.words["n"] == 2


def test_a_document_that_is_no_object_is_refused() -> None:
    with pytest.raises(Refused, match="not_an_object"):
        answer([])
