"""Accident notices in the room: the gap, one key for all, by telephone with a name."""

import pytest
from django.test import Client

from qianjun.org.contact_seeding import seed_contacts
from qianjun.org.seeding import seed_units
from qianjun.response.notice_models import AccidentNotice
from tests.pages.reading import html_of, take_in, text_of

pytestmark = pytest.mark.django_db(transaction=True)
UNION = {"unit": "450202-ZGH", "act": "phone", "taken_by": "李工"}


@pytest.fixture
def room(officer: Client) -> str:
    """The path of an accident at work."""
    seed_units()
    return take_in(officer, "车间机器伤人", category="12F00")


def test_the_gap_is_seen_until_somebody_has_been_told(officer: Client, room: str) -> None:
    assert "依法要通报的单位，一个都还没有通报。" in text_of(officer.get(room))
    assert officer.post(f"{room}notice/", UNION).status_code == 302
    shown = text_of(officer.get(f"{room}live/"))
    assert "一个都还没有通报" not in shown
    assert "还有 5 个单位没有通报" in shown
    assert "李工" in shown
    # nobody is told on the telephone without a name
    officer.post(f"{room}notice/", {**UNION, "unit": "450202-JCY", "taken_by": ""})
    assert "telephone_them" in html_of(officer.get(room))
    officer.post(f"{room}notice/", {**UNION, "act": "withdrawn"})
    assert "依法要通报的单位，一个都还没有通报。" in text_of(officer.get(room))


def test_one_key_tells_everybody_who_can_be_reached(officer: Client, room: str) -> None:
    seed_contacts()
    assert "通报这 6 个单位" in text_of(officer.get(room))
    assert officer.post(f"{room}notice/", {"unit": "all"}).status_code == 302
    assert set(AccidentNotice.objects.values_list("way", "received_at")) == {("message", None)}
    shown = text_of(officer.get(room))
    assert shown.count("已通报，等回执") == 6
    received = {"unit": "450202-RSJ", "act": "received", "taken_by": "演示科长"}
    assert officer.post(f"{room}notice/", received).status_code == 302
    assert "演示科长" in text_of(officer.get(room))


def test_a_fire_at_home_asks_for_none_and_offers_the_list(officer: Client, room: str) -> None:
    other = take_in(officer, "民房起火", category="12G00", where="文昌社区")
    assert other != room
    assert "如果是生产安全事故，按这份清单通报。" in text_of(officer.get(other))
