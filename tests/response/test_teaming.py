"""The teams that a plan names are put before an officer once; nobody is called before his key."""

import pytest

from qianjun.force.actions import confirm_teams
from qianjun.force.models import TeamCall
from qianjun.force.queries.nearby import nearest_teams
from qianjun.incident.models import Incident
from qianjun.message.models import Message
from qianjun.org.actor import Actor
from qianjun.org.seeding import seed_units
from qianjun.response.actions import change_level, first_measures, start_response
from qianjun.response.queries.responding import Asked, activation_json, look_at_first
from qianjun.supply.seeding import seed_articles
from tests import cast
from tests.force.some import HERE
from tests.force.teaming import led, pressed
from tests.incident.fires import taken
from tests.pages.reading import text_of

pytestmark = pytest.mark.django_db
LON, LAT = HERE


@pytest.fixture
def fire(officer: Actor) -> Incident:
    """A fire whose place is known, with teams at two distances."""
    seed_units()
    seed_articles()
    told = {"category": "12G00", "text": "文昌路厂房起火", "lon": LON, "lat": LAT}
    ident = taken(officer, source="119", **told).stored.incident_id
    led("演示近队", at=(LON + 0.001, LAT))
    led("演示远队", at=(LON + 0.03, LAT))
    led("演示厂队", at=(LON + 0.01, LAT), kind="enterprise", way="request")
    return Incident.objects.get(pk=ident)


def names(**asked: object) -> list[str]:
    """The teams that stand proposed or called."""
    rows = TeamCall.objects.filter(ended_at=None, **asked).order_by("pk")
    return [row.team.name for row in rows]


def test_first_measures_propose_the_nearest_team_once(officer: Actor, fire: Incident) -> None:
    looked = look_at_first(seen_by=officer, incident_id=fire.pk)["teams"]
    assert [(one["id"], one["team_name"], one["way"]) for one in looked] == [
        (None, "演示近队", "order")
    ]
    assert not TeamCall.objects.exists(), "looking writes nothing"
    for _again in range(2):
        first_measures(by=officer, incident_id=fire.pk)
    assert names(asked_at=None) == ["演示近队"]
    assert not Message.objects.filter(matter__startswith="team:").exists()


def test_who_cannot_come_is_replaced_by_the_next(officer: Actor, fire: Incident) -> None:
    first_measures(by=officer, incident_id=fire.pk)
    (row,) = confirm_teams(by=officer, incident_id=fire.pk)
    assert Message.objects.filter(matter=f"team:{row.pk}").count() == 1
    first_measures(by=officer, incident_id=fire.pk)
    assert names() == ["演示近队"], "a called team is wanted already"
    pressed(row, "decline", reason="车在修")
    first_measures(by=officer, incident_id=fire.pk)
    assert names(declined_at=None) == ["演示远队"]


def test_a_started_response_proposes_what_its_level_adds(fire: Incident) -> None:
    leader, chief = cast.actor(cast.LAOLI), cast.actor(cast.JUZHANG)
    asked = Asked(plan="fire", level=4, why="119 转来")
    row = start_response(by=leader, incident_id=fire.pk, asked=asked).row
    assert names() == ["演示近队"]
    change_level(by=chief, activation_id=row.pk, level=3, why="扩大")
    assert names() == ["演示近队", "演示厂队"]
    row.refresh_from_db()
    told = activation_json(row)["teams"]
    assert [(one["team_name"], one["way"], one["state"]) for one in told] == [
        ("演示近队", "order", "proposed"),
        ("演示厂队", "request", "proposed"),
    ]
    page = text_of(cast.signed_in(cast.XIAOWANG).get(f"/responses/{row.pk}/"))
    assert "演示厂队" in page
    assert "待确认" in page


def test_the_militia_is_asked_for_as_many_as_the_plan_says(officer: Actor) -> None:
    seed_units()
    seed_articles()
    lon, lat = HERE
    told = {"category": "11A00", "text": "柳江水位上涨", "lon": lon, "lat": lat}
    ident = taken(officer, **told).stored.incident_id
    led("演示民兵队", at=(lon, lat), kind="militia", way="request")
    led("演示消防队", at=(lon, lat), kind="fire", way="request")
    chief = cast.actor(cast.JUZHANG)
    asked = Asked(plan="flood", level=2, why="水位上涨")
    start_response(by=chief, incident_id=ident, asked=asked)
    (row,) = TeamCall.objects.filter(incident=ident)
    assert (row.team.name, row.way, row.wanted) == ("演示民兵队", "request", 50)
    fire = nearest_teams(seen_by=officer, incident_id=ident, kind="fire")
    assert [(one.row.team.name, one.ways) for one in fire] == [("演示消防队", ("request",))]


def test_without_a_place_the_line_stays_to_be_seen(officer: Actor, fire: Incident) -> None:
    found = taken(
        officer, source="119", category="12G00", text="某处起火", lon=None, lat=None, join="new"
    ).stored
    assert Incident.objects.get(pk=found.incident_id).lon is None
    first_measures(by=officer, incident_id=found.incident_id)
    assert fire.lon is not None
    assert not TeamCall.objects.exists()
