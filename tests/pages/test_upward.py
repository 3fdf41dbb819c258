"""The page of reports upward, and the leader's: draft, signature, who has it."""

import re
from io import BytesIO

import pytest
from django.test import Client
from docx import Document

from qianjun.org.models import Read
from qianjun.org.seeding import seed_units
from qianjun.response.upward_models import UpwardReport
from tests import cast
from tests.pages.reading import html_of, take_in, text_of

pytestmark = pytest.mark.django_db(transaction=True)
CITY = "450200-YJ"


@pytest.fixture
def leader(request: pytest.FixtureRequest) -> Client:
    """The phone of 带班领导老李."""
    request.getfixturevalue("transactional_db")
    return cast.signed_in(cast.LAOLI)


@pytest.fixture
def room(officer: Client) -> str:
    """The path of a fire."""
    seed_units()
    return take_in(officer, "厂房起火", category="12G00", source="119")


def hidden(page: str, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found
    return found[1]


def test_a_first_report_from_the_room_to_the_signature(
    officer: Client, leader: Client, room: str
) -> None:
    assert 'href="' + room + "upward/" in html_of(officer.get(room))
    page = officer.get(f"{room}upward/")
    assert "首报" in text_of(page)
    assert "签发时写“正在核实”。" in text_of(page)
    version = hidden(html_of(page), "version")
    told = {"element": "trend", "text": "火势受控", "version": version}
    assert officer.post(f"{room}upward/write/", told).status_code == 302
    # a second person wrote on the older one: his words stay on the page
    stale = officer.post(f"{room}upward/write/", {**told, "text": "蔓延"})
    assert stale.status_code == 409
    assert "蔓延" in html_of(stale)
    assert "stale" in text_of(stale)
    assert officer.post(f"{room}upward/act/", {"act": "ask"}).status_code == 302
    assert "签发首报" in text_of(leader.get("/decisions/"))
    asked = html_of(leader.get(f"{room}upward/sign/"))
    assert "火势受控" in asked
    assert "报给 3 个单位，公众 0 人" in asked
    form = {"digest": hidden(asked, "digest"), "key": hidden(asked, "key")}
    assert officer.post(f"{room}upward/sign/", form).status_code == 403
    answer = leader.post(f"{room}upward/sign/", form)
    assert answer.status_code == 302
    # the second click signs nothing more
    assert leader.post(f"{room}upward/sign/", form).status_code == 302
    row = UpwardReport.objects.get(signed_at__isnull=False)
    paper = text_of(leader.get(answer.headers["Location"]))
    assert row.number in paper
    assert row.digest in paper
    assert "带班领导老李" in paper
    assert "还有 3 个单位没有送到" in text_of(officer.get(f"{room}upward/"))
    look_at_word(officer, row)


def look_at_word(officer: Client, row: UpwardReport) -> None:
    """The same bytes each time, with the words that were signed; each taking out is noted."""
    word = officer.post(f"/upward/{row.pk}/word/")
    assert word.headers["Content-Disposition"] == f'attachment; filename="{row.number}.docx"'
    assert word.content == officer.post(f"/upward/{row.pk}/word/").content
    shown = "\n".join(one.text for one in Document(BytesIO(word.content)).paragraphs)
    assert "火势受控" in shown
    assert "正在核实" in shown
    noted = Read.objects.filter(what="leave.export")
    assert noted.count() == 2
    assert officer.post("/upward/999/word/").status_code == 404


def test_what_changes_under_the_leaders_eyes_is_not_signed(
    officer: Client, leader: Client, room: str
) -> None:
    asked = html_of(leader.get(f"{room}upward/sign/"))
    told = {"element": "trend", "text": "蔓延", "version": "0"}
    officer.post(f"{room}upward/write/", told)
    form = {"digest": hidden(asked, "digest"), "key": hidden(asked, "key")}
    again = leader.post(f"{room}upward/sign/", form)
    assert again.status_code == 409
    assert "您看过之后内容有了变化" in text_of(again)
    assert "蔓延" in text_of(again)
    now = html_of(again)
    form = {"digest": hidden(now, "digest"), "key": hidden(now, "key")}
    assert leader.post(f"{room}upward/sign/", form).status_code == 302


def test_calls_deliveries_and_receipts_are_noted_and_taken_back(
    officer: Client, leader: Client, room: str
) -> None:
    call = {"unit": CITY, "phone_report": "yes", "act": "told", "taken_by": "李工"}
    officer.post(f"{room}upward/deliver/", {**call, "taken_by": ""})
    assert "too_short" in text_of(officer.get(f"{room}upward/"))
    assert officer.post(f"{room}upward/deliver/", call).status_code == 302
    assert "李工 接" in text_of(officer.get(f"{room}upward/"))
    asked = html_of(leader.get(f"{room}upward/sign/"))
    leader.post(f"{room}upward/sign/", {"digest": hidden(asked, "digest"), "key": "k" * 12})
    given = {"unit": CITY, "act": "told", "way": "fax"}
    officer.post(f"{room}upward/deliver/", given)
    assert "书面已送，等回执" in text_of(officer.get(f"{room}upward/"))
    officer.post(f"{room}upward/deliver/", {**given, "act": "received", "taken_by": "王科"})
    assert "王科" in text_of(officer.get(f"{room}upward/"))
    officer.post(f"{room}upward/deliver/", {**given, "act": "withdrawn"})
    assert "还有 3 个单位没有送到" in text_of(officer.get(f"{room}upward/"))


def test_the_short_clocks_a_check_and_a_waiver(officer: Client, leader: Client, room: str) -> None:
    officer.post(f"{room}upward/act/", {"act": "quicken", "why": "带班领导电话要求"})
    assert "已启用" in text_of(officer.get(f"{room}upward/"))
    officer.post(f"{room}figures/", {"kind": "dead", "value": "1", "source": "消防"})
    assert "遇难 1 消防 正在核实" in text_of(officer.get(f"{room}upward/"))
    officer.post(f"{room}upward/act/", {"act": "check", "kind": "dead"})
    assert "死亡1人（已核实，来源：消防）" in text_of(officer.get(f"{room}upward/"))
    officer.post(f"{room}upward/act/", {"act": "dance"})
    assert "unknown_act" in text_of(officer.get(f"{room}upward/"))
    assert officer.post(f"{room}upward/waive/", {"why": "x"}).status_code == 403
    leader.post(f"{room}upward/waive/", {"why": "虚警"})
    assert "决定不报" in text_of(officer.get(f"{room}upward/"))


def test_each_family_of_reports_has_its_own_page(officer: Client, leader: Client) -> None:
    seed_units()
    flood = take_in(officer, "江水漫上街", category="11A00", source="sub_district")
    page = officer.get(f"{flood}upward/?family=disaster")
    assert "灾情初报" in text_of(page)
    assert "倒损住房" in text_of(page)
    assert "灾情统计" in text_of(officer.get(f"{flood}upward/"))
    told = {"element": "houses", "text": "倒塌2间", "version": hidden(html_of(page), "version")}
    wrote = officer.post(f"{flood}upward/write/?family=disaster", told)
    assert wrote.headers["Location"].endswith("?family=disaster")
    signing = html_of(leader.get(f"{flood}upward/sign/?family=disaster"))
    assert "倒塌2间" in signing
    digest = hidden(signing, "digest")
    signed = leader.post(f"{flood}upward/sign/?family=disaster", {"digest": digest})
    assert "ZQ-" in text_of(leader.get(signed.headers["Location"]))
