"""Erased by law: words go from wherever they stand, the chain still verifies."""

import json
from typing import Any

import pytest

from qianjun.incident import actions
from qianjun.incident.models import Figure, Report, Settling
from qianjun.incident.models import Letter as Waiting
from qianjun.incident.queries import incident_card, incidents
from qianjun.incident.queries.records import record_of
from qianjun.journal.models import Body, Entry
from qianjun.journal.verify import verify
from qianjun.kernel import clock
from qianjun.message.actions import send
from qianjun.message.inbox import Letter, take_in
from qianjun.message.models import CarrierRow, Message
from qianjun.org.actor import Actor
from tests import cast
from tests.incident.fires import incident_of, report_of, taken
from tests.incident.marked import SAID, erase, lines, note, refused
from tests.journal.sabotage import seal_as_committed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_log")]


def test_an_erased_line_keeps_its_article_and_the_chain_verifies(
    officer: Actor, leader: Actor
) -> None:
    ident = incident_of(taken(officer)).pk
    entry = note(officer, ident)
    seal_as_committed()
    assert erase(leader, "entry", entry) == 1
    line = lines(officer, ident)[str(entry)]
    assert line["text_zh"] == "【已依法删除】《个人信息保护法》第四十七条"
    assert line["erased"]
    assert Body.objects.get(pk=entry).text == ""
    assert verify().ok
    seal_as_committed()
    assert verify().ok
    assert (
        refused(
            actions.erase_record, by=leader, kind="entry", ident=entry, reason="x", article="erl_85"
        ).code
        == "already_erased"
    )


def test_an_erased_report_goes_from_every_table(officer: Actor, leader: Actor) -> None:
    one = taken(
        officer, text=SAID, caller_name="王某", caller_phone="10000012345", lon=None, lat=None
    )
    report = report_of(one)
    other = taken(officer, lon=109.40, lat=24.32)
    actions.join_report(by=officer, report_id=report.pk, incident_id=incident_of(other).pk)
    assert erase(leader, "report", report.pk) == 2  # where it was taken in, and where it was moved
    report.refresh_from_db()
    assert (report.text, report.caller_name, report.caller_phone) == ("【已依法删除】", "", "")
    shown = json.dumps(incident_card(seen_by=officer, incident_id=report.incident_id), default=str)
    for words in ("配方", "王某", "10000012345"):
        assert words not in shown
        assert not Body.objects.filter(text__contains=words).exists()
        assert not Report.objects.filter(text__contains=words).exists()


def test_figures_and_messages_forget_the_words_too(officer: Actor, leader: Actor) -> None:
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
    actions.add_figure(
        by=officer,
        incident_id=ident,
        kind="injured",
        value=1,
        source="王医生",
        explanation="急诊清点",
    )
    figure = Entry.objects.get(name="incident.figure_recorded")
    erase(leader, "entry", entry)
    erase(leader, "entry", figure.pk)
    assert message is not None
    assert Message.objects.get(pk=message.pk).text == "【已依法删除】"
    assert not CarrierRow.objects.filter(text__contains="配方").exists()
    row = Figure.objects.get(source="【已依法删除】")
    assert (row.value, row.explanation) == (1, "")


def test_the_security_administrator_erases_by_number_without_reading(
    officer: Actor, security: Actor
) -> None:
    ident = incident_of(taken(officer)).pk
    entry = note(officer, ident)
    record = record_of(seen_by=security, kind="entry", ident=entry)
    assert record.text is None
    assert record.characters == len(SAID)
    assert erase(security, "entry", entry) == 1


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"article": "because"}, "unknown_article"),
        ({"reason": " "}, "reason_needed"),
        ({"kind": "incident"}, "not_erasable"),
        ({"ident": 999_999_999}, "not_found"),
        ({"ident": "../1"}, "not_found"),
        ({"kind": "planet"}, "not_found"),
    ],
)
def test_a_wrong_erasing_is_refused_and_erases_nothing(
    officer: Actor, leader: Actor, changed: dict[str, Any], code: str
) -> None:
    ident = incident_of(taken(officer)).pk
    entry = note(officer, ident)
    words = {"kind": "entry", "ident": entry, "reason": "本人申请", "article": "pipl_47"}
    if changed.get("kind") == "incident":
        changed = changed | {"ident": ident}
    assert refused(actions.erase_record, by=leader, **(words | changed)).code == code
    assert Body.objects.get(pk=entry).text == SAID


@pytest.mark.parametrize("part", [cast.XIAOWANG, cast.JUZHANG, cast.SYSTEM, cast.AUDIT])
def test_who_may_not_erase_is_kept_out(officer: Actor, part: cast.Part) -> None:
    entry = note(officer, incident_of(taken(officer)).pk)
    words = {"kind": "entry", "ident": entry, "reason": "x", "article": "erl_85"}
    assert refused(actions.erase_record, by=cast.actor(part), **words).status == 403


def test_a_line_without_words_has_nothing_to_erase(officer: Actor, leader: Actor) -> None:
    taken(officer)
    opened = Entry.objects.get(name="incident.opened")
    words = {"kind": "entry", "ident": opened.pk, "reason": "x", "article": "erl_85"}
    assert refused(actions.erase_record, by=leader, **words).code == "not_erasable"


def test_nothing_erased_is_found_by_searching(officer: Actor, leader: Actor) -> None:
    report = report_of(taken(officer, text=SAID, lon=None, lat=None))
    assert incidents(seen_by=officer, q="配方").exists()
    erase(leader, "report", report.pk)
    assert not incidents(seen_by=officer, q="配方").exists()


def test_a_letter_goes_with_the_report_that_was_taken_from_it(
    officer: Actor, leader: Actor
) -> None:
    inbound = take_in(
        Letter(key="k1", channel="sms", from_value="10000000077", sent_at=clock.now(), text=SAID)
    )
    assert inbound is not None
    report = report_of(taken(officer, text=SAID))
    Waiting.objects.create(
        inbound=inbound, arrived_at=clock.now(), settled_at=clock.now(), report=report
    )
    assert inbound.entry is not None
    assert erase(leader, "entry", inbound.entry) == 2
    inbound.refresh_from_db()
    report.refresh_from_db()
    assert inbound.text == ""
    assert report.text == "【已依法删除】"
    assert not Body.objects.filter(text__contains="配方").exists()


def test_what_the_facts_were_called_before_is_erased_with_the_settling(
    officer: Actor, leader: Actor
) -> None:
    row = incident_of(taken(officer))
    for title in ("王家小院起火事件", "李家小院起火事件"):
        row.refresh_from_db()
        actions.settle_facts(
            by=officer, incident_id=row.pk, version=row.version, facts={"title": title}
        )
    settled = Entry.objects.filter(name="incident.facts_settled").order_by("pk")
    erase(leader, "entry", settled[0].pk)
    assert "王家" not in json.dumps(list(Settling.objects.values_list("before", flat=True)))
    row.refresh_from_db()
    assert row.title == "李家小院起火事件"
    erase(leader, "entry", settled[1].pk)
    row.refresh_from_db()
    assert "李家" not in row.title
