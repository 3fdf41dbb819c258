"""A call-out as a JSON document: read strictly, answered in full. 召集文件"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np

from qianjun.kernel.errors import Refused
from qianjun.solve.callout import Need, Plan, plan
from qianjun.solve.callout_words import sentences
from qianjun.solve.chances import Asked, Assumed, People
from qianjun.solve.tail import Numbers

MOST_PEOPLE = 10_000_000
Document = Mapping[str, Any]
# field of a person: default, lowest, highest, whole
COLUMNS: dict[str, tuple[float, float, float, bool]] = {
    "lon": (np.nan, -180, 180, False),
    "lat": (np.nan, -90, 90, False),
    "asked": (0, 0, 1e6, True),
    "accepted": (0, 0, 1e6, True),
    "calls_this_year": (0, 0, 1e6, True),
    "speed_kmh": (np.nan, 0.1, 1000, False),
    "prepare_min": (np.nan, 0, 10_000, False),
}
NEEDED = ("lon", "lat")
# field of a person: default, and the reason that it is when it has the other value
MARKS = {
    "adult": (True, "minor"),
    "insured": (True, "uninsured"),
    "over_hours": (False, "hours"),
    "busy": (False, "busy"),
    "paused": (False, "paused"),
}
ASSUMED: dict[str, tuple[float, float]] = {
    "rate": (0.0, 1.0),
    "strength": (0.01, 10_000),
    "sigma": (0.0, 5.0),
    "answer_median_min": (0.01, 10_000),
    "answer_spread": (0.01, 5.0),
    "no_show": (0.0, 1.0),
    "detour": (0.1, 20.0),
    "speed_kmh": (0.1, 1000),
    "prepare_min": (0.0, 10_000),
}
ANSWERS = ("accept", "decline", None)


def answer(document: object) -> dict[str, Any]:
    """The answer to a document, without its seconds; raises Refused with a sentence. 计算"""
    if not isinstance(document, dict):
        raise Refused("not_an_object", "内容须为 JSON 对象，即 {…}。")
    need = _need(document)
    people = _people(document.get("people"), [name for name, _ in need.skills])
    asked = [_asked(one, n) for n, one in enumerate(_list(document, "asked"), start=1)]
    assumed = _assumed(document.get("assume"))
    found = plan(need, people, asked=asked, assumed=assumed)
    return _written(need, people, assumed, found)


def _written(need: Need, people: People, assumed: Assumed, found: Plan) -> dict[str, Any]:
    wave = zip(found.rows, found.chances, found.etas, strict=True)
    zh, en = sentences(need, found)
    best = found.best_possible
    return {
        "wave": [
            {"id": people.ids[row], "chance": round(chance, 4), "eta_at": eta.isoformat()}
            for row, chance, eta in wave
        ],
        "count": found.count,
        "probability": round(found.probability, 4),
        "enough": found.enough,
        "best_possible": None if best is None else round(best, 4),
        "ladder": [{"count": n, "probability": round(p, 4)} for n, p in found.ladder],
        "expected_arrivals": round(found.expected_arrivals, 2),
        "next_look_at": found.next_look_at.isoformat(),
        "excluded": [
            {"id": people.ids[row], "reason": reason}
            for reason, rows in found.excluded.items()
            for row in rows
        ],
        "assumed": {
            **{name: getattr(assumed, name) for name in ASSUMED},
            "rate": round(found.rate, 4),
            "strength": round(found.strength, 2),
            "cap_per_year": need.cap_per_year,
            "seed": need.seed,
        },
        "why_zh": zh,
        "why_en": en,
    }


def _need(document: Document) -> Need:
    now, by = _instant(document, "now"), _instant(document, "by")
    if by <= now:
        raise Refused("by_in_the_past", "到场时间 by 须晚于 now。")
    count = int(_number(document, "need", low=1, high=1e6, whole=True))
    return Need(
        now=now,
        by=by,
        lon=_number(document, "lon", low=-180, high=180),
        lat=_number(document, "lat", low=-90, high=90),
        count=count,
        skills=tuple(_skill(one, count) for one in _list(document, "skills")),
        probability=_number(document, "probability", low=0.01, high=0.9999, default=0.95),
        cap_per_year=int(_number(document, "cap_per_year", low=1, high=1e6, default=3, whole=True)),
        seed=int(_number(document, "seed", low=0, high=2**53, default=0, whole=True)),
    )


def _skill(one: object, need: int) -> tuple[str, int]:
    if not isinstance(one, dict) or not isinstance(one.get("skill"), str) or not one["skill"]:
        raise Refused("bad_skill", "skills 的每一项须为 {skill, count}，skill 是技能代码。")
    count = int(_number(one, "count", low=0, high=1e6, whole=True))
    if count > need:
        raise Refused(
            "more_skilled_than_needed",
            "技能 %(skill)s 要 %(count)s 人，多于总需求 %(need)s 人。",
            words={"skill": one["skill"][:40], "count": count, "need": need},
        )
    return one["skill"], count


def _people(found: object, skills: Sequence[str]) -> People:
    if not isinstance(found, list):
        raise Refused("no_people", "缺少 people：可召集人员的列表。")
    if len(found) > MOST_PEOPLE:
        raise Refused("too_many_people", "people 太多。")
    if set(map(type, found)) - {dict}:
        raise _at(found, lambda one: type(one) is not dict, "people", "须为对象 {id, lon, lat, …}")
    ids = [one.get("id") for one in found]
    if set(map(type, ids)) - {str} or "" in ids:
        raise _at(ids, lambda one: not isinstance(one, str) or not one, "id", "须为文字")
    columns = {name: _column(found, name) for name in COLUMNS}
    if (over := np.flatnonzero(columns["accepted"] > columns["asked"])).size:
        raise _bad_person(int(over[0]), "accepted", "不能多于 asked")
    barred = {
        reason: _marks(found, name, default) != default for name, (default, reason) in MARKS.items()
    }
    able = _abilities(found)
    masks = {
        skill: np.fromiter((skill in own for own in able), dtype=bool, count=len(able))
        for skill in skills
    }
    return People(ids=ids, barred=barred, skills=masks, **columns)


def _abilities(found: list[dict[str, Any]]) -> list[Sequence[str]]:
    able = [() if (own := one.get("skills")) is None else own for one in found]
    if set(map(type, able)) - {list, tuple}:
        raise _at(able, lambda own: not isinstance(own, list | tuple), "skills", "须为列表")
    return able


def _column(found: list[dict[str, Any]], name: str) -> Numbers:
    default, low, high, whole = COLUMNS[name]
    told = [default if (v := one.get(name)) is None else v for one in found]
    if set(map(type, told)) - {int, float}:
        raise _at(told, lambda v: type(v) not in (int, float), name, "须为数")
    column = np.array(told, dtype=np.float64)
    missing = np.isnan(column)
    wrong = ~missing & ((column < low) | (column > high))
    if name in NEEDED:
        wrong |= missing
    if whole:
        wrong |= column != np.floor(column)
    if (rows := np.flatnonzero(wrong)).size:
        kind = "整数" if whole else "数"
        raise _bad_person(int(rows[0]), name, f"须为 {low:g} 到 {high:g} 之间的{kind}")
    return column


def _marks(found: list[dict[str, Any]], name: str, default: bool) -> "np.ndarray[Any, Any]":
    told = [default if (v := one.get(name)) is None else v for one in found]
    if set(map(type, told)) - {bool}:
        raise _at(told, lambda v: not isinstance(v, bool), name, "须为 true 或 false")
    return np.array(told, dtype=bool)


def _at(column: list[Any], wrong: Callable[[Any], bool], name: str, must: str) -> Refused:
    return _bad_person(next(n for n, v in enumerate(column) if wrong(v)), name, must)


def _bad_person(row: int, name: str, must: str) -> Refused:
    return Refused(
        "bad_person",
        "people 第 %(n)s 项的 %(field)s %(must)s。",
        words={"n": row + 1, "field": name, "must": must},
    )


def _asked(one: object, n: int) -> Asked:
    if not isinstance(one, dict) or not isinstance(one.get("id"), str):
        raise Refused("bad_asked", "asked 第 %(n)s 项须为 {id, at, answer}。", words={"n": n})
    if one.get("answer") not in ANSWERS:
        raise Refused(
            "bad_answer",
            "asked 第 %(n)s 项的 answer 须为 accept、decline 或 null。",
            words={"n": n},
        )
    times = {
        name: None if one.get(name) is None else _instant(one, name)
        for name in ("answered_at", "eta_at", "arrived_at")
    }
    return Asked(id=one["id"], at=_instant(one, "at"), answer=one.get("answer"), **times)


def _assumed(found: object) -> Assumed:
    if found is None:
        return Assumed()
    if not isinstance(found, dict):
        raise Refused("bad_assumption", "assume 须为对象。")
    if unknown := sorted(set(found) - set(ASSUMED)):
        raise Refused(
            "unknown_assumption",
            "assume 里没有 %(name)s；可用：%(known)s。",
            words={"name": str(unknown[0])[:40], "known": " ".join(ASSUMED)},
        )
    told = {name: value for name, value in found.items() if value is not None}
    return Assumed(
        **{
            name: _number(told, name, low=low, high=high)
            for name, (low, high) in ASSUMED.items()
            if name in told
        }
    )


def _list(document: Document, name: str) -> list[Any]:
    found = document.get(name)
    if found is None:
        return []
    if not isinstance(found, list):
        raise Refused("not_a_list", "%(name)s 须为列表。", words={"name": name})
    return found


def _number(
    told: Document,
    name: str,
    *,
    low: float,
    high: float,
    default: float | None = None,
    whole: bool = False,
) -> float:
    value = told.get(name)
    if value is None and default is not None:
        return default
    if isinstance(value, bool) or not isinstance(value, int | float):
        value = None
    if value is None or not low <= value <= high or (whole and value != int(value)):
        raise Refused(
            "bad_number",
            "%(name)s 须为 %(low)s 到 %(high)s 之间的%(kind)s。",
            words={
                "name": name,
                "low": f"{low:g}",
                "high": f"{high:g}",
                "kind": "整数" if whole else "数",
            },
        )
    return float(value)


def _instant(told: Document, name: str) -> datetime:
    written = told.get(name)
    try:
        instant = datetime.fromisoformat(written) if isinstance(written, str) else None
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise Refused(
            "bad_time",
            "%(name)s 须为带时区的时间，如 2026-06-01T14:05:00+08:00。",
            words={"name": name},
        )
    return instant
