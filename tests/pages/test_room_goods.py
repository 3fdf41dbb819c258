"""The goods of an incident in its room: each order, how far it is, what is short."""

import pytest
from pytest_django import DjangoAssertNumQueries

from qianjun.supply import actions
from qianjun.supply.models import TransferOrder
from qianjun.supply.queries import asked_by
from tests import cast
from tests.pages.reading import html_of, take_in, text_of
from tests.supply.stores import issued, keeper, proposed, stocked

pytestmark = pytest.mark.django_db(transaction=True)


def incident_of(row: TransferOrder) -> int:
    """The incident of an order that has one."""
    assert row.incident_id
    return row.incident_id


def room_of(row: TransferOrder, person: cast.Part = cast.XIAOWANG) -> str:
    """The words of the room of an order's incident."""
    return text_of(cast.signed_in(person).get(f"/incidents/{row.incident_id}/"))


def test_an_order_is_shown_from_the_proposal_until_the_goods_are_back() -> None:
    stocked("tent", 8)
    cast.unit(cast.STREET)
    row = proposed(("tent", 10), receiver=cast.STREET)
    path = f"/incidents/{row.incident_id}/"
    officer, leader = cast.signed_in(cast.XIAOWANG), cast.actor(cast.LAOLI)
    page = html_of(officer.get(path))
    assert f'data-order="{row.pk}" data-state="proposed"' in page
    assert f'href="/supplies/orders/{row.pk}/"' in page
    assert f'href="/supplies/orders/?incident={row.incident_id}#propose-title"' in page
    assert f"待批准 帐篷 10 顶 {row.number}" in room_of(row)
    assert "帐篷 缺 2" in room_of(row)
    actions.approve_order(by=leader, order_id=row.pk)
    assert "已批准，待发 帐篷 10 顶" in room_of(row)
    actions.issue_order(by=keeper(), order_id=row.pk)
    assert "已发出，待签收 帐篷 10 顶 须归还" in room_of(row)
    assert "物资未了结 1 由仓库在调拨单上发出、记归还，或者撤单" in room_of(row)
    officer.post(f"{path}close/")
    assert "不能结案：物资未了结 1。 (held)" in text_of(officer.get(path))
    actions.confirm_receipt(by=leader, order_id=row.pk)
    actions.return_goods(by=keeper(), order_id=row.pk, back={"tent": 8})
    assert "已了结 帐篷 10 顶" in room_of(row)
    assert "物资未了结" not in room_of(row)


def test_the_goods_of_an_incident_are_asked_for_in_one_statement(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    stocked("tent", 8)
    stocked("folding_bed", 8)
    row = issued(("tent", 2), ("folding_bed", 3))
    officer = cast.actor(cast.XIAOWANG)
    lines = [actions.Line(code="tent", quantity=1)]
    actions.propose_order(by=officer, lines=lines, incident_id=row.incident_id)
    proposed(("tent", 1))  # of another incident
    with django_assert_num_queries(1):
        newest, first = asked_by(seen_by=officer, incident_id=incident_of(row))
    assert (newest.state, first.state) == ("proposed", "issued")
    goods = {one.article.code: one.quantity for one in first.lines}
    assert goods == {"tent": 2, "folding_bed": 3}


def test_without_goods_it_says_how_they_come_and_who_reads_none_sees_nothing() -> None:
    path = take_in(cast.signed_in(cast.XIAOWANG), "弯塘社区起火")
    assert "没有调拨。提出之后由带班领导批准" in text_of(cast.signed_in(cast.XIAOWANG).get(path))
    stocked("tent", 1)
    row = proposed(("tent", 1))
    assert asked_by(seen_by=cast.actor(cast.JIEDAO), incident_id=incident_of(row)) == []
