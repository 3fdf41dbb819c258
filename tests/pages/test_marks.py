"""Marking, erasing with two keys, what leaves the house, and what the doors say."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from qianjun.incident.models import Incident, Report
from qianjun.journal.models import Body, Entry, Mark
from qianjun.org.models import Read
from tests import cast
from tests.pages.reading import html_of, take_in, text_of

pytestmark = pytest.mark.django_db(transaction=True)
NO_SECRETS = "本系统不得处理国家秘密"
WORDS = "门卫说仓库里有两桶香蕉水"


@pytest.fixture(autouse=True)
def own_log(settings: Any, tmp_path: Path) -> None:
    """Each test has a data folder of its own."""
    settings.DATA = tmp_path


@pytest.fixture
def room(officer: Client) -> str:
    """The path of an incident that stands, with a note in it."""
    path = take_in(officer, "弯塘社区起火", source="public", caller_phone="10000012345")
    officer.post(f"{path}notes/", {"text": WORDS, "kind": "fact"})
    return path


@pytest.fixture
def leader() -> Client:
    """带班领导老李."""
    return cast.signed_in(cast.LAOLI)


@pytest.fixture
def security() -> Client:
    """安全管理员."""
    return cast.signed_in(cast.SECURITY)


def note_path() -> str:
    return f"/records/entry/{Entry.objects.get(name='incident.fact_noted').pk}/"


def test_the_doors_say_that_no_state_secret_may_come_in() -> None:
    assert NO_SECRETS in text_of(Client().get("/accounts/login/"))
    assert NO_SECRETS in text_of(cast.signed_in(cast.SYSTEM).get("/admin/import/"))


def test_a_room_is_internal_and_every_line_leads_to_its_record(officer: Client, room: str) -> None:
    page = html_of(officer.get(room))
    assert 'data-mark="internal"' in page
    assert f'href="{note_path()}"' in page
    assert f'href="/records/report/{Report.objects.get().pk}/"' in page
    assert WORDS in text_of(officer.get(note_path()))


def test_nothing_internal_can_be_copied_only_a_link(officer: Client, room: str) -> None:
    page = html_of(officer.get(note_path()))
    assert "data-copy" not in page
    entry = note_path().strip("/").rsplit("/", 1)[1]
    assert officer.post(f"/leaving/entries/{entry}/").status_code == 403
    said = json.loads(officer.post(f"{room}link/").content)["text"]
    assert room in said
    assert "弯塘" not in said
    row = Read.objects.get()
    assert (row.what, row.about_kind, row.by_role) == ("leave.link", "incident", "duty_officer")


def test_a_public_line_can_be_copied_and_that_is_written_down(officer: Client, room: str) -> None:
    assert room
    marked = officer.post(f"{note_path()}mark/", {"mark": "public", "why": "已通报"})
    assert marked.headers["Location"] == note_path()
    page = html_of(officer.get(note_path()))
    assert "data-copy" in page
    entry = note_path().strip("/").rsplit("/", 1)[1]
    said = json.loads(officer.post(f"/leaving/entries/{entry}/").content)["text"]
    assert said == WORDS
    assert Read.objects.get().what == "leave.copy"


def test_a_report_is_never_copied_even_when_it_is_public(officer: Client, room: str) -> None:
    assert room
    path = f"/records/report/{Report.objects.get().pk}/"
    officer.post(f"{path}mark/", {"mark": "public", "why": "已通报"})
    assert "data-copy" not in html_of(officer.get(path))


def test_public_advice_is_passed_on_without_anything_of_the_incident(officer: Client) -> None:
    path = take_in(officer, "弯塘社区民房起火，王某受伤 10000012345", source="public")
    page = html_of(officer.get(path))
    assert f"{path}advice/" in page
    said = json.loads(officer.post(f"{path}advice/").content)["text"]
    assert said.startswith("【安全提示】")
    assert len(said) <= 300
    for words in ("弯塘", "王某", "1000001"):
        assert words not in said


def test_a_print_is_written_down_and_shown_to_the_audit_administrator(
    officer: Client, room: str
) -> None:
    told = {"path": room, "title": "弯塘社区起火 10000012345"}
    assert officer.post("/leaving/print/", told).status_code == 204
    page = text_of(cast.signed_in(cast.AUDIT).get("/admin/reads/"))
    assert "打印" in page
    assert "弯塘社区起火 100****2345" in page
    assert "10000012345" not in page


@pytest.mark.parametrize("path", ["/", "/incidents/", "/intake/"])
def test_every_page_carries_who_and_when_for_the_paper(officer: Client, path: str) -> None:
    page = html_of(officer.get(path))
    assert 'class="watermark"' in page
    assert "演示小王" in page or "值班员小王" in page
    assert "data-printed" in page


def test_no_page_before_the_door_carries_a_name() -> None:
    assert 'class="watermark"' not in html_of(Client().get("/accounts/login/"))


# --- erasing with two keys ----------------------------------------------------------------------

BY_LAW = {"reason": "本人申请删除", "article": "pipl_47"}


def test_the_first_key_shows_and_the_second_erases(
    leader: Client, officer: Client, room: str
) -> None:
    path = note_path()
    page = html_of(leader.get(path))
    assert 'name="article"' in page
    asked = leader.post(f"{path}erase/", BY_LAW)
    assert asked.status_code == 200
    assert "确认永久删除" in text_of(asked)
    assert f"（{len(WORDS)} 字）" in text_of(asked)
    assert Body.objects.filter(text=WORDS).exists()
    done = leader.post(f"{path}erase/", {**BY_LAW, "sure": "yes"})
    assert done.headers["Location"] == path
    assert not Body.objects.filter(text=WORDS).exists()
    assert "已依法删除" in text_of(leader.get(path))
    assert 'name="article"' not in html_of(leader.get(path))
    line = text_of(officer.get(room))
    assert "【已依法删除】《个人信息保护法》第四十七条" in line
    assert WORDS not in line


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({"reason": "", "article": "pipl_47"}, "reason_needed"),
        ({"reason": "x", "article": ""}, "unknown_article"),
        ({"reason": "x", "article": "1 OR 1=1", "sure": "yes"}, "unknown_article"),
        ({"reason": "长" * 501, "article": "pipl_47", "sure": "yes"}, "reason_needed"),
    ],
)
def test_a_wrong_form_erases_nothing(
    leader: Client, room: str, sent: dict[str, str], code: str
) -> None:
    assert room
    reply = leader.post(f"{note_path()}erase/", sent)
    assert reply.status_code == 422
    assert code in text_of(reply)
    assert Body.objects.filter(text=WORDS).exists()


def test_the_duty_officer_marks_but_does_not_erase(officer: Client, room: str) -> None:
    assert room
    assert 'name="article"' not in html_of(officer.get(note_path()))
    assert officer.post(f"{note_path()}erase/", {**BY_LAW, "sure": "yes"}).status_code == 403


def test_the_security_administrator_erases_by_number_without_reading(
    security: Client, room: str
) -> None:
    assert room
    entry = Entry.objects.get(name="incident.fact_noted").pk
    found = security.get("/records/", {"kind": "entry", "number": str(entry)})
    assert found.headers["Location"] == note_path()
    page = text_of(security.get(note_path()))
    assert WORDS not in page
    assert "您的角色不看内容" in page
    asked = text_of(security.post(f"{note_path()}erase/", BY_LAW))
    assert WORDS not in asked
    security.post(f"{note_path()}erase/", {**BY_LAW, "sure": "yes"})
    assert not Body.objects.filter(text=WORDS).exists()
    number = Report.objects.get().number
    report = security.get("/records/", {"kind": "report", "number": number})
    shown = html_of(security.get(report.headers["Location"]))
    assert "弯塘" not in shown
    incident = security.get(
        "/records/", {"kind": "incident", "number": Incident.objects.get().number}
    )
    assert "起火" not in html_of(security.get(incident.headers["Location"]))


@pytest.mark.parametrize(
    "asked",
    [
        {"kind": "entry", "number": "999999999"},
        {"kind": "entry", "number": "'; DROP TABLE x; --"},
        {"kind": "entry", "number": "\x00"},
        {"kind": "planet", "number": "1"},
        {"kind": "report", "number": "J-20200101-0001"},
        {"kind": "file", "number": "<script>alert(1)</script>"},
        {"kind": "entry", "number": "１２"},
        {"kind": "entry", "number": "9" * 400},
    ],
)
def test_a_number_that_is_none_is_a_sentence(security: Client, asked: dict[str, str]) -> None:
    reply = security.get("/records/", asked)
    assert reply.status_code in (200, 400, 404)
    assert "<script>alert" not in html_of(reply)


@pytest.mark.parametrize(
    "path", ["/records/entry/0/", "/records/planet/1/", "/records/file/999999/"]
)
def test_a_record_that_is_none_is_404(officer: Client, path: str) -> None:
    assert officer.get(path).status_code == 404


def test_a_mark_needs_a_reason_and_hostile_words_stay_words(officer: Client, room: str) -> None:
    assert room
    officer.post(f"{note_path()}mark/", {"mark": "public", "why": ""})
    officer.post(f"{note_path()}mark/", {"mark": "<b>", "why": "x"})
    assert not Mark.objects.exists()
    officer.post(f"{note_path()}mark/", {"mark": "public", "why": "<img src=x onerror=alert(1)>"})
    page = html_of(officer.get(note_path()))
    assert "<img src=x" not in page
    assert Mark.objects.get().why == "<img src=x onerror=alert(1)>"


def test_who_reads_only_finds_no_way_to_mark(room: str) -> None:
    reader = cast.signed_in(cast.JUZHANG)
    page = html_of(reader.get(room))
    assert 'href="/records/' not in page
    assert "/mark/" not in page
    assert reader.get(note_path()).status_code == 403
    assert reader.post(f"{note_path()}mark/", {"mark": "public", "why": "x"}).status_code == 403
