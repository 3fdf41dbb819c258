"""Divisions with their days, points in their areas, tables that load again and again."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError
from hypothesis import given
from hypothesis import strategies as st
from shapely import Point

from qianjun.kernel import clock
from qianjun.kernel.geometry import cell
from qianjun.place import areas, gazetteer
from qianjun.place.models import Alias, Division, GazetteerVersion, Place
from qianjun.place.queries import (
    community_of,
    division,
    divisions,
    inside_district,
    locate,
    street_of,
)
from qianjun.place.seeding import seed_places

JINGLAN = "450202007201"


@pytest.mark.usefixtures("seeded")
def test_seven_streets_and_37_communities_and_villages_are_ours() -> None:
    own = divisions().filter(inside=True)
    assert own.filter(level="street").count() == 7
    assert own.filter(kind="community").count() == 31
    assert own.filter(kind="village").count() == 6


@pytest.mark.usefixtures("seeded")
def test_seeding_again_writes_nothing() -> None:
    before = [m.objects.count() for m in (Division, Place, Alias)]
    assert seed_places() == 0
    assert [m.objects.count() for m in (Division, Place, Alias)] == before
    assert GazetteerVersion.objects.get().number == 1


@pytest.mark.usefixtures("seeded")
def test_seeding_changed_tables_keeps_the_rows() -> None:
    known = set(Division.objects.values_list("pk", "code"))
    GazetteerVersion.objects.update(tables_digest="of older tables")
    assert seed_places() > 0
    assert set(Division.objects.values_list("pk", "code")) == known


@pytest.mark.usefixtures("seeded")
def test_every_point_carries_its_cell() -> None:
    points = ("cell", "lon", "lat")
    rows = [
        *Place.objects.values_list(*points),
        *Division.objects.exclude(lon=None).values_list(*points),
    ]
    assert rows
    assert all(own == cell(lon or 0, lat or 0) for own, lon, lat in rows)


@pytest.mark.usefixtures("seeded")
def test_every_synthetic_point_lies_in_the_community_that_it_names() -> None:
    for place in Place.objects.all():
        here = community_of(place.lon, place.lat)
        assert here is not None
        assert (place.name, here.code) == (place.name, place.division_code)
        assert place.schematic


# --- days ----------------------------------------------------------------------------------------


def renamed(*, on: date) -> None:
    """静兰村 becomes 静兰社区 on a day."""
    old = Division.objects.get(code=JINGLAN)
    Division.objects.filter(pk=old.pk).update(valid_until=on)
    old.pk, old.valid_from, old.short_name = None, on, "新静兰社区"
    old.save()
    gazetteer.changed()


@pytest.mark.usefixtures("seeded")
def test_a_division_is_found_on_its_days_only() -> None:
    day = date(2026, 6, 2)
    renamed(on=day)
    before, after = division(JINGLAN, on=day - timedelta(days=1)), division(JINGLAN, on=day)
    assert before is not None
    assert after is not None
    assert (before.short_name, after.short_name) == ("静兰村", "新静兰社区")
    assert division(JINGLAN, on=date(2023, 6, 29)) is None


@pytest.mark.usefixtures("seeded")
def test_locating_follows_the_day_in_the_house(held_clock: clock.Held) -> None:
    renamed(on=date(2026, 6, 2))
    assert locate("静兰村着火").places[0].name == "静兰村"
    held_clock.forward(timedelta(days=1))
    assert "静兰村" not in [place.name for place in locate("静兰村着火").places]
    assert locate("新静兰社区着火").places[0].name == "新静兰社区"


@pytest.mark.django_db
def test_a_division_cannot_end_before_it_begins() -> None:
    with pytest.raises(IntegrityError):
        Division.objects.create(
            code="450202999",
            name="x",
            short_name="x",
            kind="division",
            level="street",
            inside=True,
            valid_from=date(2026, 1, 2),
            valid_until=date(2026, 1, 1),
            sort_key="x",
        )


@pytest.mark.django_db
def test_a_name_belongs_to_a_place_or_a_division_and_not_to_both() -> None:
    with pytest.raises(IntegrityError):
        Alias.objects.create(text="谁的名字")


# --- areas ---------------------------------------------------------------------------------------


def test_the_layers_say_that_they_are_schematic() -> None:
    for name in ("outline", "communities"):
        features = areas.layer(name)["features"]
        assert features
        assert {f["properties"]["note"] for f in features} == {"示意"}


@pytest.mark.usefixtures("seeded")
def test_the_layer_and_the_tables_name_the_same_communities_and_streets() -> None:
    own = dict(divisions().filter(inside=True).values_list("code", "short_name"))
    for area in areas.cells().areas:
        assert (own[area.code], own[area.street_code]) == (area.name, area.street)


def test_the_cells_fill_the_outline_without_overlap() -> None:
    cells = areas.cells().tree.geometries
    assert sum(c.area for c in cells) == pytest.approx(areas.outline().area, rel=1e-3)


@given(st.floats(109.39, 109.52), st.floats(24.30, 24.44))
def test_a_point_is_in_a_community_exactly_if_it_is_in_the_district(lon: float, lat: float) -> None:
    off_rim = areas.outline().boundary.distance(Point(lon, lat)) > 1e-4
    if off_rim:
        assert (community_of(lon, lat) is not None) == inside_district(lon, lat)


@pytest.mark.parametrize("point", [(0, 0), (180, 90), (-180, -90), (109.6, 24.3)])
def test_outside_there_is_no_community(point: tuple[float, float]) -> None:
    assert community_of(*point) is None
    assert not inside_district(*point)


@pytest.mark.usefixtures("seeded")
def test_the_street_of_a_point_is_the_one_its_community_belongs_to() -> None:
    place = Place.objects.get(name="演示涂料厂")
    community, street = community_of(place.lon, place.lat), street_of(place.lon, place.lat)
    assert community is not None
    assert street is not None
    assert (community.name, street.name) == ("静兰村", "静兰街道")
    assert street_of(0, 0) is None
