"""Stored payloads are never rewritten; what was said once stays readable."""

import json
from pathlib import Path

import pytest

from qianjun.journal.bus import Event, known
from qianjun.journal.payloads import UnknownEvent, from_payload, to_payload
from qianjun.journal.rules import payload_problems
from tests.journal.samples import TESTS, every_event, path_of, sample_of
from tests.journal.words import Rang

EVENTS = every_event()


def name_of(kind: type[Event] | Path) -> str:
    return kind.stem if isinstance(kind, Path) else kind.name


@pytest.mark.parametrize("kind", EVENTS, ids=name_of)
def test_every_event_version_has_a_stored_sample(kind: type[Event]) -> None:
    assert path_of(kind).exists(), "write it: python -m tests.journal.samples"


@pytest.mark.parametrize("path", sorted(TESTS.glob("*/golden/*.json")), ids=name_of)
def test_a_stored_sample_stays_readable_and_speaks(path: Path) -> None:
    stored = json.loads(path.read_text(encoding="utf-8"))
    event = from_payload(
        known[stored["name"]], version=stored["version"], payload=stored["payload"]
    )
    if event.says:
        assert event.says % event.words()


@pytest.mark.parametrize("kind", EVENTS, ids=name_of)
def test_a_payload_holds_no_free_text_and_nothing_personal(kind: type[Event]) -> None:
    assert payload_problems(kind) == []


@pytest.mark.parametrize("kind", EVENTS, ids=name_of)
def test_an_event_comes_back_as_it_was_stored(kind: type[Event]) -> None:
    event = sample_of(kind)
    assert from_payload(kind, version=kind.version, payload=to_payload(event)) == event


def test_an_older_payload_is_raised_by_the_class() -> None:
    assert from_payload(Rang, version=1, payload={"count": 2}) == Rang(times=3)


@pytest.mark.parametrize(
    ("version", "payload"),
    [(3, {"times": 1}), (2, {"unheard": 1}), (2, {}), (1, {"times": 1})],
    ids=["newer", "unknown field", "missing field", "not of its version"],
)
def test_what_cannot_be_read_is_unknown_and_nothing_else(
    version: int, payload: dict[str, int]
) -> None:
    with pytest.raises(UnknownEvent):
        from_payload(Rang, version=version, payload=payload)


def test_two_events_of_one_name_are_refused() -> None:
    with pytest.raises(RuntimeError, match="two events are called"):
        type("Other", (Event,), {"name": "tests.rang"})
