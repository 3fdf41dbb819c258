"""Propose a call-out, and send what somebody has confirmed. 建议与确认召集

Nothing is sent by proposing: the officer sees how many would be disturbed and why, and presses a
second key.
"""

from datetime import timedelta
from typing import Any

from django.db import connection, transaction

from qianjun.force.actions.holding import held_callout, must_be_current, must_run
from qianjun.force.callout_events import WaveProposed, WaveSent
from qianjun.force.models import Called, CallOut, Wave
from qianjun.force.queries.callouts import matter_of
from qianjun.force.queries.planning import Proposal, proposal, wanted_of
from qianjun.force.rules.wanting import Wanted, check, radius_for
from qianjun.force.skills import by_code
from qianjun.incident.actions import place_hold
from qianjun.incident.actions.held import held_incident, must_be_open
from qianjun.journal.bus import emit
from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.kernel.words import noop as _
from qianjun.message.actions import send_wave
from qianjun.message.rules import WAVE
from qianjun.message.spreading import LinkFor
from qianjun.org.actor import Actor, not_found, require
from qianjun.org.store import text_setting

STAYS: timedelta = timedelta(hours=12)  # whoever said yes is taken to be busy so long after


@transaction.atomic(savepoint=False)
def propose_callout(*, by: Actor, incident_id: str | int, wanted: Wanted) -> CallOut:
    """Open a call-out with its first wave proposed; nobody is told yet. 建议召集

    422 with the fields that will not do; a need that cannot be had is proposed all the same and
    says so.
    """
    require(by, "callout.call")
    incident = held_incident(by, incident_id)
    must_be_open(incident)
    now = clock.now()
    check(wanted, now=now, known=frozenset(by_code()))
    row = CallOut.objects.create(
        incident=incident,
        need=wanted.need,
        skills=[{"skill": name, "count": count} for name, count in wanted.skills],
        needed_by=wanted.needed_by,
        lon=wanted.lon,
        lat=wanted.lat,
        place=wanted.place,
        what=wanted.what,
        risk=wanted.risk,
        kit=wanted.kit,
        probability=wanted.probability,
        radius_m=radius_for(wanted, now=now),
        proposed_at=now,
        by_kind=by.kind,
        by_id=by.ident,
    )
    _propose(row, by=by)
    return row


@transaction.atomic(savepoint=False)
def propose_wave(*, by: Actor, callout_id: str | int, version: int | None = None) -> CallOut:
    """Work out the next wave from the answers, in place of one that was not sent. 再算一批"""
    require(by, "callout.call")
    row = held_callout(by, callout_id)
    must_be_current(row, version)
    must_run(row)
    if row.needed_by <= clock.now():
        raise Refused("by_in_the_past", _("到场时限已经过去，请另建一次召集。"), status=409)
    Wave.objects.filter(callout=row, sent_at__isnull=True).delete()
    _propose(row, by=by)
    row.version += 1
    row.save(update_fields=["version"])
    return row


def _propose(row: CallOut, *, by: Actor) -> Wave:
    called = list(Called.objects.filter(callout=row))
    found = proposal(
        by=by, incident_id=row.incident_id, wanted=wanted_of(row), called=called, seed=row.pk
    )
    plan = found.plan
    wave = Wave.objects.create(
        callout=row,
        rank=Wave.objects.filter(callout=row).count() + 1,
        count=plan.count,
        probability=round(plan.probability, 4),
        best_possible=None if plan.best_possible is None else round(plan.best_possible, 4),
        expected=round(plan.expected_arrivals, 2),
        ladder=found.ladder(),
        excluded=found.excluded,
        why_zh=found.why_zh,
        why_en=found.why_en,
        next_look_at=plan.next_look_at,
        proposed_at=clock.now(),
    )
    _name(wave, found)
    event = WaveProposed(
        callout_id=row.pk,
        rank=wave.rank,
        need=row.need,
        count=wave.count,
        permille=round(wave.probability * 1000),
    )
    emit(event, by=by, incident=row.incident_id, about=("callout", str(row.pk)))
    return wave


def _name(wave: Wave, found: Proposal) -> None:
    """Who would be called, so that exactly those are who were shown."""
    pool = found.pool
    told = zip(found.rows, found.plan.chances, found.plan.etas, strict=True)
    Called.objects.bulk_create(
        Called(
            callout_id=wave.callout_id,
            wave=wave,
            volunteer_id=int(pool.id[n]),
            person_id=int(pool.person[n]),
            chance=chance,
            distance_m=float(pool.distance_m[n]),
            eta_at=eta,
        )
        for n, chance, eta in told
    )


@transaction.atomic(savepoint=False)
def confirm_wave(
    *, by: Actor, callout_id: str | int, rank: int, version: int | None = None
) -> CallOut:
    """Call the people of a proposed wave; again changes nothing. 确认召集

    Whoever may no longer be called since it was proposed is left out. 409 when the call-out is
    over or has changed.
    """
    require(by, "callout.call")
    row = held_callout(by, callout_id)
    wave = Wave.objects.filter(callout=row, rank=rank).first()
    if wave is None:
        raise not_found()
    if wave.sent_at is not None:
        return row
    must_be_current(row, version)
    must_run(row)
    must_be_open(row.incident)
    wave.sent_at = clock.now()
    people = _taken(row, wave)
    wave.count = len(people)
    wave.save(update_fields=["sent_at", "count"])
    row.confirmed_at = row.confirmed_at or wave.sent_at
    row.version += 1
    row.save(update_fields=["confirmed_at", "version"])
    event = WaveSent(callout_id=row.pk, rank=rank, count=len(people))
    emit(event, by=by, incident=row.incident_id, about=("callout", str(row.pk)))
    if people:
        place_hold(incident=row.incident_id, kind="people", about=("callout", str(row.pk)))
        _send(row, wave, people, by=by)
    return row


# locked in the order of the people, as everybody does who changes several volunteers
_TAKE = """
WITH free AS MATERIALIZED (
  SELECT v.id, v.person_id FROM force_called c JOIN force_volunteer v ON v.id = c.volunteer_id
  WHERE c.wave_id = %(wave)s
    AND (v.busy_until IS NULL OR v.busy_until <= %(at)s)
    AND (v.paused_until IS NULL OR v.paused_until <= %(at)s)
  ORDER BY v.person_id FOR NO KEY UPDATE OF v
), asked AS (
  UPDATE force_volunteer v SET asked = v.asked + 1,
    calls_this_year = CASE WHEN v.counted_year = %(year)s THEN v.calls_this_year ELSE 0 END + 1,
    minutes_this_year = CASE WHEN v.counted_year = %(year)s THEN v.minutes_this_year ELSE 0 END,
    counted_year = %(year)s, busy_until = %(until)s
  FROM free WHERE v.id = free.id
), told AS (
  UPDATE force_called c SET sent_at = %(at)s
  FROM free WHERE c.wave_id = %(wave)s AND c.volunteer_id = free.id
)
SELECT array_agg(person_id ORDER BY person_id) FROM free
"""


def _taken(row: CallOut, wave: Wave) -> list[int]:
    """Persons of the wave who are not busy elsewhere by now, asked once more; the others leave it.

    They are asked by nobody else meanwhile. One statement, for a wave may be a city.
    """
    at = wave.sent_at
    assert at is not None
    year = clock.in_beijing(at).year
    words: dict[str, Any] = {"wave": wave.pk, "at": at, "until": row.needed_by, "year": year}
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, words)
        (people,) = cursor.fetchone() or (None,)
    Called.objects.filter(wave=wave, sent_at__isnull=True).delete()
    return list(people or ())


def _send(row: CallOut, wave: Wave, people: list[int], *, by: Actor) -> None:
    """One text, a link of his own for each, by the first address of each. 发出"""
    send_wave(
        by=by,
        people=people,
        link=LinkFor(purpose="v", about=("callout", str(row.pk))),
        purpose="callout",
        matter=matter_of(row.pk, wave.rank),
        text=text_of(row),
        rank=WAVE,
        incident=row.incident_id,
        expects_answer=True,
        exercise=False,
    )


def text_of(row: CallOut) -> str:
    """What everybody is sent, without names, telephones or what has happened to whom. 短信"""
    at = clock.in_beijing(row.needed_by)
    house = text_setting("org", "bureau_name") or "应急值班室"
    parts = (
        f"【{house}】请您支援：{at:%m月%d日%H:%M} 前到 {row.place}，需 {row.need} 人。",
        f"做什么：{row.what}。" if row.what else "",
        f"风险：{row.risk}。" if row.risk else "",
        f"请带：{row.kit}。" if row.kit else "",
        "能到请点链接或回复 1，不能回复 2，不用说理由。",
    )
    return "".join(parts)[:300]
