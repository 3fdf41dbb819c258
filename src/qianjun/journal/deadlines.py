"""What is due about something, over timers. 时限"""

from datetime import datetime

from django.db import connection

from qianjun.journal.bus import is_history
from qianjun.journal.events import DeadlinePassed
from qianjun.journal.models import Deadline
from qianjun.journal.timers import SOON
from qianjun.kernel import clock

# one statement: intake sets a deadline with every incident
_SET = """
WITH d AS (
  INSERT INTO journal_deadline (about_kind, about_id, kind, started_at, due_at, rule)
  VALUES (%(about_kind)s, %(about_id)s, %(kind)s, %(started_at)s, %(due_at)s, %(rule)s)
  ON CONFLICT (about_kind, about_id, kind, started_at) DO UPDATE
    SET due_at = CASE WHEN journal_deadline.met_at IS NULL
      THEN EXCLUDED.due_at ELSE journal_deadline.due_at END, rule = EXCLUDED.rule
  RETURNING id, due_at, met_at
), t AS (
  INSERT INTO journal_timer (key, due_at, name, version, payload, incident)
  SELECT 'deadline:' || d.id, d.due_at, %(event)s, %(version)s, jsonb_build_object(
    'deadline_id', d.id, 'about_kind', %(about_kind)s::text, 'about_id', %(about_id)s::text,
    'deadline_kind', %(kind)s::text, 'due_at', %(due_at_iso)s::text), %(incident)s
  FROM d WHERE d.met_at IS NULL AND %(ring)s
  ON CONFLICT (key) DO UPDATE
    SET due_at = EXCLUDED.due_at, payload = EXCLUDED.payload, done_at = NULL
    WHERE journal_timer.due_at <> EXCLUDED.due_at
  RETURNING id
)
SELECT d.id, d.due_at, d.met_at,
  CASE WHEN %(soon)s THEN (SELECT pg_notify('timers', '') FROM t) END
FROM d
"""

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
    fields = {"about_kind": about[0], "about_id": about[1], "kind": kind, "rule": rule}
    values: dict[str, str | int | datetime | bool | None] = {
        **fields,
        "started_at": started_at,
        "due_at": due_at,
        "due_at_iso": due_at.isoformat(),
        "event": DeadlinePassed.name,
        "version": DeadlinePassed.version,
        "incident": incident,
        "ring": not is_history(),
        "soon": due_at <= clock.now() + SOON,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SET, values)
        row = cursor.fetchone()
    assert row is not None
    ident, due_at, met_at, _ = row
    return Deadline(pk=ident, started_at=started_at, due_at=due_at, met_at=met_at, **fields)


def meet_deadline(*, about: tuple[str, str], kind: str, at: datetime) -> bool:
    """What was due is done, late or in time; False when nothing of this kind was open. 时限完成"""
    with connection.cursor() as cursor:
        cursor.execute(_MEET, [at, *about, kind])
        row = cursor.fetchone()
    return row is not None and row[0] > 0


def deadlines_of(*abouts: tuple[str, str]) -> dict[tuple[str, str], list[Deadline]]:
    """The deadlines of each of these, the earliest first; one statement. 时限一览"""
    found: dict[tuple[str, str], list[Deadline]] = {about: [] for about in abouts}
    rows = Deadline.objects.filter(
        about_kind__in={kind for kind, _ in abouts}, about_id__in={ident for _, ident in abouts}
    ).order_by("due_at", "id")
    for row in rows:
        if (row.about_kind, row.about_id) in found:
            found[row.about_kind, row.about_id].append(row)
    return found
