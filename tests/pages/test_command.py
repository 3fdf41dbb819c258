"""The command post on its page and in the room."""

import pytest
from django.test import Client

from qianjun.incident.command_models import CommandPost, CommandSeat
from qianjun.org.seeding import seed_units
from tests import cast
from tests.pages.reading import html_of, take_in, text_of

pytestmark = pytest.mark.django_db(transaction=True)
NEW = {
    "place": "学院路口东侧",
    "decided_by": "区政府",
    "name": "演示韦国庆",
    "title": "副区长",
    "chief": "演示覃区长",
    "deputies": "甲、乙",
}


@pytest.fixture
def room(officer: Client) -> str:
    """The path of a fire that stands."""
    seed_units()
    return take_in(officer, "弯塘社区起火", source="public")


def test_the_room_says_that_there_is_none_and_leads_to_the_form(officer: Client, room: str) -> None:
    page = html_of(officer.get(room))
    assert f'href="{room}command/"' in page
    assert "没有成立。现场总指挥始终只有一人。" in page
    form = html_of(officer.get(f"{room}command/"))
    assert f'action="{room}command/"' in form


def test_a_post_is_set_up_and_everybody_sees_who_commands(officer: Client, room: str) -> None:
    assert officer.post(f"{room}command/", NEW).status_code == 302
    names = CommandSeat.objects.exclude(name="").values_list("seat", "name")
    assert set(names) == {
        ("on_scene", "演示韦国庆"),
        ("chief", "演示覃区长"),
        ("deputy", "甲"),
        ("deputy", "乙"),
    }
    for reader in (officer, cast.signed_in(cast.ZHIHUI)):
        shown = text_of(reader.get(f"{room}live/"))
        assert "现场总指挥 演示韦国庆 副区长" in shown
        assert "卫健局" in shown
    # who commands on scene may hand over, and sets nothing up
    his = html_of(cast.signed_in(cast.ZHIHUI).get(f"{room}command/"))
    assert 'id="act-commander"' in his
    assert 'id="act-transfer"' not in his


def test_what_is_wrong_is_said_and_stays_typed(officer: Client, room: str) -> None:
    wrong = officer.post(f"{room}command/", {**NEW, "place": ""})
    assert wrong.status_code == 422
    assert 'value="演示韦国庆"' in html_of(wrong)
    assert officer.post(f"{room}command/", {**NEW, "name": ""}).status_code == 422
    assert officer.post(f"{room}command/", {**NEW, "at": "很久以前"}).status_code == 422
    assert not CommandPost.objects.exists()
    assert officer.post(f"{room}command/", NEW).status_code == 302
    assert officer.post(f"{room}command/", NEW).status_code == 409


def test_who_was_slower_sees_who_changed_what_and_keeps_what_he_typed(
    officer: Client, room: str
) -> None:
    officer.post(f"{room}command/", NEW)
    other = cast.signed_in(cast.XIAOZHAO)
    to = {"version": "1", "name": "演示李国强", "why": "回区里"}
    assert officer.post(f"{room}command/commander/", to).status_code == 302
    slower = other.post(f"{room}command/commander/", {**to, "name": "丙", "why": "轮换"})
    assert slower.status_code == 409
    page = html_of(slower)
    assert "现场总指挥交接：演示韦国庆 副区长 → 演示李国强" in page
    assert 'value="丙"' in page
    assert 'name="version" value="2"' in page
    assert (
        other.post(f"{room}command/commander/", {**to, "version": "2", "name": "丙"}).status_code
        == 302
    )
    assert "以前的 2 任" in html_of(officer.get(f"{room}command/"))


def test_the_city_commands_and_room_and_desk_say_so(officer: Client, room: str) -> None:
    officer.post(f"{room}command/", NEW)
    officer.post(f"{room}tasks/", {"title": "封控三百米"})
    assert "封控三百米" in html_of(officer.get(f"{room}command/"))
    to = {"version": "1", "to": "city", "taken_by": "市工作组", "why": "升为较大"}
    assert officer.post(f"{room}command/transfer/", to).status_code == 302
    shown = text_of(officer.get(room))
    assert "起听从市指挥，市工作组 接。时限对市指挥部。" in shown
    assert "听从市指挥" in html_of(officer.get("/"))
    page = html_of(officer.get(f"{room}command/"))
    assert 'id="act-end"' not in page
    assert officer.post(f"{room}command/end/", {"version": "2", "why": "完"}).status_code == 409
    back = {"version": "2", "to": "district", "taken_by": "区里"}
    assert officer.post(f"{room}command/transfer/", back).status_code == 302
    assert officer.post(f"{room}command/end/", {"version": "3", "why": "完"}).status_code == 302
    assert "撤销。 完" in text_of(officer.get(room))


def test_a_seat_is_given_and_left_empty(officer: Client, room: str) -> None:
    officer.post(f"{room}command/", NEW)
    seat = {"version": "1", "seat": "order", "unit": "450202-JJ", "name": "演示交警"}
    assert officer.post(f"{room}command/seats/", seat).status_code == 302
    assert "演示交警" in html_of(officer.get(room))
    empty = {"version": "2", "seat": "order"}
    assert officer.post(f"{room}command/seats/", empty).status_code == 302
    assert "没有人" in html_of(officer.get(f"{room}command/"))
