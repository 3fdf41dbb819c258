"""The command line: exit codes, one result on stdout, sentences on stderr."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from qianjun.site import folder

PROGRAM = (sys.executable, "-m", "qianjun.site")
HEAVY = ("ortools", "highspy", "aiortc", "docx", "xlsxwriter", "scipy", "openpyxl", "playwright")


def qianjun(*words: str, home: Path, url: str = "") -> "subprocess.CompletedProcess[str]":
    """Run the program on this data folder, without the tests' own database."""
    ours = ("DATABASE_URL", "QIANJUN_REALM", "DJANGO_SETTINGS_MODULE")
    environment = {k: v for k, v in os.environ.items() if k not in ours}
    environment |= {"QIANJUN_DATA": str(home)} | ({"DATABASE_URL": url} if url else {})
    return subprocess.run(
        [*PROGRAM, *words], capture_output=True, text=True, env=environment, check=False
    )


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("token",),
        ("token", "--role", "king"),
        ("token", "--role", "duty_officer", "--days", "x"),
        ("demo", "--port", "0"),
        ("demo", "--port", "70000"),
        ("serve", "--port", "x"),
        ("init", "--realm", "heaven"),
        ("locate",),
        ("audit", "bless"),
        ("nonsense",),
        ("bench", "nonsense"),
    ],
)
def test_bad_input_is_exit_2_with_a_sentence_and_nothing_on_stdout(
    words: tuple[str, ...], tmp_path: Path
) -> None:
    done = qianjun(*words, home=tmp_path / "data")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("token", "--role", "duty_officer"),
        ("locate", "文昌路"),
        ("audit", "verify"),
        ("serve",),
    ],
)
def test_before_anything_is_set_up_it_says_what_to_do_first(
    words: tuple[str, ...], tmp_path: Path
) -> None:
    done = qianjun(*words, home=tmp_path / "data")
    assert (done.returncode, done.stdout) == (1, "")
    assert "qianjun init" in done.stderr
    assert not (tmp_path / "data").exists()


def test_an_unknown_role_is_answered_with_the_known_ones(tmp_path: Path) -> None:
    done = qianjun("token", "--role", "king", home=tmp_path)
    assert "duty_officer" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_database_that_is_away_is_one_sentence(
    tmp_path: Path,
) -> None:
    folder.set_up(tmp_path, realm="live")
    done = qianjun("audit", "verify", home=tmp_path, url=f"postgresql://nobody@/x?host={tmp_path}")
    assert (done.returncode, done.stdout) == (1, "")
    assert len(done.stderr.splitlines()) == 1


def test_help_names_every_command_and_needs_no_database(tmp_path: Path) -> None:
    done = qianjun("--help", home=tmp_path)
    assert done.returncode == 0
    commands = ("demo", "serve", "web", "work", "init", "token", "locate", "audit", "bench")
    assert all(name in done.stdout for name in commands)


@pytest.mark.parametrize("module", ["qianjun.site.serve", "qianjun.site.asgi", "qianjun.site.work"])
def test_a_start_imports_nothing_heavy(module: str, tmp_path: Path) -> None:
    script = f"import sys, {module}; print([m for m in {HEAVY} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"QIANJUN_DATA": str(tmp_path)},
    )
    assert done.stdout.strip() == "[]"


def test_the_supervisor_imports_neither_django_nor_the_web_server() -> None:
    script = "import sys, qianjun.site.cli, qianjun.site.demo, qianjun.site.serve;"
    script += "print([m for m in ('django', 'granian', 'psycopg') if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_a_closed_pipe_is_a_quiet_end(tmp_path: Path) -> None:
    with subprocess.Popen(
        [*PROGRAM, "--help"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"QIANJUN_DATA": str(tmp_path)},
    ) as reading:
        assert reading.stdout
        assert reading.stderr
        reading.stdout.close()
        assert b"Traceback" not in reading.stderr.read()
