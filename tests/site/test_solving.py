"""Commands that only calculate need no folder and no database."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.site.test_cli import PROGRAM, qianjun
from tests.solve.worlds import crowd, need


def test_a_call_out_is_planned_from_a_file_and_from_stdin(tmp_path: Path) -> None:
    file, home = tmp_path / "need.json", tmp_path / "none"
    file.write_text(json.dumps(need(3, crowd(50))), encoding="utf-8")
    done = qianjun("callout", "plan", str(file), home=home)
    assert (done.returncode, done.stderr) == (0, "")
    said = json.loads(done.stdout)
    assert said["count"] == len(said["wave"]) > 3
    assert said["seconds"] >= 0
    piped = subprocess.run(
        [*PROGRAM, "callout", "plan", "-", "--json"],
        input=file.read_bytes(),
        capture_output=True,
        check=True,
    )
    again = json.loads(piped.stdout)
    assert {**said, "seconds": 0} == {**again, "seconds": 0}
    assert not home.exists()


@pytest.mark.parametrize(
    "written",
    [b"", b"{", b"[]", b"\xff", b'{"need": NaN}', b"[" * 100_000, b"{}"],
)
def test_what_is_no_call_out_is_exit_2_and_one_sentence(written: bytes, tmp_path: Path) -> None:
    (tmp_path / "x.json").write_bytes(written)
    done = qianjun("callout", "plan", str(tmp_path / "x.json"), home=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_file_that_is_not_there_is_exit_2(tmp_path: Path) -> None:
    done = qianjun("callout", "plan", str(tmp_path / "no.json"), home=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")


def test_the_methods_bring_no_database() -> None:
    script = (
        "import sys, qianjun.solve.callout_file;"
        "print([m for m in ('django', 'psycopg', 'ninja') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
