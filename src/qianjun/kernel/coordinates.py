"""WGS-84, GCJ-02, BD-09: convert once, at the edge. 坐标系

Chinese maps show GCJ-02 (AMap, Tencent, WeChat) or BD-09 (Baidu), both shifted by some hundred
metres. Inside the house everything is WGS-84. All functions take and give lon, lat in degrees.

Trap: the published inverse subtracts the shift of the shifted point and is up to 5 m wrong; here
the inverse iterates until it returns to its input within a centimetre. Outside the rectangle in
which the shift is defined, every conversion is the identity; within one shift (about 0.02 degrees)
of its rim no inverse exists.
"""

from collections.abc import Callable
from math import atan2, cos, hypot, pi, sin, sqrt
from typing import Literal

Crs = Literal["wgs84", "gcj02", "bd09"]
Point = tuple[float, float]

SEMI_MAJOR_AXIS_M = 6_378_245.0  # Krasovsky 1940, as GCJ-02 uses it
ECCENTRICITY_SQUARED = 0.00669342162296594323
BD_TURNS = pi * 3000.0 / 180.0
CLOSE_DEG = 1e-8  # about a millimetre
MOST_ROUNDS = 30


def to_wgs84(lon: float, lat: float, *, crs: Crs) -> Point:
    """The WGS-84 position of a point given in ``crs``. 转为 WGS-84"""
    if crs == "gcj02":
        return gcj02_to_wgs84(lon, lat)
    return bd09_to_wgs84(lon, lat) if crs == "bd09" else (lon, lat)


def from_wgs84(lon: float, lat: float, *, crs: Crs) -> Point:
    """The position in ``crs`` of a WGS-84 point. 由 WGS-84 转出"""
    if crs == "gcj02":
        return wgs84_to_gcj02(lon, lat)
    return wgs84_to_bd09(lon, lat) if crs == "bd09" else (lon, lat)


def in_china(lon: float, lat: float) -> bool:
    """Whether the point lies in the rectangle in which the shift is defined."""
    return 72.004 <= lon <= 137.8347 and 0.8293 <= lat <= 55.8271


def wgs84_to_gcj02(lon: float, lat: float) -> Point:
    """Shift a true position as the national map does."""
    return _shifted(lon, lat) if in_china(lon, lat) else (lon, lat)


def gcj02_to_wgs84(lon: float, lat: float) -> Point:
    """Undo the shift of the national map; error far below 0.5 m."""
    return _undone(_shifted, lon, lat) if in_china(lon, lat) else (lon, lat)


def gcj02_to_bd09(lon: float, lat: float) -> Point:
    """Shift once more, as Baidu does."""
    return _turned(lon, lat) if in_china(lon, lat) else (lon, lat)


def bd09_to_gcj02(lon: float, lat: float) -> Point:
    """Undo the shift of Baidu."""
    return _undone(_turned, lon, lat) if in_china(lon, lat) else (lon, lat)


def wgs84_to_bd09(lon: float, lat: float) -> Point:
    """Both shifts after each other."""
    return gcj02_to_bd09(*wgs84_to_gcj02(lon, lat))


def bd09_to_wgs84(lon: float, lat: float) -> Point:
    """Both shifts undone."""
    return gcj02_to_wgs84(*bd09_to_gcj02(lon, lat))


def _undone(shift: Callable[[float, float], Point], lon: float, lat: float) -> Point:
    """The point that ``shift`` brings here, by fixed-point iteration."""
    east, north = lon, lat
    for _round in range(MOST_ROUNDS):
        there = shift(east, north)
        d_lon, d_lat = there[0] - lon, there[1] - lat
        east, north = east - d_lon, north - d_lat
        if abs(d_lon) < CLOSE_DEG and abs(d_lat) < CLOSE_DEG:
            break
    return east, north


def _shifted(lon: float, lat: float) -> Point:
    """GCJ-02 as published; holds wherever it is evaluated, the caller knows the rectangle."""
    north_m, east_m = _north_m(lon - 105.0, lat - 35.0), _east_m(lon - 105.0, lat - 35.0)
    phi = lat / 180.0 * pi
    magic = 1 - ECCENTRICITY_SQUARED * sin(phi) ** 2
    root = sqrt(magic)
    meridian_m = SEMI_MAJOR_AXIS_M * (1 - ECCENTRICITY_SQUARED) / (magic * root)
    parallel_m = SEMI_MAJOR_AXIS_M / root * cos(phi)
    return lon + east_m * 180.0 / (parallel_m * pi), lat + north_m * 180.0 / (meridian_m * pi)


def _north_m(x: float, y: float) -> float:
    waves = (20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)) * 2.0 / 3.0
    waves += (20.0 * sin(y * pi) + 40.0 * sin(y / 3.0 * pi)) * 2.0 / 3.0
    waves += (160.0 * sin(y / 12.0 * pi) + 320.0 * sin(y * pi / 30.0)) * 2.0 / 3.0
    return -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + waves


def _east_m(x: float, y: float) -> float:
    waves = (20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)) * 2.0 / 3.0
    waves += (20.0 * sin(x * pi) + 40.0 * sin(x / 3.0 * pi)) * 2.0 / 3.0
    waves += (150.0 * sin(x / 12.0 * pi) + 300.0 * sin(x / 30.0 * pi)) * 2.0 / 3.0
    return 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + waves


def _turned(lon: float, lat: float) -> Point:
    """BD-09 of a GCJ-02 point."""
    z = hypot(lon, lat) + 0.00002 * sin(lat * BD_TURNS)
    theta = atan2(lat, lon) + 0.000003 * cos(lon * BD_TURNS)
    return z * cos(theta) + 0.0065, z * sin(theta) + 0.006
