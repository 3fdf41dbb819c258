"""The intake page: text alone is enough, nothing typed is lost, nothing is taken in twice."""

import pytest
from django.test import Client

from qianjun.incident.models import Incident, Report
from qianjun.response.models import Draft
from tests import cast
from tests.pages.reading import html_of, key_of, take_in, text_of

pytestmark = pytest.mark.django_db(transaction=True)
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{ 7 }}"


def test_text_alone_opens_an_incident_and_says_so(officer: Client) -> None:
    path = take_in(officer, "路边着火了")
    page = text_of(officer.get(path))
    assert "已立案 450202-20260601-0001" in page
    assert "路边着火了" in page
    assert "在哪里？" in page  # what is missing is a question


@pytest.mark.usefixtures("places")
def test_the_four_facts_arrive(officer: Client) -> None:
    sent = {"where": "弯塘社区", "source": "119", "injured": "2", "missing": "0"}
    sent |= {"caller_name": "演示王", "caller_phone": "10000012345", "occurred": "14:02"}
    take_in(officer, "居民楼起火", **sent)
    report = Report.objects.get()
    assert report.source == "119"
    assert report.channel == "phone"
    assert report.place_name == "弯塘社区"
    assert report.occurred_at is not None
    assert report.occurred_at.isoformat() == "2026-06-01T06:02:00+00:00"
    told = dict(report.figures.values_list("kind", "value"))
    assert told == {"injured": 2, "missing": 0}


def test_a_time_that_is_still_to_come_was_yesterday(officer: Client) -> None:
    take_in(officer, "昨晚的事", occurred="23:50")
    at = Report.objects.get().occurred_at
    assert at is not None
    assert at.isoformat() == "2026-05-31T15:50:00+00:00"


@pytest.mark.parametrize("wrong", ["25:00", "昨天", "02-30 10:00", "99-99 10:00", "14:2"])
def test_a_time_that_is_none_is_named(officer: Client, wrong: str) -> None:
    response = officer.post("/intake/", {"key": key_of(officer), "text": "火", "occurred": wrong})
    assert response.status_code == 422
    assert "时刻写成 14:02" in text_of(response)
    assert wrong in html_of(response)


def test_without_text_nothing_is_opened_and_what_was_typed_stays(officer: Client) -> None:
    sent = {"key": key_of(officer), "text": " ", "where": "弯塘社区", "source": "122"}
    response = officer.post("/intake/", {**sent, "caller_phone": "10000012345"})
    page = html_of(response)
    assert response.status_code == 422
    assert "请写一句发生了什么" in page
    assert 'value="弯塘社区"' in page
    assert 'value="10000012345"' in page
    assert 'value="122" checked' in page
    assert not Incident.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("injured", "很多"),
        ("injured", "-1"),
        ("dead", "9" * 30),
        ("source", "moon"),
        ("channel", "telepathy"),
        ("join", "999999"),
        ("join", "' OR 1=1"),
        ("caller_name", "字" * 61),
        ("where", "字" * 201),
        ("text", "字" * 5001),
        ("text", "a\0b"),
        ("place", "没有这个候选"),
        ("key", ""),
        ("key", "short"),
    ],
)
def test_a_wrong_value_is_one_sentence_and_writes_nothing(
    officer: Client, field: str, value: str
) -> None:
    sent = {"key": key_of(officer), "text": "火", field: value}
    response = officer.post("/intake/", sent)
    assert response.status_code in (404, 422)
    assert not Report.objects.exists()


def test_hostile_text_is_shown_and_does_nothing(officer: Client) -> None:
    path = take_in(officer, HOSTILE, where=HOSTILE[:60], caller_name=HOSTILE[:60])
    for page in (path, "/", "/incidents/", f"/incidents/?q={HOSTILE[:30]}", f"{path}live/"):
        shown = html_of(officer.get(page))
        assert "<script>alert" not in shown
        assert "<img src=x" not in shown


def test_the_same_form_sent_twice_is_taken_in_once(officer: Client) -> None:
    sent = {"key": key_of(officer), "text": "按了两次"}
    first, second = officer.post("/intake/", sent), officer.post("/intake/", sent)
    assert first.headers["Location"] == second.headers["Location"]
    assert Report.objects.count() == 1


def test_a_form_that_was_taken_in_takes_no_other_words(officer: Client) -> None:
    key = key_of(officer)
    officer.post("/intake/", {"key": key, "text": "第一件"})
    response = officer.post("/intake/", {"key": key, "text": "第二件"})
    assert response.status_code == 422
    assert "这张单已经立过案" in text_of(response)
    assert Report.objects.count() == 1


def test_a_refused_form_may_be_sent_again_with_its_key(officer: Client) -> None:
    key = key_of(officer)
    assert officer.post("/intake/", {"key": key, "text": "火", "dead": "x"}).status_code == 422
    assert officer.post("/intake/", {"key": key, "text": "火", "dead": "0"}).status_code == 302


@pytest.mark.usefixtures("places")
def test_looking_keeps_the_draft_and_writes_nothing_else(officer: Client) -> None:
    response = officer.post("/intake/look/", {"text": "弯塘社区起火，3人受伤", "where": ""})
    page = text_of(response)
    assert "弯塘社区" in page
    assert "火灾" in page
    assert "受伤 3" in page
    assert "趁电话没挂再问" in page
    assert not Report.objects.exists()
    assert Draft.objects.get().fields == {"text": "弯塘社区起火，3人受伤"}


def test_a_draft_is_there_again_and_gone_when_taken_in(officer: Client) -> None:
    officer.post("/intake/look/", {"text": "说到一半", "source": "110", "injured": "2"})
    page = html_of(officer.get("/intake/"))
    assert "说到一半" in page
    assert 'value="110" checked' in page
    take_in(officer, "说到一半，说完了")
    assert "说到一半" not in html_of(officer.get("/intake/"))


def test_a_draft_belongs_to_one_person(officer: Client) -> None:
    officer.post("/intake/look/", {"text": "我的草稿"})
    assert "我的草稿" not in html_of(cast.signed_in(cast.XIAOZHAO).get("/intake/"))


def test_a_form_is_put_away_or_cleared_without_a_script(officer: Client) -> None:
    away = officer.post("/intake/keep/", {"text": "等会儿再填"})
    assert away.headers["Location"] == "/"
    assert "等会儿再填" in html_of(officer.get("/intake/"))
    officer.post("/intake/clear/", {"text": "等会儿再填"})
    assert "等会儿再填" not in html_of(officer.get("/intake/"))


@pytest.mark.usefixtures("places")
def test_none_and_elsewhere_are_answers(officer: Client) -> None:
    nowhere = text_of(officer.post("/intake/look/", {"text": "着火了"}))
    assert "没有认出地点" in nowhere
    elsewhere = text_of(officer.post("/intake/look/", {"text": "柳南区河西路着火了"}))
    assert "听起来不在本区" in elsewhere


@pytest.mark.usefixtures("places")
def test_a_possible_duplicate_is_shown_and_can_be_joined(officer: Client) -> None:
    path = take_in(officer, "弯塘社区起火，有明火")
    look = html_of(officer.post("/intake/look/", {"text": "弯塘社区着火了"}))
    ident = path.strip("/").rsplit("/", 1)[1]
    assert f'name="join" id="join-{ident}"' in look
    assert take_in(officer, "弯塘社区着火了", join=ident) == path
    assert "2 份" in text_of(officer.get(path))


@pytest.mark.usefixtures("places")
def test_a_street_takes_reports_in_and_is_told_the_number_alone() -> None:
    street = cast.signed_in(cast.JIEDAO)
    assert take_in(street, "弯塘社区有积水") == "/intake/"
    assert "已接报，编号 J-20260601-0001" in text_of(street.get("/intake/"))
    look = text_of(street.post("/intake/look/", {"text": "弯塘社区有积水"}))
    assert "450202-2026" not in look
