"""Whom to call out: few enough, sure enough, and nobody who may not be called."""

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qianjun.solve.callout_file import answer
from tests.solve.worlds import at, crowd, need, person

CALM = {"rate": 0.3, "sigma": 0.0, "strength": 4.0}


def wave(said: dict[str, Any]) -> list[str]:
    """Who is called."""
    return [one["id"] for one in said["wave"]]


def left_out(said: dict[str, Any]) -> dict[str, str]:
    """Who is left out, and why."""
    return {one["id"]: one["reason"] for one in said["excluded"]}


def test_the_smallest_prefix_that_reaches_the_probability_is_called() -> None:
    said = answer(need(5, crowd(500)))
    assert said["probability"] >= 0.95
    assert said["best_possible"] is None
    assert not said["enough"]
    assert len(said["wave"]) == said["count"]
    chances = [one["chance"] for one in said["wave"]]
    assert chances == sorted(chances, reverse=True)
    steps = {step["count"]: step["probability"] for step in said["ladder"]}
    assert steps[said["count"]] == said["probability"]
    assert max(p for count, p in steps.items() if count < said["count"]) < 0.95
    assert list(steps) == sorted(steps)
    assert list(steps.values()) == sorted(steps.values())


def test_the_chance_is_the_record_the_delay_the_way_and_the_no_show() -> None:
    people = [person(1, asked=4, accepted=4), person(2, east_m=3000), person(3, east_m=14_000)]
    chances = {w["id"]: w["chance"] for w in answer(need(3, people, assume=CALM))["wave"]}
    # (0.3 * 4 + 4) / (4 + 4) accept, 0.92 come after all, and 52 minutes are time for every answer
    assert chances["p1"] == pytest.approx(0.65 * 0.92, abs=1e-3)
    assert chances["p2"] == pytest.approx(0.3 * 0.92, abs=1e-3)
    assert "p3" not in chances  # 63 minutes on the way


def test_it_ranks_by_being_there_in_time_and_not_by_distance() -> None:
    near_but_slow = person(1, east_m=200, asked=10, accepted=0)
    far_but_willing = person(2, east_m=3000, asked=10, accepted=9)
    assert wave(answer(need(2, [near_but_slow, far_but_willing])))[0] == "p2"


def test_the_same_input_and_seed_is_the_same_answer_and_another_seed_another_lot() -> None:
    equals = [person(n) for n in range(200)]
    first, again = answer(need(3, equals, seed=7)), answer(need(3, equals, seed=7))
    assert first == again
    assert wave(answer(need(3, equals, seed=8))) != wave(first)
    tired = [person(n, calls_this_year=2) for n in range(100)]
    fresh = [person(n) for n in range(100, 200)]
    called = wave(answer(need(3, tired + fresh)))
    assert set(called) <= {one["id"] for one in fresh}


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("adult", False, "minor"),
        ("insured", False, "uninsured"),
        ("busy", True, "busy"),
        ("paused", True, "paused"),
        ("over_hours", True, "hours"),
        ("calls_this_year", 3, "capped"),
        ("lon", 111.0, "too_far"),
    ],
)
def test_who_may_not_be_called_is_left_out_with_the_reason(
    field: str, value: object, reason: str
) -> None:
    people = [person(n) for n in range(40)] + [person(99) | {field: value}]
    said = answer(need(2, people))
    assert left_out(said) == {"p99": reason}
    assert "p99" not in wave(said)
    assert reason == "too_far" or "未列入" in said["why_zh"]


def test_the_same_person_twice_is_called_once() -> None:
    people = [person(n) for n in range(5)]
    said = answer(need(5, people + people))
    assert sorted(wave(said)) == [f"p{n}" for n in range(5)]
    assert [one["reason"] for one in said["excluded"]] == ["duplicate"] * 5


def test_a_cap_of_its_own() -> None:
    people = [person(n, calls_this_year=4) for n in range(40)]
    assert answer(need(2, people))["count"] == 0
    assert answer(need(2, people, cap_per_year=5))["count"] > 2


def test_what_cannot_be_had_is_said_with_the_best_there_is() -> None:
    said = answer(need(20, crowd(40)))
    assert 0 <= said["best_possible"] < 0.95
    assert said["best_possible"] == said["probability"]
    assert said["count"] == 40  # all hands
    assert "达不到" in said["why_zh"]
    assert "cannot be had" in said["why_en"]
    nobody = answer(need(2, []))
    assert (nobody["wave"], nobody["best_possible"], nobody["enough"]) == ([], 0.0, False)


def test_a_skill_that_nobody_has_does_not_call_everybody() -> None:
    people = crowd(400)
    for one in people[:3]:
        one["skills"] = ["boat"]
    said = answer(need(5, people, skills=[{"skill": "boat", "count": 4}]))
    assert said["best_possible"] == 0.0
    assert {"p0", "p1", "p2"} <= set(wave(said))
    assert said["count"] < 80


def asked(number: int, reply: str | None, **more: Any) -> dict[str, Any]:
    """Somebody called ten minutes ago."""
    return {"id": f"p{number}", "at": at(-10), "answer": reply, **more}


def test_open_answers_that_suffice_end_it() -> None:
    people = [person(n) for n in range(60)]
    coming = [asked(n, "accept", answered_at=at(-8), eta_at=at(10)) for n in range(6)]
    said = answer(need(3, people, asked=coming))
    assert (said["enough"], said["wave"], said["best_possible"]) == (True, [], None)
    assert said["probability"] >= 0.95
    late = [one | {"eta_at": at(90)} for one in coming]
    assert not answer(need(3, people, asked=late))["enough"]
    there = [one | {"answer": None, "arrived_at": at(-1)} for one in coming[:3]]
    assert answer(need(3, people, asked=there))["probability"] == 1.0


def test_those_asked_are_not_called_again_and_their_answers_count() -> None:
    people = [person(n) for n in range(200)]
    alone = answer(need(5, people, assume=CALM))["count"]
    two_come = [asked(n, "accept", eta_at=at(5)) for n in range(2)]
    said = answer(need(5, people, asked=two_come, assume=CALM))
    assert said["count"] < alone
    assert left_out(said) == {"p0": "asked", "p1": "asked"}
    refused = [asked(n, "decline") for n in range(2)]
    assert answer(need(5, people, asked=refused, assume=CALM))["count"] == alone


def test_no_answer_yet_decays_with_the_time_that_answers_take() -> None:
    people = [person(n) for n in range(300)]

    def count(minutes_ago: float) -> int:
        quiet = [asked(n, None) | {"at": at(-minutes_ago)} for n in range(20)]
        return int(answer(need(5, people, asked=quiet, assume=CALM))["count"])

    counts = [count(minutes) for minutes in (0.5, 3, 10, 60)]
    assert counts == sorted(counts)
    alone = answer(need(5, people, assume=CALM))["count"]
    assert counts[0] < alone / 2
    assert counts[-1] >= alone - 1


def test_many_refusals_teach_that_the_night_is_bad() -> None:
    people = [person(n) for n in range(400)]
    before = answer(need(5, people))["count"]
    bad = [asked(n, "decline") for n in range(30)]
    good = [asked(n, "accept", eta_at=at(300)) for n in range(15)]
    good += [asked(n, "decline") for n in range(15, 30)]
    assert answer(need(5, people, asked=bad))["count"] > before
    assert answer(need(5, people, asked=good))["count"] < before


def both(chances: list[tuple[float, bool]], total: int, skilled: int) -> float:
    """P(so many, of them so many with the skill), over all that can happen."""
    found = 0.0
    for way in product((0, 1), repeat=len(chances)):
        came = [one for one, here in zip(chances, way, strict=True) if here]
        if len(came) >= total and sum(able for _, able in came) >= skilled:
            found += float(
                np.prod([p if here else 1 - p for (p, _), here in zip(chances, way, strict=True)])
            )
    return found


def skilled_people() -> list[dict[str, Any]]:
    """Ten people of different records, four of them nurses."""
    return [
        person(n, asked=8, accepted=(n * 5) % 9, skills=["nurse"] if n % 3 == 0 else [])
        for n in range(10)
    ]


@pytest.mark.parametrize(("total", "nurses"), [(2, 1), (3, 1), (4, 2), (2, 2)])
def test_two_classes_at_once_are_exact(total: int, nurses: int) -> None:
    people, skills = skilled_people(), [{"skill": "nurse", "count": nurses}]
    said = answer(need(total, people, skills=skills, probability=0.5, assume=CALM))
    able = {one["id"]: "nurse" in one["skills"] for one in people}
    called = [(one["chance"], able[one["id"]]) for one in said["wave"]]
    assert said["probability"] == pytest.approx(both(called, total, nurses), abs=2e-3)
    for step in said["ladder"][:-1]:
        assert step["probability"] <= said["ladder"][-1]["probability"]


def test_two_classes_need_the_fewest_people() -> None:
    people, skills = skilled_people(), [{"skill": "nurse", "count": 1}]
    said = answer(need(3, people, skills=skills, probability=0.6, assume=CALM))
    able = [one["id"] for one in people if one["skills"]]
    chance = {
        one["id"]: one["chance"]
        for one in answer(need(10, people, probability=0.9999, assume=CALM))["wave"]
    }
    best = min(
        m + k
        for m, k in product(range(5), range(7))
        if both(
            [(chance[i], True) for i in sorted(able, key=lambda i: -chance[i])[:m]]
            + [(p, False) for i, p in sorted(chance.items(), key=lambda c: -c[1]) if i not in able][
                :k
            ],
            3,
            1,
        )
        >= 0.6
    )
    assert said["count"] == best


def test_more_classes_are_bounded_and_every_skill_is_called() -> None:
    people = crowd(600)
    for n, one in enumerate(people):
        one["skills"] = [["nurse"], ["boat"], []][n % 3]
    skills = [{"skill": "nurse", "count": 3}, {"skill": "boat", "count": 2}]
    said = answer(need(10, people, skills=skills))
    able = {one["id"]: one["skills"] for one in people}
    assert 0.95 <= said["probability"] < 1
    assert sum("nurse" in able[i] for i in wave(said)) >= 3
    assert sum("boat" in able[i] for i in wave(said)) >= 2
    assert said["count"] >= answer(need(10, people))["count"]


def test_a_skill_that_all_need_leaves_the_others_out() -> None:
    people = skilled_people() * 1
    said = answer(need(2, people, skills=[{"skill": "nurse", "count": 2}], probability=0.3))
    assert set(wave(said)) <= {"p0", "p3", "p6", "p9"}
    assert set(left_out(said).values()) == {"unskilled"}


def test_the_rate_is_that_of_these_people() -> None:
    eager = [person(n, asked=5, accepted=4) for n in range(100)]
    assert answer(need(2, eager))["assumed"]["rate"] > 0.7
    assert answer(need(2, [person(1)]))["assumed"]["rate"] == pytest.approx(0.3)
    assert answer(need(2, eager, assume={"rate": 0.1}))["assumed"]["rate"] == 0.1


@given(
    count=st.integers(1, 12),
    minutes=st.integers(9, 200),
    people=st.integers(0, 60),
    seed=st.integers(0, 5),
    probability=st.sampled_from([0.3, 0.8, 0.95]),
    nurses=st.integers(0, 3),
)
def test_a_plan_keeps_its_promises(
    count: int, minutes: int, people: int, seed: int, probability: float, nurses: int
) -> None:
    pool = crowd(people, seed=seed)
    for one in pool[::4]:
        one["skills"] = ["nurse"]
    skills = [{"skill": "nurse", "count": min(nurses, count)}]
    said = answer(need(count, pool, by=at(minutes), probability=probability, skills=skills))
    assert (said["best_possible"] is None) == (said["probability"] >= probability)
    assert said["enough"] is False
    assert len({*wave(said), *left_out(said)}) == len(said["wave"]) + len(said["excluded"])
    assert set(wave(said)) | set(left_out(said)) <= {one["id"] for one in pool}
    assert all(0 < one["chance"] <= 1 for one in said["wave"])
    steps = said["ladder"]
    assert [s["count"] for s in steps] == sorted({s["count"] for s in steps})
    assert all(0 <= s["probability"] <= 1 for s in steps)
    assert at(0) < said["next_look_at"] < at(minutes)
