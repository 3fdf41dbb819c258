"""Many reports in one act: joined, parted, kept apart, all of them or none."""

import pytest

from qianjun.incident.actions import close_incident, place_hold
from qianjun.incident.models import Figure, Incident
from qianjun.journal.models import Deadline, Entry
from qianjun.org.actor import Actor
from qianjun.response.actions import (
    Chosen,
    assign_chosen,
    close_chosen,
    join_chosen,
    keep_apart,
    split_chosen,
    undo_step,
)
from qianjun.response.models import Apart, Reply, SortingStep
from tests import cast
from tests.incident.fires import FAR, report_of, taken
from tests.org.refusals import refused
from tests.response.many import chosen, homes, names, seen, three

pytestmark = pytest.mark.django_db


# --- join -----------------------------------------------------------------------------------------


def test_many_reports_are_joined_into_the_incident_that_has_most(officer: Actor) -> None:
    first, second, third = three(officer)
    more = taken(officer, join=str(second.stored.incident_id))
    done = join_chosen(by=officer, chosen=chosen(first, second, third, more))
    into = second.stored.incident_id
    assert homes((first, second, third, more)) == [into] * 4
    assert [row.pk for row in done.incidents] == [into]
    assert Incident.objects.filter(state="open").count() == 1
    merged = Incident.objects.get(pk=first.stored.incident_id)
    assert (merged.state, merged.merged_into_id) == ("closed", into)


def test_both_incidents_tell_of_every_report_that_moved(officer: Actor) -> None:
    first, second, _third = three(officer)
    join_chosen(by=officer, chosen=chosen(first, second), incident_id=str(first.stored.incident_id))
    assert names(second.stored.incident_id)[-2:] == ["incident.report_split", "incident.closed"]
    assert names(first.stored.incident_id)[-1] == "incident.report_joined"


def test_figures_go_with_every_joined_report(officer: Actor) -> None:
    first = taken(officer, figures={"injured": 1})
    second = taken(officer, figures={"injured": 2}, **FAR)
    join_chosen(by=officer, chosen=chosen(first, second), incident_id=str(first.stored.incident_id))
    stands = Figure.objects.filter(withdrawn_at__isnull=True).values_list("incident", "value")
    assert sorted(stands) == [(first.stored.incident_id, 1), (first.stored.incident_id, 2)]


def test_joining_confirms_the_automatic_joins_that_are_chosen(officer: Actor) -> None:
    first, second = taken(officer), taken(officer)
    assert second.stored.joined == "auto"
    done = join_chosen(by=officer, chosen=chosen(first, second))
    assert report_of(second).confirmed_at is not None
    undo_step(by=officer, step_id=done.step.pk)
    assert report_of(second).confirmed_at is None
    assert report_of(second).join_probability == second.stored.probability


def test_a_join_is_refused_when_nothing_would_change_or_the_incident_is_closed(
    officer: Actor,
) -> None:
    first, second, _third = three(officer)
    with refused("already_there", status=409):
        join_chosen(by=officer, chosen=chosen(first))
    close_incident(by=officer, incident_id=second.stored.incident_id)
    with refused("incident_closed", status=409):
        join_chosen(by=officer, chosen=chosen(first), incident_id=str(second.stored.incident_id))
    with refused("incident_closed", status=409):
        join_chosen(by=officer, chosen=chosen(second))
    with refused("not_found", status=404):
        join_chosen(by=officer, chosen=chosen(first), incident_id="999999")


def test_a_held_incident_keeps_all_of_them_where_they_are(officer: Actor) -> None:
    first, second, third = three(officer)
    place_hold(incident=third.stored.incident_id, kind="people", about=("callout", "1"))
    before, entries = homes((first, second, third)), Entry.objects.count()
    with refused("held", status=409):
        join_chosen(
            by=officer,
            chosen=chosen(first, second, third),
            incident_id=str(first.stored.incident_id),
        )
    assert homes((first, second, third)) == before
    assert Entry.objects.count() == entries
    assert not SortingStep.objects.exists()


# --- what others have done meanwhile --------------------------------------------------------------


def test_what_was_seen_and_has_changed_is_refused_whole(officer: Actor) -> None:
    first, second, third = three(officer)
    shown = seen(first, second)
    into = str(third.stored.incident_id)
    join_chosen(by=officer, chosen=chosen(second, third), incident_id=into)
    with refused("stale", status=409):
        join_chosen(by=officer, chosen=shown)
    with refused("stale", status=409):
        close_chosen(by=officer, chosen=shown, answer="已处置")
    assert not Reply.objects.exists()


def test_what_was_seen_and_still_stands_is_done(officer: Actor) -> None:
    first, second, _third = three(officer)
    join_chosen(by=officer, chosen=seen(first, second))
    assert len(set(homes((first, second)))) == 1


@pytest.mark.parametrize(
    ("reports", "code", "status"),
    [
        ((), "nothing_chosen", 422),
        (("999999",), "not_found", 404),
        (("x",), "not_found", 404),
        (tuple(map(str, range(1, 2_002))), "too_many", 422),
    ],
)
def test_reports_that_nobody_has_are_refused(
    officer: Actor, reports: tuple[str, ...], code: str, status: int
) -> None:
    with refused(code, status=status):
        close_chosen(by=officer, chosen=Chosen(reports=reports), answer="好")


def test_only_the_desk_sorts(officer: Actor) -> None:
    picked = chosen(*three(officer))
    for part in (cast.JUZHANG, cast.JIEDAO, cast.AUDIT):
        by = cast.actor(part)
        for verb in (join_chosen, split_chosen, keep_apart):
            with refused("not_allowed", status=403):
                verb(by=by, chosen=picked)
        with refused("not_allowed", status=403):
            assign_chosen(by=by, chosen=picked, unit=cast.STREET)
        with refused("not_allowed", status=403):
            close_chosen(by=by, chosen=picked, answer="好")
        with refused("not_allowed", status=403):
            undo_step(by=by, step_id="1")


# --- split and apart ------------------------------------------------------------------------------


def test_chosen_reports_leave_together_for_one_new_incident(officer: Actor) -> None:
    first = taken(officer)
    others = [taken(officer, join=str(first.stored.incident_id)) for _ in range(3)]
    done = split_chosen(by=officer, chosen=chosen(*others[:2]))
    (new,) = done.incidents
    assert homes(others) == [new.pk, new.pk, first.stored.incident_id]
    assert names(new.pk)[:2] == ["incident.opened", "incident.report_joined"]
    assert Deadline.objects.filter(about_id=str(new.pk)).exists()
    pair = Apart.objects.get()
    assert (pair.one_id, pair.other_id) == (first.stored.incident_id, new.pk)


def test_the_last_reports_of_an_incident_do_not_leave_it(officer: Actor) -> None:
    first, second = taken(officer), taken(officer)
    with refused("only_report", status=409):
        split_chosen(by=officer, chosen=chosen(first, second))
    assert Incident.objects.count() == 1


def test_incidents_are_judged_to_be_different_once_and_that_can_be_withdrawn(
    officer: Actor,
) -> None:
    reports = three(officer)
    done = keep_apart(by=officer, chosen=chosen(*reports))
    assert Apart.objects.count() == 3
    assert names(reports[0].stored.incident_id)[-1] == "response.kept_apart"
    keep_apart(by=officer, chosen=chosen(*reports[:2]))
    assert Apart.objects.count() == 3
    undo_step(by=officer, step_id=done.step.pk)
    assert not Apart.objects.filter(withdrawn_at__isnull=True).exists()


def test_one_incident_alone_is_not_kept_apart(officer: Actor) -> None:
    with refused("one_incident", status=409):
        keep_apart(by=officer, chosen=chosen(taken(officer)))
