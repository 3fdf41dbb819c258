"""From an empty folder to a demo that is well, with 68,945 volunteers: seconds and memory. 演示装载

The house starts as ``qianjun demo`` does, without ``--small``. Memory is that of all its processes
together, database included, looked at twice a second while it loads; the pool of call-outs is asked
afterwards in the same database.
"""

import itertools
import os
import shutil
import threading
import time

from bench.ground import frame
from bench.ground.house import House
from bench.rest import held_mb

VOLUNTEERS = 68_945
LIMIT_S = 60.0
LIMIT_MB = 800
WAIT_S = 600.0
LOOK_S = 0.5
ASKED = 20
STEP = "演示力量"
HERE = (109.4116, 24.3147)
WHOLE_M = 60_000


class Watch(threading.Thread):
    """Looks at the house while it loads: the most memory, and how long its step took. 观察"""

    def __init__(self, made: House) -> None:
        super().__init__(daemon=True)
        self.made = made
        self.over = threading.Event()
        self.peak_mb = 0.0
        self.said_at: dict[str, float] = {}

    def run(self) -> None:
        """Until it is told to end."""
        while not self.over.wait(LOOK_S):
            parts = self.made.parts().values()
            self.peak_mb = max(self.peak_mb, sum(held_mb(part) for part in parts))
            self._read()

    def _read(self) -> None:
        """When each line of the log was seen first."""
        lines = self.made.log.read_text("utf-8", errors="replace").splitlines()
        for line in lines:
            self.said_at.setdefault(line, time.monotonic())

    def seconds_of(self, step: str) -> float:
        """From the line of a step to the next one; a look too long at most."""
        for line, next_line in itertools.pairwise(self.said_at):
            if step in line:
                return round(self.said_at[next_line] - self.said_at[line], 1)
        raise SystemExit(f"no step {step} in {self.made.log}")


def run(args: list[str]) -> frame.Answer:  # noqa: ARG001 - no choice to make
    """Start it, watch it, count, ask."""
    began = time.monotonic()
    made = House("demo-load", small=False)
    watch = Watch(made)
    try:
        made.start()
        watch.start()
        ready_s = made.wait_until_well(at_most_s=WAIT_S)
        watch.over.set()
        watch.join()
        there, pool_ms = _asked(made)
        gates = [
            frame.Gate(what="volunteers that are there", value=there, at_least=VOLUNTEERS),
            frame.Gate(what="seconds of the step", value=watch.seconds_of(STEP), at_most=LIMIT_S),
            frame.Gate(what="peak PSS of all, MB", value=round(watch.peak_mb, 1), at_most=LIMIT_MB),
        ]
        seen: frame.Answer = {
            "empty_to_well_s": round(ready_s, 1),
            "pool_of_all_ms": frame.spread(pool_ms),
        }
        return frame.answer("demo_load", gates=gates, seen=seen, folder=made.folder, began=began)
    finally:
        watch.over.set()
        made.stop()
        if not os.environ.get("QIANJUN_KEEP"):
            shutil.rmtree(made.folder, ignore_errors=True)


def _asked(made: House) -> tuple[int, list[float]]:
    """How many volunteers there are, and how long the whole pool takes, time after time."""
    os.environ |= {"QIANJUN_DATA": str(made.folder), "DATABASE_URL": made.address()}
    os.environ["DJANGO_SETTINGS_MODULE"] = "qianjun.site.settings"
    import django

    django.setup(set_prefix=False)
    from qianjun.force.queries import pool
    from qianjun.org.actor import system

    taken, (lon, lat), there = list[float](), HERE, 0
    for _time in range(ASKED):
        began = time.perf_counter()
        there = len(pool(by=system(name="bench"), lon=lon, lat=lat, radius_m=WHOLE_M))
        taken.append((time.perf_counter() - began) * 1000)
    return there, taken


if __name__ == "__main__":
    frame.main(run)
