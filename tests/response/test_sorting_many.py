"""Many reports in one act: joined, parted, kept apart, assigned, answered, and all of it undone."""

from collections.abc import Iterable
from datetime import timedelta

import pytest

from qianjun.incident.actions import close_incident, place_hold
from qianjun.incident.models import Figure, Incident, Report, Task
from qianjun.journal.models import Deadline, Entry
from qianjun.kernel import clock
from qianjun.message.models import Message
from qianjun.org.actor import Actor
from qianjun.org.models import Address
from qianjun.response.actions import (
    Chosen,
    assign_chosen,
    close_chosen,
    join_chosen,
    keep_apart,
    split_chosen,
    tell_caller,
    undo_step,
)
from qianjun.response.models import Apart, Reply, SortingStep
from qianjun.response.queries.marks import standings
from qianjun.response.rules import Taken
from tests import cast
from tests.incident.fires import CRASH, FAR, nearby, report_of, taken
from tests.org.refusals import refused

pytestmark = pytest.mark.django_db
FARTHER = {"lon": 109.38, "lat": 24.35}


@pytest.fixture
def officer(request: pytest.FixtureRequest) -> Actor:
    """值班员小王."""
    request.getfixturevalue("db")
    return cast.actor(cast.XIAOWANG)


def chosen(*reports: Taken, round_: str = "") -> Chosen:
    """These reports, without what a screen has seen."""
    return Chosen(reports=tuple(str(one.stored.report_id) for one in reports), round=round_)


def seen(*reports: Taken) -> Chosen:
    """These reports with their marks as they stand now."""
    rows = {one.stored.report_id: report_of(one).incident_id for one in reports}
    marks = {str(pk): one.mark for pk, one in standings(rows).items()}
    return Chosen(reports=tuple(marks), seen=marks)


def homes(reports: Iterable[Taken]) -> list[int]:
    """The incidents that these reports are in."""
    return [report_of(one).incident_id for one in reports]


def names(incident: int) -> list[str]:
    """What the journal says of an incident, in order."""
    return list(
        Entry.objects.filter(incident=incident).order_by("pk").values_list("name", flat=True)
    )


def three(officer: Actor) -> tuple[Taken, Taken, Taken]:
    """Three reports in three incidents."""
    return taken(officer), taken(officer, **FAR), taken(officer, text=CRASH, **FARTHER)


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


# --- assign ---------------------------------------------------------------------------------------


def test_assigned_reports_are_a_task_in_each_of_their_incidents(officer: Actor) -> None:
    cast.unit(cast.STREET)
    first, second, _third = three(officer)
    more = taken(officer, join=str(first.stored.incident_id))
    done = assign_chosen(
        by=officer, chosen=chosen(first, second, more), unit=cast.STREET, note="到场核实"
    )
    tasks = Task.objects.order_by("incident_id")
    assert [(t.incident_id, t.title, t.lead and t.lead.code) for t in tasks] == [
        (first.stored.incident_id, "到场核实", cast.STREET),
        (second.stored.incident_id, "到场核实", cast.STREET),
    ]
    assert tasks[0].assignments.count() == 2
    undo_step(by=officer, step_id=done.step.pk)
    assert not Task.objects.filter(dropped_at__isnull=True).exists()


def test_nothing_is_assigned_to_nobody_or_in_a_closed_incident(officer: Actor) -> None:
    cast.unit(cast.STREET)
    first, second, _third = three(officer)
    with refused("unit_needed", status=422):
        assign_chosen(by=officer, chosen=chosen(first), unit="")
    with refused("unknown_unit", status=422):
        assign_chosen(by=officer, chosen=chosen(first), unit="999")
    close_incident(by=officer, incident_id=second.stored.incident_id)
    with refused("incident_closed", status=409):
        assign_chosen(by=officer, chosen=chosen(first, second), unit=cast.STREET)
    assert not Task.objects.exists()


# --- close with an answer -------------------------------------------------------------------------


def with_consent(phone: str) -> None:
    """This number is somebody's who agreed to be written to."""
    who = cast.person(cast.XIAOCHEN, phone=phone)
    Address.objects.filter(person=who).update(consent_at=clock.real(), consent_text="同意")


def test_an_answer_reaches_who_agreed_to_it_and_the_others_are_to_be_called(
    officer: Actor,
) -> None:
    with_consent("10000000031")
    first = taken(officer, caller_phone="10000000031")
    second = taken(officer, caller_phone="10000000032", join=str(first.stored.incident_id))
    third = taken(officer, join=str(first.stored.incident_id))
    again = taken(officer, caller_phone="10000000031", join=str(first.stored.incident_id))
    done = close_chosen(by=officer, chosen=chosen(first, second, third, again), answer="明火已扑灭")
    assert (done.sent, done.to_call) == (1, 1)
    ways = dict(Reply.objects.values_list("report", "way"))
    assert [ways[t.stored.report_id] for t in (first, second, third, again)] == [
        "message",
        "phone",
        "nobody",
        "message",
    ]
    message = Message.objects.get(purpose="report", matter=f"reply:{done.step.pk}")
    assert (message.address, message.incident) == ("10000000031", first.stored.incident_id)
    assert "明火已扑灭" in message.text
    assert Incident.objects.get().state == "closed"
    assert names(first.stored.incident_id)[-1] == "incident.closed"


def test_an_incident_with_other_reports_stays_open_and_so_does_one_that_shall(
    officer: Actor,
) -> None:
    first, second, _third = three(officer)
    more = taken(officer, join=str(first.stored.incident_id))
    close_chosen(by=officer, chosen=chosen(first), answer="已转消防")
    close_chosen(by=officer, chosen=chosen(second), answer="已转消防", close_incidents=False)
    assert Incident.objects.filter(state="open").count() == 3
    close_chosen(by=officer, chosen=chosen(more), answer="已转消防")
    assert Incident.objects.get(pk=first.stored.incident_id).state == "closed"


def test_nothing_is_answered_twice_emptily_or_when_its_incident_is_held(officer: Actor) -> None:
    first, second, third = three(officer)
    close_chosen(by=officer, chosen=chosen(first), answer="已处置")
    with refused("already_answered", status=409):
        close_chosen(by=officer, chosen=chosen(first, second), answer="已处置")
    with refused("too_short", status=422):
        close_chosen(by=officer, chosen=chosen(second), answer="  ")
    with refused("too_long", status=422):
        close_chosen(by=officer, chosen=chosen(second), answer="字" * 501)
    place_hold(incident=third.stored.incident_id, kind="people", about=("callout", "1"))
    with refused("held", status=409):
        close_chosen(by=officer, chosen=chosen(second, third), answer="已处置")
    assert Reply.objects.count() == 1
    assert Incident.objects.get(pk=second.stored.incident_id).state == "open"


def test_a_caller_who_was_called_is_off_the_list(officer: Actor) -> None:
    one = taken(officer, caller_phone="10000000032")
    with refused("nobody_to_call", status=409):
        tell_caller(by=officer, report_id=one.stored.report_id)
    done = close_chosen(by=officer, chosen=chosen(one), answer="已处置")
    assert tell_caller(by=officer, report_id=one.stored.report_id).told_at == clock.now()
    assert names(one.stored.incident_id)[-1] == "response.caller_told"
    with refused("nobody_to_call", status=409):
        tell_caller(by=officer, report_id=one.stored.report_id)
    with refused("stale", status=409):
        undo_step(by=officer, step_id=done.step.pk)


# --- undo -----------------------------------------------------------------------------------------


def test_an_undone_join_puts_everything_back(officer: Actor, held_clock: clock.Held) -> None:
    first, second, third = three(officer)
    held_clock.forward(timedelta(minutes=1))
    before = homes((first, second, third))
    rows = list(Report.objects.order_by("pk").values("joined", "join_probability", "incident"))
    done = join_chosen(by=officer, chosen=chosen(first, second, third))
    undo_step(by=officer, step_id=done.step.pk)
    assert homes((first, second, third)) == before
    now = list(Report.objects.order_by("pk").values("joined", "join_probability", "incident"))
    assert now == rows
    assert Incident.objects.filter(state="open", merged_into__isnull=True).count() == 3
    reopened = Deadline.objects.filter(about_id=str(second.stored.incident_id), met_at__isnull=True)
    assert reopened.count() == 1


def test_an_undone_split_leaves_the_number_of_the_new_incident_closed(officer: Actor) -> None:
    first, second = taken(officer), taken(officer)
    done = split_chosen(by=officer, chosen=chosen(second))
    undo_step(by=officer, step_id=done.step.pk)
    assert len(set(homes((first, second)))) == 1
    new = Incident.objects.get(pk=done.incidents[0].pk)
    assert (new.state, new.merged_into_id) == ("closed", first.stored.incident_id)
    assert report_of(second).joined == "auto"
    assert not Apart.objects.filter(withdrawn_at__isnull=True).exists()


def test_an_undone_answer_opens_again_and_takes_back_what_has_not_left(officer: Actor) -> None:
    with_consent("10000000031")
    one = taken(officer, caller_phone="10000000031")
    done = close_chosen(by=officer, chosen=chosen(one), answer="已处置")
    undo_step(by=officer, step_id=done.step.pk)
    assert Incident.objects.get().state == "open"
    assert not Reply.objects.filter(withdrawn_at__isnull=True).exists()
    assert Message.objects.get(matter=f"reply:{done.step.pk}").failure == "dropped"
    close_chosen(by=officer, chosen=chosen(one), answer="再次答复")
    assert Reply.objects.count() == 2


def test_a_step_is_undone_once_by_who_did_it_and_not_after_others_went_on(
    officer: Actor,
) -> None:
    first, second, third = three(officer)
    done = join_chosen(
        by=officer, chosen=chosen(first, second), incident_id=str(first.stored.incident_id)
    )
    with refused("not_found", status=404):
        undo_step(by=cast.actor(cast.XIAOZHAO), step_id=done.step.pk)
    later = join_chosen(
        by=officer, chosen=chosen(second, third), incident_id=str(third.stored.incident_id)
    )
    with refused("stale", status=409):
        undo_step(by=officer, step_id=done.step.pk)
    undo_step(by=officer, step_id=later.step.pk)
    undo_step(by=officer, step_id=done.step.pk)
    assert len(set(homes((first, second, third)))) == 3
    with refused("already_undone", status=409):
        undo_step(by=officer, step_id=done.step.pk)


def test_an_undo_into_an_incident_that_closed_meanwhile_is_refused(officer: Actor) -> None:
    first = taken(officer)
    more = taken(officer, text="又有烟", join=str(first.stored.incident_id), **nearby(30))
    done = split_chosen(by=officer, chosen=chosen(more))
    close_incident(by=officer, incident_id=first.stored.incident_id)
    with refused("incident_closed", status=409):
        undo_step(by=officer, step_id=done.step.pk)
    assert SortingStep.objects.get().undone_at is None
