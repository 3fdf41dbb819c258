"""What the desk asks of the database: as much with 200 open incidents as with 20. 值班台

The page, the columns that it fetches and its live part are looked at as a duty officer signed in,
while 20 and then 200 incidents with tasks, reports and letters are open. Statements are counted in
this process on the house's database; bytes are those of the first load, before compression.
"""

import asyncio
import time
import uuid

from bench.ground import frame
from bench.ground.crowd import stand_in
from bench.ground.house import House, house
from bench.ground.line import asked, load, request
from bench.ground.places import spots

FEW, MANY = 20, 200
STATEMENTS = 25
AGAIN = 5
OFFICER = "zhiban1"
OURS = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
PARTS = {"page": "/", "columns": "/desk/columns/", "live part": "/desk/live/"}
Seen = dict[str, tuple[int, list[float], int]]


def run(args: list[str]) -> frame.Answer:
    """Open a few, count; open many, count again."""
    began = time.monotonic()
    many = int(args[0]) if args else MANY
    with house("desk") as made:
        token = made.token("duty_officer")
        stand_in(made.folder)
        _opened(made, token, 0, FEW)
        few = {name: _counted(path) for name, path in PARTS.items()}
        _opened(made, token, FEW, many)
        after = {name: _counted(path) for name, path in PARTS.items()}
        gates = [gate for name in PARTS for gate in _gates(name, few[name][0], after[name][0])]
        return frame.answer(
            "desk", gates=gates, seen=_seen(few, after), folder=made.folder, began=began
        )


def _gates(name: str, few: int, many: int) -> list[frame.Gate]:
    return [
        frame.Gate(what=f"statements of the {name}", value=many, at_most=STATEMENTS),
        frame.Gate(what=f"more with 200 than with 20, {name}", value=abs(many - few), at_most=0),
    ]


def _seen(few: Seen, after: Seen) -> frame.Answer:
    return {
        "statements_with_20": {name: one[0] for name, one in few.items()},
        "statements_with_200": {name: one[0] for name, one in after.items()},
        "ms_with_20": {name: frame.spread(one[1]) for name, one in few.items()},
        "ms_with_200": {name: frame.spread(one[1]) for name, one in after.items()},
        "bytes_with_20": {name: one[2] for name, one in few.items()},
        "bytes_with_200": {name: one[2] for name, one in after.items()},
    }


def _opened(made: House, token: str, first: int, last: int) -> None:
    """Open so many incidents, each at a place of its own, each with a task nobody has signed."""
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
    told = asyncio.run(asked(made.port, requests[0], good=201))["incident"]
    assert isinstance(told, dict)
    seen = asyncio.run(load(made.port, clients=4, requests=requests[1:]))
    assert not seen.bad, seen.bad[0].body.decode()
    task = {"title": "核实是否有人被困", "lead": "450202-GA"}
    path = f"/api/v1/incidents/{told['id']}/tasks"
    asyncio.run(asked(made.port, request("POST", path, token=token, body=task), good=201))


def _counted(path: str) -> tuple[int, list[float], int]:
    """Statements, the most of several looks; milliseconds of each; bytes of the answer."""
    from django.contrib.auth import get_user_model
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client()
    client.force_login(get_user_model().objects.get(username=OFFICER))
    size = len(client.get(path).content)  # a process reads its plans and its words once
    counts, taken = list[int](), list[float]()
    for _look in range(AGAIN):
        began = time.perf_counter()
        with CaptureQueriesContext(connection) as captured:
            reply = client.get(path)
        taken.append((time.perf_counter() - began) * 1000)
        assert reply.status_code == 200, reply.status_code
        said = [query["sql"] or "" for query in captured.captured_queries]
        counts.append(sum(not sql.startswith(OURS) for sql in said))
    return max(counts), taken, size


if __name__ == "__main__":
    frame.main(run)
