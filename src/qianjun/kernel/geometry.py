"""Distances on the sphere and H3 cells; lon, lat in degrees WGS-84, lengths in metres. 几何"""

from math import asin, ceil, cos, degrees, pi, radians, sin, sqrt

import h3.api.basic_int as h3

EARTH_RADIUS_M = 6_371_008.8
CELL_RESOLUTION = 9  # edge about 200 m: the cell stored with every point
TURN_RESOLUTION = 7  # edge about 1.4 km: the cell by which reports take turns


def distance_m(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """Great-circle distance by the haversine formula, within 0.5 % of the ellipsoid. 距离"""
    phi1, phi2 = radians(lat1), radians(lat2)
    half = sin((phi2 - phi1) / 2) ** 2 + cos(phi1) * cos(phi2) * sin(radians(lon2 - lon1) / 2) ** 2
    return 2 * EARTH_RADIUS_M * asin(sqrt(min(1.0, half)))


def cell(lon: float, lat: float, *, resolution: int = CELL_RESOLUTION) -> int:
    """The H3 cell of a point; fits a BIGINT. 网格"""
    return int(h3.latlng_to_cell(lat, lon, resolution))


def centre_of(cell_id: int) -> tuple[float, float]:
    """Lon and lat of a cell's centre."""
    lat, lon = h3.cell_to_latlng(cell_id)
    return lon, lat


def cells_within(
    lon: float, lat: float, *, radius_m: float, resolution: int = CELL_RESOLUTION
) -> list[int]:
    """Every cell that a disc touches, sorted; a few cells just outside may be among them.

    A superset on purpose: whoever asks "what is near" then tests the exact distance.
    """
    origin = cell(lon, lat, resolution=resolution)
    reach_m = _reach_m(origin)
    # centres of ring k lie at least 1.5 k edges away
    rings = ceil((radius_m + 2 * reach_m) / (1.5 * reach_m / 1.1)) + 1
    return sorted(
        int(near)
        for near in h3.grid_disk(origin, rings)
        if distance_m(lon, lat, *centre_of(near)) <= radius_m + reach_m
    )


def _reach_m(cell_id: int) -> float:
    """From the centre to the farthest corner, with a tenth for the uneven size of neighbours."""
    lon, lat = centre_of(cell_id)
    corners = h3.cell_to_boundary(cell_id)
    return 1.1 * max(distance_m(lon, lat, east, north) for north, east in corners)


def bounds_around(lon: float, lat: float, *, radius_m: float) -> tuple[float, float, float, float]:
    """West, south, east, north of the box around a disc; all longitudes when it holds a pole."""
    angle = radius_m / EARTH_RADIUS_M
    south, north = lat - degrees(angle), lat + degrees(angle)
    ratio = sin(min(angle, pi / 2)) / max(cos(radians(lat)), 1e-12)
    if south <= -90 or north >= 90 or ratio >= 1:
        return -180.0, max(south, -90.0), 180.0, min(north, 90.0)
    half_width = degrees(asin(ratio))
    return lon - half_width, south, lon + half_width, north


def moved(lon: float, lat: float, *, east_m: float, north_m: float) -> tuple[float, float]:
    """The point so many metres further; good for distances of a district."""
    metres_per_degree = EARTH_RADIUS_M * pi / 180
    return (
        lon + east_m / (metres_per_degree * max(cos(radians(lat)), 1e-12)),
        lat + north_m / metres_per_degree,
    )
