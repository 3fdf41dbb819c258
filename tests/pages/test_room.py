"""The incident room: lines, figures, reports, ending."""

from datetime import timedelta

import pytest
from django.test import Client

from qianjun.incident.models import Incident, Report
from qianjun.kernel import clock
from tests import cast
from tests.pages.reading import html_of, take_in, text_of

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
    for part in ("head", "timeline", "reports", "questions", "figures", "ending"):
        assert f'id="{part}"' in parts
    assert "<html" not in parts
    assert parts.count('hx-swap-oob="true"') == 6


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
