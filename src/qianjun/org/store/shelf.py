"""The rows of settings that this process holds, at most CHECKED_EVERY_S old. 设置缓存

The table is small, so reading it whole is as cheap as asking whether it has changed: one statement
every few seconds of real time, and at once in the process that changed it.
"""

import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Any

from django.db import DatabaseError, InterfaceError

from qianjun.org.models import Setting

CHECKED_EVERY_S = 5.0
log = logging.getLogger(__name__)
Key = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class Row:
    """What was chosen for one option. 已设"""

    value: Any
    secret: bytes | None
    version: int
    changed_at: datetime
    by: tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class _Held:
    checked_at: float
    rows: Mapping[Key, Row]


class _Shelf:
    """Replaced as a whole, so readers need no lock."""

    def __init__(self) -> None:
        self.held: _Held | None = None
        self.turn = 0
        self.reading = threading.Lock()


_shelf = _Shelf()


def current() -> Mapping[Key, Row]:
    """What was chosen, by module and name; shared by all threads."""
    held = _shelf.held
    if held and monotonic() - held.checked_at < CHECKED_EVERY_S:
        return held.rows
    with _shelf.reading:
        held = _shelf.held
        if held and monotonic() - held.checked_at < CHECKED_EVERY_S:
            return held.rows
        return _fresh(held)


def _fresh(held: _Held | None) -> Mapping[Key, Row]:
    turn, began = _shelf.turn, monotonic()
    try:
        rows = stored_rows()
    except (DatabaseError, InterfaceError) as fault:
        # a page that says that the database is away needs its words too
        log.warning("settings could not be read: %s", type(fault).__name__)
        return held.rows if held else {}
    if turn == _shelf.turn:  # else somebody has changed a row meanwhile
        _shelf.held = _Held(checked_at=began, rows=rows)
    return rows


def stored_rows() -> dict[Key, Row]:
    """Every row as it stands in the database now."""
    return {
        (row.module, row.name): Row(
            value=row.value,
            secret=None if row.secret is None else bytes(row.secret),
            version=row.version,
            changed_at=row.changed_at,
            by=(row.by_kind, row.by_id),
        )
        for row in Setting.objects.all()
    }


def forget() -> None:
    """Have the next reader ask the database."""
    _shelf.turn += 1
    _shelf.held = None
