"""A wave as a row: who is in it, and sent to those who may still be called. 成批"""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from qianjun.force.models import Called, CallOut, Wave
from qianjun.force.queries.callouts import matter_of
from qianjun.force.queries.planning import Proposal, proposal, wanted_of
from qianjun.incident.actions import place_hold
from qianjun.kernel import clock
from qianjun.message.actions import send_wave
from qianjun.message.rules import WAVE
from qianjun.message.spreading import LinkFor
from qianjun.org.actor import Actor
from qianjun.org.store import text_setting


@dataclass(frozen=True, kw_only=True)
class Cut:
    """Only so many of a proposal, and why. 截取"""

    most: int
    why_zh: str
    why_en: str


def worked_out(row: CallOut, by: Actor) -> Proposal:
    """Whom to call next, with the answers so far; nothing is written. 测算"""
    called = list(Called.objects.filter(callout=row))
    return proposal(
        by=by, incident_id=row.incident_id, wanted=wanted_of(row), called=called, seed=row.pk
    )


def new_wave(row: CallOut, found: Proposal, cut: Cut | None = None) -> Wave:
    """The proposal as a wave that nobody has sent, of those with the best chances when cut. 立批"""
    plan = found.plan
    count = plan.count if cut is None else min(plan.count, cut.most)
    shorter = cut is not None and count < plan.count
    wave = Wave.objects.create(
        callout=row,
        rank=Wave.objects.filter(callout=row).count() + 1,
        count=count,
        probability=round(_probability(found, count), 4),
        best_possible=None if plan.best_possible is None else round(plan.best_possible, 4),
        expected=round(plan.expected_arrivals - sum(plan.chances[count:]), 2),
        ladder=found.ladder(),
        excluded=found.excluded,
        why_zh=cut.why_zh if cut and shorter else found.why_zh,
        why_en=cut.why_en if cut and shorter else found.why_en,
        next_look_at=plan.next_look_at,
        proposed_at=clock.now(),
    )
    _name(wave, found, count)
    return wave


def _probability(found: Proposal, count: int) -> float:
    """What so many promise: of a cut wave what the ladder says of no more than these."""
    if count == found.plan.count:
        return found.plan.probability
    return max((p for n, p in found.plan.ladder if n <= count), default=0.0)


def _name(wave: Wave, found: Proposal, count: int) -> None:
    """Who would be called, so that exactly those are who were shown."""
    pool, plan = found.pool, found.plan
    told = zip(found.rows[:count], plan.chances[:count], plan.etas[:count], strict=True)
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


def taken(row: CallOut, wave: Wave) -> list[int]:
    """Whoever of the wave may still be called is busy with it from now on: these persons. 占用"""
    wave.sent_at = clock.now()
    people = _taken(row, wave)
    wave.count = len(people)
    wave.save(update_fields=["sent_at", "count"])
    row.confirmed_at = row.confirmed_at or wave.sent_at
    row.version += 1
    row.save(update_fields=["confirmed_at", "version"])
    return people


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


def send_to(row: CallOut, wave: Wave, people: list[int], *, sent_by: Actor) -> None:
    """One text, a link of his own for each, by the first address of each. 发出"""
    if not people:
        return
    place_hold(incident=row.incident_id, kind="people", about=("callout", str(row.pk)))
    send_wave(
        by=sent_by,
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
