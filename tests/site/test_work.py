"""The background lets web and database go first."""

import subprocess
import sys
from pathlib import Path

import pytest

from qianjun.site.work import AUTOGROUP, GIVES_WAY

STEP = (
    "import os, pathlib, sys\n"
    "from qianjun.site.work import give_way\n"
    "give_way(pathlib.Path(sys.argv[1]))\n"
    "print(os.nice(0))\n"
)


def stepped_back(group: Path) -> int:
    """The niceness of a process in a session of its own that has given way."""
    done = subprocess.run(
        [sys.executable, "-c", STEP, str(group)],
        capture_output=True,
        text=True,
        check=True,
        start_new_session=True,
    )
    return int(done.stdout)


def test_the_session_of_the_background_gives_way_with_its_process(tmp_path: Path) -> None:
    group = tmp_path / "autogroup"
    group.write_text("/autogroup-1 nice 0\n")
    assert stepped_back(group) >= GIVES_WAY
    assert group.read_text() == str(GIVES_WAY)


def test_a_system_without_groups_is_no_fault(tmp_path: Path) -> None:
    assert stepped_back(tmp_path / "none") >= GIVES_WAY
    assert not (tmp_path / "none").exists()


def test_the_group_of_this_system_takes_it() -> None:
    if not AUTOGROUP.exists():
        pytest.skip("no groups of sessions here")
    assert stepped_back(AUTOGROUP) >= GIVES_WAY
