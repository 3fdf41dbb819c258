"""What may stand in a payload, and how the chain is computed: no database needed."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import ClassVar, Literal

import pytest

from qianjun.journal.rules import (
    ATTEMPTS,
    CODE,
    GENESIS,
    Code,
    algorithm_of,
    back_off_s,
    canonical,
    chained,
    payload_problems,
    without_personal,
)

COLUMNS = {"id": 1, "payload": {"b": [1, 2], "a": None}, "at": datetime(2026, 6, 1, tzinfo=UTC)}


@dataclass(frozen=True, kw_only=True)
class Good:
    name: ClassVar[str] = "good"
    incident_id: int
    joined: bool
    tone: Literal["high", "low"]
    rule: Code
    loss_yuan: Decimal | None
    due_at: datetime
    people: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Bad:
    name: ClassVar[str] = "bad"
    said: str
    phone: Code
    distance_m: float
    extra: dict[str, int]
    level: Literal["high", "not a code"]


def test_ids_numbers_codes_and_instants_may_be_said() -> None:
    assert payload_problems(Good) == []


def test_text_floats_objects_and_personal_names_may_not() -> None:
    found = payload_problems(Bad)
    assert {problem.split(":")[0] for problem in found} == {
        *("said", "phone", "distance_m", "extra", "level")
    }


@pytest.mark.parametrize("code", ["11A00", "report:7:3", "written_report", "450202001000", "a"])
def test_a_code_is_a_code(code: str) -> None:
    assert CODE.match(code)


@pytest.mark.parametrize(
    "text", ["文昌路", "two words", "10000000000", "45020219990101123X", "", "a" * 97, "a\n"]
)
def test_words_telephones_and_identity_numbers_are_no_codes(text: str) -> None:
    assert not CODE.match(text)


def test_the_same_columns_are_written_the_same_in_any_order_and_zone() -> None:
    beijing = timezone(timedelta(hours=8))
    turned = {key: COLUMNS[key] for key in reversed(COLUMNS)}
    turned["at"] = datetime(2026, 6, 1, 8, tzinfo=beijing)
    assert canonical(turned) == canonical(COLUMNS)
    assert canonical(COLUMNS) == (
        b'{"at":"2026-06-01T00:00:00.000000+00:00","id":1,"payload":{"a":null,"b":[1,2]}}'
    )


def test_the_hash_depends_on_every_column_and_on_the_one_before() -> None:
    first = chained(GENESIS, COLUMNS)
    assert chained(first, COLUMNS) != first
    assert chained(GENESIS, COLUMNS | {"id": 2}) != first


def test_a_chain_by_sm3_says_so() -> None:
    hash_ = chained(GENESIS, COLUMNS, algorithm="sm3")
    assert hash_.startswith("sm3:")
    assert algorithm_of(hash_) == "sm3"
    assert algorithm_of(chained(GENESIS, COLUMNS)) == "sha256"


def test_each_attempt_waits_about_twice_as_long_and_all_together_minutes() -> None:
    waits = [back_off_s(n, 0.5) for n in range(ATTEMPTS - 1)]
    assert waits == [1, 2, 4, 8, 16, 32, 64]
    assert back_off_s(3, 0.0) == 4
    assert back_off_s(3, 1.0) == 12


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("no row for 10000000000", "no row for …"),
        ("张三不在 list", "… list"),
        ("Key (phone)=(100) exists", "Key …=… exists"),
        ('value "secret words" refused', "value … refused"),
        ("mail a@example.test", "mail …"),
        ("division by zero", "division by zero"),
    ],
)
def test_an_error_is_kept_without_what_may_be_personal(words: str, kept: str) -> None:
    assert without_personal(words) == kept
