"""Whom to call next, asked of the solver with the pool as it stands. 召集测算"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from qianjun.force.models import Called, CallOut
from qianjun.force.queries.pool import Pool, pool
from qianjun.force.rules.wanting import Wanted, radius_for
from qianjun.force.skills import by_code
from qianjun.kernel import clock
from qianjun.org.actor import Actor, key_of

if TYPE_CHECKING:
    from qianjun.solve.callout import Need, Plan
    from qianjun.solve.chances import Asked

NEVER = 1_000_000  # the pool has its own caps, so the solver's never holds


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A wave as it would be called now: places in the pool, and why. 建议"""

    pool: Pool
    plan: "Plan"
    rows: list[int]
    excluded: dict[str, int]
    why_zh: str
    why_en: str

    def ladder(self) -> list[dict[str, Any]]:
        """How many for which probability."""
        return [{"count": n, "probability": round(p, 4)} for n, p in self.plan.ladder]


def wanted_of(row: CallOut) -> Wanted:
    """What a call-out asks for."""
    return Wanted(
        need=row.need,
        needed_by=row.needed_by,
        lon=row.lon,
        lat=row.lat,
        place=row.place,
        what=row.what,
        risk=row.risk,
        kit=row.kit,
        skills=tuple((one["skill"], one["count"]) for one in row.skills),
        probability=row.probability,
        radius_m=row.radius_m,
    )


def proposal(
    *,
    by: Actor,
    incident_id: str | int,
    wanted: Wanted,
    called: Iterable[Called] = (),
    seed: int = 0,
) -> Proposal:
    """The wave that is called next, with the answers so far; writes nothing. 测算下一批"""
    from qianjun.solve.callout import plan
    from qianjun.solve.callout_words import sentences

    now = clock.now()
    found = pool(
        by=by,
        lon=wanted.lon,
        lat=wanted.lat,
        radius_m=radius_for(wanted, now=now),
        at=now,
        incident=key_of(incident_id),
    )
    asked = [_asked(one) for one in called if one.sent_at is not None]
    known = {int(one.id) for one in asked}
    rows, people = _people(found, known, [name for name, _count in wanted.skills])
    need = _need(wanted, now=now, seed=seed)
    made = plan(need, people, asked=asked)
    zh, en = sentences(need, made)
    return Proposal(
        pool=found,
        plan=made,
        rows=[rows[n] for n in made.rows],
        excluded=_excluded(found, known),
        why_zh=zh,
        why_en=en,
    )


def _need(wanted: Wanted, *, now: datetime, seed: int) -> "Need":
    from qianjun.solve.callout import Need

    return Need(
        now=now,
        by=clock.in_beijing(wanted.needed_by),
        lon=wanted.lon,
        lat=wanted.lat,
        count=wanted.need,
        skills=wanted.skills,
        probability=wanted.probability,
        cap_per_year=NEVER,
        seed=seed,
    )


def _excluded(found: Pool, known: set[int]) -> dict[str, int]:
    """Why others are not called; whoever is in this call-out already is nobody's exclusion."""
    counts = found.excluded()
    if known:
        counts["busy"] -= sum(
            1 for n in range(len(found)) if int(found.id[n]) in known and found.busy[n]
        )
        counts["busy"] = max(counts["busy"], 0)
    return counts


def _people(found: Pool, known: set[int], skills: list[str]) -> "tuple[list[int], Any]":
    """The columns of those who may be called, and of those who were."""
    import numpy as np

    from qianjun.solve.chances import People

    mine = np.isin(found.id, np.array(sorted(known), dtype=np.int64)) if known else False
    rows = np.flatnonzero(found.callable() | mine)
    unknown = np.full(len(rows), np.nan)
    return rows.tolist(), People(
        ids=[str(one) for one in found.id[rows].tolist()],
        lon=found.lon[rows],
        lat=found.lat[rows],
        asked=found.asked[rows].astype(np.float64),
        accepted=found.accepted[rows].astype(np.float64),
        calls_this_year=found.calls_this_year[rows].astype(np.float64),
        speed_kmh=unknown,
        prepare_min=unknown,
        barred={},
        skills={code: (found.skills[rows] & by_code()[code].mask) != 0 for code in skills},
    )


def _asked(one: Called) -> "Asked":
    from qianjun.solve.chances import Asked

    assert one.sent_at is not None
    answer: str | None = None
    if one.accepted_at is not None:
        answer = "accept"
    if one.declined_at is not None or one.left_at is not None or one.home_at is not None:
        answer = "decline"
    there = one.arrived_at if answer != "decline" else None
    answered: datetime | None = one.accepted_at or one.declined_at
    return Asked(
        id=str(one.volunteer_id),
        at=one.sent_at,
        answer=answer,
        answered_at=answered,
        eta_at=one.eta_at if answer == "accept" else None,
        arrived_at=there,
    )
