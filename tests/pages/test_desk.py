"""The desk: who is on duty, what is open, what waits for a person."""

from datetime import timedelta

import pytest
from django.test import Client

from qianjun.incident.models import Report
from qianjun.journal.models import Card
from qianjun.kernel import clock
from qianjun.message.actions import send
from qianjun.message.models import Message
from qianjun.org.actor import system
from qianjun.org.models import Address
from tests import cast
from tests.pages.reading import html_of, take_in, text_of

pytestmark = pytest.mark.django_db(transaction=True)


def whole(client: Client) -> str:
    """The words of the desk with the columns that it fetches."""
    return f"{text_of(client.get('/'))} {text_of(client.get('/desk/columns/'))}"


def test_an_empty_desk_says_what_will_be_here_and_offers_one_thing(officer: Client) -> None:
    page = text_of(officer.get("/"))
    assert "没有在办事件。立案后会出现在这里" in page
    assert "无人在岗" in page
    assert 'href="/intake/"' in html_of(officer.get("/"))


def test_who_is_on_duty_and_what_is_open(officer: Client) -> None:
    cast.put_on_duty(cast.LAOLI)
    cast.put_on_duty(cast.XIAOWANG, post="duty_officer")
    path = take_in(officer, "弯塘社区起火")
    page = text_of(officer.get("/"))
    assert "带班领导老李" in page
    assert "值班员小王" in page
    assert "450202-20260601-0001" in page
    assert f'href="{path}"' in html_of(officer.get("/"))


def test_a_join_that_waits_is_confirmed_from_the_desk(officer: Client) -> None:
    path = take_in(officer, "弯塘社区起火")
    take_in(officer, "又一个来电", join=path.strip("/").rsplit("/", 1)[1])
    Report.objects.filter(text="又一个来电").update(
        joined="auto", join_probability=0.97, confirmed_at=None
    )
    report = Report.objects.get(text="又一个来电")
    assert "0.97" in text_of(officer.get("/"))
    officer.post(f"/reports/{report.pk}/confirm/", {"next": "/"})
    page = text_of(officer.get("/"))
    assert "归并已确认" in page
    assert "0.97" not in page


def test_a_job_given_up_is_retried_or_dropped_with_a_reason(officer: Client) -> None:
    card = Card.objects.create(
        reaction="duty.call_leader", cause="<b>boom</b>", attempts=8, made_at=clock.now()
    )
    page = html_of(officer.get("/desk/columns/"))
    assert "duty.call_leader" in page
    assert "<b>boom" not in page
    officer.post(f"/desk/cards/{card.pk}/drop/", {"reason": ""})
    assert "(reason_needed)" in whole(officer)
    officer.post(f"/desk/cards/{card.pk}/drop/", {"reason": "已人工办理"})
    card.refresh_from_db()
    assert card.settled_how == "drop"
    officer.post(f"/desk/cards/{card.pk}/retry/")
    assert "(already_settled)" in whole(officer)
    assert officer.post("/desk/cards/999999/retry/").status_code == 404


def test_a_message_that_did_not_arrive_is_sent_again_or_settled(officer: Client) -> None:
    leader = cast.person(cast.LAOLI)
    send(by=system(), purpose="report", matter="x", person=leader.pk, text="火", rank=0)
    assert "带班领导老李" in whole(officer)
    message = Message.objects.get()
    officer.post(f"/desk/messages/{message.pk}/retry/")
    assert "没有可用的联系方式" in whole(officer)
    Address.objects.create(
        person=leader,
        channel="simulated",
        value="10000010003",
        consent_at=clock.real(),
        consent_text="同意",
        is_synthetic=True,
    )
    officer.post(f"/desk/messages/{message.pk}/retry/")
    assert "已排队重发" in whole(officer)
    officer.post(f"/desk/messages/{message.pk}/drop/", {"reason": "已打座机"})
    assert "都已送达" in whole(officer)


def test_the_next_deadline_stands_above(officer: Client, held_clock: object) -> None:
    take_in(officer, "第一件")
    held_clock.forward(timedelta(minutes=10))  # type: ignore[attr-defined]
    take_in(officer, "第二件")
    page = whole(officer)
    assert "下一个到期 16:05" in page


def test_the_desk_refreshes_in_parts(officer: Client) -> None:
    parts = html_of(officer.get("/desk/live/")) + html_of(officer.get("/desk/columns/"))
    assert "<html" not in parts
    for part in ("answers", "open", "unconfirmed", "unreached", "cards"):
        assert f'id="{part}"' in parts


def test_a_task_that_is_late_shows_on_the_desk(officer: Client, held_clock: clock.Held) -> None:
    room = take_in(officer, "弯塘社区起火")
    officer.post(f"{room}tasks/", {"title": "封控", "due": "+5"})
    assert "任务超时" not in whole(officer)
    held_clock.forward(timedelta(minutes=6))
    assert "任务超时 1" in whole(officer)


def test_what_was_missed_leads_to_the_log(officer: Client) -> None:
    page = html_of(officer.get("/"))
    note = page[page.index("data-missed hidden") :]
    assert 'href="/duty/log/"' in note[: note.index("data-missed-close")]
