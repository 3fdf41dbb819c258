"""Stored payloads of every event and version: what was written once must stay readable.

``python -m tests.journal.samples`` writes a file for each event version that has none; it never
touches one that exists, for those are what old databases hold.
"""

import json
from dataclasses import fields
from datetime import UTC, date, datetime
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import qianjun
from qianjun.journal.bus import Event, known
from qianjun.journal.payloads import to_payload

TESTS = Path(__file__).parents[1]
GOLDEN = Path(__file__).parent / "golden"
PLAIN: dict[Any, Any] = {
    int: 7,
    bool: True,
    datetime: datetime(2026, 6, 1, 6, 5, tzinfo=UTC),
    date: date(2026, 6, 1),
    Decimal: Decimal("1.5"),
    str: "code",
}


def every_event() -> list[type[Event]]:
    """All event classes of the house, found by looking into every module's events."""
    for module in iter_modules(qianjun.__path__, "qianjun."):
        folder = Path(qianjun.__path__[0]) / module.name.removeprefix("qianjun.")
        if (folder / "events.py").exists() or (folder / "events").is_dir():
            import_module(f"{module.name}.events")
    ours = [kind for kind in known.values() if kind.__module__.startswith("qianjun.")]
    return sorted(ours, key=lambda kind: kind.name)


def path_of(kind: type[Event]) -> Path:
    """Where the stored payload of its present version is kept: here, or beside its module."""
    file = f"{kind.name}.v{kind.version}.json"
    own = TESTS / kind.__module__.split(".")[1] / "golden"
    return (own if own.is_dir() else GOLDEN) / file


def sample_of(kind: type[Event]) -> Event:
    """An event of this kind with made-up values."""
    hints = get_type_hints(kind, include_extras=True)
    return kind(**{f.name: _value(hints[f.name]) for f in fields(kind)})


def _value(hint: Any) -> Any:
    origin = get_origin(hint)
    if origin is Annotated:
        return _value(get_args(hint)[0])
    if origin is Literal:
        return get_args(hint)[0]
    if origin is tuple:
        return (_value(get_args(hint)[0]),)
    if origin in (Union, UnionType):
        return _value(next(part for part in get_args(hint) if part is not NoneType))
    return PLAIN[hint]


def write_missing() -> list[Path]:
    """Write the files that do not exist yet."""
    GOLDEN.mkdir(exist_ok=True)
    missing = [kind for kind in every_event() if not path_of(kind).exists()]
    for kind in missing:
        stored = {
            "name": kind.name,
            "version": kind.version,
            "payload": to_payload(sample_of(kind)),
        }
        text = json.dumps(stored, ensure_ascii=False, indent=2, sort_keys=True)
        path_of(kind).write_text(text + "\n", encoding="utf-8")
    return [path_of(kind) for kind in missing]


if __name__ == "__main__":
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    for written in write_missing():
        print(written)  # noqa: T201
