"""The whole system at rest: what supervisor, web, worker and database hold in memory. 静息内存"""

import contextlib
import time
from pathlib import Path

import psutil

from bench.ground import frame
from bench.ground.house import house

REST_S = 20
LIMIT_MB = 700
MB = 1 << 20


def pss_mb(pid: int) -> float:
    """Proportional set size of a process in MB: shared pages count in parts."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    (line,) = [line for line in rollup.splitlines() if line.startswith("Pss:")]
    return int(line.split()[1]) * 1024 / MB


def held_mb(part: list[psutil.Process]) -> float:
    """What the processes of a part hold together."""
    total = 0.0
    for one in part:
        with contextlib.suppress(psutil.Error, OSError):
            total += pss_mb(one.pid)
    return round(total, 1)


def run(args: list[str]) -> frame.Answer:
    """Start the demo, let it rest, add up."""
    began = time.monotonic()
    rest_s = int(args[0]) if args else REST_S
    with house("rest") as made:
        time.sleep(rest_s)
        parts = {name: held_mb(part) for name, part in made.parts().items()}
        gate = frame.Gate(
            what="PSS of the whole system at rest, MB",
            value=round(sum(parts.values()), 1),
            at_most=LIMIT_MB,
        )
        seen: frame.Answer = {"parts_mb": parts}
        return frame.answer("rest", gates=[gate], seen=seen, folder=made.folder, began=began)


if __name__ == "__main__":
    frame.main(run)
