"""The only wire between modules: say an event, hear an event. 模块之间唯一的连线"""

import json
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, fields
from datetime import datetime
from hashlib import sha256
from typing import Any, ClassVar, Literal, Protocol, TypeVar

from django.db import connection
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.manager import JobManager
from procrastinate.tasks import configure_task
from procrastinate.types import JSONDict

from qianjun.journal.payloads import to_payload
from qianjun.journal.statement import Part, json_of, write
from qianjun.kernel import clock

KINDS = ("fact", "order", "feedback", "system")
SALT_BYTES = 16
NOTICE_BYTES = 7_500  # PostgreSQL refuses 8,000
REACT = "journal.react"
Queue = Literal["urgent", "bulk", "heavy"]
Saying = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that has happened: past tense, plain values, ids instead of objects.

    ``says`` is the timeline's sentence, a catalogue string with ``%(field)s`` places.
    ``on_desk`` tells every open desk that something changed. A class whose fields change raises
    ``version`` and keeps ``upcast_v1(payload) -> payload`` beside its fields, a static method.
    """

    name: ClassVar[str]
    version: ClassVar[int] = 1
    kind: ClassVar[str] = "system"
    says: ClassVar[str] = ""
    on_desk: ClassVar[bool] = True

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if "name" not in cls.__dict__:
            return
        before = known.get(cls.name)
        if before and (before.__module__, before.__qualname__) != (
            cls.__module__,
            cls.__qualname__,
        ):
            raise RuntimeError(f"two events are called {cls.name}")
        known[cls.name] = cls

    @property
    def subject(self) -> tuple[str, str]:
        """What it is about, when a timer says it: (kind, id)."""
        return ("", "")

    @property
    def sentence(self) -> str:
        """``says``, unless a class says more when it knows more; a catalogue string too. 语句"""
        return self.says

    def words(self) -> Mapping[str, object]:
        """What fills the places of ``says``; a class with codes gives their catalogue words."""
        return {
            f.name: clock.in_beijing(value).strftime("%m-%d %H:%M")
            if isinstance(value := getattr(self, f.name), datetime)
            else value
            for f in fields(self)
        }


known: dict[str, type[Event]] = {}
# not the app's: inside a worker that one has a connection of its own, past our transaction
_in_our_transaction = JobManager(DjangoConnector())


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
class House:
    """The house itself, as one of its loops. 系统"""

    ident: str
    kind: str = "system"
    role: str = ""
    cause: int | None = None


@dataclass(frozen=True, kw_only=True)
class Said:
    """Around an event that is heard: its entry. 所闻"""

    entry: int
    incident: int | None
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Hearing:
    """Who hears which event, on which queue. 反应"""

    kind: type[Event]
    function: Callable[[Any, Said], None]
    queue: Queue


E = TypeVar("E", bound=Event)
reactions: dict[str, Hearing] = {}
_history: ContextVar[bool] = ContextVar("recording_history", default=False)


def on(
    kind: type[E], name: str, *, queue: Queue = "urgent"
) -> Callable[[Callable[[E, Said], None]], Callable[[E, Said], None]]:
    """Have the decorated function hear every event of this kind; the name is stored in jobs.

    Queue ``bulk`` is for what touches many rows, ``heavy`` for solver, documents, decoding.
    """

    def register(reaction: Callable[[E, Said], None]) -> Callable[[E, Said], None]:
        before = reactions.get(name)
        if before and before.function.__qualname__ != reaction.__qualname__:
            raise RuntimeError(f"two reactions are called {name}")
        reactions[name] = Hearing(kind=kind, function=reaction, queue=queue)
        return reaction

    return register


@contextmanager
def recording_history() -> Iterator[None]:
    """Write entries without reactions, timers or live notice: the past is being loaded. 补历史"""
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


# the jobs go in with the entries: what procrastinate's own deferring calls, without a statement
# and a third of a millisecond of its own
_SAID = """said AS MATERIALIZED (
  SELECT nextval('journal_entry_id_seq') AS id, s.* FROM json_to_recordset(%(said)s::json) AS s(
    name text, version int, kind text, incident bigint, about_kind text, about_id text,
    by_kind text, by_id text, by_role text, cause bigint, corrects bigint, at timestamptz,
    happened_at timestamptz, recorded_at timestamptz, payload jsonb, digest text, salt text,
    body text, topics json, heard text[], queues text[])
), said_entry AS (
  INSERT INTO journal_entry (id, name, version, kind, incident, about_kind, about_id, by_kind,
    by_id, by_role, cause, corrects, at, happened_at, recorded_at, transaction, payload, digest)
  SELECT id, name, version, kind, incident, about_kind, about_id, by_kind, by_id, by_role, cause,
    corrects, at, happened_at, recorded_at, pg_current_xact_id()::text::bigint, payload, digest
  FROM said
), said_body AS (
  INSERT INTO journal_body (entry_id, salt, text) SELECT id, salt, body FROM said WHERE body <> ''
)"""
_FIRST = "(SELECT min(id) FROM said)"
_NOTICED = """(SELECT count(pg_notify('live',
  json_build_object('topics', topics, 'entry', id)::text)) FROM said WHERE topics IS NOT NULL)"""
_QUEUED = """(SELECT procrastinate_defer_jobs_v1(array_agg(ROW(h.queue, %(said_task)s, 0, NULL,
    NULL, jsonb_build_object('entry_id', said.id, 'reaction', h.name), NULL
  )::procrastinate_job_to_defer_v1))
  FROM said CROSS JOIN LATERAL unnest(said.heard, said.queues) AS h(name, queue))"""


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
    told = saying(
        event,
        by=by,
        incident=incident,
        about=about,
        body=body,
        happened_at=happened_at,
        corrects=corrects,
        topics=topics,
    )
    return int(write(said_together(told))[0])


def saying(
    event: Event,
    *,
    by: By,
    incident: int | None = None,
    about: tuple[str, str] = ("", ""),
    body: str = "",
    happened_at: datetime | None = None,
    corrects: int | None = None,
    topics: tuple[str, ...] = (),
) -> Saying:
    """The event as a row that is still to be said, see ``emit``. 待发事件"""
    if not connection.in_atomic_block:
        raise RuntimeError(f"{event.name} said outside a transaction")
    heard_at = [] if is_history() else _topics(event, incident, topics)
    salt = secrets.token_hex(SALT_BYTES) if body else ""
    heard_by = {} if is_history() else _hearers(type(event))
    at, happened, recorded = _times(happened_at)
    return {
        "name": event.name,
        "version": event.version,
        "kind": event.kind,
        "incident": incident,
        **{"about_kind": about[0], "about_id": about[1]},
        **{"by_kind": by.kind, "by_id": by.ident, "by_role": by.role, "cause": by.cause},
        "corrects": corrects,
        "at": at.isoformat(),
        "happened_at": happened.isoformat(),
        "recorded_at": recorded.isoformat(),
        "payload": to_payload(event),
        "digest": digest_of(salt, body) if body else "",
        "salt": salt,
        "body": body,
        "topics": heard_at or None,
        "heard": list(heard_by),
        "queues": list(heard_by.values()),
    }


def said_together(*sayings: Saying) -> Part:
    """These events in this order, as a part of a statement; the first entry's id is selected."""
    noticed = (_NOTICED,) if any(one["topics"] for one in sayings) else ()
    queued = (_QUEUED,) if any(one["heard"] for one in sayings) else ()
    said = json_of(sayings)
    return Part(
        queries=_SAID,
        selects=(_FIRST, *noticed, *queued),
        values={"said": said, "said_task": REACT},
    )


def _times(happened_at: datetime | None) -> tuple[datetime, datetime, datetime]:
    """At, happened_at, recorded_at; loaded history was said when it happened."""
    now = clock.now()
    at = happened_at if is_history() and happened_at else now
    return at, happened_at or at, clock.real()


def _topics(event: Event, incident: int | None, topics: tuple[str, ...]) -> list[str]:
    own = (f"incident:{incident}",) if incident is not None else ()
    every = [*(("desk",) if event.on_desk else ()), *own, *topics]
    # more topics than a notice holds: every screen looks again
    return every if len(json.dumps(every)) < NOTICE_BYTES else ["*"]


def _hearers(kind: type[Event]) -> dict[str, Queue]:
    """The reactions that hear this event, and the queue of each."""
    return {name: hearing.queue for name, hearing in reactions.items() if hearing.kind is kind}


def defer_reactions(entry: int, *names: str, queue: Queue) -> None:
    """Queue these reactions to an entry once more, in the caller's transaction."""
    jobs: list[JSONDict] = [{"entry_id": entry, "reaction": name} for name in names]
    configure_task(name=REACT, job_manager=_in_our_transaction, queue=queue).batch_defer(*jobs)
