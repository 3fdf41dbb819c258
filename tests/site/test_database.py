"""The embedded PostgreSQL starts, survives -9, and says what is in its way."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from qianjun.site import database

FAST = {"fsync": "off", "max_connections": "20", "shared_buffers": "16MB"}
VAR = Path(__file__).parents[2] / "var"


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A cluster of this file's own, below a folder that everybody may go through."""
    home = Path(tempfile.mkdtemp(prefix="site-", dir=VAR))
    home.chmod(0o755)
    yield home / "db"
    database.stop(home / "db", "immediate")
    shutil.rmtree(home)


def asked(folder: Path, statement: str) -> str:
    """The first value of the answer."""
    with psycopg.connect(database.dsn(folder)) as connection:
        row = connection.execute(statement).fetchone()
    assert row is not None
    return str(row[0])


def server(folder: Path) -> int:
    """The process id of the running server."""
    return int((folder / "postmaster.pid").read_text().split()[0])


def test_whoever_starts_it_first_has_started_it(folder: Path) -> None:
    database.stop(folder)
    assert [database.start(folder, **FAST), database.start(folder, **FAST)] == [True, False]
    assert database.running(folder)
    assert database.listening(folder)
    assert asked(folder, "SHOW listen_addresses") == ""
    assert asked(folder, "SHOW timezone") == "UTC"


def test_it_comes_back_after_kill_9_with_what_was_committed(folder: Path) -> None:
    database.start(folder, **FAST)
    with psycopg.connect(database.dsn(folder)) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept AS SELECT 1 AS n")
    os.kill(server(folder), signal.SIGKILL)
    assert database.start(folder, **FAST)
    assert asked(folder, "SELECT n FROM kept") == "1"


def test_a_stranger_with_its_process_id_does_not_stand_in_the_way(folder: Path) -> None:
    database.start(folder, **FAST)
    words = (folder / "postmaster.pid").read_text().splitlines()
    database.stop(folder, "immediate")
    with subprocess.Popen(["sleep", "60"]) as stranger:
        (folder / "postmaster.pid").write_text("\n".join([str(stranger.pid), *words[1:]]))
        assert not database.running(folder)
        assert database.start(folder, **FAST)
        stranger.kill()


def test_a_half_made_cluster_is_made_anew(folder: Path) -> None:
    (folder.parent / "db.new").mkdir(exist_ok=True)
    (folder.parent / "db.new" / "PG_VERSION").write_text("18\n")
    other = folder.with_name("other")
    database.stop(other, "immediate")
    try:
        assert database.start(other, **FAST)
    finally:
        database.stop(other, "immediate")


def test_stopping_what_does_not_run_is_silent(folder: Path) -> None:
    database.stop(folder)
    database.stop(folder)
    assert not database.running(folder)
    assert not database.listening(folder)


def test_the_environment_of_the_user_is_not_heard(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"PGHOST": "192.0.2.1", "PGPORT": "1", "LC_ALL": "zh_CN.GBK"}.items():
        monkeypatch.setenv(name, value)
    database.start(folder, **FAST)
    assert database.running(folder)


@pytest.mark.parametrize("name", ["x" * 100, "有 空格", "it's,a%41"])
def test_a_folder_unfit_for_a_socket_gets_a_short_one(name: str) -> None:
    path = Path("/srv") / name / "db"
    short = database.socket_folder(path)
    assert short.parent == Path("/tmp")
    assert database.socket_folder(path) == short
    assert psycopg.conninfo.conninfo_to_dict(database.dsn(path))["host"] == str(short)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs it as another user")
def test_below_a_folder_closed_to_others_it_runs_or_says_one_sentence(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    folder = tmp_path / "db"
    sentence = ""
    try:
        database.start(folder, **FAST)
        database.stop(folder, "immediate")
    except database.Unstartable as refused:
        sentence = str(refused)
    assert sentence == "" or "不许其他用户进入" in sentence
    assert tmp_path.stat().st_mode & 0o777 == 0o700


def test_importing_the_settings_starts_and_creates_nothing(tmp_path: Path) -> None:
    script = "import qianjun.site.settings as s; print(s.DATABASES['default']['HOST'])"
    clean = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=clean | {"QIANJUN_DATA": str(tmp_path / "data")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == str(tmp_path / "data" / "db")
    assert not (tmp_path / "data").exists()
