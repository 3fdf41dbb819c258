"""Kinds of events are said in the reader's language; what is stored stays Chinese."""

import re

import pytest
from django.test import Client
from django.utils.translation import override

from qianjun.incident.models import Incident
from qianjun.incident.queries import category_name, category_said
from tests.pages.reading import html_of, take_in, text_of

pytestmark = pytest.mark.django_db(transaction=True)
CHINESE = re.compile(r"[\u4e00-\u9fff]")
OPTION = re.compile(r'<option value="1\d[A-Z]00"[^>]*>([^<]+)</option>')


@pytest.fixture
def reader(officer: Client) -> Client:
    """The browser of somebody who reads English."""
    officer.post("/look/language/", {"language": "en", "next": "/"})
    return officer


def options(client: Client, path: str) -> list[str]:
    """The kinds that the page offers."""
    return OPTION.findall(html_of(client.get(path)))


@pytest.mark.parametrize("path", ["/intake/", "/reports/"])
def test_an_english_page_offers_english_kinds(reader: Client, path: str) -> None:
    found = options(reader, path)
    assert "Road traffic accident" in found
    assert not [one for one in found if CHINESE.search(one)]


@pytest.mark.parametrize("path", ["/intake/", "/reports/"])
def test_a_chinese_page_offers_chinese_kinds(officer: Client, path: str) -> None:
    found = options(officer, path)
    assert "道路交通事故" in found
    assert all(CHINESE.search(one) for one in found)


@pytest.mark.usefixtures("places")
def test_what_was_recognised_is_said_in_english(reader: Client) -> None:
    look = text_of(reader.post("/intake/look/", {"text": "有人喊救命", "category": "12H00"}))
    assert "Road traffic accident" in look
    assert "道路交通事故" not in look


@pytest.mark.usefixtures("places")
def test_the_room_says_english_and_the_stored_title_stays_chinese(reader: Client) -> None:
    room = take_in(reader, "弯塘社区有人喊救命", category="12J00")
    assert "Water traffic accident" in text_of(reader.get(room))
    assert "Ship collision" in text_of(reader.get(f"{room}facts/"))
    row = Incident.objects.get()
    assert row.category == "12J00"
    assert row.title == "弯塘社区水上交通事故"


def test_the_stored_name_does_not_follow_the_language() -> None:
    with override("en"):
        assert (category_name("12G00"), category_said("12G00")) == ("火灾事故", "Fire")
    with override("zh-hans"):
        assert category_said("12G00") == "火灾事故"
    assert category_said("nothing") == ""
