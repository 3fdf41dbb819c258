"""The only wire between modules: say an event, hear an event. 模块之间唯一的连线"""

import json
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, ClassVar, Protocol, TypeVar

from django.db import connection, transaction
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from qianjun.kernel import clock

KINDS = ("fact", "order", "feedback", "system")
SALT_BYTES = 16


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that has happened: past tense, plain values, ids instead of objects.

    ``says`` is the timeline's sentence, a catalogue string with ``%(field)s`` places.
    ``on_desk`` tells every open desk that something changed.
    """

    name: ClassVar[str]
    version: ClassVar[int] = 1
    kind: ClassVar[str] = "system"
    says: ClassVar[str] = ""
    on_desk: ClassVar[bool] = True


class By(Protocol):
    """Who says it, as the journal needs it; ``org.Actor`` is one. 谁"""

    @property
    def kind(self) -> str: ...  # noqa: D102
    @property
    def ident(self) -> str: ...  # noqa: D102
    @property
    def role(self) -> str: ...  # noqa: D102
    @property
    def cause(self) -> int | None: ...  # noqa: D102


@dataclass(frozen=True, kw_only=True)
class Said:
    """Around an event that is heard: its entry. 所闻"""

    entry: int
    incident: int | None
    at: datetime


E = TypeVar("E", bound=Event)
Reaction = Callable[[Any, Said], None]
reactions: dict[str, tuple[type[Event], Reaction]] = {}
_history: ContextVar[bool] = ContextVar("recording_history", default=False)


def on(
    kind: type[E], name: str
) -> Callable[[Callable[[E, Said], None]], Callable[[E, Said], None]]:
    """Have the decorated function hear every event of this kind; the name is stored in jobs."""

    def register(reaction: Callable[[E, Said], None]) -> Callable[[E, Said], None]:
        if name in reactions and reactions[name][1].__qualname__ != reaction.__qualname__:
            raise RuntimeError(f"two reactions are called {name}")
        reactions[name] = (kind, reaction)
        return reaction

    return register


@contextmanager
def recording_history() -> Iterator[None]:
    """Write entries without reactions, messages or live notice: the past is being loaded. 补历史"""
    token = _history.set(True)
    try:
        yield
    finally:
        _history.reset(token)


def is_history() -> bool:
    """Whether the past is being loaded."""
    return _history.get()


def digest_of(salt: str, text: str) -> str:
    """The commitment to a body: hex SHA-256 over salt and text, UTF-8."""
    return sha256(f"{salt}{text}".encode()).hexdigest()


_INSERT = """
WITH e AS (
  INSERT INTO journal_entry (name, version, kind, incident, about_kind, about_id, by_kind, by_id,
    by_role, cause, corrects, at, happened_at, recorded_at, transaction, payload, digest)
  VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s,
    pg_current_xact_id()::text::bigint, %s::jsonb, %s)
  RETURNING id
), b AS (
  INSERT INTO journal_body (entry_id, salt, text) SELECT id, %s, %s FROM e WHERE %s
)
SELECT e.id, CASE WHEN %s THEN
  pg_notify('live', json_build_object('topics', %s::jsonb, 'entry', e.id)::text) END
FROM e
"""


def emit(
    event: Event,
    *,
    by: By,
    incident: int | None = None,
    about: tuple[str, str] = ("", ""),
    body: str = "",
    happened_at: datetime | None = None,
    corrects: int | None = None,
    topics: tuple[str, ...] = (),
) -> int:
    """Say the event in the caller's transaction; return the entry's id. 发出事件

    Entry, body, jobs of reactions and live notice commit with the change, or not at all.
    ``body`` is what was said, free text and anything personal; ``topics`` are live topics beyond
    ``incident:ID`` and ``desk``. Raises RuntimeError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError(f"{event.name} said outside a transaction")
    at = clock.now()
    salt = secrets.token_hex(SALT_BYTES) if body else ""
    heard_at = _topics(event, incident, topics)
    values = [
        *(event.name, event.version, event.kind, incident, *about),
        *(by.kind, by.ident, by.role, by.cause, corrects, at, happened_at or at, clock.real()),
        *(json.dumps(_plain(event), ensure_ascii=False), digest_of(salt, body) if body else ""),
        *(salt, body, bool(body), not is_history() and bool(heard_at), json.dumps(heard_at)),
    ]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, values)
        row = cursor.fetchone()
    assert row is not None
    entry = int(row[0])
    if not is_history():
        _defer(event, entry)
    return entry


def _topics(event: Event, incident: int | None, topics: tuple[str, ...]) -> list[str]:
    own = (f"incident:{incident}",) if incident is not None else ()
    return [*(("desk",) if event.on_desk else ()), *own, *topics]


def _plain(event: Event) -> dict[str, Any]:
    return {k: v.isoformat() if isinstance(v, datetime) else v for k, v in asdict(event).items()}


def _defer(event: Event, entry: int) -> None:
    names = [name for name, (kind, _) in reactions.items() if kind is type(event)]
    if names:
        react.batch_defer(*({"entry_id": entry, "reaction": name} for name in names))


@app.task(
    name="journal.react", queue="urgent", retry=RetryStrategy(max_attempts=8, exponential_wait=2)
)
def react(entry_id: int, reaction: str) -> None:
    """Run one reaction to one entry, once: Done and its writes commit together."""
    from qianjun.journal.heard import run_reaction  # the models load after this module is named

    with transaction.atomic():
        run_reaction(entry_id=entry_id, reaction=reaction)
