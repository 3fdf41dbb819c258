"""Acts beside the room are taken back too: merging, lessons, shifts, teams, absences, contacts."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from qianjun.duty.models import Shift
from qianjun.force.queries.teams import readiness_of
from qianjun.incident.models import Incident
from qianjun.org.away.queries import listed_deputies
from qianjun.org.contacts import rank_of
from qianjun.org.models import Person, Unit
from qianjun.org.seeding import seed_posts, seed_units
from qianjun.org.telephone_models import Absence
from qianjun.response.closing_models import Lesson
from tests import cast
from tests.force import some
from tests.pages.reading import html_of, offer_in, take_in, text_of
from tests.pages.test_duty import local
from tests.pages.test_undo import take_back

pytestmark = pytest.mark.django_db(transaction=True)
POST = "leader_in_charge"


def test_two_incidents_are_apart_again_and_one_again(officer: Client) -> None:
    first, other = take_in(officer, "静兰起火"), take_in(officer, "两车相撞", category="12H00")
    key = other.strip("/").split("/")[-1]
    officer.post(f"{first}merge/", {"other": key, "why": "同一处"})
    assert "两个事件分开" in take_back(officer, f"{first}merged/")
    assert Incident.objects.get(pk=key).merged_into is None
    officer.post(f"{first}merge/", {"other": key, "why": "同一处"})
    officer.get(first)
    officer.post(f"{other}unmerge/", {"why": "两件事"})
    take_back(officer, f"{other}merged/")
    assert str(Incident.objects.get(pk=key).merged_into_id) in first


def test_a_lesson_that_was_a_mistake_is_gone_from_the_list(officer: Client) -> None:
    seed_units()
    room = take_in(officer, "厂房起火", category="12G00")
    told = {"text": "补消火栓图", "unit": "450202-XF", "person": "", "due_on": "2026-06-30"}
    officer.post(f"{room}lessons/", told)
    take_back(officer, f"{room}closing/")
    assert Lesson.objects.count() == 1
    assert "补消火栓图" not in text_of(officer.get("/lessons/"))


def test_a_shift_taken_off_is_on_the_roster_again(officer: Client) -> None:
    seed_posts()
    form = {"post": "duty_officer", "person": str(cast.person(cast.XIAOZHAO).pk), "times": "1"}
    form |= {"since": local(4), "until": local(12)}
    officer.post("/duty/roster/enter/", form)
    officer.get("/duty/roster/")
    row = Shift.objects.get()
    officer.post(f"/duty/roster/{row.pk}/act/", {"act": "remove"})
    take_back(officer, "/duty/roster/")
    row.refresh_from_db()
    assert row.removed_at is None


def test_a_team_stands_as_before_unless_it_has_spoken_since(officer: Client) -> None:
    team = some.team()
    there = f"/forces/teams/{team.pk}/"
    officer.post(f"{there}readiness/", {"state": "ready", "headcount": "8"})
    officer.get(there)
    officer.post(f"{there}readiness/", {"state": "out", "headcount": "6"})
    assert "恢复为原来的备勤状态" in take_back(officer, there)
    now = readiness_of(str(team.pk))
    assert now is not None
    assert (now.state, now.headcount) == ("ready", 8)
    officer.post(f"{there}readiness/", {"state": "out", "headcount": "6"})
    signed = offer_in(html_of(officer.get(there)))
    officer.post(f"{there}readiness/", {"state": "ready", "headcount": "5"})
    officer.get(there)
    officer.post("/undo/", {"undo": signed, "next": there})
    assert "(stale)" in text_of(officer.get(there))


def test_deputies_and_an_absence_are_as_before(officer: Client) -> None:
    seed_posts()
    leader = cast.put_on_duty(cast.LAOLI, phone="10000000002")
    other = cast.person(cast.JUZHANG)
    officer.post(f"/posts/{POST}/deputies/", {"people": [other.pk]})
    assert listed_deputies(POST) == [other.pk]
    take_back(officer, "/absences/")
    assert listed_deputies(POST) == []
    told: dict[str, Any] = {"person": leader.pk, "stand_in": other.pk, "where": "city"}
    told |= {"since": local(0), "until": local(2), "key": "k" * 20}
    officer.post("/absences/report/", told)
    assert Absence.objects.count() == 1
    assert "叫他本人" in take_back(officer, "/absences/")
    assert "现在外出 0 人" in text_of(officer.get("/absences/"))


def test_a_contact_has_the_place_that_he_had(officer: Client) -> None:
    seed_units()
    unit = "450202-GA"
    person = Person.objects.create(
        name="演示联络员", unit=Unit.objects.get(code=unit), sort_key="yslly"
    )
    officer.post(reverse("contact_set", args=[unit]), {"person": person.pk, "rank": "1"})
    page = reverse("contact", args=[unit])
    if rank_of(unit, person=person.pk) is None:
        pytest.fail(text_of(officer.get(page)))
    take_back(officer, page)
    assert rank_of(unit, person=person.pk) is None
