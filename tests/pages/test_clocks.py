"""The pages of clocks: an incident's, the sums of a period, and the rows behind a number."""

import pytest
from django.test import Client

from qianjun.org.actor import system
from qianjun.org.seeding import seed_units
from qianjun.response.actions import expect_clocks
from tests.pages.reading import html_of, take_in, text_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def room(officer: Client) -> str:
    """The path of a fire whose clocks run."""
    seed_units()
    path = take_in(officer, "厂房起火", category="12D00", source="119")
    expect_clocks(by=system(name="response"), incident_id=int(path.strip("/").split("/")[-1]))
    return path


def test_an_incident_shows_whom_it_is_due_to_with_rule_start_and_source(
    officer: Client, room: str
) -> None:
    shown = text_of(officer.get(f"{room}clocks/"))
    assert "事故通报 人社局" in shown
    assert "自接报 14:05 起，16:05 到期" in shown
    assert "国务院令第493号" in shown
    assert "企业的时限" in shown
    assert "clocks/" in html_of(officer.get(room))
    part = officer.get(f"{room}clocks/", headers={"HX-Request": "true"})
    assert "<html" not in html_of(part)


def test_every_number_of_the_sums_leads_to_its_rows(officer: Client, room: str) -> None:
    page = html_of(officer.get("/punctuality/"))
    assert "unit=450202-RSJ&amp;step=accident_notice&amp;state=open" in page
    rows = officer.get("/punctuality/rows/?unit=450202-RSJ&step=accident_notice&state=open")
    assert "人社局" in text_of(rows)
    assert room in html_of(rows)
    assert "没有这样的时限" in text_of(officer.get("/punctuality/rows/?state=late"))
    wrong = officer.get("/punctuality/?from=gestern")
    assert wrong.status_code == 422
    assert "bad_date" in text_of(wrong)
    taken = officer.post("/lists/punctuality/excel/")
    assert taken.status_code == 200
