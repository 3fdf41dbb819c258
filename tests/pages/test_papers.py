"""Lists in Word and laid out for paper; records as documents: what the asker sees, noted."""

import re
from io import BytesIO

import docx
import pytest
from django.test import Client
from docx.document import Document

from qianjun.incident.models import Incident, Report, Task
from qianjun.org.listing import actions, pages, queries
from qianjun.org.listing.actions import take_record_out
from qianjun.org.listing.kinds import listings
from qianjun.org.listing.records import kinds
from qianjun.org.models import Read
from qianjun.org.seeding import seed_units
from tests import cast
from tests.org.refusals import refused
from tests.pages.reading import html_of, take_in, text_of

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = "10012345678"


@pytest.fixture
def room(officer: Client) -> str:
    """The path of a fire with a figure, a task and a response."""
    seed_units()
    path = take_in(officer, f"厂房起火，电话{PHONE}", category="12G00", source="119")
    officer.post(f"{path}figures/", {"kind": "injured", "value": "2", "source": "120"})
    officer.post(f"{path}tasks/", {"title": "封控路口", "lead": "450202-GA"})
    return path


def opened(content: bytes) -> Document:
    return docx.Document(BytesIO(content))


def words_of(document: Document) -> str:
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in document.paragraphs), *cells])


def feet_of(document: Document) -> str:
    return "".join(p.text for p in document.sections[0].footer.paragraphs)


def test_a_list_in_word_lies_on_its_side_and_says_who_took_it(officer: Client, room: str) -> None:
    answer = officer.post("/lists/incidents/word/?state=all")
    assert "wordprocessingml" in answer.headers["Content-Type"]
    document = opened(answer.content)
    section = document.sections[0]
    assert section.page_width is not None
    assert section.page_height is not None
    assert section.page_width > section.page_height
    assert "火灾事故" in words_of(document)
    assert "编号" in words_of(document)
    assert "操作人" in feet_of(document)
    assert Read.objects.get(what="leave.export").why == "事件 1"
    assert room


def test_an_empty_list_says_so_instead_of_an_empty_table(officer: Client) -> None:
    seed_units()
    document = opened(officer.post("/lists/incidents/word/").content)
    assert "没有符合条件的记录" in words_of(document)
    assert "没有符合条件的记录" in text_of(officer.get("/lists/incidents/"))


def test_every_list_can_be_written_and_laid_out(officer: Client, room: str) -> None:
    ident = room.strip("/").rsplit("/", 1)[-1]
    for name in listings():
        assert opened(officer.post(f"/lists/{name}/word/?incident={ident}").content), name
        page = officer.get(f"/lists/{name}/?incident={ident}")
        assert page.status_code == 200, name
        assert "data-print" in html_of(page), name


def test_the_page_for_paper_keeps_the_filter_and_masks_telephones(
    officer: Client, room: str
) -> None:
    ident = room.strip("/").rsplit("/", 1)[-1]
    page = html_of(officer.get(f"/lists/incident-log/?incident={ident}"))
    assert "100****5678" in page
    assert PHONE not in page
    assert f'action="/lists/incident-log/word/?incident={ident}"' in page
    assert "火灾事故" not in text_of(officer.get("/lists/incidents/?state=closed"))


def test_more_than_a_pile_of_paper_is_refused_in_words(
    officer: Client, room: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for where in (actions, pages, queries):
        monkeypatch.setattr(where, "PAPER_ROWS_MOST", 0)
    answer = officer.post("/lists/incidents/word/?state=all")
    assert answer.status_code == 422
    assert "Excel" in text_of(answer)
    assert "只列前 0 行" in text_of(officer.get("/lists/incidents/?state=all"))
    assert not Read.objects.filter(what="leave.export").exists()
    assert room


def test_an_incident_is_told_whole_with_names_and_telephones_masked(
    officer: Client, room: str
) -> None:
    ident = room.strip("/").rsplit("/", 1)[-1]
    page = html_of(officer.get(room))
    assert f"/records/incident/{ident}/word/" in page
    said = words_of(opened(officer.post(f"/records/incident/{ident}/word/").content))
    number = Incident.objects.get().number
    for word in (number, "封控路口", "受伤", "120", "数字变化", "火灾事故"):
        assert word in said, word
    assert PHONE not in said
    assert Read.objects.filter(what="leave.export", about_kind="incident").count() == 1


def test_a_report_and_a_task_are_told(officer: Client, room: str) -> None:
    report, task = Report.objects.get(), Task.objects.get()
    page = html_of(officer.get(room))
    assert f"/records/report/{report.pk}/word/" in page
    assert f"/records/task/{task.pk}/word/" in page
    answer = officer.post(f"/records/report/{report.pk}/word/")
    said = words_of(opened(answer.content))
    assert "接报单" in said
    assert "100****5678" in said
    said = words_of(opened(officer.post(f"/records/task/{task.pk}/word/").content))
    assert "封控路口" in said
    assert "任务单" in said
    assert re.search(r"filename\*?=", answer.headers["Content-Disposition"])


def test_what_may_not_be_entered_is_not_taken_out(officer: Client, room: str) -> None:
    report = Report.objects.get()
    body = {"mark": "barred", "why": "误录"}
    assert officer.post(f"/records/report/{report.pk}/mark/", body).status_code in (200, 302)
    if officer.post(f"/records/report/{report.pk}/word/").status_code != 409:
        pytest.fail("a barred report left the house")
    assert room


def test_who_may_not_takes_no_record_out(officer: Client, room: str) -> None:
    ident = room.strip("/").rsplit("/", 1)[-1]
    with refused("not_allowed", status=403):
        take_record_out(by=cast.actor(cast.XIAOCHEN), name="incident", ident=ident)
    with refused("not_found", status=404):
        take_record_out(by=cast.actor(cast.KEEPER), name="incident", ident=ident)
    for name in (*kinds(), "nothing"):
        for wrong in ("999999", "x", "一", "9" * 40):
            with refused("not_found", status=404):
                take_record_out(by=cast.actor(cast.XIAOWANG), name=name, ident=wrong)
    assert not Read.objects.filter(what="leave.export").exists()
    assert officer
