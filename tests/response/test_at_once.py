"""Many at once, with real commits: turns, numbers without gaps, one end to every race."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import pytest
from django.db import connection

from qianjun.incident.actions import close_incident, join_report, split_report
from qianjun.incident.models import Incident, Report
from qianjun.kernel.errors import Refused
from qianjun.org.actor import Actor
from tests import cast
from tests.incident.fires import FAR, nearby, taken

pytestmark = pytest.mark.django_db(transaction=True)
CALLERS = 40
T = TypeVar("T")


def at_once(acts: list[Callable[[], T]]) -> list[T]:
    """Start all of them at one moment; what each brought."""
    together = threading.Barrier(len(acts))

    def run(act: Callable[[], T]) -> T:
        try:
            together.wait()
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))


def callers(officer: Actor, *told: dict[str, Any]) -> list[Callable[[], Any]]:
    """One caller for each of these."""
    return [lambda said=said: taken(officer, **said) for said in told]  # type: ignore[misc]


def numbers() -> list[int]:
    """The running numbers of the incidents, in order."""
    found = Incident.objects.values_list("number", flat=True)
    return sorted(int(number.rsplit("-", 1)[1]) for number in found)


def test_forty_callers_of_one_fire_are_forty_reports_and_one_incident() -> None:
    officer = cast.actor(cast.XIAOWANG)
    spots = [nearby(n % 8 * 10) for n in range(CALLERS)]
    answers = at_once(callers(officer, *spots))
    assert Report.objects.count() == CALLERS
    assert Incident.objects.count() == 1
    assert sorted(a.stored.joined for a in answers) == ["auto"] * (CALLERS - 1) + ["new"]
    assert len(set(Report.objects.values_list("number", flat=True))) == CALLERS


def test_forty_callers_without_a_place_are_forty_incidents_each_suggested_to_others() -> None:
    officer = cast.actor(cast.XIAOWANG)
    answers = at_once(callers(officer, *[{"lon": None, "lat": None}] * CALLERS))
    assert Incident.objects.count() == CALLERS
    assert numbers() == list(range(1, CALLERS + 1))
    assert {a.stored.joined for a in answers} == {"new"}


def test_forty_callers_told_the_incident_are_forty_reports_of_it() -> None:
    officer = cast.actor(cast.XIAOWANG)
    fire = taken(officer)
    told = {"lon": None, "lat": None, "join": str(fire.stored.incident_id)}
    answers = at_once(callers(officer, *[told] * CALLERS))
    assert {a.stored.joined for a in answers} == {"chosen"}
    assert Incident.objects.count() == 1


def test_fires_far_apart_do_not_wait_for_each_other_and_numbers_have_no_gap() -> None:
    officer = cast.actor(cast.XIAOWANG)
    places = [{"lon": 109.30 + n * 0.03, "lat": 24.30} for n in range(20)]
    at_once(callers(officer, *places))
    assert numbers() == list(range(1, 21))


def refusal(act: Callable[[], object]) -> Callable[[], str]:
    """The act, with the code of its refusal, empty when it went through."""

    def run() -> str:
        try:
            act()
        except Refused as refused:
            return refused.code
        return ""

    return run


def test_a_report_is_split_once_however_often_it_is_asked_for() -> None:
    officer = cast.actor(cast.XIAOWANG)
    taken(officer)
    second = taken(officer)
    split = refusal(lambda: split_report(by=officer, report_id=second.stored.report_id))
    ends = at_once([split] * 8)
    assert sorted(ends) == [""] + ["only_report"] * 7
    assert Incident.objects.count() == 2


def test_two_reports_change_places_without_a_deadlock() -> None:
    officer = cast.actor(cast.XIAOWANG)
    for _ in range(4):
        one, other = taken(officer, join="new"), taken(officer, join="new", **FAR)
        here, there = one.stored, other.stored
        swaps = [
            refusal(lambda a=here, b=there: join_report(  # type: ignore[misc]
                by=officer, report_id=a.report_id, incident_id=b.incident_id
            )),
            refusal(lambda a=there, b=here: join_report(  # type: ignore[misc]
                by=officer, report_id=a.report_id, incident_id=b.incident_id
            )),
        ]  # fmt: skip
        # whoever is second finds the incident closed that the first has emptied
        assert sorted(at_once(swaps)) == ["", "incident_closed"]


def test_no_report_is_lost_between_joining_and_closing() -> None:
    officer = cast.actor(cast.XIAOWANG)
    fire = taken(officer)
    incident = fire.stored.incident_id
    acts = [refusal(lambda: taken(officer)) for _ in range(10)]
    acts.insert(5, refusal(lambda: close_incident(by=officer, incident_id=incident)))
    ends = at_once(acts)
    assert set(ends) <= {"", "incident_closed"}
    assert Report.objects.count() == 1 + ends[:5].count("") + ends[6:].count("")
