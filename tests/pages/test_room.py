"""The incident room: lines, figures, reports, ending."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from qianjun.incident.models import Incident, Report, Task
from qianjun.kernel import clock
from tests import cast
from tests.pages.reading import html_of, offer_in, take_in, text_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def room(officer: Client) -> str:
    """The path of an incident that stands."""
    return take_in(officer, "弯塘社区起火", source="public", caller_phone="10000012345")


def test_a_note_stands_on_the_line_with_who_said_it(officer: Client, room: str) -> None:
    assert officer.post(f"{room}notes/", {"text": "北门已封", "kind": "fact"}).status_code == 302
    assert "北门已封 事实 ·" in text_of(officer.get(room))


def test_an_order_is_bold_and_an_older_line_is_marked(officer: Client, room: str) -> None:
    officer.post(f"{room}notes/", {"text": "先撤人", "kind": "order"})
    officer.post(f"{room}notes/", {"text": "门卫关阀", "kind": "fact", "happened": "13:50"})
    page = html_of(officer.get(room))
    assert 'class="order"' in page
    assert "补录" in page
    assert "13:50" in page
    assert page.index("先撤人") < page.index("门卫关阀")  # by when it happened, the newest first


@pytest.mark.parametrize(
    "sent",
    [
        {"text": "", "kind": "fact"},
        {"text": "好", "kind": "poem"},
        {"text": "好", "kind": "fact", "happened": "很久以前"},
        {"text": "好", "kind": "fact", "happened": "01-01 00:00 x"},
        {"text": "字" * 5001, "kind": "fact"},
    ],
)
def test_a_wrong_note_is_not_taken_and_stays_typed(
    officer: Client, room: str, sent: dict[str, str]
) -> None:
    response = officer.post(f"{room}notes/", sent)
    assert response.status_code == 422
    assert 'role="alert"' in html_of(response)


def test_a_jump_of_figures_asks_why_and_keeps_what_was_typed(officer: Client, room: str) -> None:
    first = {"kind": "injured", "value": "1", "source": "119"}
    assert officer.post(f"{room}figures/", first).status_code == 302
    asked = officer.post(f"{room}figures/", {**first, "value": "9", "source": "医院"})
    page = html_of(asked)
    assert asked.status_code == 422
    assert "explanation_needed" in page
    assert 'value="医院"' in page
    assert 'name="explanation"' in page
    told = {**first, "value": "9", "explanation": "医院清点"}
    assert officer.post(f"{room}figures/", told).status_code == 302
    assert "医院清点" in text_of(officer.get(room))


@pytest.mark.parametrize(
    "sent",
    [
        {"kind": "injured", "value": "-1", "source": "119"},
        {"kind": "injured", "value": "1.5", "source": "119"},
        {"kind": "injured", "value": "1", "source": ""},
        {"kind": "wounded", "value": "1", "source": "119"},
        {"kind": "injured", "value": "9" * 40, "source": "119"},
    ],
)
def test_a_wrong_figure_is_not_taken(officer: Client, room: str, sent: dict[str, str]) -> None:
    assert officer.post(f"{room}figures/", sent).status_code == 422
    assert not Incident.objects.get().figures.exists()


def test_an_incident_is_closed_and_opened_again_with_a_reason(officer: Client, room: str) -> None:
    officer.post(f"{room}close/")
    assert "已结案" in text_of(officer.get(room))
    officer.post(f"{room}reopen/", {"reason": " "})
    assert Incident.objects.get().state == "closed"
    officer.post(f"{room}reopen/", {"reason": "复燃"})
    assert "复燃" in text_of(officer.get(room))
    assert Incident.objects.get().state == "open"


def test_a_refused_verb_is_a_sentence_on_the_page(officer: Client, room: str) -> None:
    report = Report.objects.get()
    back = {"next": room}
    assert officer.post(f"/reports/{report.pk}/split/", back).headers["Location"] == room
    assert "(only_report)" in text_of(officer.get(room))
    officer.post(f"/reports/{report.pk}/confirm/", back)
    assert "(nothing_to_confirm)" in text_of(officer.get(room))


def test_a_report_is_split_off_and_joined_again(officer: Client, room: str) -> None:
    ident = room.strip("/").rsplit("/", 1)[1]
    take_in(officer, "另一个来电", join=ident)
    report = Report.objects.get(text="另一个来电")
    officer.post(f"/reports/{report.pk}/split/", {"next": room})
    assert "已拆开，另立事件 450202-20260601-0002" in text_of(officer.get(room))
    joined = officer.post(f"/reports/{report.pk}/join/", {"incident": ident})
    assert joined.headers["Location"] == room
    assert Incident.objects.filter(state="open").count() == 1


def test_a_telephone_is_masked_and_shown_for_a_reason(officer: Client, room: str) -> None:
    assert "10000012345" not in html_of(officer.get(room))
    assert "100****2345" in html_of(officer.get(room))
    path = f"/reports/{Report.objects.get().pk}/caller/"
    assert "10000012345" not in html_of(officer.post(path, {"why": ""}))
    assert "10000012345" in html_of(officer.post(path, {"why": "回拨核实"}))


def test_the_room_refreshes_in_parts(officer: Client, room: str) -> None:
    parts = html_of(officer.get(f"{room}live/"))
    for part in (
        *("head", "timeline", "reports", "grading", "tasks", "questions", "figures"),
        *("goods", "passing", "ending"),
    ):
        assert f'id="{part}"' in parts
    assert "<html" not in parts
    assert parts.count('hx-swap-oob="true"') == 16


def test_a_late_deadline_is_black_and_stays(officer: Client, room: str, held_clock: object) -> None:
    assert 'data-is="ample"' in html_of(officer.get(room))
    held_clock.forward(timedelta(hours=2, minutes=3))  # type: ignore[attr-defined]
    page = html_of(officer.get(room))
    assert 'data-is="late"' in page
    assert "超" in text_of(officer.get(room))
    assert clock.now() > Incident.objects.get().received_at


def test_readers_see_no_button_they_may_not_press(room: str) -> None:
    page = html_of(cast.signed_in(cast.JUZHANG).get(room))
    assert "/close/" not in page
    assert "/caller/" not in page
    assert "/notes/" in page


@pytest.mark.usefixtures("room")
def test_the_list_filters_searches_and_says_when_it_is_empty(officer: Client) -> None:
    assert "450202-20260601-0001 火灾" in text_of(officer.get("/incidents/"))
    assert "没有。立案后的事件会出现在这里" in text_of(officer.get("/incidents/?state=closed"))
    assert "没有找到“洪水”" in text_of(officer.get("/incidents/?q=洪水&state=all"))
    assert "0001" in text_of(officer.get("/incidents/?q=起火"))
    assert officer.get("/incidents/?state=moon&q=%00&after=").status_code in (200, 400)
    assert officer.get("/incidents/?after=x").status_code == 422


def test_figures_are_drawn_as_steps_and_every_row_says_who(officer: Client, room: str) -> None:
    first = {"kind": "injured", "value": "1", "source": "119"}
    officer.post(f"{room}figures/", first)
    told = {**first, "value": "9", "source": "医院", "explanation": "医院清点"}
    officer.post(f"{room}figures/", told)
    officer.post(f"{room}figures/", {"kind": "evacuated", "value": "0", "source": "街道"})
    page = html_of(officer.get(room))
    assert page.count('<svg class="steps" viewBox="0 0 330 52"') == 2
    assert 'aria-label="受伤：14:05 1，14:05 9"' in page
    assert '<text class="end" x="240"' in page
    assert "医院清点" in text_of(officer.get(room))


def test_a_figure_that_moves_the_grade_proposes_and_one_key_confirms(
    officer: Client, room: str
) -> None:
    ident = room.strip("/").rsplit("/", 1)[1]
    Incident.objects.filter(pk=ident).update(category="12G03")
    told = {"kind": "serious", "value": "10", "source": "医院"}
    officer.post(f"{room}figures/", told)
    page = html_of(officer.get(room))
    assert "重伤 10，达到较大标准" in page
    assert 'data-digit="1"' in page
    officer.post(f"{room}grade/", {"grade": "3", "version": "1", "why": "重伤 10"})
    after = html_of(officer.get(room))
    assert 'data-digit="1"' not in after
    assert Incident.objects.get(pk=ident).grade == 3
    assert "事件分级定为较大：重伤 10" in text_of(officer.get(room))


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"grade": "", "version": "1"}, "请选事件分级"),
        ({"grade": "9", "version": "1"}, ""),
        ({"grade": "3", "version": "x"}, ""),
        ({"grade": "3", "version": "7"}, "(stale)"),
    ],
)
def test_a_wrong_grade_is_not_taken(
    officer: Client, room: str, sent: dict[str, str], said: str
) -> None:
    answer = officer.post(f"{room}grade/", sent)
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert Incident.objects.get().grade is None


def test_a_line_is_corrected_and_the_old_one_stays_struck(officer: Client, room: str) -> None:
    officer.post(f"{room}notes/", {"text": "南门已封", "kind": "fact"})
    page = html_of(officer.get(room))
    (fix,) = re.findall(r'href="\?fix=(\d+)"', page)
    form = html_of(officer.get(f"{room}?fix={fix}"))
    assert f"{room}entries/{fix}/correct/" in form
    assert ">南门已封</textarea>" in form
    path = f"{room}entries/{fix}/correct/"
    empty = officer.post(path, {"text": " ", "why": "听错了"})
    assert empty.status_code == 422
    assert 'value="听错了"' in html_of(empty)
    assert officer.post(path, {"text": "北门已封", "why": "听错了"}).status_code == 302
    after = html_of(officer.get(room))
    assert after.count("<s>南门已封</s>") == 2
    assert "更正 14:05 一条" in after
    again = officer.post(path, {"text": "西门已封"})
    assert "(already_corrected)" in text_of(again)
    assert officer.post(f"{room}entries/999999/correct/", {"text": "x"}).status_code == 404


def test_a_task_blocks_the_close_until_it_is_done(officer: Client, room: str) -> None:
    assert "没有。下达的任务会在这里" in text_of(officer.get(room))
    lead = cast.unit(cast.STREET).code
    sent = {"title": "转移两栋居民", "lead": lead, "due": "14:35"}
    assert officer.post(f"{room}tasks/", sent).status_code == 302
    page = html_of(officer.get(room))
    assert "转移两栋居民" in page
    assert "未办结 1 · 超时 0 · 已办结 0" in page
    assert 'href="#tasks"' in page
    task = Task.objects.get()
    assert task.due_at is not None
    assert task.due_at.isoformat() == "2026-06-01T06:35:00+00:00"
    officer.post(f"{room}close/")
    assert "(held)" in text_of(officer.get(room))
    officer.post(f"{room}tasks/{task.pk}/done/", {"result": "42 人"})
    officer.post(f"{room}close/")
    assert Incident.objects.get().state == "closed"
    assert f'action="{room}tasks/"' not in html_of(officer.get(room))


def test_a_task_is_dropped_for_a_reason(officer: Client, room: str) -> None:
    officer.post(f"{room}tasks/", {"title": "封控", "due": "+30"})
    path = f"{room}tasks/{Task.objects.get().pk}/drop/"
    officer.post(path, {"reason": " "})
    assert "(too_short)" in text_of(officer.get(room))
    officer.post(path, {"reason": "消防已做"})
    assert "已撤销" in text_of(officer.get(room))
    assert officer.post(f"{room}tasks/999999/done/").status_code == 404


@pytest.mark.parametrize(
    "sent",
    [
        {"title": ""},
        {"title": "封控", "due": "很快"},
        {"title": "封控", "due": "02-30 10:00"},
        {"title": "封控", "lead": "没有这个单位"},
        {"title": "封控", "person": "' OR 1=1"},
        {"title": "字" * 201},
    ],
)
def test_a_wrong_task_is_not_taken_and_stays_typed(
    officer: Client, room: str, sent: dict[str, str]
) -> None:
    answer = officer.post(f"{room}tasks/", sent)
    assert answer.status_code == 422
    assert 'role="alert"' in html_of(answer)
    assert f'value="{sent["title"]}"' in html_of(answer)
    assert not Task.objects.exists()


@pytest.mark.usefixtures("places")
def test_facts_are_settled_by_a_place_that_was_found_and_taken_back(
    officer: Client, room: str
) -> None:
    title = Incident.objects.get().title
    form = html_of(officer.get(f"{room}facts/?where=静兰桥"))
    (key, *_rest) = re.findall(r'name="place" value="([^"]+)"', form)
    was = {"was_title": "火灾", "was_category": "", "was_occurred": "", "version": "1"}
    sent = {**was, "title": "民房火灾", "category": "", "where": "静兰桥", "place": key}
    reply = officer.post(f"{room}facts/", sent)
    assert reply.headers["Location"] == room
    assert Incident.objects.get().placed == "chosen"
    page = html_of(officer.get(room))
    assert "data-undo" in page
    assert "data-undo" not in html_of(officer.get(room))  # offered once
    officer.post("/undo/", {"undo": offer_in(page), "next": room})
    row = Incident.objects.get()
    assert (row.title, row.version) == (title, 3)


def test_who_settles_what_another_has_changed_sees_both(officer: Client, room: str) -> None:
    was = {"was_title": "火灾", "was_category": "", "was_occurred": "", "version": "1"}
    other = cast.signed_in(cast.XIAOZHAO)
    title = Incident.objects.get().title
    other.post(f"{room}facts/", {**was, "was_title": title, "title": "别人的标题"})
    mine = {**was, "was_title": title, "title": "我的标题"}
    answer = officer.post(f"{room}facts/", mine)
    page = html_of(answer)
    assert answer.status_code == 409
    assert 'value="我的标题"' in page
    assert "别人刚改为：别人的标题" in text_of(answer)
    assert 'name="version" value="2"' in page
    meant = {**mine, "version": "2", "was_title": "别人的标题"}
    assert officer.post(f"{room}facts/", meant).status_code == 302
    assert Incident.objects.get().title == "我的标题"


@pytest.mark.parametrize(
    "sent",
    [
        {"title": ""},
        {"title": "x", "category": "99X"},
        {"title": "x", "occurred": "昨天"},
        {"title": "x", "place": "没有|这个", "where": "静兰桥"},
        {"title": "x", "version": "x"},
    ],
)
def test_wrong_facts_are_not_taken(officer: Client, room: str, sent: dict[str, str]) -> None:
    answer = officer.post(f"{room}facts/", {"version": "1", "was_title": "火灾", **sent})
    assert answer.status_code == 422
    assert 'role="alert"' in html_of(answer)
    assert Incident.objects.get().version == 1


def test_hostile_words_in_tasks_grades_and_corrections_do_nothing(
    officer: Client, room: str
) -> None:
    bad = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    officer.post(f"{room}tasks/", {"title": bad})
    officer.post(f"{room}grade/", {"grade": "2", "version": "1", "why": bad})
    officer.post(f"{room}notes/", {"text": bad, "kind": "fact"})
    figure = {"kind": "injured", "value": "1", "source": bad[:60]}
    officer.post(f"{room}figures/", figure)
    shown = html_of(officer.get(room)) + html_of(officer.get(f"{room}facts/?where={bad}"))
    assert "<script>alert" not in shown
    assert "<img src=x" not in shown
    assert officer.get(f"{room}facts/?where=%00").status_code in (200, 400)
    assert officer.get(f"{room}?fix=%00").status_code in (200, 400)


def test_readers_see_no_key_for_grade_task_or_facts(room: str) -> None:
    page = html_of(cast.signed_in(cast.JUZHANG).get(room))
    for path in ("/grade/", "/tasks/", "/facts/"):
        assert path not in page
