"""The doctor names what is wrong and what to do about it, and wakes nobody."""

import json
import os
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from qianjun.site import database, folder
from qianjun.site.doctor import machine, rules
from qianjun.site.doctor.findings import Check, Finding
from tests.site.running import Demo, demo_folder, until
from tests.site.test_cli import qianjun

CHECK = Check(name="x", title="某项")
NOW = datetime(2026, 6, 1, 6, 5, tzinfo=UTC)
GB = 1 << 30
ON = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
QUIET = {"log_min_messages": "log", "log_statement": "none"}


def front(**changed: Any) -> Finding:
    seen: dict[str, Any] = {"live": True, "open_to": (), "tls": True, "named": True}
    return rules.front(CHECK, rules.Front(**seen | changed))


def aged(age: timedelta | None, *, live: bool = True) -> Finding:
    made_at = NOW - age if age is not None else None
    return rules.backup_age(CHECK, made_at=made_at, now=NOW, live=live)


def late(late_s: float | None) -> Finding:
    return rules.late(CHECK, late_s=late_s, most_s=60, nothing="没有。", what="个作业", remedy="看")


@pytest.mark.parametrize(
    ("found", "state"),
    [
        (rules.disk(CHECK, free_bytes=50 * GB, total_bytes=100 * GB, where="/x"), "ok"),
        (rules.disk(CHECK, free_bytes=4 * GB, total_bytes=100 * GB, where="/x"), "warn"),
        (rules.disk(CHECK, free_bytes=GB // 4, total_bytes=100 * GB, where="/x"), "bad"),
        (rules.sync(CHECK, median_ms=0.5), "ok"),
        (rules.sync(CHECK, median_ms=40), "warn"),
        (rules.sync(CHECK, median_ms=0.001), "warn"),
        (rules.clock(CHECK, synchronised=True, ahead_s=-3), "ok"),
        (rules.clock(CHECK, synchronised=None, ahead_s=None), "ok"),
        (rules.clock(CHECK, synchronised=False, ahead_s=0), "warn"),
        (rules.clock(CHECK, synchronised=True, ahead_s=3_600), "bad"),
        (rules.skew(CHECK, behind_s=0.1), "ok"),
        (rules.skew(CHECK, behind_s=-30), "bad"),
        (rules.open_files(CHECK, limit=1_024), "warn"),
        (rules.open_files(CHECK, limit=65_536), "ok"),
        (rules.server(CHECK, version=180_004, encoding="UTF8"), "ok"),
        (rules.server(CHECK, version=140_001, encoding="UTF8"), "bad"),
        (rules.server(CHECK, version=180_004, encoding="SQL_ASCII"), "bad"),
        (rules.durable(CHECK, settings=ON), "ok"),
        (rules.durable(CHECK, settings=ON | {"synchronous_commit": "local"}), "bad"),
        (rules.durable(CHECK, settings=ON | {"fsync": "off"}), "bad"),
        (rules.database_log(CHECK, settings=QUIET), "ok"),
        (rules.database_log(CHECK, settings=QUIET | {"log_statement": "all"}), "warn"),
        (rules.database_log(CHECK, settings=QUIET | {"log_min_messages": "warning"}), "warn"),
        (
            rules.database_log(
                CHECK,
                settings={"log_error_verbosity": "terse", "log_min_error_statement": "panic"},
            ),
            "ok",
        ),
        (rules.connections(CHECK, used=16, most=200), "ok"),
        (rules.connections(CHECK, used=190, most=200), "warn"),
        (rules.beat(CHECK, age_s=2), "ok"),
        (rules.beat(CHECK, age_s=15), "bad"),
        (rules.beat(CHECK, age_s=None), "bad"),
        (late(None), "ok"),
        (late(59), "ok"),
        (late(61), "bad"),
        (rules.stuck(CHECK, count=0), "ok"),
        (rules.stuck(CHECK, count=2), "bad"),
        (aged(timedelta(hours=30)), "ok"),
        (aged(timedelta(hours=40)), "warn"),
        (aged(timedelta(days=8)), "bad"),
        (aged(None), "bad"),
        (aged(None, live=False), "ok"),
        (aged(timedelta(days=80), live=False), "ok"),
        (front(), "ok"),
        (front(tls=False), "warn"),
        (front(named=False), "warn"),
        (front(open_to=("0.0.0.0:8765",)), "bad"),
        (front(open_to=("0.0.0.0:8765",), live=False), "ok"),
    ],
)
def test_each_value_is_judged_and_whatever_is_not_well_has_a_remedy(
    found: Finding, state: str
) -> None:
    assert found.state == state
    assert bool(found.remedy) == (state in ("warn", "bad"))
    assert found.says.endswith(("。", "）"))


@pytest.mark.parametrize(
    ("seconds", "words"), [(5, " 5 秒"), (600, " 10 分钟"), (9_000, " 2 小时"), (400_000, " 5 天")]
)
def test_a_span_is_said_as_people_say_it(seconds: float, words: str) -> None:
    assert rules.span(seconds) == words


def test_a_key_that_others_can_read_or_that_is_gone_is_named(tmp_path: Path) -> None:
    folder.set_up(tmp_path, realm="live")
    assert machine.keys(tmp_path).state == "ok"
    (tmp_path / "keys" / "link.key").chmod(0o644)
    assert "link.key" in machine.keys(tmp_path).says
    (tmp_path / "keys" / "link.key").unlink()
    assert machine.keys(tmp_path).state == "bad"


def told(age: timedelta | None, *, live: bool = True) -> Finding:
    made_at = NOW - age if age is not None else None
    most = timedelta(days=2)
    return rules.backup_told(CHECK, made_at=made_at, now=NOW, most=most, live=live)


def test_a_backup_of_which_the_journal_tells_nothing_new_is_asked_for() -> None:
    assert told(timedelta(days=1)).state == "ok"
    assert told(timedelta(days=3)).state == "warn"
    assert told(None).state == "warn"
    assert {told(None, live=False).state, told(timedelta(days=9), live=False).state} == {"ok"}
    assert told(timedelta(days=3)).remedy


def test_files_that_were_not_in_the_last_backup_are_told(tmp_path: Path) -> None:
    folder.set_up(tmp_path, realm="drill")
    noted = {"at": NOW.isoformat(), "missing_media": 3}
    (tmp_path / "backup.json").write_text(json.dumps(noted))
    found = machine.backup(tmp_path)
    assert (found.state, "3 个" in found.says) == ("warn", True)


def test_nothing_set_up_and_half_restored_are_named_and_nothing_is_made(tmp_path: Path) -> None:
    done = qianjun("doctor", "--json", home=tmp_path / "none")
    said = json.loads(done.stdout)
    assert (done.returncode, said["ok"], done.stderr) == (1, False, "")
    assert "qianjun init" in said["checks"][0]["remedy_zh"]
    assert not (tmp_path / "none").exists()
    folder.begin_restoring(tmp_path / "half")
    done = qianjun("doctor", home=tmp_path / "half")
    assert done.returncode == 1
    assert "没有做完" in done.stdout


# --- a real house --------------------------------------------------------------------------------


def asked(demo: Demo) -> tuple[int, dict[str, dict[str, str]]]:
    """Exit code, and every check by name."""
    done = demo.qianjun("doctor", "--json")
    said = json.loads(done.stdout)
    assert {"ok", "version", "folder", "realm", "checks"} <= said.keys()
    assert said["ok"] == (done.returncode == 0)
    return done.returncode, {one["name"]: one for one in said["checks"]}


def bad(demo: Demo) -> set[str]:
    _code, found = asked(demo)
    return {name for name, one in found.items() if one["state"] == "bad"}


def changed(demo: Demo, *statements: str) -> None:
    """What only somebody with the keys of the database could do."""
    with psycopg.connect(database.dsn(demo.folder / "db")) as books:
        books.execute("SET session_replication_role = replica")
        for statement in statements:
            books.execute(statement.encode())


@pytest.mark.crash
@pytest.mark.running_clock
def test_a_real_house_is_well_and_then_ill_in_many_ways() -> None:
    with demo_folder() as demo:
        demo.start()
        demo.token = demo.qianjun("token", "--role", "duty_officer").stdout.strip()
        demo.report("文昌路演示厂房冒烟")
        code, found = asked(demo)
        assert code == 0, [one for one in found.values() if one["state"] == "bad"]
        assert len(found) >= 25
        a_background_that_stands_still_is_named(demo)
        each_fault_in_the_database_is_named(demo)
        assert demo.interrupt() == 0
        assert bad(demo) == {"database"}
        assert demo.left() == []


def a_background_that_stands_still_is_named(demo: Demo) -> None:
    """Stopped, not ended: nobody restarts it, and only its silence shows."""
    [worker] = [one for one in demo.processes()["worker"] if "work" in one.cmdline()]
    os.kill(worker.pid, signal.SIGSTOP)
    try:
        until(lambda: {"worker", "ticker", "sealer"} <= bad(demo), every_s=1)
    finally:
        os.kill(worker.pid, signal.SIGCONT)
    until(lambda: not bad(demo), every_s=1)


def each_fault_in_the_database_is_named(demo: Demo) -> None:
    """A step that is missing, one too many, a card, an altered entry."""
    changed(
        demo,
        "INSERT INTO django_migrations (app, name, applied) VALUES ('journal', '9999_x', now())",
    )
    assert bad(demo) == {"migrations"}
    changed(
        demo,
        "DELETE FROM django_migrations WHERE name = '9999_x'",
        "INSERT INTO journal_card (reaction, cause, attempts, made_at, settled_how, reason)"
        " VALUES ('incident.call', 'x', 8, now(), '', '')",
    )
    code, found = asked(demo)
    assert code == 0
    assert found["dead_letters"]["state"] == "warn"
    assert "incident.call 1 件" in found["dead_letters"]["detail_zh"]
    changed(
        demo,
        "UPDATE journal_entry SET by_id = 'x' WHERE id ="
        " (SELECT entry_id FROM journal_seal WHERE seq = 1)",
    )
    assert bad(demo) == {"chain"}
