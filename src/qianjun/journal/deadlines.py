"""What is due about something, over timers. 时限"""

from datetime import datetime

from django.db import connection

from qianjun.journal.bus import is_history
from qianjun.journal.events import DeadlinePassed
from qianjun.journal.models import Deadline
from qianjun.journal.statement import Part, write
from qianjun.journal.timers import SOON
from qianjun.kernel import clock
from qianjun.kernel.once import asked_once

_SET = """due AS (
  INSERT INTO journal_deadline (about_kind, about_id, kind, started_at, due_at, rule)
  VALUES (%(due_about_kind)s, %(due_about_id)s, %(due_kind)s, %(due_started_at)s, %(due_at)s,
    %(due_rule)s)
  ON CONFLICT (about_kind, about_id, kind, started_at) DO UPDATE
    SET due_at = CASE WHEN journal_deadline.met_at IS NULL
      THEN EXCLUDED.due_at ELSE journal_deadline.due_at END, rule = EXCLUDED.rule
  RETURNING id, due_at, met_at
), due_timer AS (
  INSERT INTO journal_timer (key, due_at, name, version, payload, incident)
  SELECT 'deadline:' || due.id, due.due_at, %(due_event)s, %(due_version)s, jsonb_build_object(
    'deadline_id', due.id, 'about_kind', %(due_about_kind)s::text,
    'about_id', %(due_about_id)s::text, 'deadline_kind', %(due_kind)s::text,
    'due_at', %(due_at_iso)s::text), %(due_incident)s
  FROM due WHERE due.met_at IS NULL AND %(due_rings)s
  ON CONFLICT (key) DO UPDATE
    SET due_at = EXCLUDED.due_at, payload = EXCLUDED.payload, done_at = NULL
    WHERE journal_timer.due_at <> EXCLUDED.due_at
  RETURNING id
)"""
_DUE = ("(SELECT id FROM due)", "(SELECT due_at FROM due)", "(SELECT met_at FROM due)")
_WAKE = "(SELECT count(pg_notify('timers', '')) FROM due_timer)"

# as bare as can be: intake asks with every report that joins an incident
_COLUMNS = [column.attname for column in Deadline._meta.concrete_fields]
_OF = f"""
SELECT {", ".join(_COLUMNS)} FROM journal_deadline
WHERE (about_kind, about_id) IN (SELECT * FROM unnest(%s::text[], %s::text[]))
ORDER BY due_at, id
"""  # noqa: S608

# of one thing, within a larger statement: kind and instant of each, the earliest first
DUE_OF = """(
  SELECT coalesce(json_agg(json_build_array(kind, due_at) ORDER BY due_at, id), '[]')
  FROM journal_deadline WHERE about_kind = %(about_kind)s AND about_id = %(about_id)s)"""

_MEET = """
WITH d AS (
  UPDATE journal_deadline SET met_at = %s
  WHERE about_kind = %s AND about_id = %s AND kind = %s AND met_at IS NULL
  RETURNING id
), t AS (
  DELETE FROM journal_timer
  WHERE done_at IS NULL AND key IN (SELECT 'deadline:' || id FROM d)
)
SELECT count(*) FROM d
"""


def set_deadline(
    *,
    about: tuple[str, str],
    kind: str,
    started_at: datetime,
    due_at: datetime,
    rule: str = "",
    incident: int | None = None,
) -> Deadline:
    """Something is due; DeadlinePassed is said at ``due_at`` unless it is met before. 设时限

    The same about, kind and start again moves ``due_at``; a met one stays as it is.
    """
    part = deadline_part(
        about=about, kind=kind, started_at=started_at, due_at=due_at, rule=rule, incident=incident
    )
    ident, due_at, met_at, *_ = write(part)
    fields = {"about_kind": about[0], "about_id": about[1], "kind": kind, "rule": rule}
    return Deadline(pk=ident, started_at=started_at, due_at=due_at, met_at=met_at, **fields)


def deadline_part(
    *,
    about: tuple[str, str],
    kind: str,
    started_at: datetime,
    due_at: datetime,
    rule: str = "",
    incident: int | None = None,
) -> Part:
    """The same as a part of a statement; its id, due_at and met_at are selected. 时限语句"""
    values: dict[str, str | int | datetime | bool | None] = {
        "due_about_kind": about[0],
        "due_about_id": about[1],
        "due_kind": kind,
        "due_rule": rule,
        "due_started_at": started_at,
        "due_at": due_at,
        "due_at_iso": due_at.isoformat(),
        "due_event": DeadlinePassed.name,
        "due_version": DeadlinePassed.version,
        "due_incident": incident,
        "due_rings": not is_history(),
    }
    wake = (_WAKE,) if due_at <= clock.now() + SOON else ()
    return Part(queries=_SET, selects=(*_DUE, *wake), values=values)


def meet_deadline(*, about: tuple[str, str], kind: str, at: datetime) -> bool:
    """What was due is done, late or in time; False when nothing of this kind was open. 时限完成"""
    with connection.cursor() as cursor:
        cursor.execute(_MEET, [at, *about, kind])
        row = cursor.fetchone()
    return row is not None and row[0] > 0


@asked_once
def deadlines_of(*abouts: tuple[str, str]) -> dict[tuple[str, str], list[Deadline]]:
    """The deadlines of each of these, the earliest first; one statement. 时限一览"""
    found: dict[tuple[str, str], list[Deadline]] = {about: [] for about in abouts}
    with connection.cursor() as cursor:
        cursor.execute(_OF, [[kind for kind, _ in found], [ident for _, ident in found]])
        rows = [Deadline.from_db("default", _COLUMNS, row) for row in cursor.fetchall()]
    for row in rows:
        found[row.about_kind, row.about_id].append(row)
    return found
