"""A first report from facts to Word: how long until the signed document is there. 首报

Over HTTP on the running house: for each of several incidents the facts are written down, then the
draft is read, signed as seen, and taken out as a document. The gates count: every document is
there, and signing again signs nothing; the seconds are reported.
"""

import time
import uuid
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import httpx

from bench.ground import frame
from bench.ground.house import House, house
from bench.ground.places import spots

INCIDENTS = 20
WARM = 1  # the first document of a process loads the writer


def run(args: list[str]) -> frame.Answer:
    """Write, sign and take out one report after the other."""
    began = time.monotonic()
    count = int(args[0]) if args else INCIDENTS
    with house("report") as made:
        officer, leader = _asker(made, "duty_officer"), _asker(made, "leader_in_charge")
        with officer, leader:
            first = [_one(officer, leader, n) for n in range(WARM)]
            seen = [_one(officer, leader, n) for n in range(WARM, WARM + count)]
        whole = [one for one in seen if one["document"] and not one["again"]]
        numbers = {one["number"] for one in seen}
        gates = [
            frame.Gate(
                what="reports signed once, with a document", value=len(whole), at_least=count
            ),
            frame.Gate(what="numbers given twice", value=count - len(numbers), at_most=0),
        ]
        shown: frame.Answer = {
            "reports": count,
            "facts_to_word_ms": frame.spread([one["ms"] for one in seen]),
            "first_of_the_process_ms": round(first[0]["ms"], 1),
            "asked_for": {"seconds": 3},
        }
        return frame.answer("report", gates=gates, seen=shown, folder=made.folder, began=began)


def _asker(made: House, role: str) -> httpx.Client:
    headers = {"Authorization": f"Bearer {made.token(role)}"}
    return httpx.Client(
        base_url=f"http://127.0.0.1:{made.port}/api/v1", headers=headers, timeout=60
    )


def _one(officer: httpx.Client, leader: httpx.Client, n: int) -> dict[str, Any]:
    """One incident with its facts; milliseconds from the last fact to the document."""
    room = _with_facts(officer, n)
    at = time.perf_counter()
    digest = officer.get(f"{room}/upward_reports").json()["draft"]["digest"]
    signed = _post(leader, f"{room}/upward_reports/sign", {"digest": digest})
    word = officer.post(f"/upward_reports/{signed['id']}/word", json={})
    ms = (time.perf_counter() - at) * 1000
    again = leader.post(
        f"{room}/upward_reports/sign",
        json={"digest": digest},
        headers={"Idempotency-Key": uuid.uuid4().hex},
    )
    document = (
        word.status_code == 200 and "word/document.xml" in ZipFile(BytesIO(word.content)).namelist()
    )
    return {
        "ms": ms,
        "document": document,
        "again": again.status_code < 400,
        "number": signed["number"],
    }


def _with_facts(officer: httpx.Client, n: int) -> str:
    told = spots()[n].report() | {"join": "new", "category": "12G00"}
    room = f"/incidents/{_post(officer, '/reports', told)['incident']['id']}"
    _post(officer, f"{room}/figures", {"kind": "missing", "value": 2, "source": "企业"})
    _post(officer, f"{room}/first_measures", {})
    return room


def _post(client: httpx.Client, path: str, body: dict[str, Any]) -> dict[str, Any]:
    reply = client.post(path, json=body, headers={"Idempotency-Key": uuid.uuid4().hex})
    if reply.status_code >= 400:
        raise SystemExit(f"{path}: {reply.status_code} {reply.text[:300]}")
    answered: dict[str, Any] = reply.json()
    return answered


if __name__ == "__main__":
    frame.main(run)
