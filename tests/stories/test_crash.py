"""Twenty kills in the middle of the work: nothing acknowledged is lost, nobody is called twice."""

import json
import subprocess
import sys

import pytest

from tests.guard.tree import ROOT

KILLS = 20


@pytest.mark.crash
@pytest.mark.running_clock
def test_nothing_acknowledged_is_lost_when_everything_is_killed() -> None:
    words = [sys.executable, "-m", "bench.crash", str(KILLS)]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True)
    assert done.stdout, done.stderr[-4000:]
    said = json.loads(done.stdout)
    broken = [gate for gate in said["gate"] if not gate["ok"]]
    assert not broken, (broken, said["seen"], done.stderr[-4000:])
    assert done.returncode == 0
    assert sum(said["seen"]["kills"].values()) == KILLS
