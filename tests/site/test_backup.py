"""A house goes into one file and comes back the same, whoever is killed on the way."""

import json
import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import psycopg
import pytest
from bench.ground.sums import file_sums, table_sums

from qianjun.site import database
from tests.media.pictures import MP4
from tests.settings import FOLDER
from tests.site.running import PROGRAM, VAR, Demo, demo_folder, environment, until
from tests.stories.test_upload import begun, program, sent

pytestmark = [pytest.mark.crash, pytest.mark.running_clock]
WORD = "演示口令 很长的一句话"
SECRET = "演示涂料厂的配方单写在北墙"
CLIP = MP4 + bytes(range(256)) * 4096
BIG_BYTES = 700 << 20
MEMORY_MB = 330  # half of one file that is brought; 128 of it are the key


@contextmanager
def place() -> Iterator[Path]:
    """An empty folder for files and houses; no database is left running in it."""
    VAR.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="back-", dir=VAR) as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "word").write_text(WORD + "\n第二行不算\n", encoding="utf-8")
        try:
            yield folder
        finally:
            for home in folder.iterdir():
                if (home / "db").exists():
                    database.stop(home / "db", "immediate")


def qianjun(home: Path, *words: str, **more: str) -> "subprocess.CompletedProcess[str]":
    """A command on this data folder."""
    return subprocess.run(
        [*PROGRAM, *words, "--data", str(home)],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        env=environment() | more,
    )


def backed_up(home: Path, file: Path) -> dict[str, object]:
    done = qianjun(home, "backup", str(file), "--json", "--pass-file", str(file.parent / "word"))
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def restored(home: Path, file: Path, *more: str) -> "subprocess.CompletedProcess[str]":
    word = file.parent / "word"
    return qianjun(home, "restore", str(file), "--json", "--pass-file", str(word), *more)


def sums(home: Path) -> dict[str, str]:
    """Of all tables in a folder where nothing runs."""
    started = database.start(home / "db")
    try:
        return table_sums(database.dsn(home / "db"))
    finally:
        if started:
            database.stop(home / "db")


def entries(home: Path, name: str) -> list[dict[str, object]]:
    """What the journal of a folder where nothing runs tells under this name."""
    database.start(home / "db")
    try:
        with psycopg.connect(database.dsn(home / "db")) as books:
            rows = books.execute(
                "SELECT payload FROM journal_entry WHERE name = %s ORDER BY id", [name]
            ).fetchall()
    finally:
        database.stop(home / "db")
    return [dict(row[0]) for row in rows]


def spoken_of(home: Path, words: str) -> bool:
    """Whether any text of the journal or of a report holds these words."""
    database.start(home / "db")
    try:
        with psycopg.connect(database.dsn(home / "db")) as books:
            row = books.execute(
                "SELECT EXISTS (SELECT FROM journal_body WHERE text LIKE %s)"
                " OR EXISTS (SELECT FROM incident_report WHERE text LIKE %s)",
                [f"%{words}%"] * 2,
            ).fetchone()
    finally:
        database.stop(home / "db")
    assert row is not None
    return bool(row[0])


def test_a_house_comes_back_the_same_and_what_was_erased_since_stays_erased() -> None:
    with demo_folder() as demo, place() as folder:
        demo.start()
        demo.token = demo.qianjun("token", "--role", "duty_officer").stdout.strip()
        report = demo.report(SECRET)
        with program(demo) as client:
            path = begun(client, len(CLIP), filetype="video/mp4", filename="现场.mp4")
            sent(client, path, CLIP, offset=0)
            begun(client, 100, filetype="video/mp4")  # one that is on its way
        said = backed_up(demo.folder, folder / "running")
        its_answer_is_that_of_the_contract(said, folder / "running")
        erased_by_law(demo, report)
        assert demo.interrupt() == 0

        # the backup itself becomes an entry, so it is not in what it holds
        before, files = sums(demo.folder), file_sums(demo.folder / "media")
        made = backed_up(demo.folder, folder / "still")
        told = entries(demo.folder, "journal.backup_made")
        assert [one["sha256"] for one in told][-1] == made["sha256"]
        assert [one["head_seq"] for one in told][-1] == dict(made["head"])["seq"]  # type: ignore[call-overload]
        assert str(folder) not in str(told)
        done = restored(folder / "same", folder / "still")
        assert done.returncode == 0, done.stderr
        assert sums(folder / "same") == before
        assert file_sums(folder / "same" / "media") == files
        assert file_sums(folder / "same" / "keys") == file_sums(demo.folder / "keys")
        assert len(files) >= 2

        what_was_erased_since_stays_erased(demo, folder)
        a_restored_house_works(folder / "same", report)


def its_answer_is_that_of_the_contract(said: dict[str, object], file: Path) -> None:
    """Every field of section 19, true of the file."""
    assert {"file", "bytes", "sha256", "head", "media", "seconds"} <= said.keys()
    assert (said["file"], said["bytes"]) == (str(file), file.stat().st_size)
    assert said["sha256"] == file_sums(file.parent)[file.name]
    assert said["media"] == 1
    assert file.stat().st_mode & 0o777 == 0o600
    content = file.read_bytes()
    assert SECRET.encode() not in content
    assert b"postgres" not in content.lower()


def erased_by_law(demo: Demo, report: str) -> None:
    """The leader erases what the report said."""
    headers = {"Authorization": f"Bearer {demo.token}"}
    card = httpx.get(f"{demo.address}/api/v1/reports/{report}", headers=headers).json()
    there = f"{demo.address}/api/v1/incidents/{card['incident']['id']}/timeline"
    lines = httpx.get(there, headers=headers).json()["items"]
    [entry] = {line["id"] for line in lines if SECRET in (line["text_zh"] or "")}
    token = demo.qianjun("token", "--role", "leader_in_charge").stdout.strip()
    answer = httpx.post(
        f"{demo.address}/api/v1/journal/{entry}/erase",
        json={"reason": "本人申请", "article": "pipl_47"},
        headers={"Authorization": f"Bearer {token}"},
    )
    assert answer.status_code == 200, answer.text


def what_was_erased_since_stays_erased(demo: Demo, folder: Path) -> None:
    """With the log that was kept apart it is erased again; without, a sentence names the log."""
    done = restored(folder / "older", folder / "running")
    assert done.returncode == 0, done.stderr
    assert "--erasures" in done.stderr
    assert spoken_of(folder / "older", SECRET)
    log = demo.folder / "erasures.log"
    done = restored(folder / "known", folder / "running", "--erasures", str(log))
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["erased_again"] == 1
    assert not spoken_of(folder / "known", SECRET)
    assert qianjun(folder / "known", "audit", "verify").returncode == 0


def a_restored_house_works(home: Path, report: str) -> None:
    """It starts, knows what it knew, and says once that what waits is asked for first."""
    assert (home / "restored").exists()
    house = Demo(home)
    try:
        house.start()
        house.token = house.qianjun("token", "--role", "duty_officer").stdout.strip()
        assert house.knows(report)
        assert not (home / "restored").exists()
        assert house.interrupt() == 0
        (told,) = entries(home, "journal.backup_restored")
        assert told["chain_ok"]
    finally:
        house.kill(*house.processes())


@pytest.fixture(scope="module")
def house() -> Iterator[Path]:
    """A folder with a big file in it, a backup of the folder without it beside."""
    with place() as folder:
        home = folder / "house"
        assert qianjun(home, "init", "--realm", "drill").returncode == 0
        backed_up(home, folder / "small")
        big = home / "media" / "ab" / "cd" / ("abcd" + "0" * 60)
        big.parent.mkdir(parents=True)
        with big.open("wb") as file:
            file.truncate(BIG_BYTES)
        yield folder


def begin(home: Path, *words: str) -> "subprocess.Popen[str]":
    """A command that goes on by itself."""
    return subprocess.Popen(
        [*PROGRAM, *words, "--data", str(home)],
        env=environment(),
        text=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def killed(running: "subprocess.Popen[str]", when: Callable[[], bool]) -> None:
    """Killed with -9 at that moment."""
    with running:
        until(lambda: when() or running.poll() is not None, every_s=0.005)
        assert running.poll() is None
        running.kill()


def holds_mb(running: "subprocess.Popen[str]", wanted_mb: int, below: Path) -> bool:
    """Whether it has written so much into a file below this folder, with or without a name."""
    with suppress(OSError):
        for number in Path(f"/proc/{running.pid}/fd").iterdir():
            mine = str(number.readlink()).startswith(str(below))
            if mine and number.stat().st_size > wanted_mb << 20:
                return True
    return False


def test_a_backup_that_is_killed_leaves_no_file(house: Path) -> None:
    before = sorted(p.name for p in house.iterdir())
    words = ("backup", str(house / "never"), "--pass-file", str(house / "word"))
    running = begin(house / "house", *words)
    killed(running, lambda: holds_mb(running, 20, house))
    assert sorted(p.name for p in house.iterdir()) == before


def test_a_restore_that_is_killed_leaves_a_folder_that_nobody_takes_for_a_house(
    house: Path,
) -> None:
    said = backed_up(house / "house", house / "big")
    home = house / "half"
    running = begin(home, "restore", str(house / "big"), "--pass-file", str(house / "word"))
    killed(running, lambda: holds_mb(running, 20, home))
    (house / "big").unlink()
    for words in (
        ("serve",),
        ("demo",),
        ("init",),
        ("token", "--role", "volunteer"),
        ("migrate",),
        ("restore", str(house / "small"), "--pass-file", str(house / "word")),
        ("backup", str(house / "x"), "--pass-file", str(house / "word")),
    ):
        done = qianjun(home, *words)
        assert (done.returncode, done.stdout) == (1, ""), words
        assert "没有做完" in done.stderr
        assert len(done.stderr.splitlines()) == 1
    assert said["media"] == 1


def peak_mb(running: "subprocess.Popen[str]") -> float:
    """The most memory that it has held; what it was before its start does not count."""
    found = [0]

    def ended() -> bool:
        with suppress(OSError):
            told = Path(f"/proc/{running.pid}/status").read_text("ascii", "replace")
            found.extend(int(line.split()[1]) for line in told.splitlines() if "VmHWM" in line)
        return running.poll() is not None

    until(ended, every_s=0.02)
    return max(found) / 1024


def test_a_big_file_passes_through_little_memory(house: Path) -> None:
    for words in (
        ("backup", str(house / "large"), "--pass-file", str(house / "word")),
        ("restore", str(house / "large"), "--pass-file", str(house / "word")),
    ):
        running = begin(house / ("house" if words[0] == "backup" else "wide"), *words)
        most_mb = peak_mb(running)
        assert running.stderr
        with running.stderr:
            assert running.wait() == 0, running.stderr.read()
        assert 100 < most_mb < MEMORY_MB
    (house / "large").unlink()
    wide = house / "wide" / "media"
    assert [p.stat().st_size for p in wide.rglob("*") if p.is_file()] == [BIG_BYTES]


def test_what_cannot_be_used_is_one_sentence_and_nothing_is_written(house: Path) -> None:
    whole = (house / "small").read_bytes()
    (house / "wrong").write_text("另一句口令另一句口令\n", encoding="utf-8")
    (house / "none").write_text("\n", encoding="utf-8")
    (house / "cut").write_bytes(whole[:-1])
    (house / "bent").write_bytes(whole[:-40] + bytes([whole[-40] ^ 1]) + whole[-39:])
    (house / "other").write_bytes(b"PK\x03\x04" * 100)
    for file, word, code, words in (
        ("small", "wrong", 1, "口令不对"),
        ("cut", "word", 1, "不完整"),
        ("bent", "word", 1, "改动"),
        ("other", "word", 1, "不是千钧"),
        ("small", "none", 2, "空的"),
        ("small", "no-such", 2, "口令文件"),
        ("no-such", "word", 2, "读不了"),
    ):
        given = ("restore", str(house / file), "--pass-file", str(house / word))
        done = qianjun(house / "never", *given)
        assert (done.returncode, done.stdout) == (code, ""), (file, word, done.stderr)
        assert words in done.stderr
        assert len(done.stderr.splitlines()) == 1
        assert not (house / "never").exists()


def test_a_folder_that_holds_anything_is_left_alone(house: Path) -> None:
    full = house / "full"
    full.mkdir()
    (full / "笔记").write_text("别动", encoding="utf-8")
    done = restored(full, house / "small")
    assert (done.returncode, done.stdout) == (1, "")
    assert "不是空的" in done.stderr
    assert [p.name for p in full.iterdir()] == ["笔记"]


def test_a_backup_overwrites_nothing_and_needs_a_passphrase(house: Path) -> None:
    before = (house / "small").read_bytes()
    word = str(house / "word")
    done = qianjun(house / "house", "backup", str(house / "small"), "--pass-file", word)
    assert (done.returncode, done.stdout) == (1, "")
    assert (house / "small").read_bytes() == before
    done = qianjun(house / "house", "backup", str(house / "new"))
    assert (done.returncode, done.stdout) == (2, "")
    assert "--pass-file" in done.stderr
    assert not (house / "new").exists()


@pytest.fixture
def outside() -> Iterator[str]:
    """The address of an empty database on a server that is not ours to start."""
    name = f"outside_{os.getpid()}"
    with psycopg.connect(database.dsn(FOLDER), autocommit=True) as books:
        books.execute(f"CREATE DATABASE {name}".encode())
        try:
            yield database.dsn(FOLDER, name)
        finally:
            books.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def test_an_outside_database_is_filled_once_and_backed_up_like_our_own(
    house: Path, outside: str
) -> None:
    with_word = ("--pass-file", str(house / "word"))
    words = ("restore", str(house / "small"), *with_word)
    done = qianjun(house / "far", *words, DATABASE_URL=outside)
    assert done.returncode == 0, done.stderr
    assert not (house / "far" / "db").exists()
    assert table_sums(outside)["django_migrations"] == sums(house / "house")["django_migrations"]
    again = qianjun(house / "farther", *words, DATABASE_URL=outside)
    assert (again.returncode, again.stdout) == (1, "")
    assert "不是空的" in again.stderr
    assert list((house / "farther").iterdir()) == []
    said = ("backup", str(house / "from-far"), *with_word)
    assert qianjun(house / "far", *said, DATABASE_URL=outside).returncode == 0


def test_the_passphrase_may_come_from_the_environment(house: Path) -> None:
    done = qianjun(house / "spoken", "restore", str(house / "small"), QIANJUN_PASSPHRASE=WORD)
    assert done.returncode == 0, done.stderr
    assert "qianjun serve" in done.stderr
    assert qianjun(house / "spoken", "audit", "verify").returncode == 0
