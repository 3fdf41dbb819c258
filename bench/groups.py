"""Sorting a storm of 2,000 reports: how long until they stand in groups, how right those are. 分拣

Ran as ``qianjun bench groups``. A seeded storm (``tools/fit_join.py``, a seed that the tables were
not fitted on) is joined by itself as far as the house would, written into a house, and looked at
through the page that officers use: every page of it, for the groups; the first one again and again,
for the time. A pair of reports is right when both tell of one incident.
"""

import os
import re
import time
import tomllib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx
from tools import fit_join

from bench.ground import frame
from bench.ground.house import ROOT, House, house
from qianjun.incident.rules.joining import Table, automatic
from qianjun.kernel.geometry import TURN_RESOLUTION, cell, moved

REPORTS = 2_000
EVENTS = 470
SEED = 9_001
AGAIN = 7
TABLES = ROOT / "src/qianjun/incident/tables/join.toml"
MOST_S = 30.0
PRECISION, F1 = 0.85, 0.85
CORNER = (109.35, 24.28)
LOGIN, PASSWORD = "zhiban1", "qianjun-demo"
GROUP = re.compile(r'name="part"[^>]*?value="([^"]*)"[^>]*?data-pick')
NEXT = re.compile(r'href="\?([^"]*start=(\d+))">(?:下一页|Next)')
SOURCES = ("public", "public", "public", "119", "110", "12345", "")


@dataclass(kw_only=True)
class Known:
    """An incident as the house would have it, and its calls."""

    opened: fit_join.Open
    calls: list[fit_join.Call]


def run(args: list[str]) -> frame.Answer:
    """Write the storm, read the groups."""
    began = time.monotonic()
    count = int(args[0]) if args else REPORTS
    with house("groups") as made:
        truth = written(made, joined(storm(count)))
        desk = signed_in(made)
        took, groups = read_all(desk)
        again = [timed(desk, "/reports/")[0] for _ in range(AGAIN)]
        shares = judged(groups, truth)
        grouped = sum(len(group) for group in groups)
        gates = [
            frame.Gate(what="reports grouped", value=grouped, at_least=count),
            frame.Gate(what="precision of pairs", value=shares["precision"], at_least=PRECISION),
            frame.Gate(what="F1 of pairs", value=shares["f1"], at_least=F1),
            frame.Gate(what="seconds to group them", value=took, at_most=MOST_S),
        ]
        seen: frame.Answer = {
            "reports": count,
            "incidents_before": len(truth["incidents"]),
            "incidents_true": len(set(truth["events"].values())),
            "groups": len(groups),
            **shares,
            "page_ms": frame.spread([seconds * 1000 for seconds in again]),
        }
        return frame.answer("groups", gates=gates, seen=seen, folder=made.folder, began=began)


def storm(count: int) -> list[fit_join.Call]:
    """So many calls in the order in which they came."""
    return fit_join.storm(SEED, events=max(1, EVENTS * count // REPORTS))[:count]


def joined(calls: Sequence[fit_join.Call]) -> list[Known]:
    """What joins by itself when they are taken in one after another."""
    table, known = shipped(), list[Known]()
    for call in calls:
        best = automatic(fit_join.candidates(table, call, [one.opened for one in known]))
        if best is None:
            known.append(Known(opened=fit_join.opened(call), calls=[call]))
        else:
            known[best.incident].calls.append(call)
            known[best.incident].opened.last = call.minute
    return known


def shipped() -> Table:
    """The tables of joining as they are shipped."""
    found: dict[str, Any] = tomllib.loads(TABLES.read_text(encoding="utf-8"))
    return Table(**{name: _frozen(value) for name, value in found.items()})


def _frozen(value: Any) -> Any:  # noqa: ANN401  # TOML
    return tuple(map(_frozen, value)) if isinstance(value, list) else value


def written(made: House, known: Sequence[Known]) -> dict[str, Any]:
    """The storm in the house's tables; which event each report tells of."""
    os.environ |= {
        "DATABASE_URL": made.address(),
        "DJANGO_SETTINGS_MODULE": "qianjun.site.settings",
    }
    import django

    django.setup()
    from qianjun.incident.models import Incident, Report

    now = datetime.fromisoformat(str(made.health()["now"]))
    start = now - timedelta(minutes=max(c.minute for one in known for c in one.calls) + 1)
    incidents = Incident.objects.bulk_create(
        Incident(number=f"450202-STORM-{n:05}", **_incident(one, start=start))
        for n, one in enumerate(known)
    )
    pairs = [(row, call) for row, one in zip(incidents, known, strict=True) for call in one.calls]
    reports = Report.objects.bulk_create(
        Report(number=f"J-STORM-{n:05}", incident=row, **_report(call, n=n, start=start))
        for n, (row, call) in enumerate(pairs)
    )
    events = {row.pk: call.event for row, (_, call) in zip(reports, pairs, strict=True)}
    return {"incidents": incidents, "events": events}


def _spot(x_m: float, y_m: float) -> dict[str, Any]:
    lon, lat = moved(*CORNER, east_m=x_m, north_m=y_m)
    cells = {"cell": cell(lon, lat), "turn_cell": cell(lon, lat, resolution=TURN_RESOLUTION)}
    point = {"lon": lon, "lat": lat, "radius_m": fit_join.POINT_M, "placed": "given"}
    return {**point, "cells": cells}


def _incident(one: Known, *, start: datetime) -> dict[str, Any]:
    first, spot = one.calls[0], _spot(one.opened.x_m, one.opened.y_m)
    begun = start + timedelta(minutes=first.minute)
    return {
        "title": first.text,
        "category": one.opened.category,
        "received_at": begun,
        "opened_at": begun,
        "last_report_at": start + timedelta(minutes=one.opened.last),
        **spot.pop("cells"),
        **spot,
    }


def _report(call: fit_join.Call, *, n: int, start: datetime) -> dict[str, Any]:
    spot = _spot(call.x_m, call.y_m)
    spot.pop("cells")
    return {
        "text": call.text,
        "channel": "phone",
        "source": SOURCES[n % len(SOURCES)],
        "category": call.category,
        "received_at": start + timedelta(minutes=call.minute),
        "joined": "new",
        "by_kind": "system",
        **spot,
    }


def signed_in(made: House) -> httpx.Client:
    """An officer's browser without a screen."""
    desk = httpx.Client(base_url=f"http://127.0.0.1:{made.port}", timeout=120)
    desk.get("/accounts/login/")
    desk.post(
        "/accounts/login/",
        data={
            "login": LOGIN,
            "password": PASSWORD,
            "csrfmiddlewaretoken": desk.cookies["csrftoken"],
        },
        headers={"Referer": str(desk.base_url)},
    )
    return desk


def timed(desk: httpx.Client, path: str) -> tuple[float, str]:
    """Seconds and text of a page."""
    began = time.perf_counter()
    answer = desk.get(path)
    took = time.perf_counter() - began
    if answer.status_code != 200 or 'id="groups"' not in answer.text:
        raise SystemExit(f"{path}: {answer.status_code}")
    return round(took, 3), answer.text


def read_all(desk: httpx.Client) -> tuple[float, list[list[int]]]:
    """Seconds of the first page, which groups everything, and the reports of each group."""
    took, page = timed(desk, "/reports/")
    groups = _groups(page)
    while more := NEXT.search(page):
        _seconds, page = timed(desk, f"/reports/?{more[1]}")
        groups += _groups(page)
    return took, groups


def _groups(page: str) -> list[list[int]]:
    return [[int(one.split(":")[0]) for one in part.split()] for part in GROUP.findall(page)]


def judged(groups: Sequence[Sequence[int]], truth: dict[str, Any]) -> dict[str, float]:
    """How right the pairs of the groups are."""
    events = truth["events"]
    put = [(n, events[pk]) for n, group in enumerate(groups) for pk in group if pk in events]
    both = _pairs(Counter(put))
    ours, true = (_pairs(Counter(pair[side] for pair in put)) for side in (0, 1))
    return {
        "precision": round(both / max(1, ours), 3),
        "recall": round(both / max(1, true), 3),
        "f1": round(2 * both / max(1, ours + true), 3),
    }


def _pairs(sizes: Counter[Any]) -> int:
    return sum(n * (n - 1) // 2 for n in sizes.values())


if __name__ == "__main__":
    frame.main(run)
