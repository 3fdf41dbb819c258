"""A form of the room that comes twice, by a second click or after a lost answer, counts once."""

import re

import pytest
from django.test import Client

from qianjun.journal.models import Entry
from tests import cast
from tests.pages.reading import html_of, take_in, text_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def room(officer: Client) -> str:
    """The path of an incident that stands."""
    return take_in(officer, "弯塘社区起火", source="public")


def key_in(page: str, action: str) -> str:
    """The key of a form of the room, by where it is sent."""
    found = re.search(rf'action="[^"]*/{action}/".*?name="key" value="([^"]+)"', page, re.DOTALL)
    assert found, action
    return found[1]


@pytest.mark.parametrize(
    ("action", "form"),
    [
        ("notes", {"text": "北门已封", "kind": "fact"}),
        ("figures", {"kind": "injured", "value": "3", "source": "119"}),
        ("tasks", {"title": "封控路口"}),
        ("confirmations", {"text": "请马上到岗"}),
    ],
)
def test_a_form_that_is_sent_twice_is_recorded_once(
    officer: Client, room: str, action: str, form: dict[str, str]
) -> None:
    form["key"] = key_in(html_of(officer.get(room)), action)
    if action == "confirmations":
        form["people"] = str(cast.person(cast.LAOLI, phone="10000000002").pk)
    before = Entry.objects.count()
    assert officer.post(f"{room}{action}/", form).status_code == 302
    once = Entry.objects.count()
    assert once > before
    assert officer.post(f"{room}{action}/", form).status_code == 302
    assert "没有重复记录" in text_of(officer.get(room))
    assert Entry.objects.count() == once
    form["key"] = key_in(html_of(officer.get(room)), action)
    assert officer.post(f"{room}{action}/", form).status_code == 302
    assert Entry.objects.count() > once


def test_a_form_that_was_refused_keeps_its_key_and_a_changed_one_gets_another(
    officer: Client, room: str
) -> None:
    key = key_in(html_of(officer.get(room)), "notes")
    page = html_of(officer.post(f"{room}notes/", {"text": "", "kind": "fact", "key": key}))
    assert key_in(page, "notes") == key
    sent = {"text": "北门已封", "kind": "fact", "key": key}
    assert officer.post(f"{room}notes/", sent).status_code == 302
    reply = officer.post(f"{room}notes/", {**sent, "text": "南门已封"})
    assert reply.status_code == 422
    assert "key_reused" in text_of(reply)
    assert "南门已封" in html_of(reply)
    assert key_in(html_of(reply), "notes") != key
