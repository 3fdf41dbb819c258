"""The pages of instructions and calls, as officer and leader use them."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from qianjun.incident.instruction_models import Instruction, PhoneRecord, Referral
from qianjun.incident.models import Report
from qianjun.kernel import clock
from tests import cast
from tests.incident.instructing import GOVERNMENT, POLICE, units
from tests.pages.reading import html_of, key_of, text_of

pytestmark = pytest.mark.django_db(transaction=True)
TEXT = "市局16时启动洪水防御四级，18时前报情况，联系电话10012345678"


@pytest.fixture
def leader(request: pytest.FixtureRequest) -> Client:
    """The phone of 带班领导老李."""
    request.getfixturevalue("transactional_db")
    return cast.signed_in(cast.LAOLI)


def took(client: Client, **told: str) -> str:
    """The path of an instruction that was entered by the form."""
    form = {"way": "phone", "sender": "市防汛办", "text": TEXT, "key": "k" * 12, **told}
    answer = client.post("/instructions/new/", form)
    assert answer.status_code == 302, text_of(answer)
    return answer.headers["Location"]


def hidden(page: str, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}"[^>]* value="([^"]*)"', page)
    assert found
    return found[1]


def test_from_the_form_to_the_end(officer: Client, leader: Client) -> None:
    units()
    path = took(officer, reply_by="+60", received="13:50")
    page = officer.get(path)
    assert "10012345678" not in html_of(page)
    assert "补录" in text_of(page)
    assert officer.post(f"{path}propose/", {"text": "请示", "asks": "yes"}).status_code == 302
    waiting = leader.get("/decisions/")
    assert "批示来文" in text_of(waiting)
    form = {"text": "同意", "key": hidden(html_of(waiting), "key")}
    assert leader.post(f"{path}direct/", form).status_code == 302
    assert leader.post(f"{path}direct/", form).status_code == 302
    assert "批示来文" not in text_of(leader.get("/decisions/"))
    told = {"order": "清出地下室", "units": [GOVERNMENT, POLICE], "due": "+30", "key": "r" * 12}
    assert officer.post(f"{path}refer/", told).status_code == 302
    assert officer.post(f"{path}refer/", told).status_code == 302
    assert Referral.objects.count() == 2
    for row in Referral.objects.all():
        fed = {"referral": str(row.pk), "act": "answered", "text": "清完", "at": "14:01"}
        assert officer.post(f"{path}feedback/", fed).status_code == 302
    refused = officer.post(f"{path}close/", {"outcome": "清空"})
    assert refused.status_code == 409
    assert "reply_open" in text_of(refused)
    assert 'value="清空"' in html_of(refused)
    reply = {"way": "phone", "text": "已清空", "taken_by": "李工"}
    assert officer.post(f"{path}reply/", reply).status_code == 302
    assert officer.post(f"{path}close/", {"outcome": "清空"}).status_code == 302
    assert "没有。上级来文" in text_of(officer.get("/instructions/"))
    assert "已办结" in text_of(officer.get("/instructions/?state=closed"))
    assert officer.post(f"{path}reopen/", {"why": "又来电话"}).status_code == 302


def test_what_was_typed_stays_when_it_is_refused(officer: Client) -> None:
    form = {"way": "fax", "sender": "", "text": "请派人", "received": "25:99", "key": "k" * 12}
    answer = officer.post("/instructions/new/", form)
    assert answer.status_code == 422
    assert "请派人" in html_of(answer)
    assert "时刻写成 14:02" in text_of(answer)
    answer = officer.post("/instructions/new/", form | {"received": "", "text": "机密★ 通知"})
    assert answer.status_code == 422
    assert "机密★" not in html_of(answer)
    path = took(officer)
    late = officer.post(f"{path}record/", {"text": "同意", "leader": "", "how": "voice"})
    assert late.status_code == 422
    assert "同意" in html_of(late)
    wrong = officer.post(f"{path}refer/", {"order": "办", "units": [], "due": "何时"})
    assert wrong.status_code == 422
    for act in ("remind", "withdraw", "feedback"):
        answer = officer.post(f"{path}{act}/", {"referral": "x", "what": "reply", "id": "x"})
        assert answer.status_code in (409, 422), act


def test_the_form_to_correct_shows_it_as_it_stands(officer: Client) -> None:
    path = took(officer, reply_by="+60")
    page = html_of(officer.get(f"{path}correct/"))
    row = Instruction.objects.get()
    form = {name: hidden(page, name) for name in ("version", "received", "reply_by", "sender")}
    told = {**form, "way": "fax", "text": TEXT, "title": row.title, "why": "是传真"}
    assert officer.post(f"{path}correct/", told).status_code == 302
    again = Instruction.objects.get()
    assert again.way == "fax"
    assert again.reply_by is not None
    assert row.reply_by is not None
    assert abs((again.reply_by - row.reply_by).total_seconds()) < 60
    assert "来电 → 传真" in text_of(officer.get(path))
    assert officer.post(f"{path}correct/", told).status_code == 409


def test_a_double_press_enters_it_once(officer: Client) -> None:
    took(officer)
    assert took(officer) == "/instructions/"
    assert Instruction.objects.count() == 1


def test_a_call_is_written_down_and_becomes_an_instruction(officer: Client) -> None:
    form = {"matter": "notice", "who": "区政府办", "phone": "10000000031", "text": "明天9时开会"}
    form |= {"key": "k" * 12}
    answer = officer.post("/phone-records/new/", form | {"then": "instruction"})
    assert answer.status_code == 302
    page = html_of(officer.get(answer.headers["Location"]))
    assert "明天9时开会" in page
    assert hidden(page, "phone_record") == str(PhoneRecord.objects.get().pk)
    path = took(officer, phone_record=hidden(page, "phone_record"), sender="区政府办")
    row = PhoneRecord.objects.get()
    assert path == f"/instructions/{row.instruction_id}/"
    assert Instruction.objects.get().number in text_of(officer.get("/phone-records/"))
    assert "转为来文" in text_of(officer.get(f"/phone-records/{row.pk}/"))
    word = officer.post(f"/phone-records/{row.pk}/word/")
    assert "docx" in word.headers["Content-Disposition"]
    shown = officer.post(f"/phone-records/{row.pk}/phone/", {"why": "回拨"})
    assert "10000000031" in html_of(shown)


@pytest.mark.usefixtures("places")
def test_a_call_becomes_a_report_with_nothing_typed_twice(officer: Client) -> None:
    form = {"matter": "other", "who": "演示群众", "text": "弯塘社区起火", "key": "k" * 12}
    officer.post("/phone-records/new/", form)
    row = PhoneRecord.objects.get()
    assert officer.post(f"/phone-records/{row.pk}/report/").headers["Location"] == "/intake/"
    page = html_of(officer.get("/intake/"))
    assert "弯塘社区起火" in page
    sent = {"key": key_of(officer), "text": "弯塘社区起火"}
    sent |= {"phone_record": hidden(page, "phone_record")}
    assert officer.post("/intake/", sent).status_code == 302
    row.refresh_from_db()
    assert row.report == Report.objects.get()
    assert officer.post(f"/phone-records/{row.pk}/report/").status_code == 302
    assert "turned_already" in text_of(officer.get(f"/phone-records/{row.pk}/"))


def test_whoever_has_nothing_to_do_with_it_sees_none_of_it(officer: Client) -> None:
    path = took(officer)
    street, chief = cast.signed_in(cast.JIEDAO), cast.signed_in(cast.JUZHANG)
    assert street.get(path).status_code == 403
    assert chief.get(path).status_code == 200
    assert "写拟办意见" not in text_of(chief.get(path))
    assert chief.get("/instructions/new/").status_code == 403
    assert officer.get("/instructions/999/").status_code == 404
    assert officer.get("/phone-records/999/").status_code == 404
    assert "记电话" in text_of(officer.get("/intake/"))


def test_the_desk_shows_how_many_are_open_and_which_is_most_urgent(
    officer: Client, held_clock: clock.Held
) -> None:
    assert "没有办结" not in text_of(officer.get("/"))
    took(officer, sender="市应急局", received="10:00")
    path = took(officer, key="b" * 12, reply_by="+30")
    held_clock.forward(timedelta(hours=1))
    page = officer.get("/")
    assert "2 件来文没有办结 · 1 件超时" in text_of(page)
    assert "最早 10:00 市应急局" in text_of(page)
    assert f'href="{path}"' in html_of(page)
