"""Distances and cells."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qianjun.kernel.geometry import bounds_around, cell, cells_within, distance_m, moved

here = st.tuples(st.floats(109.0, 110.0), st.floats(24.0, 25.0))
anywhere = st.tuples(st.floats(-180, 180), st.floats(-90, 90))


@pytest.mark.parametrize(
    ("a", "b", "metres"),
    [
        ((109.4, 24.3), (109.4, 24.3), 0),
        ((109.4, 24.3), (109.4, 25.3), 111_195),
        ((0, 0), (180, 0), 20_015_115),
        ((179.9, 0), (-179.9, 0), 22_239),
    ],
)
def test_distances_are_those_of_the_sphere(
    a: tuple[float, float], b: tuple[float, float], metres: float
) -> None:
    assert distance_m(*a, *b) == pytest.approx(metres, rel=1e-4, abs=0.01)


@given(anywhere, anywhere)
def test_a_distance_is_the_same_both_ways(a: tuple[float, float], b: tuple[float, float]) -> None:
    assert distance_m(*a, *b) == pytest.approx(distance_m(*b, *a), abs=1e-6)


@given(anywhere)
def test_a_cell_fits_the_column_of_the_database(point: tuple[float, float]) -> None:
    assert 0 < cell(*point) < 2**63


@given(here, st.floats(0, 3_000), st.floats(0, 1), st.floats(-1, 1), st.floats(-1, 1))
def test_the_cells_of_a_disc_hold_every_point_in_it(
    centre: tuple[float, float], radius_m: float, part: float, east: float, north: float
) -> None:
    size = max(1e-9, (east**2 + north**2) ** 0.5)
    step = part * radius_m * 0.999 / size
    point = moved(*centre, east_m=east * step, north_m=north * step)
    assert cell(*point, resolution=8) in cells_within(*centre, radius_m=radius_m, resolution=8)


def test_the_cells_of_a_disc_are_few_and_sorted() -> None:
    cells = cells_within(109.44, 24.34, radius_m=500)
    assert cells == sorted(cells)
    assert len(cells) <= 20


@given(here, st.floats(1, 50_000))
def test_the_box_touches_the_disc_on_all_sides(
    centre: tuple[float, float], radius_m: float
) -> None:
    lon, lat = centre
    west, south, east, north = bounds_around(lon, lat, radius_m=radius_m)
    assert distance_m(lon, lat, lon, north) == pytest.approx(radius_m, rel=1e-4)
    assert distance_m(lon, lat, lon, south) == pytest.approx(radius_m, rel=1e-4)
    assert distance_m(lon, lat, east, lat) >= radius_m * 0.999
    assert lon - west == pytest.approx(east - lon)


def test_the_box_of_a_disc_with_a_pole_goes_all_around() -> None:
    assert bounds_around(10, 89.9, radius_m=50_000)[::2] == (-180.0, 180.0)
