"""What joins by itself, what is suggested, what is left alone; how right the tables are."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tools import fit_join

from qianjun.incident.categories import event_types
from qianjun.incident.queries.codes import join_table
from qianjun.incident.rules.joining import (
    AUTO_AT,
    SUGGEST_AT,
    Duplicate,
    Known,
    Sought,
    automatic,
    judge,
    kind_of,
    nearby,
    odds_again,
    probability,
    same_kind,
)

TABLE = join_table()
HERE = Known(
    incident=1,
    number="450202-20260601-0001",
    title="火灾",
    category="12G00",
    placed="given",
    distance_m=20.0,
    radius_m=50.0,
    minutes=1.0,
)
FIRE = Sought(category="12G03", placed="given", radius_m=50.0)
FRESH_SEEDS = range(7_000, 7_012)


def joins(known: Known = HERE, sought: Sought = FIRE) -> bool:
    """Whether the report joins by itself."""
    return automatic(judge(TABLE, sought=sought, known=[known])) is not None


def suggested(known: Known = HERE, sought: Sought = FIRE) -> list[Duplicate]:
    """What the officer is shown."""
    return list(judge(TABLE, sought=sought, known=[known]))


def test_a_second_call_from_the_same_house_joins_by_itself() -> None:
    assert joins()
    assert suggested()[0].probability >= AUTO_AT


@pytest.mark.parametrize(
    ("why", "known", "sought"),
    [
        ("another kind", HERE._replace(category="12H00"), FIRE),
        ("its kind is unknown", HERE._replace(category=""), FIRE),
        ("the report's kind is unknown", HERE, replace(FIRE, category="")),
        ("its place was read from words", HERE._replace(placed="read"), FIRE),
        ("the report's place was read from words", HERE, replace(FIRE, placed="read")),
        ("the report is nowhere", HERE._replace(distance_m=None), replace(FIRE, placed="none")),
        ("it is nowhere", HERE._replace(distance_m=None, placed="none"), FIRE),
        ("a whole community is no point", HERE._replace(radius_m=600.0), FIRE),
        ("half a kilometre away", HERE._replace(distance_m=450.0), FIRE),
        ("too far, however soon", HERE._replace(distance_m=160.0, minutes=0.0), FIRE),
        ("an hour ago", HERE._replace(minutes=60.0), FIRE),
    ],
)
def test_nothing_joins_by_itself_when(why: str, known: Known, sought: Sought) -> None:
    assert not joins(known, sought), why


def test_what_is_likely_but_not_certain_is_suggested() -> None:
    shown = suggested(HERE._replace(distance_m=250.0, minutes=10.0))
    assert SUGGEST_AT <= shown[0].probability < AUTO_AT
    assert not joins(HERE._replace(distance_m=250.0, minutes=10.0))


def test_what_is_far_or_long_ago_is_not_shown() -> None:
    assert not suggested(HERE._replace(distance_m=900.0))
    assert not suggested(HERE._replace(minutes=119.0))
    assert not suggested(HERE._replace(minutes=100_000.0))


def beside(known: Known, sought: Sought = FIRE) -> list[int]:
    """What is near and hardly the same, as the officer may unfold it."""
    likely = judge(TABLE, sought=sought, known=[known])
    return [one.incident for one in nearby(TABLE, sought=sought, known=[known], likely=likely)]


@pytest.mark.parametrize(
    ("why", "known", "is_shown"),
    [
        ("another kind, hardly the same", HERE._replace(category="12H00", minutes=30.0), True),
        ("the same kind at its edge", HERE._replace(distance_m=500.0, minutes=30.0), True),
        ("a little too far", HERE._replace(distance_m=501.0, minutes=30.0), False),
        ("a little too long ago", HERE._replace(distance_m=500.0, minutes=30.5), False),
        ("likely, so it stands above", HERE, False),
        ("it is nowhere", HERE._replace(distance_m=None, minutes=30.0), False),
    ],
)
def test_what_is_near_and_hardly_the_same_is_still_to_be_seen(
    why: str, known: Known, is_shown: bool
) -> None:
    assert bool(beside(known)) is is_shown, why


def test_of_a_community_known_by_name_everything_in_its_circle_is_near() -> None:
    sought = replace(FIRE, placed="read", radius_m=700.0)
    crash = HERE._replace(category="12H00", distance_m=650.0)
    assert beside(crash, sought) == [HERE.incident]
    assert beside(crash) == []


def test_the_same_community_by_name_is_suggested_never_joined() -> None:
    by_name = HERE._replace(placed="read", radius_m=450.0, distance_m=0.0, minutes=4.0)
    sought = replace(FIRE, placed="read", radius_m=450.0)
    assert suggested(by_name, sought)
    assert not joins(by_name, sought)


def test_without_a_place_the_candidates_share_one_probability() -> None:
    nowhere = replace(FIRE, placed="none", radius_m=0.0)
    known = [HERE._replace(incident=n, distance_m=None) for n in range(3)]
    alone = judge(TABLE, sought=nowhere, known=known[:1])
    crowd = judge(TABLE, sought=nowhere, known=known)
    assert sum(one.probability for one in crowd) < 1
    assert all(one.probability < alone[0].probability for one in crowd)


def test_the_most_probable_comes_first() -> None:
    known = [HERE._replace(incident=n, distance_m=apart) for n, apart in ((1, 200.0), (2, 10.0))]
    assert [one.incident for one in judge(TABLE, sought=FIRE, known=known)] == [2, 1]


@given(
    near=st.floats(0, 1_200),
    far=st.floats(0, 1_200),
    soon=st.floats(0, 130),
    late=st.floats(0, 130),
    kinds=st.sampled_from([True, False, None]),
)
def test_farther_and_later_is_never_more_probable(
    near: float, far: float, soon: float, late: float, kinds: bool | None
) -> None:
    near, far = sorted((near, far))
    soon, late = sorted((soon, late))
    here = probability(TABLE, distance_m=near, minutes=soon, same_kind=kinds)
    there = probability(TABLE, distance_m=far, minutes=late, same_kind=kinds)
    assert 0 <= there <= here <= 1


@given(metres=st.floats(0, 1_200), minutes=st.floats(0, 130))
def test_the_same_kind_is_never_less_probable_than_an_unknown_or_another(
    metres: float, minutes: float
) -> None:
    same, unknown, other = (
        probability(TABLE, distance_m=metres, minutes=minutes, same_kind=kinds)
        for kinds in (True, None, False)
    )
    assert same >= unknown
    assert same >= other


@given(radius=st.floats(10, 5_000), minutes=st.floats(0, 130))
def test_a_smaller_circle_speaks_louder(radius: float, minutes: float) -> None:
    small, large = (
        odds_again(TABLE, minutes=minutes, radius_m=metres) for metres in (radius, radius * 2)
    )
    assert small >= large >= odds_again(TABLE, minutes=minutes, radius_m=None)


@pytest.mark.parametrize(
    ("code", "kind"),
    [("12G00", "12G00"), ("12G03", "12G00"), ("11A02", "11A00"), ("12000", ""), ("", "")],
)
def test_the_kind_is_the_code_of_the_second_level(code: str, kind: str) -> None:
    assert kind_of(code) == kind


def test_the_kind_of_every_code_is_a_code() -> None:
    assert all(kind_of(code) in event_types() for code in event_types() if kind_of(code))


def test_kinds_compare_only_when_both_are_known() -> None:
    assert same_kind("12G01", "12G00") is True
    assert same_kind("12G01", "12H00") is False
    assert same_kind("12G01", "") is None


def test_on_storms_that_nobody_has_seen_ninety_nine_of_a_hundred_automatic_joins_are_right() -> (
    None
):
    words = fit_join.words_of_kinds()
    played = [fit_join.play(TABLE, fit_join.storm(seed, words=words)) for seed in FRESH_SEEDS]
    right = sum(one.joined_right for one in played)
    wrong = sum(one.joined_wrong for one in played)
    repeats = sum(one.repeats for one in played)
    assert right / (right + wrong) >= 0.99
    assert right / repeats >= 0.3
    assert sum(one.suggested_f1 for one in played) / len(played) >= 0.88


def test_the_shipped_tables_are_those_that_the_storms_speak_for() -> None:
    again = fit_join.fit(range(3))
    assert again.metres == TABLE.metres
    assert again.minutes == TABLE.minutes
    assert abs(again.same[0][0] - TABLE.same[0][0]) < 0.05
