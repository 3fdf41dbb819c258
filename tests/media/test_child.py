"""The child that decodes may do little: no network, no other programs, not much memory."""

import subprocess
import sys
from pathlib import Path

import pytest

from qianjun.media.rules import limits
from tests.media.pictures import photo

CONFINED = "from qianjun.media import child; child._limit(); child._shut_doors(); "


def run(code: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Some code in a process like the child's."""
    return subprocess.run(
        [sys.executable, "-I", "-c", code, *words], capture_output=True, text=True, timeout=30
    )


@pytest.mark.parametrize(
    "act",
    [
        "import socket; socket.socket()",
        "import subprocess; subprocess.run(['true'])",
        "import os; os.system('true')",
        "import os; os.fork()",
        "import os; os.execv('/bin/true', ['true'])",
    ],
)
def test_the_child_dies_when_it_reaches_out(act: str) -> None:
    before, _semicolon, after = act.partition("; ")
    done = run(f"{before}; {CONFINED}{after}; print('done')")
    assert (done.returncode, done.stdout) == (-9, "")


def test_the_child_gets_no_more_memory_than_it_may_have() -> None:
    done = run(f"{CONFINED}bytearray({limits.CHILD_MEMORY_BYTES})")
    assert done.returncode == 1
    assert "MemoryError" in done.stderr


def test_the_child_writes_no_more_than_it_may(tmp_path: Path) -> None:
    code = f"import sys; {CONFINED}open(sys.argv[1], 'wb').write(bytes(1 << 26))"
    assert run(code, str(tmp_path / "large")).returncode != 0
    assert (tmp_path / "large").stat().st_size <= limits.CHILD_WRITES_BYTES


def test_the_child_loads_nothing_of_django_and_none_of_our_settings() -> None:
    modules = "import qianjun.media.child, qianjun.media.picture, qianjun.media.paper, sys; "
    done = run(modules + "print([m for m in ('django', 'psycopg', 'socket') if m in sys.modules])")
    assert done.stdout.strip() == "[]", done.stdout + done.stderr


def test_the_web_process_does_not_load_the_library_of_pictures() -> None:
    code = (
        "import sys, qianjun.media.rules.kinds, qianjun.media.rules.names;"
        " print('PIL' in sys.modules)"
    )
    assert run(code).stdout.strip() == "False"


def test_the_child_says_in_one_line_what_it_saw(tmp_path: Path) -> None:
    (tmp_path / "in").write_bytes(photo(2000, 1000))
    words = [str(tmp_path / "in"), str(tmp_path), "image/jpeg"]
    done = subprocess.run(
        [sys.executable, "-I", "-m", "qianjun.media.child", *words], capture_output=True, text=True
    )
    assert '"width": 2000' in done.stdout
    assert sorted(p.name for p in tmp_path.iterdir()) == ["1600.jpg", "320.jpg", "in"]
