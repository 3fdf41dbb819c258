"""What a measurement says: gates, what was seen, on which machine (contract, section 19)."""

import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

BLOCK = b"\0" * 8192  # a page of PostgreSQL
SYNCS = 50
Answer = dict[str, object]


@dataclass(frozen=True, kw_only=True)
class Gate:
    """One promise: a value, and the limit that it keeps as a floor or a ceiling."""

    what: str
    value: float
    at_least: float | None = None
    at_most: float | None = None

    @property
    def ok(self) -> bool:
        """Whether the promise is kept."""
        high_enough = self.at_least is None or self.value >= self.at_least
        return high_enough and (self.at_most is None or self.value <= self.at_most)

    def as_json(self) -> Answer:
        """As the contract writes it."""
        limit = self.at_least if self.at_least is not None else self.at_most
        return {"what": self.what, "value": self.value, "limit": limit, "ok": self.ok}


def answer(name: str, *, gates: Sequence[Gate], seen: Answer, folder: Path, began: float) -> Answer:
    """The one document that a measurement prints; ``began`` is on the monotonic clock."""
    return {
        "name": name,
        "gate": [gate.as_json() for gate in gates],
        "seen": seen,
        "machine": machine(folder),
        "seconds": round(time.monotonic() - began, 1),
    }


def machine(folder: Path) -> Answer:
    """Cores, median time of a durable write in this folder, version of Python."""
    return {
        "cores": len(os.sched_getaffinity(0)),
        "fsync_ms": round(fsync_ms(folder), 3),
        "python": platform.python_version(),
    }


def fsync_ms(folder: Path) -> float:
    """How long one page needs to the disk: the median of 50."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "fsync"
    taken: list[float] = []
    with file.open("wb") as target:
        for _ in range(SYNCS):
            began = time.perf_counter()
            target.write(BLOCK)
            target.flush()
            os.fdatasync(target.fileno())
            taken.append((time.perf_counter() - began) * 1000)
    file.unlink()
    return statistics.median(taken)


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which this share lies; 0 of nothing."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


def spread(values: Sequence[float]) -> Answer:
    """Median, 95th percentile and worst, rounded to a tenth."""
    return {
        "p50": round(quantile(values, 0.5), 1),
        "p95": round(quantile(values, 0.95), 1),
        "max": round(max(values, default=0.0), 1),
    }


def told(sentence: str) -> None:
    """Say where the measurement stands, beside the result."""
    print(sentence, file=sys.stderr, flush=True)


def main(run: Callable[[list[str]], Answer]) -> None:
    """Run, print the answer, exit 1 when a gate fails."""
    said = run(sys.argv[1:])
    print(json.dumps(said, ensure_ascii=False), flush=True)
    gates = said["gate"]
    assert isinstance(gates, list)
    sys.exit(0 if all(gate["ok"] for gate in gates) else 1)
