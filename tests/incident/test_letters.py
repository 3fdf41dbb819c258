"""What came in and answers no question waits on the desk: taken in, or put aside; never lost."""

from io import BytesIO
from typing import Any

import pytest

from qianjun.incident.actions import put_letter_aside
from qianjun.incident.models import Incident, Letter, Report
from qianjun.incident.queries import timeline, waiting_letters
from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.media.actions import upload_whole
from qianjun.media.models import File
from qianjun.media.queries import files_of
from qianjun.message.actions import reply_as, send
from qianjun.message.carrier import carrier_turn
from qianjun.message.inbox import Letter as Sent
from qianjun.message.inbox import take_in
from qianjun.message.models import CarrierReply
from qianjun.org.actor import Actor, system
from qianjun.response.actions.letters import take_in_letter
from tests import cast
from tests.duty.cards import cards_of
from tests.incident.fires import LAT, LON, taken
from tests.media.pictures import photo
from tests.message.cast import person
from tests.message.phones import pump
from tests.org.refusals import refused
from tests.pages.reading import html_of, text_of
from tests.worker import run_jobs

pytestmark = pytest.mark.django_db(transaction=True)
STRANGER = "10000000077"
WORDS = "弯塘社区二楼冒烟，有人在喊"


@pytest.fixture
def sorter(transactional_db: None) -> Actor:  # noqa: ARG001
    """值班员小王."""
    return cast.actor(cast.XIAOWANG)


def arrived(text: str = WORDS, *, key: str = "k1", **changed: Any) -> Letter:
    """A letter of a stranger, laid on the desk by the worker."""
    sent: dict[str, Any] = {"channel": "sms", "from_value": STRANGER, "sent_at": clock.now()}
    take_in(Sent(key=key, text=text, **(sent | changed)))
    run_jobs()
    return Letter.objects.latest("pk")


def test_a_letter_of_a_stranger_waits_and_opens_nothing(sorter: Actor) -> None:
    letter = arrived()
    assert not Incident.objects.exists()
    assert [one.pk for one in cards_of("letters", seen_by=sorter)] == [letter.pk]
    run_jobs()
    assert Letter.objects.count() == 1


def test_it_is_taken_in_as_a_report_with_its_sender(sorter: Actor) -> None:
    letter = arrived(lon=LON, lat=LAT)
    answer = take_in_letter(by=sorter, letter_id=letter.pk)
    report = Report.objects.get()
    assert (report.text.split("\n")[0], report.channel, report.source) == (WORDS, "sms", "public")
    assert (report.caller_phone, report.lon, report.lat) == (STRANGER, LON, LAT)
    letter.refresh_from_db()
    assert (letter.report_id, letter.by_id) == (report.pk, sorter.ident)
    assert not waiting_letters(seen_by=sorter).exists()
    lines, _more = timeline(seen_by=sorter, incident_id=answer.stored.incident_id)
    assert "由来信录入" in [line["text_zh"] for line in lines]
    with refused("letter_settled", status=409):
        take_in_letter(by=sorter, letter_id=letter.pk)
    assert Report.objects.count() == 1


def test_a_known_sender_is_named_and_a_bare_position_is_said_in_words(sorter: Actor) -> None:
    cast.person(cast.AQIANG, phone="10000000078")
    letter = arrived("", from_value="10000000078", channel="sms", lon=LON, lat=LAT)
    take_in_letter(by=sorter, letter_id=letter.pk)
    report = Report.objects.get()
    assert report.caller_name == cast.AQIANG.name
    assert report.source == ""
    assert report.text.startswith("只发来了位置")


def test_it_joins_what_is_open_as_any_report_does(sorter: Actor) -> None:
    fire = taken(sorter)
    letter = arrived("民房着火，有浓烟", lon=LON, lat=LAT)
    assert take_in_letter(by=sorter, letter_id=letter.pk).stored.incident_id == (
        fire.stored.incident_id
    )


def test_it_is_put_aside_only_for_a_reason_and_stays_readable(sorter: Actor) -> None:
    letter = arrived("恭喜您中奖")
    with refused("too_short", status=422):
        put_letter_aside(by=sorter, letter_id=letter.pk, reason=" ")
    put_letter_aside(by=sorter, letter_id=letter.pk, reason="广告")
    letter.refresh_from_db()
    assert (letter.reason, letter.report_id) == ("广告", None)
    assert letter.inbound.text == "恭喜您中奖"
    assert not waiting_letters(seen_by=sorter).exists()


def test_unknown_letters_are_not_found_and_others_may_not_sort(sorter: Actor) -> None:
    letter = arrived()
    for ident in ("999999", "x", ""):
        with refused("not_found", status=404):
            put_letter_aside(by=sorter, letter_id=ident, reason="x")
    for part in (cast.JUZHANG, cast.ZHIHUI, cast.JIEDAO, cast.SYSTEM):
        by = cast.actor(part)
        with refused("not_allowed", status=403):
            take_in_letter(by=by, letter_id=letter.pk)
        with refused("not_allowed", status=403):
            put_letter_aside(by=by, letter_id=letter.pk, reason="x")
    assert not waiting_letters(seen_by=cast.actor(cast.JUZHANG)).exists()


def test_the_desk_shows_it_masked_and_one_key_takes_it_in(sorter: Actor) -> None:  # noqa: ARG001
    client = cast.signed_in(cast.XIAOWANG)
    assert "要分拣的来信、没办结的来文会出现在这里" in text_of(client.get("/"))
    letter = arrived(f"{WORDS} <script>alert(1)</script> 10000000088")
    page = html_of(client.get("/"))
    assert WORDS in page
    assert STRANGER not in page
    assert "10000000088" not in page
    assert "<script>alert(1)" not in page
    reply = client.post(f"/desk/letters/{letter.pk}/take/")
    assert reply.headers["Location"] == f"/incidents/{Incident.objects.get().pk}/"
    assert "来信已录为接报" in text_of(client.get(reply.headers["Location"]))
    again = client.post(f"/desk/letters/{letter.pk}/take/")
    assert again.headers["Location"] == "/"
    assert "letter_settled" in text_of(client.get("/"))


def test_the_desk_puts_a_letter_aside(sorter: Actor) -> None:  # noqa: ARG001
    client = cast.signed_in(cast.XIAOWANG)
    letter = arrived("广告")
    client.post(f"/desk/letters/{letter.pk}/aside/", {"reason": "广告"})
    assert "已放到一边" in text_of(client.get("/"))
    assert client.post("/desk/letters/999999/aside/", {"reason": "x"}).status_code == 404
    assert Letter.objects.get().reason == "广告"


def sent_file(by: Actor, name: str = "现场.jpg") -> File:
    """A picture that this person has uploaded and that is part of nothing yet."""
    shot = photo()
    row = upload_whole(by=by, source=BytesIO(shot), size_bytes=len(shot), name=name)
    run_jobs()
    return row


def test_a_picture_sent_from_a_phone_goes_with_its_letter_into_the_report(sorter: Actor) -> None:
    file = sent_file(sorter)
    reply_as(by=sorter, channel="wechat", from_value=STRANGER, file=file.pk)
    carrier_turn()
    run_jobs()
    letter = Letter.objects.get()
    html = html_of(cast.signed_in(cast.XIAOWANG).get("/"))
    assert "只发来了文件" in html
    assert f"/media/{file.pk}/shown" in html
    answer = take_in_letter(by=sorter, letter_id=letter.pk)
    file.refresh_from_db()
    assert (file.about_kind, file.about_id) == ("report", str(Report.objects.get().pk))
    assert file.incident == answer.stored.incident_id
    assert [one.pk for one in files_of(seen_by=sorter, incident=file.incident)] == [file.pk]
    assert Report.objects.get().text.startswith("只发来了文件")


def test_a_picture_that_answers_for_an_incident_is_among_its_files(sorter: Actor) -> None:
    fire = taken(sorter)
    who = person(phone="10000000078")
    send(
        by=system(name="test"),
        purpose="report",
        matter=f"incident:{fire.stored.incident_id}",
        text="请发现场照片",
        rank=0,
        incident=fire.stored.incident_id,
        expects_answer=True,
        person=who.pk,
    )
    pump()
    file = sent_file(sorter)
    reply_as(by=sorter, channel="sms", from_value="10000000078", text="收到", file=file.pk)
    carrier_turn()
    run_jobs()
    file.refresh_from_db()
    assert (file.about_kind, file.incident) == ("incident", fire.stored.incident_id)
    assert not Letter.objects.exists()


def test_a_file_is_sent_once_and_only_by_whoever_uploaded_it(sorter: Actor) -> None:
    file = sent_file(sorter)
    other = system(name="test")
    for by, again in ((other, False), (sorter, True)):
        if again:
            reply_as(by=sorter, channel="sms", from_value=STRANGER, file=file.pk)
        with pytest.raises(Refused):
            reply_as(by=by, channel="sms", from_value=STRANGER, file=file.pk)
    assert CarrierReply.objects.count() == 1
