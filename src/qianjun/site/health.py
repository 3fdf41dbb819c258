"""Whether the house is well: web, database, migrations, worker, ticker, sealer, disk, data. 健康

Cheap enough to be asked all the time: one statement, and no log-in.
"""

import json
import shutil
import time
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from qianjun import __version__
from qianjun.kernel import clock
from qianjun.message.queries import outbox_waiting
from qianjun.site.attach import unapplied

BEAT_S = 15.0
STARTING_S = 60.0
LOW_DISK_BYTES = 500 << 20
OK = "ok"
MUST = ("database", "migrations", "worker", "ticker", "sealer", "data")

_LOOK = """
SELECT
  (SELECT jsonb_object_agg(name, at) FROM journal_heartbeat)::text,
  (SELECT min(e.recorded_at) FROM journal_entry e
    WHERE e.transaction >= coalesce((SELECT l.transaction FROM journal_seal s
        JOIN journal_entry l ON l.id = s.entry_id ORDER BY s.seq DESC LIMIT 1), 0)
      AND NOT EXISTS (SELECT FROM journal_seal s WHERE s.entry_id = e.id)),
  (SELECT min(due_at) FROM journal_timer WHERE done_at IS NULL),
  EXISTS (SELECT FROM org_unit) AND EXISTS (SELECT FROM place_place)
"""


@dataclass
class _Witness:
    """What this web process has seen so far."""

    started: float = field(default_factory=time.monotonic)
    migrated: bool = False


_here = _Witness()


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What one look at the database found. 所见"""

    beats: dict[str, datetime]
    oldest_unsealed: datetime | None
    oldest_timer: datetime | None
    loaded: bool
    waiting: int


@csrf_exempt
@require_safe
def healthz(_request: HttpRequest) -> JsonResponse:
    """200 when everything is well, else 503 with the same body. 健康检查"""
    checks: dict[str, str] = dict.fromkeys(MUST, "unknown") | {"disk": _disk()}
    seen: Seen | None = None
    try:
        checks |= {"database": OK, "migrations": _migrations()}
        if checks["migrations"] == OK:
            seen = _look()
            checks |= _judge(seen)
    except Error:
        checks["database"] = "down"
        connection.close()
    well = all(checks[name] == OK for name in MUST)
    return JsonResponse(_body(checks, seen, well=well), status=200 if well else 503)


def _body(checks: dict[str, str], seen: Seen | None, *, well: bool) -> dict[str, Any]:
    return {
        "status": OK if well else _how_unwell(),
        "version": __version__,
        "realm": settings.REALM,
        "now": clock.in_beijing(clock.now()).isoformat(),
        "real": clock.in_beijing(clock.real()).isoformat(),
        "speed": clock.speed(),
        "checks": checks,
        "sealed_behind_s": _late_s(seen.oldest_unsealed, clock.real()) if seen else None,
        "oldest_due_timer_s": _late_s(seen.oldest_timer, clock.now()) if seen else None,
        "outbox_waiting": seen.waiting if seen else None,
    }


def _how_unwell() -> str:
    return "starting" if time.monotonic() - _here.started < STARTING_S else "degraded"


def _late_s(instant: datetime | None, now: datetime) -> float:
    """How late; 0 when there is nothing or it is still to come."""
    return round(max(0.0, (now - instant).total_seconds()), 3) if instant else 0.0


def _migrations() -> str:
    """Applied migrations stay applied while a process lives, so they are looked up until then."""
    _here.migrated = _here.migrated or not unapplied()
    return OK if _here.migrated else "missing"


def _look() -> Seen:
    with connection.cursor() as cursor:
        cursor.execute(_LOOK)
        row = cursor.fetchone()
    assert row is not None
    beats, unsealed, timer, loaded = row
    return Seen(
        beats={name: datetime.fromisoformat(at) for name, at in json.loads(beats or "{}").items()},
        oldest_unsealed=unsealed,
        oldest_timer=timer,
        loaded=loaded,
        waiting=outbox_waiting(),
    )


def _judge(seen: Seen) -> dict[str, str]:
    checks = {name: _beating(seen, name) for name in ("worker", "ticker", "sealer")}
    return checks | {"data": OK if seen.loaded else "not_loaded"}


def _beating(seen: Seen, name: str) -> str:
    last = seen.beats.get(name)
    if last is None:
        return "never_seen"
    return OK if (clock.real() - last).total_seconds() < BEAT_S else "silent"


def _disk() -> str:
    try:
        free = shutil.disk_usage(settings.DATA).free
    except OSError:
        return "unreadable"
    return OK if free > LOW_DISK_BYTES else "low"
