"""The phone of one who is called, and the keys of the desk and the room."""

import json
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.http import HttpResponseBase
from django.test import Client

from qianjun.confirm.actions import end_confirmation
from qianjun.confirm.models import Confirmation, ConfirmPerson
from qianjun.journal.models import Entry
from qianjun.kernel import clock
from qianjun.kernel.clock import Held
from qianjun.message.models import Message
from qianjun.org.actor import Actor
from qianjun.site.settings import HERE
from tests import cast
from tests.confirm.calling import called, link_of, pass_time, people
from tests.incident.fires import taken
from tests.pages.reading import html_of, text_of

pytestmark = pytest.mark.django_db(transaction=True)
BROKEN = (
    *(b"\xff", b"[]", b"[" * 100_000),
    *(b'{"act": "dance"}', b'{"act": "answer", "text": 7}'),
)
CLAIMED = ("0001-01-01T00:00:00+08:00", "9999-12-31T00:00:00Z")
JSON = "application/json"
FIRST_LOAD_BYTES = 100 * 1024
HTML = {"Accept": "text/html"}


def form(act: str, **said: str) -> dict[str, str]:
    """The fields of a form of the page."""
    return {"act": act, "act_id": str(uuid4()), **said}


def sent(act: str, **said: str) -> str:
    """The same as the queue of a phone sends it."""
    return json.dumps(form(act, **said))


def alone(response: HttpResponseBase) -> bool:
    """Whether no cache keeps it, no index names it and no other site hears of it."""
    head = response.headers
    return (head["Cache-Control"], head["Referrer-Policy"], head["X-Robots-Tag"]) == (
        "no-store",
        "no-referrer",
        "noindex, nofollow",
    )


def test_looking_changes_nothing_and_names_him_masked(officer: Actor) -> None:
    (one,) = people(1)
    row = called(officer, [one], text="红色暴雨<b>", question="现在几个危险点？")
    entries = Entry.objects.count()
    phone, path = Client(), link_of(row, one)
    page = phone.get(path)
    assert phone.head(path).status_code == 200
    assert page.status_code == 200
    assert alone(page)
    assert not page.cookies
    assert len(page.content) < 100_000
    assert "是您本人吗：演示被**" in text_of(page)
    assert one.name not in html_of(page)
    assert "红色暴雨&lt;b&gt;" in html_of(page)
    assert "现在几个危险点？" in text_of(page)
    assert json.loads(phone.get(path, headers={"Accept": JSON}).content)["acts"] == [
        "opened",
        "answer",
    ]
    assert Entry.objects.count() == entries
    assert ConfirmPerson.objects.get().opened_at is None
    english = phone.get(path, headers={"Accept-Language": "en"})
    assert "It is me, and I have read it" in text_of(english)


def test_he_answers_on_the_page_once(officer: Actor, held_clock: Held) -> None:
    (one,) = people(1)
    row = called(officer, [one], question="现在几个危险点？")
    phone, path = Client(enforce_csrf_checks=True), link_of(row, one)
    opened = phone.post(f"{path}/acts", sent("opened"), content_type=JSON)
    assert json.loads(opened.content)["outcome"] == "taken"
    bare = phone.post(f"{path}/acts", form("answer"), headers=HTML)
    assert bare.status_code == 422
    assert "请先回答上面的问题" in text_of(bare)
    held_clock.forward(timedelta(minutes=2))
    pressed = phone.post(f"{path}/acts", form("answer", text="2个"), headers=HTML)
    assert (pressed.status_code, pressed.headers["Location"]) == (303, path)
    assert alone(pressed)
    page = text_of(phone.get(path))
    assert "已记下您的应答。 14:07" in page
    assert "是我本人" not in page
    again = phone.post(f"{path}/acts", sent("answer"), content_type=JSON)
    assert json.loads(again.content)["outcome"] == "repeated"
    nameless = phone.post(f"{path}/acts", json.dumps({"act": "answer"}), content_type=JSON)
    assert (nameless.status_code, json.loads(nameless.content)["code"]) == (422, "bad_act_id")
    assert Confirmation.objects.get().state == "met"


def test_a_link_that_is_wrong_or_over_says_so(officer: Actor) -> None:
    (one,) = people(1)
    row = called(officer, [one])
    phone, path = Client(), link_of(row, one)
    forged = path[:-1] + ("a" if path[-1] != "a" else "b")
    for wrong in (forged, "/c/x", path.replace("/c/", "/c/-")):
        page = phone.get(wrong)
        assert page.status_code == 404, wrong
        assert "值班室" in text_of(page)
        assert phone.post(f"{wrong}/acts", form("answer")).status_code == 404
    for body in BROKEN:
        reply = phone.post(f"{path}/acts", body, content_type=JSON)
        assert reply.status_code in (400, 422), body[:20]
        assert json.loads(reply.content)["detail_zh"]
    end_confirmation(by=officer, confirmation_id=row.pk, why="解除")
    over = phone.get(path)
    assert over.status_code == 410
    assert alone(over)
    assert phone.post(f"{path}/acts", sent("answer"), content_type=JSON).status_code == 410
    assert phone.get(f"{path}/acts").status_code == 405
    assert ConfirmPerson.objects.get().answered_at is None


def test_what_was_answered_without_signal_keeps_its_own_time(
    officer: Actor, held_clock: Held
) -> None:
    (one,) = people(1)
    path = link_of(called(officer, [one]), one)
    pressed_at = clock.now() + timedelta(minutes=1)
    held_clock.forward(timedelta(minutes=4))
    told = {"happened_at": pressed_at.isoformat(), "sent_at": clock.real().isoformat()}
    reply = Client().post(f"{path}/acts", sent("answer", **told), content_type=JSON)
    answer = json.loads(reply.content)
    assert (answer["outcome"], answer["message"]) == ("taken", "已记下您的应答。")
    assert answer["act_id"]
    assert ConfirmPerson.objects.get().answered_at == clock.now(), "receipt decides"
    assert Entry.objects.get(name="confirm.answered").happened_at == pressed_at


def test_the_frame_is_that_of_every_link_and_the_first_load_is_small(officer: Actor) -> None:
    (one,) = people(1)
    path = link_of(called(officer, [one]), one)
    page = html_of(Client().get(path))
    for piece in ("data-link=", 'data-open="yes"', "js/acts.js", 'data-act="answer"', "tel:119"):
        assert piece in page, piece
    named = {*re.findall(r'(?:src|href)="/static/([^"#]+)', page), "js/words.js"}
    sizes = {name: (HERE / "static" / name).stat().st_size for name in named}
    assert len(page.encode()) + sum(sizes.values()) <= FIRST_LOAD_BYTES, sizes
    english = html_of(Client().get(f"{path}?lang=en"))
    assert "It is me, and I have read it" in english
    assert 'lang="en"' in english


def test_what_a_phone_claims_of_time_is_bounded(officer: Actor) -> None:
    who = people(2)
    row = called(officer, who)
    for one, claimed in zip(who, CLAIMED, strict=True):
        path = link_of(row, one)
        told = sent("answer", happened_at=claimed)
        reply = Client().post(f"{path}/acts", told, content_type=JSON)
        assert json.loads(reply.content)["outcome"] == "taken"
    times = Entry.objects.filter(name="confirm.answered").values_list("happened_at", flat=True)
    assert set(times) == {row.started_at}


def test_the_desk_names_the_silent_notes_answers_and_sends_somebody(
    officer: Actor, held_clock: Held
) -> None:
    first, second = people(2)
    incident = taken(officer).stored.incident_id
    row = called(officer, [first, second], about=("incident", str(incident)))
    desk = cast.signed_in(cast.XIAOWANG)
    quiet = html_of(desk.get("/desk/columns/"))
    assert 'id="confirmations" aria-label="叫应没有到位" hx-swap-oob="true" hidden' in quiet
    pass_time(held_clock, 300)
    page = html_of(desk.get("/desk/columns/"))
    assert "叫应没有到位" in page
    assert first.name in page
    assert second.name in page
    keys = f"/confirmations/{row.pk}"
    knocked = {"person": first.pk, "goes": "演示网格员", "next": "/"}
    assert desk.post(f"{keys}/knocks/", knocked).headers["Location"] == "/"
    assert "14:10 已派人上门" in html_of(desk.get("/desk/columns/"))
    desk.post(f"{keys}/answers/", {"person": first.pk, "next": "/"})
    assert first.name not in text_of(desk.get("/desk/columns/"))
    room = text_of(desk.get(f"/incidents/{incident}/"))
    assert "应答 1 / 需 2" in room
    assert "电话，值班室记" in room
    desk.post(f"{keys}/end/", {"why": "", "next": "/"})
    assert "叫应没有到位" in html_of(desk.get("/desk/columns/"))
    desk.post(f"{keys}/end/", {"why": "已当面通知", "next": "/"})
    assert Confirmation.objects.get().state == "ended"
    assert "已当面通知" in text_of(desk.get(f"/incidents/{incident}/"))


def test_who_may_only_read_has_no_keys(officer: Actor, held_clock: Held) -> None:
    (one,) = people(1)
    row = called(officer, [one])
    pass_time(held_clock, 300)
    chief = cast.signed_in(cast.JUZHANG)
    page = html_of(chief.get("/desk/columns/"))
    assert one.name in page
    assert "/confirmations/" not in page
    for key in ("answers", "knocks", "end"):
        assert chief.post(f"/confirmations/{row.pk}/{key}/", {}).status_code == 403
    assert cast.signed_in(cast.XIAOWANG).post("/confirmations/999999/end/", {}).status_code in (
        302,
        404,
    )


def test_people_are_called_from_the_room(officer: Actor, held_clock: Held) -> None:
    incident = taken(officer).stored.incident_id
    leader, deputy = cast.person(cast.LAOLI), cast.person(cast.ZHIHUI)
    desk, room = cast.signed_in(cast.XIAOWANG), f"/incidents/{incident}/"
    assert "发起叫应" in text_of(desk.get(room))
    desk.post(f"{room}confirmations/", {"text": "", "people": leader.pk})
    assert not Confirmation.objects.exists()
    sent = {"text": "请到一车间", "question": "", "people": [leader.pk], "later": [deputy.pk]}
    desk.post(f"{room}confirmations/", sent)
    page = text_of(desk.get(room))
    assert "应答 0 / 需 1" in page
    assert "14:10 仍不够" in page
    row = Confirmation.objects.get()
    assert (row.incident, row.need) == (incident, 1)
    assert Message.objects.filter(purpose="confirm", person=leader).count() == 1
    pass_time(held_clock, 300)
    assert Message.objects.filter(purpose="confirm", person=deputy).count() == 1
    assert re.search(r"叫应升级：1 人没有应答，再叫 1 人", text_of(desk.get(room)))
    outside = cast.signed_in(cast.JUZHANG).post(f"{room}confirmations/", sent)
    assert outside.status_code == 403
