"""Acts of the room and the desk are taken back by the toast, each by a verb of its own."""

import pytest
from django.test import Client

from qianjun.duty.events import DutyNoted
from qianjun.incident.models import Figure, Incident, Report, Task
from qianjun.journal.models import Entry
from tests import cast
from tests.pages.reading import html_of, offer_in, take_in, text_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def room(officer: Client) -> str:
    """The path of an incident that stands."""
    return take_in(officer, "弯塘社区起火")


def take_back(client: Client, page: str, *, by: Client | None = None) -> str:
    """Press the toast that stands on a page; the words of the page after it."""
    signed = offer_in(html_of(client.get(page)))
    assert (by or client).post("/undo/", {"undo": signed, "next": page}).status_code == 302
    return text_of(client.get(page))


def names() -> list[str]:
    """What the journal tells, in order."""
    return list(Entry.objects.order_by("pk").values_list("name", flat=True))


def test_a_note_is_struck_and_stays(officer: Client, room: str) -> None:
    officer.post(f"{room}notes/", {"text": "北门已封", "kind": "fact"})
    assert "已撤销：那一条划去并保留" in take_back(officer, room)
    page = text_of(officer.get(room))
    assert "北门已封" in page
    assert "此条作废（撤销刚才的操作）" in page
    last = Entry.objects.filter(name="incident.fact_noted").latest("pk")
    assert last.corrects is not None


def test_a_figure_that_was_followed_is_not_taken_back(officer: Client, room: str) -> None:
    sent = {"kind": "injured", "value": "2", "source": "119"}
    officer.post(f"{room}figures/", sent)
    page = html_of(officer.get(room))
    assert "已记：2 受伤" in page
    officer.post(f"{room}figures/", {**sent, "value": "3"})
    officer.post("/undo/", {"undo": offer_in(page), "next": room})
    assert "(stale)" in text_of(officer.get(room))
    assert not Figure.objects.filter(withdrawn_at__isnull=False).exists()


def test_a_task_is_taken_back_until_somebody_signs(officer: Client, room: str) -> None:
    officer.post(f"{room}tasks/", {"title": "封路"})
    task = Task.objects.get()
    page = html_of(officer.get(room))
    officer.post(f"{room}tasks/{task.pk}/accept/")
    officer.post("/undo/", {"undo": offer_in(page), "next": room})
    assert "(signed)" in text_of(officer.get(room))
    officer.post(f"{room}tasks/{task.pk}/done/", {"result": "已封"})
    assert "恢复办理" in take_back(officer, room)
    task.refresh_from_db()
    assert (task.done_at, task.outcome) == (None, "")
    officer.post(f"{room}close/")
    assert "还有未了结的事" in text_of(officer.get(room))  # it holds again
    officer.post(f"{room}tasks/", {"title": "疏散"})
    take_back(officer, room)
    assert Task.objects.get(title="疏散").dropped_at is not None


def test_a_grade_is_what_it_was(officer: Client, room: str) -> None:
    officer.post(f"{room}grade/", {"grade": "4", "version": "1"})
    assert "data-undo" not in html_of(officer.get(room))  # there was none before
    officer.post(f"{room}grade/", {"grade": "3", "version": "2"})
    take_back(officer, room)
    assert Incident.objects.get().grade == 4


def test_a_closed_incident_is_open_again_and_the_other_way_round(
    officer: Client, room: str
) -> None:
    officer.post(f"{room}close/")
    take_back(officer, room)
    assert Incident.objects.get().state == "open"
    officer.post(f"{room}close/")
    officer.get(room)
    officer.post(f"{room}reopen/", {"reason": "复燃"})
    take_back(officer, room)
    assert Incident.objects.get().state == "closed"


def test_a_report_that_was_joined_is_where_it_was(officer: Client, room: str) -> None:
    second = take_in(officer, "箭盘山路口车祸")
    first, other = Incident.objects.order_by("pk")
    report = Report.objects.get(incident=other)
    officer.post(f"/reports/{report.pk}/join/", {"incident": str(first.pk)})
    assert "回到原来的事件" in take_back(officer, room)
    report.refresh_from_db()
    other.refresh_from_db()
    assert (report.incident_id, other.state, second != room) == (other.pk, "open", True)


def test_a_line_of_the_duty_log_is_struck(officer: Client) -> None:
    officer.post("/duty/log/note/", {"text": "门禁坏了"})
    take_back(officer, "/duty/log/")
    lines = Entry.objects.filter(name=DutyNoted.name).order_by("pk")
    assert [one.corrects for one in lines] == [None, lines[0].pk]


def test_nobody_presses_the_toast_of_another(officer: Client, room: str) -> None:
    officer.post(f"{room}close/")
    take_back(officer, room, by=cast.signed_in(cast.LAOLI))
    assert Incident.objects.get().state == "closed"
    assert names()[-1] == "incident.closed"
