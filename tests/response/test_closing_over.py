"""What nobody confirmed is shown before an incident is closed, and taken back with it."""

from datetime import timedelta

import pytest

from qianjun.force.actions import propose_callout, propose_teams
from qianjun.force.models import CallOut, TeamCall
from qianjun.force.rules.team_calls import stands
from qianjun.incident.actions import close_incident, reopen_incident
from qianjun.incident.activation_models import Activation
from qianjun.incident.models import Incident
from qianjun.incident.queries import state_of_activation, timeline, waiting_activations
from qianjun.kernel import clock
from qianjun.org.actor import Actor
from qianjun.org.seeding import seed_units
from qianjun.response.actions import start_response
from qianjun.response.queries.responding import Asked
from qianjun.supply import actions as supply
from qianjun.supply.models import TransferOrder
from qianjun.supply.queries.orders import state_of
from tests import cast
from tests.force.calls import wanted
from tests.force.some import HERE
from tests.force.teaming import ask, errand, led
from tests.incident.fires import taken
from tests.supply.stores import stocked
from tests.worker import run_jobs

pytestmark = pytest.mark.django_db(transaction=True)
WITHDRAWN = {
    "force.callout_stood_down",
    "force.team_withdrawn",
    "incident.proposal_withdrawn",
    "supply.order_cancelled",
}


@pytest.fixture
def fire(officer: Actor) -> Incident:
    """A fire for which one of each was proposed and nobody confirmed anything."""
    seed_units()
    stocked("tent", 9)
    told = {"category": "12G00", "text": "文昌路厂房起火", "lon": HERE[0], "lat": HERE[1]}
    ident = taken(officer, source="119", **told).stored.incident_id
    propose(officer, ident, team="演示近队")
    start_response(by=officer, incident_id=ident, asked=Asked(plan="fire", level=4, why="119 转来"))
    return Incident.objects.get(pk=ident)


def propose(officer: Actor, incident: int, *, team: str) -> None:
    """A team, a call-out and an order of goods."""
    due = clock.now() + timedelta(minutes=40)
    asked, asks = errand(needed_by=due), [ask(led(team, at=HERE))]
    propose_teams(by=officer, incident_id=incident, asks=asks, errand=asked)
    propose_callout(by=officer, incident_id=incident, wanted=wanted(needed_by=due))
    lines = [supply.Line(code="tent", quantity=2)]
    supply.propose_order(by=officer, incident_id=incident, lines=lines)


def test_closing_takes_back_what_nobody_confirmed_and_the_room_lists_it_before(
    officer: Actor, fire: Incident
) -> None:
    room = cast.signed_in(cast.XIAOWANG).get(f"/incidents/{fire.pk}/").content.decode()
    ending = room[room.index('id="ending"') :]
    order, activation = TransferOrder.objects.get(), Activation.objects.get()
    for address, title in (
        (f"/responses/{activation.pk}/", "火灾"),
        (f"/incidents/{fire.pk}/teams/", "演示近队"),
        (f"/supplies/orders/{order.pk}/", order.number),
    ):
        assert f'href="{address}"' in ending
        assert title in ending
    close_incident(by=officer, incident_id=fire.pk)
    run_jobs()
    activation.refresh_from_db()
    assert state_of_activation(activation) == "ended"
    assert not waiting_activations(seen_by=officer).exists()
    assert stands(TeamCall.objects.get()) == "stood_down"
    assert CallOut.objects.get().state == "stood_down"
    order.refresh_from_db()
    assert (state_of(order), order.why) == ("cancelled", "事件已结案")
    lines, _more = timeline(seen_by=officer, incident_id=fire.pk, limit=200)
    told = [one["name"] for one in lines if one["name"] in WITHDRAWN]
    assert sorted(told) == sorted(WITHDRAWN)


def test_what_is_proposed_after_it_was_opened_again_stays(
    officer: Actor, fire: Incident, held_clock: clock.Held
) -> None:
    close_incident(by=officer, incident_id=fire.pk)
    held_clock.forward(timedelta(seconds=1))
    reopen_incident(by=officer, incident_id=fire.pk, reason="又冒烟了")
    propose(officer, fire.pk, team="演示远队")
    run_jobs()  # only now the house hears of the closing
    assert [stands(row) for row in TeamCall.objects.order_by("pk")] == ["stood_down", "proposed"]
    assert [row.state for row in CallOut.objects.order_by("pk")] == ["stood_down", "proposed"]
    rows = TransferOrder.objects.order_by("pk")
    assert [state_of(row) for row in rows] == ["cancelled", "proposed"]
