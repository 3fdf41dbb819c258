"""Split, join, confirm: every report keeps its row, every incident its number and history."""

from datetime import timedelta

import pytest

from qianjun.incident.actions import (
    add_figure,
    close_incident,
    confirm_join,
    join_report,
    place_hold,
    reopen_incident,
    split_report,
)
from qianjun.incident.models import Figure, Incident
from qianjun.incident.queries import (
    incident_card,
    latest_figures,
    timeline,
    unconfirmed_reports,
)
from qianjun.journal.models import Deadline, Entry, Timer
from qianjun.kernel import clock
from qianjun.org.actor import Actor
from tests import cast
from tests.incident.fires import FAR, incident_of, nearby, report_of, taken
from tests.org.refusals import refused

pytestmark = pytest.mark.django_db


def names_of(incident: int) -> list[str]:
    """The entries of an incident, in order."""
    return list(
        Entry.objects.filter(incident=incident).order_by("pk").values_list("name", flat=True)
    )


def test_a_split_report_gets_a_new_incident_with_its_own_facts(officer: Actor) -> None:
    first = taken(officer)
    second = taken(officer, text="起火，有人喊", **nearby(100))
    report, opened = split_report(by=officer, report_id=second.stored.report_id)
    assert opened.pk != first.stored.incident_id
    assert opened.number == "450202-20260601-0002"
    assert (opened.lon, opened.category) == (report.lon, "12G00")
    assert incident_of(second) == opened
    assert report_of(second).joined == "new"
    assert Deadline.objects.filter(about_id=str(opened.pk)).exists()


def test_both_incidents_tell_of_a_split(officer: Actor) -> None:
    first = taken(officer)
    second = taken(officer)
    _report, opened = split_report(by=officer, report_id=second.stored.report_id)
    assert names_of(first.stored.incident_id)[-1] == "incident.report_split"
    assert names_of(opened.pk) == ["incident.opened", "incident.report_joined"]


def test_the_only_report_of_an_incident_is_not_split(officer: Actor) -> None:
    one = taken(officer)
    with refused("only_report", status=409):
        split_report(by=officer, report_id=one.stored.report_id)
    assert Incident.objects.count() == 1


def test_a_joined_report_moves_and_both_incidents_tell_of_it(officer: Actor) -> None:
    first, second = taken(officer), taken(officer, **FAR)
    third = taken(officer, join=str(second.stored.incident_id))
    join_report(
        by=officer,
        report_id=third.stored.report_id,
        incident_id=first.stored.incident_id,
    )
    row = report_of(third)
    assert row.incident_id == first.stored.incident_id
    assert (row.joined, row.join_probability) == ("chosen", None)
    assert names_of(second.stored.incident_id)[-1] == "incident.report_split"
    assert names_of(first.stored.incident_id)[-1] == "incident.report_joined"
    assert Incident.objects.filter(state="open").count() == 2


def test_an_incident_left_without_reports_is_closed_into_the_other(officer: Actor) -> None:
    first, second = taken(officer), taken(officer, **FAR)
    join_report(
        by=officer,
        report_id=second.stored.report_id,
        incident_id=first.stored.incident_id,
    )
    emptied = Incident.objects.get(pk=second.stored.incident_id)
    assert emptied.state == "closed"
    assert emptied.merged_into_id == first.stored.incident_id
    assert emptied.number == "450202-20260601-0002"
    assert names_of(emptied.pk)[-1] == "incident.closed"
    assert not Timer.objects.filter(incident=emptied.pk).exists()
    with refused("merged", status=409):
        reopen_incident(by=officer, incident_id=emptied.pk, reason="看错了")


def test_an_incident_that_is_held_is_not_emptied(officer: Actor) -> None:
    first, second = taken(officer), taken(officer, **FAR)
    place_hold(incident=second.stored.incident_id, kind="people", about=("callout", "1"))
    with refused("held", status=409):
        join_report(
            by=officer,
            report_id=second.stored.report_id,
            incident_id=first.stored.incident_id,
        )


def test_a_report_is_not_joined_to_where_it_is_nor_to_a_closed_or_unknown_incident(
    officer: Actor,
) -> None:
    first, second = taken(officer), taken(officer, **FAR)
    report = second.stored.report_id
    with refused("already_there", status=409):
        join_report(by=officer, report_id=report, incident_id=second.stored.incident_id)
    close_incident(by=officer, incident_id=first.stored.incident_id)
    with refused("incident_closed", status=409):
        join_report(by=officer, report_id=report, incident_id=first.stored.incident_id)
    with refused("not_found", status=404):
        join_report(by=officer, report_id=report, incident_id="999999")
    with refused("not_found", status=404):
        join_report(by=officer, report_id="999999", incident_id=first.stored.incident_id)


def test_figures_go_with_their_report_and_the_old_rows_stay_withdrawn(officer: Actor) -> None:
    first = taken(officer, figures={"injured": 1})
    second = taken(officer, figures={"injured": 2})
    _report, opened = split_report(by=officer, report_id=second.stored.report_id)
    old, new = first.stored.incident_id, opened.pk
    standing = latest_figures([old, new])
    assert standing[old].values() == {"injured": 1}
    assert standing[new].values() == {"injured": 2}
    assert Figure.objects.filter(withdrawn_at__isnull=False).count() == 1


def test_figures_that_come_with_a_joined_report_and_jump_wait(officer: Actor) -> None:
    first = taken(officer, figures={"dead": 0})
    second = taken(officer, figures={"dead": 2}, **FAR)
    join_report(
        by=officer,
        report_id=second.stored.report_id,
        incident_id=first.stored.incident_id,
    )
    card = incident_card(seen_by=officer, incident_id=first.stored.incident_id)
    assert card["figures"]["dead"]["value"] == 0
    assert "figure_unexplained" in card["questions"]
    add_figure(
        by=officer,
        incident_id=first.stored.incident_id,
        kind="dead",
        value=2,
        source="市医院",
        explanation="医院核实",
    )
    card = incident_card(seen_by=officer, incident_id=first.stored.incident_id)
    assert card["figures"]["dead"]["value"] == 2
    assert "figure_unexplained" not in card["questions"]


def test_an_incident_was_last_heard_of_by_the_reports_it_still_has(
    officer: Actor, held_clock: clock.Held
) -> None:
    first = taken(officer)
    held_clock.forward(timedelta(minutes=2))
    second = taken(officer)
    split_report(by=officer, report_id=second.stored.report_id)
    assert incident_of(first).last_report_at == report_of(first).received_at


def test_an_automatic_join_waits_until_it_is_confirmed_once(officer: Actor) -> None:
    taken(officer)
    second = taken(officer)
    assert [row.pk for row in unconfirmed_reports(seen_by=officer)] == [second.stored.report_id]
    confirm_join(by=officer, report_id=second.stored.report_id)
    assert not unconfirmed_reports(seen_by=officer)
    assert names_of(second.stored.incident_id)[-1] == "incident.join_confirmed"
    with refused("nothing_to_confirm", status=409):
        confirm_join(by=officer, report_id=second.stored.report_id)


def test_a_new_report_has_nothing_to_confirm(officer: Actor) -> None:
    with refused("nothing_to_confirm", status=409):
        confirm_join(by=officer, report_id=taken(officer).stored.report_id)


def test_only_the_desk_sorts_reports(officer: Actor) -> None:
    one = taken(officer)
    for part in (cast.JUZHANG, cast.JIEDAO, cast.AUDIT):
        with refused("not_allowed", status=403):
            split_report(by=cast.actor(part), report_id=one.stored.report_id)


def test_the_timeline_says_what_became_of_a_report_in_both_languages(officer: Actor) -> None:
    first = taken(officer, source="119")
    taken(officer, source="public")
    lines, _more = timeline(seen_by=officer, incident_id=first.stored.incident_id)
    assert lines[0]["text_zh"] == "119报告（立案）：民房着火，有浓烟"
    assert "群众报告（自动归并，待确认）" in lines[-1]["text_zh"]
    assert lines[-1]["by"]["name_masked"].endswith("*")
    assert lines[-1]["about"]["kind"] == "report"
