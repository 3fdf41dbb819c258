"""A call that is no incident: halves are kept, and what it becomes is linked."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from docx import Document

from qianjun.incident.actions import (
    NewInstruction,
    NewPhoneRecord,
    correct_phone_record,
    direct_instruction,
    propose_instruction,
    refer_instruction,
    reveal_number,
    take_call_out,
    take_instruction_out,
    take_phone_record,
    turn_into_instruction,
    turn_into_report,
)
from qianjun.incident.instruction_models import PhoneRecord
from qianjun.incident.queries.instructions import lines_about
from qianjun.incident.queries.phone_records import phone_record_json, phone_records
from qianjun.kernel import clock
from qianjun.org.actor import Actor
from qianjun.org.models import Read
from tests import cast
from tests.incident.fires import taken
from tests.incident.instructing import POLICE, came, units
from tests.org.refusals import refused

pytestmark = pytest.mark.django_db
NUMBER = "10000000031"


def rang(by: Actor, **told: Any) -> PhoneRecord:
    """A call about the water."""
    words = {"matter": "enquiry", "who": "演示群众", "phone": NUMBER, "text": "问停水到几点"}
    return take_phone_record(by=by, told=NewPhoneRecord(**{**words, **told}))


def cells(content: bytes) -> list[str]:
    """Every cell of a form, each once."""
    table = Document(BytesIO(content)).tables[0]
    return [cell.text for row in table.rows for cell in row.cells]


def test_a_call_has_its_number_and_shows_no_whole_telephone(officer: Actor) -> None:
    row = rang(officer)
    assert row.number == "DH-450202-2026-0001"
    assert phone_record_json(row)["phone_masked"] == "100****0031"
    assert [one.pk for one in phone_records(seen_by=officer, q="停水")] == [row.pk]
    assert not phone_records(seen_by=officer, matter="notice")
    assert reveal_number(by=officer, kind="phone_record", ident=row.pk, why="回拨") == NUMBER
    assert Read.objects.get().what == "phone_record.phone"


def test_half_a_call_is_kept_and_nothing_else_may_be_empty(officer: Actor) -> None:
    half = rang(officer, matter="hung_up", who="", phone="", text="")
    assert half.text == ""
    with refused("too_short", status=422):
        rang(officer, text="")
    with refused("unknown_value", status=422):
        rang(officer, direction="sideways")
    with refused("must_not_be_entered", status=422):
        rang(officer, text="绝密★ 通知")
    early = rang(officer, at=clock.now() - timedelta(hours=2))
    assert lines_about("phone_record", early.pk)[0]["late_entry"]


def test_a_correction_keeps_old_and_new(officer: Actor) -> None:
    row = rang(officer)
    told = NewPhoneRecord(matter="enquiry", who="演示群众", phone=NUMBER, text="问停电")
    with refused("stale", status=409):
        correct_phone_record(by=officer, record_id=row.pk, version=9, told=told, why="听错")
    correct_phone_record(by=officer, record_id=row.pk, version=1, told=told, why="听错")
    assert "问停水到几点 → 问停电" in lines_about("phone_record", row.pk)[1]["text_zh"]


def test_it_becomes_an_instruction_once(officer: Actor) -> None:
    row = rang(officer, matter="notice", text="明天9时开会，请派一人")
    told = NewInstruction(way="meeting", sender="区政府办", text=row.text)
    made = turn_into_instruction(by=officer, record_id=row.pk, told=told)
    row.refresh_from_db()
    assert row.instruction == made
    with refused("turned_already", status=409):
        turn_into_instruction(by=officer, record_id=row.pk, told=told)
    names = [line["name"] for line in lines_about("phone_record", row.pk)]
    assert names == ["incident.phone_recorded", "incident.phone_record_turned"]


def test_it_becomes_a_report_and_no_report_is_refused_for_it(officer: Actor) -> None:
    row, report = rang(officer), taken(officer).stored.report_id
    turned = turn_into_report(by=officer, record_id=row.pk, report_id=report)
    assert turned is not None
    assert turned.report_id == report
    for ident in (str(row.pk), "999", "", "x"):
        assert turn_into_report(by=officer, record_id=ident, report_id=report) is None


def test_only_the_desk_writes_calls_down(officer: Actor) -> None:
    row = rang(officer)
    chief = cast.actor(cast.JUZHANG)
    assert phone_records(seen_by=chief).get() == row
    with refused("not_allowed", status=403):
        rang(chief)


def test_the_record_of_a_call_in_word(officer: Actor) -> None:
    row = rang(officer, done_text="已告知水务电话")
    name, content = take_call_out(by=officer, record_id=row.pk)
    assert name == f"电话记录单{row.number}.docx"
    assert content == take_call_out(by=officer, record_id=row.pk)[1]
    said = cells(content)
    assert {"问停水到几点", "已告知水务电话", "100****0031", "领导批示"} <= set(said)
    assert NUMBER not in str(said)
    assert Read.objects.filter(what="leave.export").count() == 2


def test_the_processing_slip_in_word(officer: Actor) -> None:
    units()
    row, leader = came(officer, urgency="urgent"), cast.actor(cast.LAOLI)
    propose_instruction(by=officer, instruction_id=row.pk, text="拟请公安办理")
    direct_instruction(by=leader, instruction_id=row.pk, text="同意")
    refer_instruction(by=officer, instruction_id=row.pk, order="清出地下室", units=[POLICE])
    said = "\n".join(cells(take_instruction_out(by=officer, instruction_id=row.pk)[1]))
    for words in ("市防汛抗旱指挥部办公室", "拟请公安办理", "同意　带班领导老李", "清出地下室"):
        assert words in said, words
