"""Proposed, approved by another, issued, signed for, back: and the incident waits for it."""

from datetime import timedelta

import pytest

from qianjun.incident.actions import close_incident
from qianjun.incident.models import Incident
from qianjun.incident.queries import timeline
from qianjun.kernel import clock
from qianjun.message.models import Message
from qianjun.org.actor import Actor
from qianjun.org.links import actor_for_link
from qianjun.org.models import Link
from qianjun.org.tokens import actor_for_token
from qianjun.plan.queries import plan_by_code
from qianjun.supply import actions, queries
from qianjun.supply.models import Lot, Movement, Reservation, TransferOrder
from qianjun.supply.queries.orders import state_of
from tests import cast
from tests.incident.fires import incident_of, taken
from tests.org.refusals import refused
from tests.supply.stores import approved, has, issued, proposed, stock, stocked, store
from tests.worker import run_jobs

pytestmark = pytest.mark.django_db


def card(row: TransferOrder) -> dict[str, object]:
    """An order as programs see it."""
    return queries.order_json(TransferOrder.objects.get(pk=row.pk))


def test_the_shortage_is_named_at_once_and_nothing_is_promised_yet() -> None:
    stocked("folding_bed", 10)
    row = proposed(("folding_bed", 40))
    told = card(row)
    assert (told["state"], told["code"], told["quantity"], told["unit"], told["short"]) == (
        *("proposed", "folding_bed", 40, "张", 30),
    )
    assert has("folding_bed") == (10, 0, 10)
    assert row.number == "DB-450202-2026-0001"


def test_an_order_goes_all_the_way_and_holds_its_incident_until_the_beds_are_back(
    officer: Actor, leader: Actor, keeper: Actor
) -> None:
    stocked("folding_bed", 10)
    stocked("drinking_water", 12, days=60)
    old = stocked("drinking_water", 12, days=30)
    row = proposed(("folding_bed", 10), ("drinking_water", 20))
    actions.approve_order(by=leader, order_id=row.pk)
    assert has("folding_bed") == (10, 10, 0)
    out = actions.issue_order(by=keeper, order_id=row.pk)
    assert out.slip == "CK-450202-2026-0001"
    assert has("folding_bed") == (0, 0, 0)
    assert has("drinking_water") == (4, 0, 4)
    old.refresh_from_db()
    assert old.on_hand == 0  # the first to expire went first
    assert stock("folding_bed").on_the_way == 10
    with refused("held", status=409):
        close_incident(by=officer, incident_id=row.incident_id or 0)
    actions.confirm_receipt(by=officer, order_id=row.pk)
    assert stock("folding_bed").on_the_way == 0
    assert stock("folding_bed").out == 10
    assert stock("drinking_water").out == 0  # used up, and signed for
    actions.return_goods(
        by=keeper, order_id=row.pk, back={"folding_bed": 9}, lost={"folding_bed": 1}, why="压坏"
    )
    assert has("folding_bed") == (9, 0, 9)
    assert card(row)["state"] == "returned"
    close_incident(by=officer, incident_id=row.incident_id or 0)
    lines, _more = timeline(seen_by=officer, incident_id=row.incident_id or 0, limit=50)
    told = [line["name"] for line in lines if line["name"].startswith("supply.")]
    assert told == [
        f"supply.{name}"
        for name in (
            *("order_proposed", "order_approved", "order_issued"),
            *("order_received", "goods_returned", "order_settled"),
        )
    ]


def test_who_proposes_does_not_approve_and_each_step_is_done_once(
    officer: Actor, leader: Actor, keeper: Actor
) -> None:
    stocked("tent", 15)
    own = proposed(("tent", 1), by=leader)
    with refused("second_key", status=409):
        actions.approve_order(by=leader, order_id=own.pk)
    with refused("not_allowed", status=403):
        actions.approve_order(by=officer, order_id=own.pk)
    row = proposed(("tent", 2))
    for early in (actions.issue_order, actions.return_goods):
        with refused("wrong_state", status=409):
            early(by=keeper, order_id=row.pk)
    actions.approve_order(by=leader, order_id=row.pk)
    with refused("wrong_state", status=409):
        actions.approve_order(by=leader, order_id=row.pk)
    actions.issue_order(by=keeper, order_id=row.pk)
    with refused("wrong_state", status=409):
        actions.issue_order(by=keeper, order_id=row.pk)
    with refused("wrong_state", status=409):
        actions.cancel_order(by=officer, order_id=row.pk)
    assert has("tent") == (13, 0, 13)


def test_when_nothing_is_left_the_approval_says_so(leader: Actor) -> None:
    stocked("tent", 1)
    first, second = proposed(("tent", 1)), proposed(("tent", 1))
    actions.approve_order(by=leader, order_id=first.pk)
    with refused("nothing_left", status=409):
        actions.approve_order(by=leader, order_id=second.pk)
    nowhere = proposed(("aed", 1))
    with refused("nothing_left", status=409):
        actions.approve_order(by=leader, order_id=nowhere.pk)
    assert has("tent") == (1, 1, 0)


def test_a_cancelled_order_frees_what_it_was_promised(officer: Actor) -> None:
    stocked("tent", 15)
    row = approved(("tent", 15))
    assert has("tent") == (15, 15, 0)
    with refused("held", status=409):
        close_incident(by=officer, incident_id=row.incident_id or 0)
    actions.cancel_order(by=officer, order_id=row.pk, why="改用体育馆")
    assert close_incident(by=officer, incident_id=row.incident_id or 0).state == "closed"
    assert has("tent") == (15, 0, 15)
    assert Reservation.objects.get().released_at is not None


def test_goods_that_expire_before_they_leave_are_not_handed_out(
    keeper: Actor, held_clock: clock.Held
) -> None:
    stocked("surgical_mask", 100, days=1)
    row = approved(("surgical_mask", 100))
    held_clock.forward(timedelta(days=3))
    with refused("expired", status=409):
        actions.issue_order(by=keeper, order_id=row.pk)
    assert Movement.objects.filter(reason="out").count() == 0


def test_bleach_and_alcohol_do_not_travel_on_one_order() -> None:
    store()
    with refused("incompatible", status=422):
        proposed(("disinfectant_84", 1), ("alcohol_75", 1))
    assert not TransferOrder.objects.exists()


def test_whoever_has_the_link_signs_once_and_another_number_is_kept(keeper: Actor) -> None:
    stocked("sheet", 80)
    row = issued(("sheet", 40))
    path = actions.open_receipt(by=keeper, order_id=row.pk)
    link = actor_for_link("g", path.split("/")[2])
    other = issued(("sheet", 1))
    with refused("not_found", status=404):
        actions.sign_receipt(by=link, order_id=other.pk)
    actions.sign_receipt(by=link, order_id=row.pk, counts={"sheet": 38}, note="少两条")
    with refused("wrong_state", status=409):
        actions.sign_receipt(by=link, order_id=row.pk)
    told = card(row)
    assert told["state"] == "received"
    (line,) = queries.order_cards([TransferOrder.objects.get(pk=row.pk)])[0].lines
    assert line.sent.differs
    assert line.sent.outstanding == 40
    with refused("not_allowed", status=403):
        actions.confirm_receipt(by=keeper, order_id=other.pk)


def test_what_never_arrived_stays_outstanding_until_the_keeper_settles_it(
    officer: Actor, keeper: Actor
) -> None:
    stocked("drinking_water", 20, days=60)
    row = issued(("drinking_water", 20))
    actions.confirm_receipt(by=officer, order_id=row.pk, counts={"drinking_water": 18})
    assert card(row)["state"] == "received"
    with refused("more_than_out", status=422):
        actions.return_goods(by=keeper, order_id=row.pk, back={"drinking_water": 21})
    with refused("explanation_needed", status=422):
        actions.return_goods(by=keeper, order_id=row.pk, lost={"drinking_water": 2})
    actions.return_goods(by=keeper, order_id=row.pk, lost={"drinking_water": 2}, why="途中破损")
    assert card(row)["state"] == "returned"
    assert has("drinking_water") == (0, 0, 0)


def test_goods_go_back_into_the_lots_they_came_from(keeper: Actor) -> None:
    one, two = stocked("tent", 5), stocked("tent", 5)
    row = issued(("tent", 8))
    actions.return_goods(by=keeper, order_id=row.pk)
    assert {lot.pk: lot.on_hand for lot in Lot.objects.all()} == {one.pk: 5, two.pk: 5}
    assert card(row)["state"] == "returned"


def test_an_order_without_an_incident_is_for_a_unit(officer: Actor) -> None:
    stocked("goggles", 60)
    line = [actions.Line(code="goggles", quantity=20)]
    with refused("receiver_needed", status=422):
        actions.propose_order(by=officer, lines=line)
    row = actions.propose_order(by=officer, lines=line, receiver=cast.unit(cast.STREET).code)
    assert (row.incident_id, row.about_kind) == (None, "unit")


def test_what_cannot_be_ordered_is_refused(officer: Actor) -> None:
    incident = taken(officer, join="new").stored.incident_id
    stocked("tent", 1)

    def asks(*lines: actions.Line, **words: str) -> None:
        actions.propose_order(by=officer, lines=lines, incident_id=incident, **words)

    tent = actions.Line(code="tent", quantity=1)
    for code, lines, words in (
        ("out_of_bounds", (), {}),
        ("twice", (tent, tent), {}),
        ("unknown_article", (actions.Line(code="gold", quantity=1),), {}),
        ("unknown_article", (actions.Line(code="te\0nt", quantity=1),), {}),
        ("out_of_bounds", (actions.Line(code="tent", quantity=0),), {}),
        ("wrong_unit", (actions.Line(code="tent", quantity=1, unit="箱"),), {}),
        ("unknown_unit", (tent,), {"receiver": "nobody"}),
        ("unknown_person", (tent,), {"receiver_person": "9"}),
        ("unknown_store", (tent,), {"store": "99999999999999999999"}),
    ):
        with refused(code, status=422):
            asks(*lines, **words)
    close_incident(by=officer, incident_id=incident)
    with refused("incident_closed", status=409):
        asks(tent)
    assert not TransferOrder.objects.exists()


def test_a_plan_asks_for_all_it_needs_in_proposed_orders(officer: Actor) -> None:
    stocked("folding_bed", 10)
    stocked("folding_bed", 4, place=store("450202001-WZD", keeper=cast.STREET))
    plan = plan_by_code("fire")
    assert plan is not None
    needs = queries.needs_against_stock(plan.supplies, seen_by=officer, level=3)
    beds = next(need for need in needs if need.code == "folding_bed")
    assert (beds.quantity, beds.free, beds.short, len(beds.lots)) == (40, 14, 26, 2)
    preview = {"id": None, "code": "folding_bed", "quantity": 40, "unit": "张", "short": 26}
    assert beds.as_json() == preview | {"state": "proposed"}
    incident = incident_of(taken(officer))
    rows = actions.propose_orders(by=officer, incident=incident, lines=needs)
    assert {state_of(row) for row in rows} == {"proposed"}
    told = [
        queries.order_json(row) for row in rows if row.lines.get().article.code == "folding_bed"
    ]
    assert [(one["quantity"], one["short"]) for one in told] == [(36, 26), (4, 0)]
    assert len({row.number for row in rows}) == len(rows) == len(needs) + 1
    assert not Reservation.objects.exists()
    mild = queries.needs_against_stock(plan.supplies, seen_by=officer, level=4)
    assert "folding_bed" not in {need.code for need in mild}


def test_a_keeper_of_another_place_sees_and_issues_nothing() -> None:
    stocked("tent", 5)
    row = approved(("tent", 1))
    scoped = actor_for_token(cast.token_for("keeper", unit=cast.unit(cast.STREET)))
    with refused("not_found", status=404):
        queries.order_seen(seen_by=scoped, order_id=row.pk)
    with refused("not_found", status=404):
        actions.issue_order(by=scoped, order_id=row.pk)
    assert queries.orders(seen_by=scoped).count() == 0
    to_him = proposed(("tent", 1), receiver=cast.unit(cast.STREET).code)
    assert [one.pk for one in queries.orders(seen_by=scoped)] == [to_him.pk]
    with refused("not_found", status=404):  # he gets it, but does not keep it
        actions.approve_order(by=cast.actor(cast.LAOLI), order_id=to_him.pk)
        actions.issue_order(by=scoped, order_id=to_him.pk)


@pytest.mark.django_db(transaction=True)
def test_who_gets_the_goods_is_sent_his_link_once() -> None:
    stocked("tent", 5)
    man = cast.person(cast.JIEDAO, phone="10000000099")
    row = issued(("tent", 2), receiver_person=str(man.pk))
    run_jobs()
    run_jobs()
    (letter,) = Message.objects.filter(matter=f"order:{row.pk}")
    assert letter.person_id == man.pk
    link = Link.objects.get()
    assert (link.purpose, link.about_id, link.person_id) == ("g", str(row.pk), man.pk)
    assert Incident.objects.get().holds.get().kind == "supplies"
