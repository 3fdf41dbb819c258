"""What a call-out asks for, checked before anybody is looked for. 召集需求"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from qianjun.kernel.errors import FieldError, Refused
from qianjun.kernel.words import noop as _

NEED_MOST: Final = 5_000
PROBABILITY: Final = 0.95
PROBABILITIES: Final = (0.5, 0.999)
RADIUS_M: Final = (100.0, 50_000.0)
LONGEST: Final = timedelta(days=3)
LINE_MOST, WORDS_MOST = 200, 300
# as fast as people are assumed to come when nobody says a radius: km/h along the road, detour
SPEED_KMH, DETOUR = 18.0, 1.35
REACH_M: Final = (2_000.0, 20_000.0)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """So many people at a place by a time, and what they must know. 需求"""

    need: int
    needed_by: datetime
    lon: float
    lat: float
    place: str
    what: str = ""
    risk: str = ""
    kit: str = ""
    skills: tuple[tuple[str, int], ...] = ()
    probability: float = PROBABILITY
    radius_m: float | None = None


def radius_for(wanted: Wanted, *, now: datetime) -> float:
    """The radius asked for, else as far as somebody comes in the time that is left. 半径"""
    if wanted.radius_m is not None:
        return wanted.radius_m
    hours = (wanted.needed_by - now).total_seconds() / 3600
    return min(max(hours * SPEED_KMH * 1000 / DETOUR, REACH_M[0]), REACH_M[1])


def check(wanted: Wanted, *, now: datetime, known: frozenset[str]) -> None:
    """Refuse with 422 and every wrong field what cannot be called for. 核对"""
    wrong = [*when_wrong(wanted.needed_by, now=now), *_numbers(wanted), *_skills(wanted, known)]
    if not wanted.place:
        wrong.append(_fault("place", "missing", _("请写到哪里集合。")))
    if wrong:
        first = wrong[0]
        raise Refused(first.code, first.zh, fields=tuple(wrong))


def _fault(field: str, code: str, zh: str) -> FieldError:
    return FieldError(field=field, code=code, zh=zh)


def when_wrong(needed_by: datetime, *, now: datetime) -> list[FieldError]:
    """What is wrong with the time by which somebody is to be there. 到场时限"""
    if needed_by <= now:
        return [_fault("by", "by_in_the_past", _("到场时限已经过去，请改成以后的时刻。"))]
    if needed_by > now + LONGEST:
        return [_fault("by", "by_too_far", _("到场时限最多在三天之内。"))]
    return []


def _numbers(wanted: Wanted) -> list[FieldError]:
    found = []
    if not 1 <= wanted.need <= NEED_MOST:
        found.append(_fault("need", "out_of_range", _("需要人数须在 1 到 5000 之间。")))
    if not PROBABILITIES[0] <= wanted.probability <= PROBABILITIES[1]:
        found.append(_fault("probability", "out_of_range", _("把握须在 50% 到 99.9% 之间。")))
    radius = wanted.radius_m
    if radius is not None and not RADIUS_M[0] <= radius <= RADIUS_M[1]:
        found.append(_fault("radius_m", "out_of_range", _("半径须在 100 米到 50 公里之间。")))
    return found


def _skills(wanted: Wanted, known: frozenset[str]) -> list[FieldError]:
    names = [name for name, _count in wanted.skills]
    if unknown := [name for name in names if name not in known]:
        del unknown
        return [_fault("skills", "unknown_skill", _("没有这种技能。"))]
    if len(set(names)) < len(names):
        return [_fault("skills", "skill_twice", _("同一种技能只写一次。"))]
    if any(not 1 <= count <= wanted.need for _name, count in wanted.skills):
        zh = _("每种技能的人数须在 1 到总人数之间。")
        return [_fault("skills", "out_of_range", zh)]
    return []
