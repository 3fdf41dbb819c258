"""The pages of reminding all, of merged incidents, and of what the press asks."""

import pytest
from django.test import Client

from qianjun.incident.models import Incident
from qianjun.org.seeding import seed_units
from qianjun.response.closing_models import MediaEnquiry
from tests.pages.reading import html_of, take_in, text_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def room(officer: Client) -> str:
    """The path of a fire."""
    seed_units()
    return take_in(officer, "厂房起火", category="12G00", source="119")


def test_who_owes_an_answer_is_shown_before_the_second_key(officer: Client, room: str) -> None:
    assert "没有人欠答复" in text_of(officer.get("/chase/"))
    assert "没有人欠答复" in text_of(officer.get(f"{room}chase/"))
    refused = officer.post(f"{room}chase/", {})
    assert refused.status_code == 409
    assert "nothing_to_remind" in text_of(refused)


def test_two_incidents_are_merged_and_taken_apart(officer: Client, room: str) -> None:
    other = take_in(officer, "车祸，两车相撞", category="12H00", source="122")
    key = other.strip("/").split("/")[-1]
    told = {"other": key, "why": "同一处"}
    assert officer.post(f"{room}merge/", told).status_code == 302
    page = text_of(officer.get(f"{room}merged/"))
    assert "两车相撞" in page
    assert "并入" in page
    assert "已并入另一事件" in text_of(officer.get(f"{other}merged/"))
    assert "并入" in text_of(officer.get("/incidents/?state=closed"))
    assert officer.post(f"{other}unmerge/", {"why": "两件事"}).status_code == 302
    assert Incident.objects.get(pk=key).state == "open"


def test_the_press_asks_and_only_public_lines_may_be_said(officer: Client, room: str) -> None:
    told = {"asked_by": "演示记者", "medium": "演示日报", "question": "几人受伤", "until": "x"}
    assert officer.post(f"{room}enquiries/take/", told).status_code == 302
    page = text_of(officer.get(f"{room}enquiries/"))
    assert "几人受伤" in page
    assert "没有标为公开的内容，什么也不能说" in page
    row = MediaEnquiry.objects.get()
    said = {"answer": "正在核实", "incident": str(row.incident_id)}
    assert officer.post(f"/enquiries/{row.pk}/answer/", said).status_code == 302
    assert "正在核实" in html_of(officer.get(f"{room}enquiries/"))
