"""The pages of the duty room: roster and log, as an officer uses them."""

from datetime import timedelta

import pytest
from django.test import Client

from qianjun.duty.models import Bulletin, Shift, ShiftHandOver
from qianjun.kernel import clock
from qianjun.org.seeding import seed_posts, seed_units
from tests import cast
from tests.pages.reading import html_of, take_in, text_of
from tests.pages.test_upward import hidden

pytestmark = pytest.mark.django_db(transaction=True)
LOCAL = "%Y-%m-%dT%H:%M"


def local(hours: int) -> str:
    return clock.in_beijing(clock.now() + timedelta(hours=hours)).strftime(LOCAL)


def test_a_shift_is_entered_once_changed_and_taken_off(officer: Client) -> None:
    seed_posts()
    zhao, li = cast.person(cast.XIAOZHAO), cast.person(cast.LAOLI)
    page = html_of(officer.get("/duty/roster/"))
    assert "这个月还没有排班" in page
    form = {
        "post": "duty_officer",
        "person": str(zhao.pk),
        "since": local(4),
        "until": local(12),
        "key": hidden(page, "key"),
        "times": "1",
    }
    for _twice in range(2):
        assert officer.post("/duty/roster/enter/", form).status_code == 302
    row = Shift.objects.get()
    assert zhao.name in text_of(officer.get("/duty/roster/"))
    # refused: what was typed stays, and nothing is written
    wrong = officer.post("/duty/roster/enter/", form | {"key": "", "until": local(2)})
    assert wrong.status_code == 422
    assert "bad_order" in text_of(wrong)
    told = {"person": str(li.pk), "since": local(4), "until": local(10), "version": "1"}
    assert officer.post(f"/duty/roster/{row.pk}/change/", told).status_code == 302
    stale = officer.post(f"/duty/roster/{row.pk}/change/", told)
    assert "stale" in text_of(stale)
    officer.post(f"/duty/roster/{row.pk}/act/", {"act": "remove"})
    assert "刚撤下的" in text_of(officer.get("/duty/roster/"))
    officer.post(f"/duty/roster/{row.pk}/act/", {"act": "restore"})
    assert li.name in text_of(officer.get("/duty/roster/"))
    answer = officer.post("/lists/shifts/excel/")
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "typed", ["", "x", "9" * 400, "2026-06-01T08:00+08:00", "0001-01-01T00:00"]
)
def test_a_time_that_is_none_is_refused_with_a_sentence(officer: Client, typed: str) -> None:
    seed_posts()
    who = cast.person(cast.XIAOZHAO)
    form = {"post": "duty_officer", "person": str(who.pk), "since": typed, "until": local(9)}
    answer = officer.post("/duty/roster/enter/", form)
    assert answer.status_code == 422
    assert "bad_time" in text_of(answer)


def test_the_log_of_a_day_is_written_filtered_corrected_and_taken_out(officer: Client) -> None:
    room = take_in(officer, "厂房起火", category="12G00", source="119")
    page = html_of(officer.get("/duty/log/"))
    assert f'href="{room}"' in page
    note = {"text": "局办来电", "happened_at": local(-3), "key": hidden(page, "key")}
    for _twice in range(2):
        assert officer.post("/duty/log/note/", note).status_code == 302
    noted = html_of(officer.get("/duty/log/?group=noted"))
    assert noted.count("局办来电") == 2  # the line, and the field that would correct it
    assert "补录" in noted
    assert "厂房起火" not in noted
    entry = noted.split('id="e')[1].split('"')[0]
    officer.post(f"/duty/log/{entry}/correct/", {"text": "局办来文", "why": "听错"})
    fixed = text_of(officer.get("/duty/log/?whole=yes"))
    assert "局办来文（听错）" in fixed
    empty = officer.post("/duty/log/note/", {"text": " "})
    assert empty.status_code == 422
    word = officer.post("/lists/duty_log/word/?group=noted")
    assert word.content[:2] == b"PK"
    assert officer.post("/lists/duty_log/excel/?day=2026-06-01").status_code == 200
    for odd in ("day=x", "page=99999999", "group=zzz", "page=-1"):
        assert officer.get(f"/duty/log/?{odd}").status_code == 200, odd


def test_the_log_is_not_for_everybody() -> None:
    keeper = cast.signed_in(cast.KEEPER)
    assert keeper.get("/duty/log/").status_code == 403
    leader = cast.signed_in(cast.JUZHANG)
    page = html_of(leader.get("/duty/log/"))
    assert "记入日志" not in page
    assert leader.post("/duty/log/note/", {"text": "会议"}).status_code == 403


def test_two_people_hand_over_on_their_own_log_ins(officer: Client) -> None:
    seed_posts()
    cast.put_on_duty(cast.XIAOWANG, post="duty_officer")
    room = take_in(officer, "厂房起火", category="12G00", source="119")
    page = html_of(officer.get("/duty/hand-over/"))
    assert f'href="{room}"' in page
    form = {"post": "duty_officer", "note": "等市局回复", "key": hidden(page, "key")}
    for _twice in range(2):
        assert officer.post("/duty/hand-over/sign/", form).status_code == 302
    row = ShiftHandOver.objects.get()
    act = f"/duty/hand-over/{row.pk}/act/"
    # not by himself
    officer.post(act, {"act": "sign"})
    row.refresh_from_db()
    assert row.signed_in_at is None
    zhao = cast.signed_in(cast.XIAOZHAO)
    waiting = text_of(zhao.get("/duty/hand-over/"))
    assert "等市局回复" in waiting
    assert "接班签字" in waiting
    answer = zhao.post(act, {"act": "sign"})
    sheet = text_of(zhao.get(answer.headers["Location"]))
    assert "值班员小王" in sheet
    assert "值班员小赵" in sheet
    assert officer.post(f"/duty/hand-over/{row.pk}/word/").content[:2] == b"PK"
    assert officer.post("/duty/hand-over/pack/").content[:2] == b"PK"
    again = text_of(officer.get("/duty/hand-over/"))
    assert "您现在不在岗" in again or "交班签字" in again
    refusal = zhao.post("/duty/hand-over/sign/", {"post": "leader_in_charge", "note": "x"})
    assert refusal.status_code == 409
    assert "not_on_post" in text_of(refusal)
    for odd in ("0", "x", "9" * 30):
        assert zhao.get(f"/duty/hand-over/{odd}/").status_code == 404


def test_the_shift_leader_signs_for_one_who_is_ill(officer: Client) -> None:
    seed_posts()
    cast.put_on_duty(cast.XIAOWANG, post="duty_officer")
    assert "代签" not in text_of(officer.get("/duty/hand-over/"))
    assert officer.post("/duty/hand-over/sign-for/", {}).status_code == 403
    leader = cast.signed_in(cast.LAOLI)
    page = html_of(leader.get("/duty/hand-over/"))
    ill = f"duty_officer:{cast.actor(cast.XIAOWANG).person}"
    assert f'value="{ill}"' in page
    form = {"absent": ill, "why": "", "note": "等回复", "key": hidden(page, "key")}
    refusal = leader.post("/duty/hand-over/sign-for/", form)
    assert refusal.status_code == 422
    assert "等回复" in text_of(refusal)
    for _twice in range(2):
        assert leader.post("/duty/hand-over/sign-for/", {**form, "why": "送医"}).status_code == 302
    row = ShiftHandOver.objects.get()
    waiting = text_of(cast.signed_in(cast.XIAOZHAO).get("/duty/hand-over/"))
    assert "送医" in waiting
    assert "看过了，接班签字" in waiting
    sheet = text_of(leader.get(f"/duty/hand-over/{row.pk}/"))
    assert "带班领导代签" in sheet
    for odd in ("", ":", "x:1", "duty_officer:９", "duty_officer:" + "9" * 30):
        told = {**form, "absent": odd, "why": "x", "key": ""}
        assert leader.post("/duty/hand-over/sign-for/", told).status_code in (404, 409, 422)


def test_a_bulletin_is_drafted_written_issued_and_taken_out(officer: Client) -> None:
    seed_posts()
    seed_units()
    assert "还没有值班信息" in text_of(officer.get("/duty/bulletins/"))
    assert officer.post("/duty/bulletins/draft/").status_code == 302
    row = Bulletin.objects.get()
    there = f"/duty/bulletins/{row.pk}/"
    page = html_of(officer.get(there))
    assert "本日零报告" in page
    told = {"text": "请加强巡查", "version": hidden(page, "version")}
    assert officer.post(f"{there}closing/", told).status_code == 302
    stale = officer.post(f"{there}closing/", told | {"text": "另一句"})
    assert stale.status_code == 409
    assert "另一句" in html_of(stale)
    old = officer.post(f"{there}issue/", {"digest": hidden(page, "digest")})
    assert old.status_code == 409
    digest = hidden(html_of(officer.get(there)), "digest")
    assert officer.post(f"{there}issue/", {"digest": digest}).status_code == 302
    assert "第 1 期" in text_of(officer.get(there))
    assert officer.post(f"{there}word/").content[:2] == b"PK"
    assert "每日值班信息" in text_of(officer.get("/duty/dues/"))
    assert officer.get("/duty/bulletins/999/").status_code == 404
    assert officer.post("/duty/bulletins/x/issue/", {"digest": digest}).status_code == 404


def test_numbers_of_a_bulletin_lead_to_their_rows(officer: Client) -> None:
    seed_units()
    room = take_in(officer, "厂房起火", category="12G00", source="119")
    since, until = clock.now() - timedelta(hours=1), clock.now() + timedelta(hours=23)
    row = Bulletin.objects.create(
        day=until.date(), since=since, until=until, drafted_at=clock.now()
    )
    page = html_of(officer.get(f"/duty/bulletins/{row.pk}/"))
    assert page.count(f'href="{room}"') == 3  # reports, incidents, what is open
    dues = html_of(officer.get("/duty/dues/"))
    assert f'href="{room}upward/"' in dues
