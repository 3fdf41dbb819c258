"""Tasks over the API and in the room: signed, told of, handed on, reminded."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from qianjun.incident.models import Task
from qianjun.kernel import clock
from qianjun.org.actor import Actor
from tests import cast
from tests.incident.fires import taken
from tests.incident.tasking import HEALTH, POLICE, given, police, somebody

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def fire(officer: Actor) -> int:
    """A fire that has been reported, and a police that can be reached."""
    police()
    return taken(officer).stored.incident_id


class Asks:
    """An officer's program."""

    def __init__(self, fire: int) -> None:
        self.client = cast.client_for("duty_officer")
        self.path = f"/api/v1/incidents/{fire}/tasks"

    def post(self, path: str, **told: Any) -> tuple[int, dict[str, Any]]:
        """Status and answer."""
        reply = self.client.post(self.path + path, json.dumps(told), "application/json")
        answer: dict[str, Any] = json.loads(reply.content)
        return reply.status_code, answer

    def items(self, query: str = "") -> list[str]:
        """Titles of the list."""
        found = json.loads(self.client.get(self.path + query).content)
        return [row["title"] for row in found["items"]]


def test_a_program_gives_signs_tells_hands_on_and_reminds(
    fire: int, held_clock: clock.Held
) -> None:
    asks = Asks(fire)
    somebody("演示卫健值班室", HEALTH, "10000020004")
    status, task = asks.post("", title="封控", lead=POLICE, supporting=[HEALTH], order="先封路口")
    assert (status, task["stage"], task["supporting"], task["told"]) == (
        201,
        "unsigned",
        [HEALTH],
        1,
    )
    assert asks.items("?unsigned=true") == ["封控"]
    assert asks.post("/remind")[1] == {"tasks": [task["id"]], "messages": 1}
    assert asks.post("/remind")[1]["code"] == "nothing_to_remind"
    one = f"/{task['id']}"
    assert asks.post(f"{one}/accept")[1]["outcome_of_act"] == "taken"
    assert asks.items("?unsigned=true") == []
    act = str(uuid4())
    told = [asks.post(f"{one}/progress", text="到了", act_id=act)[1] for _ in range(2)]
    assert [answer["outcome_of_act"] for answer in told] == ["taken", "repeated"]
    assert asks.post(f"{one}/help", text="缺泵")[1]["stage"] == "help"
    assert asks.post(f"{one}/progress", text="")[0] == 422
    held_clock.forward(timedelta(minutes=1))
    status, moved = asks.post(f"{one}/reassign", lead=HEALTH, why="就近")
    assert (status, moved["lead"], moved["stage"]) == (200, HEALTH, "unsigned")
    assert asks.post(f"{one}/reassign")[0] == 422
    assert asks.post(f"{one}/done", result="好")[1]["stage"] == "done"
    assert asks.post(f"{one}/accept") == (409, asks.post(f"{one}/accept")[1])
    assert asks.post("/999999/accept")[0] == 404


def test_the_room_gives_reminds_signs_and_hands_on(
    officer: Actor, fire: int, held_clock: clock.Held
) -> None:
    cast.unit(HEALTH)
    browser = cast.signed_in(cast.XIAOWANG)
    room = f"/incidents/{fire}/"
    browser.post(
        f"{room}tasks/",
        {"title": "封控", "lead": POLICE, "supporting": [HEALTH], "order": "先封", "due": "+30"},
    )
    row = Task.objects.get()
    assert [unit.code for unit in row.supporting.all()] == [HEALTH]
    given(officer, fire, lead=HEALTH, title="检测")
    said = browser.get(room).content.decode()
    for words in ("未签收 2", "没有联系人", "催办全部未签收", "配合 ", "转交"):
        assert words in said, words
    assert "未签收 2" in browser.get("/").content.decode()
    said = browser.post(f"{room}tasks/remind/", follow=True).content.decode()
    assert "已催办 1 项，发出 1 条。" in said
    assert "第 1 次催办" in said
    held_clock.forward(timedelta(minutes=11))
    assert "超过 10 分钟没有签收" in browser.get(room).content.decode()
    here = f"{room}tasks/{row.pk}/"
    assert "已代记签收" in browser.post(f"{here}accept/", follow=True).content.decode()
    said = browser.post(f"{here}reassign/", {"lead": HEALTH}, follow=True).content.decode()
    assert "任务已转交" in said
    row.refresh_from_db()
    assert row.lead is not None
    assert (row.lead.code, row.accepted_at) == (HEALTH, None)
    stranger = cast.signed_in(cast.JUZHANG)
    assert stranger.post(f"{here}accept/").status_code == 403
    assert stranger.post(f"{room}tasks/remind/").status_code == 403


def test_what_is_overdue_is_black_on_the_desk_and_in_the_room(
    officer: Actor, fire: int, held_clock: clock.Held
) -> None:
    given(officer, fire, due_at=clock.now() + timedelta(minutes=5))
    held_clock.forward(timedelta(minutes=6))
    browser = cast.signed_in(cast.XIAOWANG)
    assert "任务超时 1" in browser.get("/").content.decode()
    assert 'data-is="late"' in browser.get(f"/incidents/{fire}/").content.decode()
