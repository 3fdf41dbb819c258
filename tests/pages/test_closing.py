"""The page before an incident is closed: what is left, lessons, and the list of them."""

import pytest
from django.test import Client

from qianjun.org.seeding import seed_units
from qianjun.response.closing_models import Lesson
from tests.pages.reading import html_of, take_in, text_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def room(officer: Client) -> str:
    """The path of a fire."""
    seed_units()
    return take_in(officer, "厂房起火", category="12G00", source="119")


def test_the_list_leads_to_what_is_left_and_closes(officer: Client, room: str) -> None:
    officer.post(f"{room}tasks/", {"title": "封控", "lead": "450202-GA"})
    assert f"{room}closing/" in html_of(officer.get(room))
    page = officer.get(f"{room}closing/")
    assert "任务未办结 1 件未了" in text_of(page)
    assert "在“任务”里办结、撤销或转交。" in text_of(page)
    assert "办完才能结案" in text_of(page)


def test_a_lesson_is_put_down_kept_when_refused_and_done(officer: Client, room: str) -> None:
    told = {"text": "补消火栓图", "unit": "450202-XF", "person": "", "due_on": "2026-05-01"}
    refused = officer.post(f"{room}lessons/", told)
    assert refused.status_code == 422
    assert "补消火栓图" in html_of(refused)
    told = {**told, "due_on": "2026-06-30", "key": "a-key-of-one-form"}
    assert officer.post(f"{room}lessons/", told).status_code == 302
    assert officer.post(f"{room}lessons/", told).status_code == 302
    row = Lesson.objects.get()
    listed = text_of(officer.get("/lessons/"))
    assert "补消火栓图" in listed
    assert "消防救援大队" in listed
    did = {"act": "done", "how": "已补齐", "next": "/lessons/"}
    assert officer.post(f"/lessons/{row.pk}/done/", did).status_code == 302
    assert "已补齐" in text_of(officer.get("/lessons/?state=done"))
    assert "已补齐" not in text_of(officer.get("/lessons/"))
    assert officer.post("/lists/lessons/excel/").status_code == 200
