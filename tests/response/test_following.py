"""What becomes of many reports: somebody follows up, the callers get their answer."""

import pytest

from qianjun.incident.actions import close_incident, place_hold
from qianjun.incident.models import Incident, Task
from qianjun.kernel import clock
from qianjun.message.models import Message
from qianjun.org.actor import Actor
from qianjun.response.actions import (
    assign_chosen,
    close_chosen,
    tell_caller,
    undo_step,
)
from qianjun.response.models import Reply
from tests import cast
from tests.incident.fires import taken
from tests.org.refusals import refused
from tests.response.many import chosen, names, three, with_consent

pytestmark = pytest.mark.django_db


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
