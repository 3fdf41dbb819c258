"""Marks are rows that are only added; what must not be entered is hidden at once."""

import json
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from qianjun.incident import actions
from qianjun.incident.models import Figure, Task
from qianjun.incident.queries.records import record_of
from qianjun.incident.rules.marking import marking_fault
from qianjun.journal.marking import mark_of, marks_before
from qianjun.journal.models import Entry, Mark
from qianjun.kernel import clock
from qianjun.media.models import File
from qianjun.message.actions import send
from qianjun.message.inbox import Letter, take_in
from qianjun.message.models import Message
from qianjun.org.actor import Actor
from tests import cast
from tests.incident.fires import incident_of, report_of, taken
from tests.incident.marked import SAID, lines, note, refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_log")]


def test_every_record_is_internal_until_somebody_marks_it(officer: Actor) -> None:
    one = taken(officer)
    incident = incident_of(one)
    for about in (("incident", str(incident.pk)), ("report", str(report_of(one).pk))):
        assert mark_of(about) == "internal"
    assert not Mark.objects.exists()


def test_a_mark_says_who_when_and_why_and_stands_on_the_timeline(officer: Actor) -> None:
    incident = incident_of(taken(officer))
    row = actions.mark_record(
        by=officer, kind="incident", ident=incident.pk, mark="public", why="已对外发布"
    )
    assert (row.by_id, row.by_role, row.why) == (officer.ident, "duty_officer", "已对外发布")
    assert mark_of(("incident", str(incident.pk))) == "public"
    last = Entry.objects.select_related("body").latest("pk")
    assert (last.name, last.incident, last.body.text) == (
        "journal.record_marked",
        incident.pk,
        "已对外发布",
    )
    assert "事件标为公开：已对外发布" in [
        line["text_zh"] for line in lines(officer, incident.pk).values()
    ]
    actions.mark_record(by=officer, kind="incident", ident=incident.pk, mark="internal", why="收回")
    assert [one.mark for one in marks_before(("incident", str(incident.pk)))] == [
        "internal",
        "public",
    ]


@pytest.mark.parametrize(
    "statement", ["UPDATE journal_mark SET mark = 'public'", "DELETE FROM journal_mark"]
)
def test_a_mark_is_never_changed_or_taken_away(officer: Actor, statement: str) -> None:
    from django.db import connection

    ident = incident_of(taken(officer)).pk
    actions.mark_record(by=officer, kind="incident", ident=ident, mark="public", why="好")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute(statement)


@pytest.mark.parametrize(
    ("kind", "name", "old", "new", "code"),
    [
        ("planet", "planet", "internal", "public", "unknown_kind"),
        ("report", "report", "internal", "secret", "unknown_mark"),
        ("report", "report", "public", "public", "already_marked"),
        ("incident", "incident", "internal", "barred", "not_whole"),
        ("file", "image", "barred", "internal", "kept_back"),
        ("entry", "incident.figure_recorded", "barred", "internal", "kept_back"),
        ("entry", "incident.fact_noted", "barred", "internal", None),
        ("report", "report", "barred", "internal", None),
        ("entry", "incident.figure_recorded", "internal", "barred", None),
    ],
)
def test_which_mark_may_follow_which(
    kind: str, name: str, old: str, new: str, code: str | None
) -> None:
    fault = marking_fault(kind, old=old, new=new, name=name)
    assert (fault[0] if fault else None) == code


@pytest.mark.parametrize("part", [cast.JUZHANG, cast.ZHIHUI, cast.JIEDAO, cast.SYSTEM, cast.AUDIT])
def test_who_may_not_mark_is_kept_out(officer: Actor, part: cast.Part) -> None:
    ident = incident_of(taken(officer)).pk
    words = {"kind": "incident", "ident": ident, "mark": "public", "why": "好"}
    assert refused(actions.mark_record, by=cast.actor(part), **words).status == 403


def test_a_barred_line_is_hidden_at_once_and_can_come_back(officer: Actor) -> None:
    ident = incident_of(taken(officer)).pk
    entry = note(officer, ident)
    actions.mark_record(by=officer, kind="entry", ident=entry, mark="barred", why="疑似")
    line = lines(officer, ident)[str(entry)]
    assert line["text_zh"] == "【不得录入】已遮住，等待依法删除"
    assert (line["mark"], line["erased"]) == ("barred", False)
    assert record_of(seen_by=officer, kind="entry", ident=entry).text == ""
    actions.mark_record(by=officer, kind="entry", ident=entry, mark="internal", why="误标")
    assert lines(officer, ident)[str(entry)]["text_zh"] == SAID


def test_a_barred_report_is_hidden_wherever_it_is_repeated(officer: Actor) -> None:
    one = taken(officer, text=SAID, lon=None, lat=None)
    report = report_of(one)
    actions.mark_record(by=officer, kind="report", ident=report.pk, mark="barred", why="疑似")
    report.refresh_from_db()
    incident = incident_of(one)
    assert "配方" not in report.text + incident.title
    assert "配方" not in json.dumps(list(lines(officer, incident.pk).values()), ensure_ascii=False)
    actions.mark_record(by=officer, kind="report", ident=report.pk, mark="internal", why="误标")
    report.refresh_from_db()
    assert report.text == SAID
    assert SAID in json.dumps(list(lines(officer, incident.pk).values()), ensure_ascii=False)


def test_barring_the_line_of_a_report_bars_the_report(officer: Actor) -> None:
    one = taken(officer, text=SAID)
    entry = Entry.objects.get(name="incident.report_taken")
    actions.mark_record(by=officer, kind="entry", ident=entry.pk, mark="barred", why="疑似")
    assert "配方" not in report_of(one).text
    assert mark_of(("report", str(report_of(one).pk))) == "barred"


def a_file(incident: int) -> File:
    return File.objects.create(
        sha256="0" * 64,
        kind="image",
        media_type="image/jpeg",
        bytes=4,
        name="现场.jpg",
        incident=incident,
        about_kind="incident",
        about_id=str(incident),
        by_kind="person",
        by_id="1",
        via="session",
        received_at=clock.now(),
        state="ready",
    )


def test_a_barred_file_is_served_to_nobody_any_more(officer: Actor, security: Actor) -> None:
    file = a_file(incident_of(taken(officer)).pk)
    actions.mark_record(by=security, kind="file", ident=file.pk, mark="barred", why="疑似")
    file.refresh_from_db()
    assert (file.state, file.why) == ("quarantined", "barred")
    words = {"kind": "file", "ident": file.pk, "mark": "internal", "why": "误标"}
    assert refused(actions.mark_record, by=officer, **words).code == "kept_back"


def test_a_barred_letter_is_hidden_and_can_come_back(security: Actor) -> None:
    letter = Letter(
        key="k2",
        channel="sms",
        from_value="10000000078",
        sent_at=clock.now(),
        text=SAID,
        lon=109.44,
        lat=24.33,
    )
    inbound = take_in(letter)
    assert inbound is not None
    assert inbound.entry is not None
    told: dict[str, Any] = {"kind": "entry", "ident": inbound.entry}
    actions.mark_record(by=security, **told, mark="barred", why="疑似")
    inbound.refresh_from_db()
    assert "配方" not in inbound.text
    actions.mark_record(by=security, **told, mark="internal", why="误标")
    inbound.refresh_from_db()
    assert inbound.text == SAID


def test_a_barred_figure_or_task_is_hidden_for_good(officer: Actor) -> None:
    ident = incident_of(taken(officer)).pk
    actions.add_figure(
        by=officer, incident_id=ident, kind="injured", value=1, source="王医生", explanation="清点"
    )
    actions.open_task(by=officer, incident_id=ident, title="把配方单送到演示仓库")
    for name in ("incident.figure_recorded", "incident.task_opened"):
        entry = Entry.objects.get(name=name).pk
        told: dict[str, Any] = {"by": officer, "kind": "entry", "ident": entry, "why": "疑似"}
        actions.mark_record(**told, mark="barred")
        assert refused(actions.mark_record, **told, mark="internal").code == "kept_back"
    assert Figure.objects.get().source == "【不得录入】已遮住"
    assert Task.objects.get().title == "【不得录入】已遮住"


def test_what_must_not_be_entered_leaves_no_more(officer: Actor) -> None:
    ident = incident_of(taken(officer)).pk
    person = cast.put_on_duty(cast.XIAOZHAO, phone="10000000009")
    message = send(
        by=officer,
        purpose="report",
        matter="x",
        person=person.pk,
        text=f"请知悉：{SAID}",
        rank=1,
        incident=ident,
    )
    entry = note(officer, ident)
    actions.mark_record(by=officer, kind="entry", ident=entry, mark="barred", why="疑似")
    assert message is not None
    assert Message.objects.get(pk=message.pk).text == "【不得录入】已遮住"
