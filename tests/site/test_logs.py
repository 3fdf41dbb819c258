"""The log says what happened and where, and nothing about anybody."""

import json
import logging
import os
import re
import subprocess
import sys
from typing import Any

import httpx
import psycopg
import pytest
from django.db import IntegrityError, connection

from qianjun.kernel.errors import Refused
from qianjun.org.models import Unit
from qianjun.site.logs import Plain, message_of, passed_on
from tests.site.running import PROGRAM, Demo, demo_folder, environment, until

NAME, PHONE, SAID = "演示张三丰", "10012345678", "他家三楼的煤气罐炸了"
WORDS = (NAME, PHONE, SAID, "Zhang Sanfeng")


def record(message: str, *args: object, name: str = "qianjun.x", **more: Any) -> logging.LogRecord:
    """A record as a logger makes it."""
    return logging.LogRecord(
        name, logging.ERROR, __file__, 1, message, args, **{"exc_info": None} | more
    )


def line(one: logging.LogRecord) -> str:
    return Plain().format(one)


def caught(fault: Exception) -> Any:
    """What a logger is given of a fault."""
    try:
        raise fault
    except type(fault):
        return sys.exc_info()


@pytest.fixture(params=["json", "text"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """For machines and for people."""
    monkeypatch.setenv("QIANJUN_LOG", request.param)
    return str(request.param)


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize(
    "fault",
    [
        ValueError(f"no place for {NAME!r}, telephone {PHONE}"),
        KeyError(NAME),
        Refused("too_long", f"{NAME}：{SAID}"),
        RuntimeError(f"one line\n{NAME} {PHONE} Zhang Sanfeng"),
        psycopg.errors.DataError(f"value too long\nDETAIL: ({NAME}, Zhang Sanfeng)"),
    ],
)
def test_neither_words_nor_quotes_of_a_fault_are_written(fault: Exception) -> None:
    inner = ValueError(f"{NAME} {PHONE}")
    try:
        raise fault from inner
    except type(fault):
        told = sys.exc_info()
    said = line(record("%s: %s", "ab12cd34", fault, exc_info=told))
    assert not [word for word in WORDS if word in said]
    assert type(fault).__name__ in said
    assert "test_logs.py:" in said
    assert "\n" not in said


@pytest.mark.django_db(transaction=True)
def test_a_row_that_the_database_refuses_is_named_by_its_constraint() -> None:
    Unit.objects.create(code="x-1", name=NAME, sort_key="a")
    with pytest.raises(IntegrityError) as refused:
        Unit.objects.create(code="x-1", name=NAME, sort_key="a")
    connection.rollback()
    said = line(record("%s", refused.value))
    assert "IntegrityError" in said
    assert "23505 org_unit_code" in said
    assert "x-1" not in said
    assert NAME not in said


@pytest.mark.usefixtures("way")
def test_what_another_library_says_is_cut_as_a_whole() -> None:
    said = line(record(f"call of {NAME} at {PHONE}\n{SAID}", name="somebody.else"))
    assert not [word for word in WORDS if word in said]
    assert "call of" in said


def test_our_own_words_and_numbers_stay() -> None:
    assert message_of(record("mailing %s: %s of %d", 7, "sms", 68_945)) == "mailing 7: sms of 68945"
    assert message_of(record("预案文件不合格 %s", "flood.toml")) == "预案文件不合格 flood.toml"
    assert message_of(record("100 % sure")) == "100 % sure"
    assert message_of(record("%d people", NAME)) == "%d people"
    assert message_of(record("%s and %s", NAME)) == "%s and %s"


def test_a_line_for_machines_is_one_json_document(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QIANJUN_LOG", "json")
    said = json.loads(line(record("channel %s is away", "sms", exc_info=caught(OSError("gone")))))
    assert said["at"] == "2026-06-01T06:05:00.000+00:00"
    assert (said["level"], said["logger"]) == ("error", "qianjun.x")
    assert said["message"] == "channel sms is away"
    assert (said["fault"]["type"], said["fault"]["words"]) == ("OSError", "gone")
    assert said["process"] == os.getpid()


def test_the_supervisor_passes_lines_on_for_machines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QIANJUN_LOG", "json")
    assert json.loads(passed_on("web", '{"message": "a"}')) == {"message": "a", "from": "web"}
    strange = json.loads(passed_on("worker", f"Traceback: {NAME} {PHONE}"))
    assert (strange["from"], strange["message"]) == ("worker", "Traceback: …")


def test_the_supervisor_passes_lines_on_for_people(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("QIANJUN_LOG", raising=False)
    assert passed_on("web", "a line") == "web    | a line"


@pytest.mark.parametrize("where", ["main", "thread"])
def test_what_nobody_caught_is_written_the_same_way(where: str) -> None:
    fall = f"raise ValueError('{NAME}')"
    apart = "t = threading.Thread(target=fall); t.start(); t.join()"
    started = apart if where == "thread" else "fall()"
    script = (
        "import threading, django\nfrom django.conf import settings\n"
        "django.setup()\nfrom qianjun.site.logs import install\ninstall()\n"
        f"def fall():\n    {fall}\n{started}"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        env=environment()
        | {"DJANGO_SETTINGS_MODULE": "qianjun.site.settings", "QIANJUN_LOG": "json"},
    )
    assert NAME not in done.stderr
    said = json.loads(done.stderr)
    assert (said["level"], said["fault"]["type"]) == ("critical", "ValueError")


# --- the whole house -----------------------------------------------------------------------------


@pytest.mark.crash
@pytest.mark.running_clock
def test_nothing_that_anybody_said_or_is_called_stands_in_any_log() -> None:
    with demo_folder() as demo:
        log = demo.folder.with_suffix(".log")
        try:
            with log.open("w") as target:
                a_house_that_logs(demo, target)
            lines = [json.loads(text) for text in log.read_text("utf-8").splitlines()]
            assert {"web", "worker"} <= {said.get("from") for said in lines}
            assert any(said["level"] == "error" for said in lines)
            papers = [log, demo.folder / "db" / "log"]
            for text in (paper.read_text("utf-8", "replace") for paper in papers):
                found = [word for word in WORDS if word in text]
                assert not found, [row for row in text.splitlines() if found[0] in row]
                assert not re.search(r"/[vtsg]/[A-Za-z0-9_-]{8,}", text)
        finally:
            log.unlink(missing_ok=True)


def a_house_that_logs(demo: Demo, target: Any) -> None:
    """Reports, hostile values, a table that goes missing, a database that is killed."""
    words = ("demo", "--small", "--port", str(demo.port), "--data", str(demo.folder))
    demo.supervisor = subprocess.Popen(
        [*PROGRAM, *words],
        stdout=subprocess.DEVNULL,
        stderr=target,
        start_new_session=True,
        env=environment() | {"QIANJUN_LOG": "json"},
        text=True,
    )
    until(demo.is_well)
    demo.token = demo.qianjun("token", "--role", "duty_officer").stdout.strip()
    caller = {"name": NAME, "phone": PHONE}
    assert told(demo, {"text": SAID, "channel": "phone", "caller": caller}) == 201
    told(demo, {"text": SAID + "\x00", "channel": "phone", "caller": caller})
    told(demo, {"text": [SAID], "channel": NAME})
    broken(demo, "ALTER TABLE incident_report RENAME TO gone")
    assert (
        told(demo, {"text": f"{SAID} Zhang Sanfeng", "channel": "phone", "caller": caller}) == 500
    )
    broken(demo, "ALTER TABLE gone RENAME TO incident_report")
    broken(demo, "ALTER TABLE incident_report ADD CHECK (caller_name <> '演示张三丰') NOT VALID")
    assert told(demo, {"text": SAID, "channel": "phone", "caller": caller}) in (409, 422, 500)
    demo.kill("database")
    until(demo.is_well)
    until(lambda: told(demo, {"text": "演示楼道冒烟", "channel": "phone"}) == 201)
    demo.interrupt()


def told(demo: Demo, report: dict[str, Any]) -> int:
    """The status of its answer."""
    there = f"{demo.address}/api/v1/reports"
    headers = {"Authorization": f"Bearer {demo.token}"}
    return httpx.post(there, json=report, headers=headers, timeout=60).status_code


def broken(demo: Demo, statement: str) -> None:
    """Something that only an administrator could do wrong."""
    from qianjun.site import database

    with psycopg.connect(database.dsn(demo.folder / "db")) as books:
        books.execute(statement.encode())
