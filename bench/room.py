"""What the incident room asks of the database: as much with 200 open incidents as with 20. 事件室

A busy incident (reports, figures, notes, tasks, a response, a call-out) is looked at through the
page and through the part that a live page fetches, as a duty officer signed in, while 20 and then
200 incidents are open. Statements are counted in this process on the house's database.
"""

import asyncio
import time
import uuid
from datetime import UTC, datetime, timedelta

from bench.ground import frame
from bench.ground.crowd import stand_in
from bench.ground.house import House, house
from bench.ground.line import Load, asked, load, request
from bench.ground.places import spots

FEW, MANY = 20, 200
STATEMENTS = 25
AGAIN = 5
OFFICER = "zhiban1"
OURS = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
PARTS = {"page": "/incidents/{}/", "live part": "/incidents/{}/live/"}


def run(args: list[str]) -> frame.Answer:
    """Open a few, fill one, count; open many, count again."""
    began = time.monotonic()
    many = int(args[0]) if args else MANY
    with house("room") as made:
        token = made.token("duty_officer")
        stand_in(made.folder)
        incident = _opened(made, token, 0, FEW)
        asyncio.run(_filled(made.port, token, incident))
        few = {name: _counted(path.format(incident)) for name, path in PARTS.items()}
        _opened(made, token, FEW, many)
        after = {name: _counted(path.format(incident)) for name, path in PARTS.items()}
        gates = [gate for name in PARTS for gate in _gates(name, few[name][0], after[name][0])]
        seen: frame.Answer = {
            "statements_with_20": {name: count for name, (count, _ms) in few.items()},
            "statements_with_200": {name: count for name, (count, _ms) in after.items()},
            "ms_with_20": {name: frame.spread(ms) for name, (_count, ms) in few.items()},
            "ms_with_200": {name: frame.spread(ms) for name, (_count, ms) in after.items()},
            "open_incidents": _open(),
        }
        return frame.answer("room", gates=gates, seen=seen, folder=made.folder, began=began)


def _gates(name: str, few: int, many: int) -> list[frame.Gate]:
    return [
        frame.Gate(what=f"statements of the {name}", value=many, at_most=STATEMENTS),
        frame.Gate(what=f"more with 200 than with 20, {name}", value=abs(many - few), at_most=0),
    ]


def _opened(made: House, token: str, first: int, last: int) -> str:
    """Open so many incidents, each at a place of its own; the id of the first one."""
    requests = [
        request(
            "POST",
            "/api/v1/reports",
            token=token,
            body=spot.report() | {"join": "new"},
            key=uuid.uuid4().hex,
        )
        for spot in spots()[first:last]
    ]
    asked_first = asyncio.run(asked(made.port, requests[0], good=201))["incident"]
    seen: Load = asyncio.run(load(made.port, clients=4, requests=requests[1:]))
    assert not seen.bad, seen.bad[0].body.decode()
    assert isinstance(asked_first, dict)
    return str(asked_first["id"])


async def _filled(port: int, token: str, incident: str) -> None:
    """What makes a room busy, told through the interface."""
    at = f"/api/v1/incidents/{incident}"
    by = (datetime.now(UTC) + timedelta(hours=2)).isoformat()
    spot = spots()[0]
    figures = [
        (f"{at}/figures", {"kind": kind, "value": value, "source": "现场", "explanation": "核实"})
        for kind, value in (("injured", 2), ("missing", 1), ("injured", 3), ("evacuated", 40))
    ]
    notes = [
        (f"{at}/notes", {"text": f"第 {n} 组已到位", "kind": ("fact", "order", "feedback")[n % 3]})
        for n in range(12)
    ]
    told: list[tuple[str, object]] = [
        *figures,
        *notes,
        *[(f"{at}/tasks", {"title": f"核查第 {n} 栋"} | _given(n)) for n in range(6)],
        (f"{at}/activation", {"plan": "fire", "level": 4, "why": "演练"}),
        (f"{at}/callouts", {"need": 5, "by": by, "lon": spot.lon, "lat": spot.lat, "place": "站"}),
    ]
    for path, body in told:
        await asked(port, request("POST", path, token=token, body=body), good=201)


def _given(n: int) -> dict[str, object]:
    """Every second task goes to a department, which is called, beside others that support it."""
    return {} if n % 2 else {"lead": "450202-CDC", "supporting": ["450202-GA", "450202-WJ"]}


def _counted(path: str) -> tuple[int, list[float]]:
    """Statements of the page, the most of several looks, and milliseconds of each look."""
    from django.contrib.auth import get_user_model
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client()
    client.force_login(get_user_model().objects.get(username=OFFICER))
    client.get(path)  # a process reads its plans and its words once
    counts, taken = list[int](), list[float]()
    for _look in range(AGAIN):
        began = time.perf_counter()
        with CaptureQueriesContext(connection) as captured:
            reply = client.get(path)
        taken.append((time.perf_counter() - began) * 1000)
        assert reply.status_code == 200, reply.status_code
        said = [query["sql"] or "" for query in captured.captured_queries]
        counts.append(sum(not sql.startswith(OURS) for sql in said))
    return max(counts), taken


def _open() -> int:
    from qianjun.incident.models import Incident

    return Incident.objects.filter(closed_at__isnull=True).count()


if __name__ == "__main__":
    frame.main(run)
