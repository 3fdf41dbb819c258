"""What a plan wants is proposed once, and whoever signed the response may be its second key."""

import pytest

from qianjun.force.models import CallOut
from qianjun.incident.models import Incident
from qianjun.org.actor import Actor
from qianjun.org.seeding import seed_units
from qianjun.response.actions import change_level, start_response
from qianjun.response.queries.responding import Asked
from qianjun.supply.actions import Line, approve_order, propose_order
from qianjun.supply.models import TransferOrder
from qianjun.supply.seeding import seed_articles
from tests import cast
from tests.incident.fires import taken
from tests.supply.stores import stocked

pytestmark = pytest.mark.django_db
PLAN = "fire"
TAPE, TAPE_WANTED = "warning_tape", 10
VOLUNTEERS_WANTED = 20


@pytest.fixture
def fire(officer: Actor) -> Incident:
    """A fire whose place is known, in a district with a store."""
    seed_units()
    seed_articles()
    stocked(TAPE, 100)
    told = {"category": "12G00", "text": "文昌路厂房起火", "lon": 109.4116, "lat": 24.3147}
    ident = taken(officer, source="119", **told).stored.incident_id
    return Incident.objects.get(pk=ident)


def asked(level: int) -> Asked:
    return Asked(plan=PLAN, level=level, why="119 转来")


def wanted(code: str) -> list[int]:
    """The quantities of an article in the orders, one after the other."""
    orders = TransferOrder.objects.filter(cancelled_at__isnull=True).order_by("pk")
    lines = [line for row in orders for line in row.lines.select_related("article")]
    return [line.quantity for line in lines if line.article.code == code]


def test_the_leader_who_signed_alone_also_agrees_to_the_goods(fire: Incident) -> None:
    leader = cast.actor(cast.LAOLI)
    start_response(by=leader, incident_id=fire.pk, asked=asked(4))
    row = TransferOrder.objects.get(lines__article__code=TAPE)
    assert (row.proposed_by_kind, row.approved_at) == ("system", None)
    approve_order(by=leader, order_id=row.pk)
    assert wanted(TAPE) == [TAPE_WANTED]


def test_a_second_response_to_one_fire_wants_nothing_twice(officer: Actor, fire: Incident) -> None:
    propose_order(by=officer, incident_id=fire.pk, lines=[Line(code=TAPE, quantity=4)])
    start_response(by=cast.actor(cast.LAOLI), incident_id=fire.pk, asked=asked(4))
    assert wanted(TAPE) == [4, TAPE_WANTED - 4]
    chief = cast.actor(cast.JUZHANG)
    start_response(by=chief, incident_id=fire.pk, asked=asked(3))
    assert wanted(TAPE) == [4, TAPE_WANTED - 4]
    assert [row.need for row in CallOut.objects.all()] == [VOLUNTEERS_WANTED]


def test_raising_a_response_asks_for_what_the_graver_level_adds(fire: Incident) -> None:
    stocked("folding_bed", 100)
    row = start_response(by=cast.actor(cast.LAOLI), incident_id=fire.pk, asked=asked(4)).row
    assert (wanted("folding_bed"), CallOut.objects.count()) == ([], 0)
    chief = cast.actor(cast.JUZHANG)
    for level in (3, 4, 3):
        change_level(by=chief, activation_id=row.pk, level=level, why="有人遇难")
    assert (wanted("folding_bed"), wanted(TAPE)) == ([40], [TAPE_WANTED])
    assert [one.need for one in CallOut.objects.all()] == [VOLUNTEERS_WANTED]
