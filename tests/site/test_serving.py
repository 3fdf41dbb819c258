"""The whole house on a real port: killed piece by piece it comes back, stopped it is gone."""

import json
import socket

import httpx
import pytest

from tests.site.running import Demo, demo_folder, until

pytestmark = [pytest.mark.crash, pytest.mark.running_clock]
JSON = "application/json"


def test_a_house_that_is_killed_piece_by_piece_loses_nothing() -> None:
    with demo_folder() as demo:
        demo.start()
        demo.token = demo.qianjun("token", "--role", "duty_officer").stdout.strip()
        first = demo.report("文昌路演示厂房冒烟")

        a_screen_hears_of_a_report(demo)
        the_second_start_says_who_holds_the_folder(demo)
        a_body_over_the_limit_is_told_so(demo)
        comes_back_after_kill_9(demo, "web")
        comes_back_after_kill_9(demo, "worker")
        comes_back_after_kill_9(demo, "database")
        second = demo.report("静兰桥有人落水")

        demo.kill("supervisor", "web", "worker", "database")
        until(lambda: not demo.left())
        demo.start(heard=False)
        assert demo.knows(first)
        assert demo.knows(second)

        # nobody reads its output any more, as after `| head`, and it still stops in order
        assert demo.interrupt() == 0
        assert demo.left() == []
        a_command_brings_its_own_database_and_takes_it_away(demo)


def a_screen_hears_of_a_report(demo: Demo) -> None:
    """The stream says that the desk has changed, and nothing of what."""
    headers = {"Authorization": f"Bearer {demo.token}"}
    there = f"{demo.address}/api/v1/events?topics=desk"
    with httpx.stream("GET", there, headers=headers, timeout=30) as stream:
        assert stream.headers["Content-Type"] == "text/event-stream"
        lines = stream.iter_lines()
        next(line for line in lines if line.startswith("id: "))
        demo.report("柳侯公园门口一棵树倒了")
        assert next(line for line in lines if line.startswith("event: ")) == "event: changed"
        assert json.loads(next(lines).removeprefix("data: ")).keys() == {"topic", "entry"}


def the_second_start_says_who_holds_the_folder(demo: Demo) -> None:
    """Exit 1, and process, port and time."""
    assert demo.supervisor
    done = demo.qianjun("demo", "--port", str(demo.port))
    assert (done.returncode, done.stdout) == (1, "")
    assert f"进程 {demo.supervisor.pid}，端口 {demo.port}" in done.stderr
    assert demo.is_well()


def a_body_over_the_limit_is_told_so(demo: Demo) -> None:
    """A real client that goes on sending still reads the answer."""
    answer = httpx.post(
        f"{demo.address}/api/v1/reports",
        content=b"x" * 10_000_000,
        headers={"Content-Type": JSON},
    )
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    phone = httpx.post(
        f"{demo.address}/v/unknown/acts", content=b"x" * 300_000, headers={"Accept": JSON}
    )
    assert (phone.status_code, phone.json()["code"]) == (413, "too_large")


def comes_back_after_kill_9(demo: Demo, kind: str) -> None:
    """Other processes, and all is well."""
    before = {one.pid for one in demo.processes()[kind]}
    assert before
    demo.kill(kind)
    until(lambda: {one.pid for one in demo.processes()[kind]} - before and demo.is_well())
    until(lambda: not before & {one.pid for one in demo.processes()[kind]})


def a_command_brings_its_own_database_and_takes_it_away(demo: Demo) -> None:
    """A chain that went through all this is whole, and nothing runs afterwards."""
    done = demo.qianjun("audit", "verify", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["ok"]
    made = demo.qianjun("token", "--role", "volunteer", "--name", "演示", "--json")
    told = json.loads(made.stdout)
    assert told.keys() == {"token", "id", "role", "name", "expires_at"}
    found = demo.qianjun("locate", "五星步行街着火", "--json")
    assert json.loads(found.stdout)["answer"] == "found"
    assert demo.left() == []


def test_a_port_that_is_taken_is_named_and_nothing_is_left() -> None:
    with demo_folder() as demo, socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        done = demo.qianjun("demo", "--port", str(other.getsockname()[1]))
        assert done.returncode == 1
        assert "--port" in done.stderr
        assert demo.left() == []
