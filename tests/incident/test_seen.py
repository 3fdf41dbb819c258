"""Who sees what: a street its own, a reader all, an administrator nothing."""

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from qianjun.incident.actions import reveal_caller
from qianjun.incident.queries import cards, incidents, report_seen
from qianjun.kernel import clock
from qianjun.org.actor import Actor
from qianjun.org.models import Read
from qianjun.org.tokens import actor_for_token
from qianjun.response.queries import report_card
from tests import cast
from tests.incident.fires import FAR, taken
from tests.org.refusals import refused

pytestmark = pytest.mark.django_db
STREET = "450202001"


def seen(by: Actor, **asked: object) -> list[int]:
    """The incidents that somebody sees, the oldest first."""
    rows = incidents(seen_by=by, **asked)  # type: ignore[arg-type]
    return [row.pk for row in rows.order_by("pk")]


def of_street(role: str) -> Actor:
    """Somebody whose token ends at a street."""
    return actor_for_token(cast.token_for(role, unit=cast.unit(STREET)))


def test_a_token_of_a_street_sees_its_area_and_what_it_reported(officer: Actor) -> None:
    other = taken(officer)
    inside = taken(officer, lon=109.40675, lat=24.32073)
    assert inside.seen.places[0].code.startswith(STREET)
    his = of_street("duty_officer")
    own = taken(his, text="出事了", lon=None, lat=None)
    assert seen(his) == [inside.stored.incident_id, own.stored.incident_id]
    assert seen(officer) == sorted([other.stored.incident_id, *seen(his)])
    with refused("not_found", status=404):
        report_seen(seen_by=his, report_id=other.stored.report_id)


def test_an_outpost_reads_its_own_reports_and_nothing_else(officer: Actor) -> None:
    street = cast.actor(cast.JIEDAO)
    own, other = taken(street), taken(officer, **FAR)
    assert report_card(seen_by=street, report_id=own.stored.report_id).text == own.text
    with refused("not_found", status=404):
        report_card(seen_by=street, report_id=other.stored.report_id)
    with refused("not_allowed", status=403):
        seen(street)


def test_a_volunteer_reports_and_reads_nothing() -> None:
    volunteer = cast.actor(cast.XIAOCHEN)
    one = taken(volunteer)
    with refused("not_found", status=404):
        report_card(seen_by=volunteer, report_id=one.stored.report_id)


@pytest.mark.parametrize("part", [cast.SYSTEM, cast.SECURITY, cast.AUDIT])
def test_no_administrator_reads_incidents(officer: Actor, part: cast.Part) -> None:
    taken(officer)
    with refused("not_allowed", status=403):
        seen(cast.actor(part))


def test_incidents_are_found_by_state_time_and_words(
    officer: Actor, held_clock: clock.Held
) -> None:
    first = taken(officer, title="演示涂料厂火灾")
    held_clock.forward(timedelta(hours=3))
    second = taken(officer, text="两车相撞，学院路")
    ids = first.stored.incident_id, second.stored.incident_id
    assert seen(officer, state="open") == list(ids)
    assert seen(officer, state="closed") == []
    assert seen(officer, since=clock.now() - timedelta(hours=1)) == [ids[1]]
    assert seen(officer, q="涂料厂") == [ids[0]]
    assert seen(officer, q="学院路 相撞") == [ids[1]]
    assert seen(officer, q="0002") == [ids[1]]
    assert seen(officer, q="没有的词") == []


def test_many_cards_cost_the_same_statements_as_one(
    officer: Actor, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(4):
        taken(officer, lon=109.40 + n * 0.02, figures={"injured": n})
    rows = list(incidents(seen_by=officer))
    for some in (rows[:1], rows):
        with django_assert_num_queries(6):
            cards(some)
    assert cards([]) == []


def test_the_caller_is_shown_to_the_desk_and_that_is_kept(officer: Actor) -> None:
    one = taken(officer, caller_phone="10000000031")
    report = one.stored.report_id
    assert reveal_caller(by=officer, report_id=report, why="回拨") == "10000000031"
    (read,) = Read.objects.all()
    assert (read.what, read.about_id, read.why) == ("caller.phone", str(report), "回拨")
    with refused("too_short", status=422):
        reveal_caller(by=officer, report_id=report, why=" ")
    with refused("not_allowed", status=403):
        reveal_caller(by=cast.actor(cast.JUZHANG), report_id=report, why="看看")
    assert Read.objects.count() == 1


def test_a_report_is_read_again_as_it_was_answered(officer: Actor) -> None:
    one = taken(officer, text="车间着火，3人死亡", figures={"dead": 3}, caller_phone="10000000031")
    again = report_card(seen_by=officer, report_id=one.stored.report_id)
    assert again.as_json() == one.as_json()
    second = taken(officer, figures={"dead": 5})
    again = report_card(seen_by=officer, report_id=second.stored.report_id)
    assert again.as_json() == second.as_json()
