"""What is suggested to be one: near, soon, of a kind; never by a chain or against a person."""

from collections import Counter
from dataclasses import replace
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st
from tools import fit_join

from qianjun.incident.queries.codes import join_table
from qianjun.incident.rules.joining import NEAR_M, automatic
from qianjun.kernel.geometry import distance_m, moved
from qianjun.response.rules.grouping import SUGGESTED_AT, Atom, Group, grouped

TABLE = join_table()
LON, LAT = 109.44, 24.33
FIRE, CRASH, FLOOD = "12G00", "12H00", "11A00"
SEEDS = (9_101, 9_102)


def atom(incident: int, *, east_m: float = 0.0, minute: float = 0.0, kind: str = FIRE) -> Atom:
    """An incident with one report, so far east and so much later."""
    lon, lat = moved(LON, LAT, east_m=east_m, north_m=0.0)
    return Atom(
        incident=incident,
        category=kind,
        placed="given",
        lon=lon,
        lat=lat,
        radius_m=50.0,
        minutes=(minute,),
    )


def nowhere(incident: int, *, minute: float = 0.0, kind: str = FIRE) -> Atom:
    """The same without a place."""
    return replace(
        atom(incident, minute=minute, kind=kind), placed="none", lon=None, lat=None, radius_m=0.0
    )


def sets(groups: list[Group]) -> list[tuple[int, ...]]:
    """The incidents of each group."""
    return [group.incidents for group in groups]


def test_what_is_near_soon_and_alike_is_suggested_with_its_reason() -> None:
    (group,) = grouped([atom(1), atom(2, east_m=120, minute=4)], table=TABLE)
    assert group.incidents == (1, 2)
    (link,) = group.links
    assert (link.to, link.same_kind, round(link.minutes)) == (1, True, 4)
    assert 115 < (link.distance_m or 0) < 125
    assert link.probability == group.probability
    assert link.probability >= SUGGESTED_AT


def test_what_is_far_late_or_of_another_kind_stays_by_itself() -> None:
    others = [
        atom(2, east_m=900),
        atom(3, minute=100),
        atom(4, east_m=300, minute=5, kind=CRASH),
    ]
    assert all(len(g.incidents) == 1 for g in grouped([atom(1), *others], table=TABLE))


def test_a_chain_of_neighbours_does_not_become_one_thing() -> None:
    chain = [atom(n, east_m=250.0 * n, minute=n) for n in range(12)]
    groups = grouped(chain, table=TABLE)
    assert len(groups) > 2
    for group in groups:
        xs = [250.0 * n for n in group.incidents]
        assert max(xs) - min(xs) <= NEAR_M


def test_an_unknown_kind_does_not_carry_a_fire_to_a_flood() -> None:
    mixed = [
        atom(1, minute=0, kind=""),
        atom(2, minute=1, kind=FIRE),
        atom(3, minute=2, kind=FLOOD),
    ]
    for group in grouped(mixed, table=TABLE):
        assert not {2, 3} <= set(group.incidents)


def test_what_a_person_has_kept_apart_is_not_suggested_again() -> None:
    atoms = [atom(1), atom(2, east_m=30, minute=1), atom(3, east_m=60, minute=2)]
    assert sets(grouped(atoms, table=TABLE)) == [(1, 2, 3)]
    groups = sets(grouped(atoms, table=TABLE, apart={(2, 3)}))
    assert not any({2, 3} <= set(group) for group in groups)


def test_an_incident_that_is_heard_of_again_and_again_takes_a_late_one() -> None:
    long = replace(atom(1), minutes=tuple(float(n) for n in range(0, 120, 5)))
    assert sets(grouped([long, atom(2, minute=118)], table=TABLE)) == [(1, 2)]
    assert len(grouped([atom(1), atom(2, minute=118)], table=TABLE)) == 2


def test_without_a_place_only_the_kind_and_the_time_speak_and_rarely_loud_enough() -> None:
    groups = grouped([nowhere(1), nowhere(2, minute=0.5), nowhere(3, kind="")], table=TABLE)
    assert (3,) in sets(groups)
    assert all(
        link.distance_m is None and link.same_kind for group in groups for link in group.links
    )


atoms = st.lists(
    st.builds(
        lambda east, minute, kind: (east, minute, kind),
        st.floats(0, 3_000),
        st.floats(0, 180),
        st.sampled_from([FIRE, CRASH, ""]),
    ),
    max_size=25,
)


@given(told=atoms)
@settings(max_examples=60, deadline=None)
def test_every_incident_is_in_one_group_and_no_group_holds_two_kinds_or_is_wide(
    told: list[tuple[float, float, str]],
) -> None:
    known = {n: atom(n, east_m=e, minute=m, kind=k) for n, (e, m, k) in enumerate(told)}
    groups = grouped(known.values(), table=TABLE)
    assert sorted(pk for g in groups for pk in g.incidents) == sorted(known)
    for group in groups:
        members = [known[pk] for pk in group.incidents]
        assert len({one.category for one in members} - {""}) <= 1
        assert len(group.links) == len(members) - 1
        for one, other in combinations(members, 2):
            assert one.lon is not None is not other.lon
            apart_m = distance_m(one.lon, one.lat or 0, other.lon or 0, other.lat or 0)
            assert apart_m <= NEAR_M


def played(seed: int) -> tuple[list[Atom], dict[int, list[int]]]:
    """A storm as the house has it after its automatic joins; the true event of each report."""
    calls = fit_join.storm(seed, events=200)
    known, events, minutes = list[fit_join.Open](), dict[int, list[int]](), dict[int, list[float]]()
    for call in calls:
        best = automatic(fit_join.candidates(TABLE, call, known))
        if best is None:
            known.append(fit_join.opened(call))
        n = best.incident if best else len(known) - 1
        known[n].last = call.minute
        events.setdefault(n, []).append(call.event)
        minutes.setdefault(n, []).append(call.minute)
    made = []
    for n, one in enumerate(known):
        lon, lat = moved(LON, LAT, east_m=one.x_m, north_m=one.y_m)
        first = atom(n, kind=one.category)
        made.append(replace(first, lon=lon, lat=lat, minutes=tuple(minutes[n])))
    return made, events


def pairs(sizes: Counter[object]) -> int:
    """How many pairs stand together."""
    return sum(n * (n - 1) // 2 for n in sizes.values())


def test_on_storms_that_nobody_has_seen_most_suggested_pairs_are_right() -> None:
    for seed in SEEDS:
        storm, events = played(seed)
        groups = grouped(storm, table=TABLE)
        put = [
            (n, event) for n, g in enumerate(groups) for pk in g.incidents for event in events[pk]
        ]
        both = pairs(Counter(put))
        ours, true = (pairs(Counter(pair[side] for pair in put)) for side in (0, 1))
        assert both / ours >= 0.85
        assert 2 * both / (ours + true) >= 0.85
