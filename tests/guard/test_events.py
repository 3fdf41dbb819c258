"""What modules tell each other: ids, codes, instants; readable for ever."""

import json
from dataclasses import dataclass
from importlib import import_module
from typing import Any, ClassVar

import pytest

from qianjun.journal.bus import Event
from qianjun.journal.rules import payload_problems
from tests.guard.tree import MODULES, ROOT, SRC, listed

TESTS = ROOT / "tests"
GOLDEN = TESTS / "journal" / "golden"


def events() -> list[type[Event]]:
    """Every event of every module."""
    for module in MODULES:
        if (SRC / module / "events.py").exists() or (SRC / module / "events").is_dir():
            import_module(f"qianjun.{module}.events")
    found = list[type[Event]](Event.__subclasses__())
    for kind in found:
        found += kind.__subclasses__()
    return sorted(
        (kind for kind in found if kind.__module__.startswith("qianjun.")), key=lambda k: k.name
    )


def test_every_payload_holds_ids_codes_and_instants_only() -> None:
    assert len(events()) >= 10
    problems = [f"{kind.name} {line}" for kind in events() for line in payload_problems(kind)]
    assert not problems, listed(problems)


def test_every_event_has_a_name_of_its_own_and_a_sentence() -> None:
    names = [kind.name for kind in events()]
    assert len(set(names)) == len(names)
    problems = [
        f"{kind.name} in {kind.__module__}"
        for kind in events()
        if not kind.name.startswith(f"{kind.__module__.split('.')[1]}.") or not kind.__doc__
    ]
    assert not problems, listed(problems)


def test_every_version_of_every_event_has_a_golden_file() -> None:
    wanted = {f"{k.name}.v{v}.json" for k in events() for v in range(1, k.version + 1)}
    stored = {path.name for path in TESTS.glob("*/golden/*.json")}
    problems = sorted(wanted - stored)
    assert not problems, listed(problems)


def test_every_golden_file_is_json() -> None:
    assert list(GOLDEN.glob("*.json"))
    for path in TESTS.glob("*/golden/*.json"):
        json.loads(path.read_text(encoding="utf-8"))


@dataclass(frozen=True, kw_only=True)
class Gossip(Event):
    """What an event may not hold."""

    name: ClassVar[str] = "tests.gossip"
    gossip: str
    phone: int
    extra: dict[str, Any]


@pytest.mark.parametrize("field", ["gossip", "phone", "extra"])
def test_the_check_sees(field: str) -> None:
    assert any(line.startswith(field) for line in payload_problems(Gossip))
