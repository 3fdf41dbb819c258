"""Worlds to plan in: people around a place, drawn by a seed. 合成世界"""

from datetime import datetime, timedelta
from typing import Any

import numpy as np

from qianjun.kernel.clock import BEIJING
from qianjun.kernel.geometry import moved

LON, LAT = 109.4, 24.3
NOW = datetime(2026, 6, 1, 14, 0, tzinfo=BEIJING)


def at(minutes: float) -> str:
    """The time so many minutes later, as a document writes it."""
    return (NOW + timedelta(minutes=minutes)).isoformat()


def person(
    number: int, *, east_m: float = 0.0, north_m: float = 0.0, **more: Any
) -> dict[str, Any]:
    """One person so far from the place."""
    lon, lat = moved(LON, LAT, east_m=east_m, north_m=north_m)
    return {
        "id": f"p{number}",
        "lon": lon,
        "lat": lat,
        "skills": [],
        "asked": 0,
        "accepted": 0,
        **more,
    }


def need(count: int, people: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    """A document that asks for so many people within an hour."""
    return {
        "now": at(0),
        "by": at(60),
        "lon": LON,
        "lat": LAT,
        "need": count,
        "skills": [],
        "people": people,
        **more,
    }


def crowd(count: int, *, seed: int = 1, width_m: float = 5000) -> list[dict[str, Any]]:
    """People with a past of some calls, whose readiness differs (mean 0.3)."""
    draw = np.random.default_rng(seed)
    rates, calls = draw.beta(1.5, 3.5, count), draw.poisson(2, count)
    accepted = draw.binomial(calls, rates)
    places = draw.uniform(-width_m, width_m, (count, 2))
    return [
        person(n, east_m=x, north_m=y, asked=int(calls[n]), accepted=int(accepted[n]))
        for n, (x, y) in enumerate(places.tolist())
    ]
