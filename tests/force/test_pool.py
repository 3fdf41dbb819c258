"""The pool: who is near, and what stands about him at the instant."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from qianjun.force.models import Volunteer
from qianjun.force.queries import Pool, pool
from qianjun.force.rules.calling import REASONS
from qianjun.force.skills import mask_of
from qianjun.kernel.errors import Refused
from qianjun.org.actor import Actor
from qianjun.org.tokens import actor_for_token
from tests import cast
from tests.force import some
from tests.incident import fires

pytestmark = pytest.mark.django_db


def around(*, by: Actor | None = None, incident: int | None = None) -> Pool:
    lon, lat = some.HERE
    who = by or cast.actor(cast.XIAOWANG)
    return pool(by=who, lon=lon, lat=lat, radius_m=3_000, at=some.NOW, incident=incident)


def test_the_near_ones_come_first_and_the_far_ones_not_at_all() -> None:
    made = {n: some.volunteer(n, east_m=n * 900) for n in (3, 1, 2, 4)}
    found = around()
    assert found.id.tolist() == [made[n].pk for n in (1, 2, 3)]
    assert found.person.tolist() == [made[n].person_id for n in (1, 2, 3)]
    assert np.allclose(found.distance_m, [900, 1_800, 2_700], rtol=0.005)
    assert found.excluded() == dict.fromkeys(REASONS, 0)
    assert found.callable().all()


def test_everything_about_somebody_comes_over() -> None:
    counts = {"asked": 9, "accepted": 4, "calls_this_year": 2}
    told: dict[str, Any] = counts | {"minutes_this_year": 90}
    some.volunteer(1, skills=mask_of(["nurse", "boat"]), **told)
    found = around()
    assert found.skills.tolist() == [mask_of(["nurse", "boat"])]
    assert (found.asked[0], found.accepted[0], found.calls_this_year[0]) == (9, 4, 2)
    assert found.hours_left.tolist() == [198.5]
    assert (found.lon[0], found.lat[0]) == some.HERE


def test_last_years_calls_and_hours_are_over() -> None:
    told: dict[str, Any] = {"asked": 12, "calls_this_year": 3, "minutes_this_year": 12_000}
    some.volunteer(1, counted_year=2025, **told)
    found = around()
    assert (found.calls_this_year[0], found.hours_left[0]) == (0, 200)


def test_whoever_may_not_be_called_is_there_with_the_reason() -> None:
    later = some.NOW + timedelta(hours=1)
    some.volunteer(1, consent_at=None, consent_text="")
    some.volunteer(2, reachable=False)
    some.volunteer(3, adult_from=date(2026, 6, 2))
    some.volunteer(4, adult_from=None)
    some.volunteer(5, insured_until=date(2026, 5, 31))
    some.volunteer(6, paused_until=later)
    some.volunteer(7, busy_until=later)
    some.volunteer(8, minutes_this_year=12_000)
    some.volunteer(9, asked=12, calls_this_year=3)
    good = some.volunteer(10, adult_from=date(2026, 6, 1), insured_until=date(2026, 6, 1))
    found = around()
    assert found.excluded() == {
        **dict.fromkeys(REASONS, 1),
        "no_consent": 2,
        "minor": 2,
    }
    assert found.id[found.callable()].tolist() == [good.pk]


def test_what_has_passed_keeps_nobody_back() -> None:
    some.volunteer(1, paused_until=some.NOW, busy_until=some.NOW)
    assert around().callable().tolist() == [True]


def test_a_list_serves_its_incident_and_no_other() -> None:
    officer = cast.actor(cast.XIAOWANG)
    mine, other = (fires.incident_of(fires.taken(officer, join="new")) for _ in range(2))
    ends = some.NOW + timedelta(hours=6)
    listed: dict[str, Any] = {"source": "list_from_above", "for_incident": mine, "expires_at": ends}
    some.volunteer(1, **listed)
    assert around(incident=mine.pk).callable().tolist() == [True]
    assert around(incident=other.pk).callable().tolist() == [False]
    assert around().callable().tolist() == [False]
    Volunteer.objects.update(expires_at=some.NOW)
    assert around(incident=mine.pk).callable().tolist() == [False]


def test_a_street_sees_its_own_people_only() -> None:
    mine = some.volunteer(1)
    some.volunteer(2, unit=cast.unit("450202002"))
    token = cast.token_for("duty_officer", unit=cast.unit(cast.STREET))
    assert around(by=actor_for_token(token)).id.tolist() == [mine.pk]
    assert len(around()) == 2


def test_nobody_asks_without_the_permission() -> None:
    with pytest.raises(Refused) as refused:
        around(by=cast.actor(cast.XIAOCHEN))
    assert refused.value.status == 403


def test_an_empty_district_has_an_empty_pool() -> None:
    found = around()
    assert len(found) == 0
    assert found.excluded() == dict.fromkeys(REASONS, 0)
