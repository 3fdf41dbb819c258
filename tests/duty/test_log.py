"""The duty log: it writes itself; notes, late entries, corrections; days with very many lines."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from docx import Document
from pytest_django import DjangoAssertNumQueries

from qianjun.duty.lists import log_rows
from qianjun.duty.log.actions import correct_note, note_down
from qianjun.duty.log.queries import Log, asked_for, line_json, log
from qianjun.duty.rules.log import GROUPS, day_of, span_of
from qianjun.incident.actions import add_note, close_incident, erase_record
from qianjun.kernel import clock
from qianjun.org.actor import Actor
from qianjun.org.listing.actions import take_list_out
from qianjun.org.models import Read
from tests import cast
from tests.incident.fires import taken
from tests.org.refusals import refused

pytestmark = pytest.mark.django_db


def texts(found: Log) -> list[str]:
    return [one.line.text_zh for one in found.lines]


def today(officer: Actor, **asked: str) -> Log:
    return log(seen_by=officer, asked=asked_for(**asked))


def test_what_happens_stands_in_the_log_with_its_number(officer: Actor) -> None:
    fire = taken(officer)
    close_incident(by=officer, incident_id=fire.stored.incident_id)
    found = today(officer)
    assert "事件结案" in texts(found)
    assert {one.number for one in found.lines} == {fire.stored.incident_number}
    closed = today(officer, group="closed")
    assert texts(closed) == ["事件结案"]
    assert all(group in GROUPS for group in ("taken", "ordered", "reported", "called"))
    assert today(officer, group="taken").count >= 2


def test_a_note_may_be_late_and_stands_where_it_happened(
    officer: Actor, held_clock: clock.Held
) -> None:
    taken(officer)
    held_clock.forward(timedelta(minutes=30))
    at = clock.now() - timedelta(minutes=45)
    note_down(by=officer, text="局办来电，明早开会 10000000031", happened_at=at)
    first = today(officer).lines[0]
    assert first.line.late_entry
    assert line_json(first)["text_zh"] == "局办来电，明早开会 100****0031"
    with refused("in_the_future", status=422):
        note_down(by=officer, text="会议", happened_at=clock.now() + timedelta(hours=1))
    with refused("too_short", status=422):
        note_down(by=officer, text=" \n ")
    with refused("not_allowed", status=403):
        note_down(by=cast.actor(cast.JUZHANG), text="会议")


def test_a_correction_stands_beside_what_it_corrects(officer: Actor) -> None:
    old = note_down(by=officer, text="八点开会")
    new = correct_note(by=officer, entry_id=old, text="九点开会", why="局办更正")
    wrong, right = today(officer).lines
    assert wrong.line.corrected_by == str(new)
    assert right.line.corrects == str(old)
    assert right.line.text_zh == "九点开会（局办更正）"
    assert not wrong.may_correct
    with refused("already_corrected", status=409):
        correct_note(by=officer, entry_id=old, text="十点开会")
    fire = taken(officer)
    told = add_note(by=officer, incident_id=fire.stored.incident_id, text="消防到场")
    with refused("not_found", status=404):
        correct_note(by=officer, entry_id=told, text="没有到场")


def test_what_is_erased_by_law_is_in_no_log(officer: Actor) -> None:
    entry = note_down(by=officer, text="演示群众的住址")
    leader = cast.actor(cast.LAOLI)
    told = {"reason": "申请", "article": "pipl_47"}
    erase_record(by=leader, kind="entry", ident=str(entry), **told)
    found = today(officer)
    assert all("住址" not in said for said in texts(found))
    assert found.lines[0].line.erased
    with refused("erased", status=409):
        correct_note(by=officer, entry_id=entry, text="更正")


def test_a_day_of_thousands_of_lines_is_read_a_page_at_a_time(
    officer: Actor, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(230):
        note_down(by=officer, text=f"第 {number} 条")
    found = today(officer)
    assert (found.count, found.page, found.pages, len(found.lines)) == (230, 3, 3, 30)
    first = log(seen_by=officer, asked=asked_for(), page=1)
    assert texts(first)[0] == "第 0 条"
    with django_assert_num_queries(3):
        log(seen_by=officer, asked=asked_for(), page=2)
    whole = log(seen_by=officer, asked=asked_for(), whole=True)
    assert len(whole.lines) == 230
    assert len(list(log_rows(officer, {}))) == 230


def test_the_log_goes_out_with_what_was_corrected_and_what_is_late(officer: Actor) -> None:
    at = clock.now() - timedelta(hours=1)
    old = note_down(by=officer, text="八点开会", happened_at=at)
    correct_note(by=officer, entry_id=old, text="九点开会")
    note_down(by=officer, text="市局来电", happened_at=at)
    rows: Any = log_rows(officer, {})
    assert [row["mark"] for row in rows] == ["已更正", "更正", "补录"]
    name, content = take_list_out(by=officer, name="duty_log", asked={}, form="word")
    assert name.endswith(".docx")
    assert Document(BytesIO(content)).tables
    assert Read.objects.filter(what="leave.export").count() == 1


def test_whoever_may_not_read_the_log_does_not(officer: Actor) -> None:
    note_down(by=officer, text="八点开会")
    with refused("not_allowed", status=403):
        log(seen_by=cast.actor(cast.KEEPER), asked=asked_for())


def test_days_and_shifts_are_days_in_beijing() -> None:
    now = clock.now()
    assert day_of("2026-05-31", now=now).isoformat() == "2026-05-31"
    for word in ("", "x", "2026-02-30", "２026-05-31", "9" * 9_000):
        assert day_of(word, now=now) == clock.in_beijing(now).date(), word
    day = day_of("2026-05-31", now=now)
    since, until = span_of(day, "shift")
    assert (since.hour, until - since) == (0, timedelta(days=1))
    assert span_of(day, "day")[0].hour == 16
