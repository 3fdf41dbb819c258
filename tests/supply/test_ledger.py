"""Whatever keepers and leaders do, in whatever order: the ledger adds up, nothing below zero."""

from collections.abc import Callable
from contextlib import suppress

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qianjun.kernel.errors import Refused
from qianjun.org.actor import Actor
from qianjun.supply import actions, queries
from qianjun.supply.models import Lot, Movement, TransferOrder
from tests import cast
from tests.incident.fires import taken
from tests.supply.stores import keeper, stocked, store

STEPS = (
    "in",
    "order",
    "approve",
    "issue",
    "receive",
    "back",
    "lose",
    "off",
    "count",
    "undo",
    "cancel",
)
Step = tuple[str, int, int]


class Hands:
    """Somebody of each role, doing what a sequence says."""

    def __init__(self) -> None:
        self.officer, self.leader = cast.actor(cast.XIAOWANG), cast.actor(cast.LAOLI)
        self.keeper = keeper()
        self.store = store()
        self.incident = taken(self.officer).stored.incident_id
        stocked("tent", 5)
        stocked("tent", 4, days=3)
        self.acts: dict[str, Callable[[int, int], object]] = {
            "in": lambda _which, n: actions.take_in(
                by=self.keeper, store=self.store.pk, code="tent", quantity=n
            ),
            "order": lambda _which, n: actions.propose_order(
                by=self.officer,
                lines=[actions.Line(code="tent", quantity=n)],
                incident_id=self.incident,
            ),
            "approve": self._on(actions.approve_order, by=self.leader),
            "issue": self._on(actions.issue_order, by=self.keeper),
            "receive": lambda which, n: actions.confirm_receipt(
                by=self.officer, order_id=_order(which), counts={"tent": n}
            ),
            "back": lambda which, n: actions.return_goods(
                by=self.keeper, order_id=_order(which), back={"tent": n}
            ),
            "lose": lambda which, n: actions.return_goods(
                by=self.keeper, order_id=_order(which), back={}, lost={"tent": n}, why="丢失"
            ),
            "off": lambda which, n: actions.write_off(
                by=self.keeper, lot=_lot(which), quantity=n, why="破损"
            ),
            "count": lambda which, n: actions.count_lot(
                by=self.keeper, lot=_lot(which), found=n, why="实盘"
            ),
            "undo": lambda which, _n: actions.reverse(
                by=self.keeper, movement=_movement(which), why="记错"
            ),
            "cancel": self._on(actions.cancel_order, by=self.officer),
        }

    def _on(self, verb: Callable[..., object], *, by: Actor) -> Callable[[int, int], object]:
        return lambda which, _n: verb(by=by, order_id=_order(which))

    def do(self, step: Step) -> None:
        """One act; a refusal leaves everything as it was."""
        name, which, n = step
        with suppress(Refused), transaction.atomic():
            self.acts[name](which, n)


def _nth(keys: list[int], which: int) -> int:
    return keys[which % len(keys)] if keys else 0


def _order(which: int) -> int:
    return _nth(list(TransferOrder.objects.order_by("pk").values_list("pk", flat=True)), which)


def _lot(which: int) -> int:
    return _nth(list(Lot.objects.order_by("pk").values_list("pk", flat=True)), which)


def _movement(which: int) -> int:
    return _nth(list(Movement.objects.order_by("pk").values_list("pk", flat=True)), which)


@pytest.mark.django_db
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    st.lists(
        st.tuples(st.sampled_from(STEPS), st.integers(0, 7), st.integers(1, 8)),
        min_size=4,
        max_size=18,
    )
)
def test_no_sequence_of_acts_breaks_the_ledger(steps: list[Step]) -> None:
    with transaction.atomic():
        hands = Hands()
        for step in steps:
            rows = Movement.objects.count()
            hands.do(step)
            assert queries.ledger_problems() == []
            assert Movement.objects.count() >= rows
        for card in queries.order_cards(TransferOrder.objects.all()):
            assert all(line.sent.issued >= line.sent.returned >= 0 for line in card.lines)
            held = card.row.incident and card.row.incident.holds.filter(
                about_kind="order", about_id=str(card.row.pk), lifted_at__isnull=True
            )
            out = card.state in ("approved", "issued", "received")
            assert bool(held and held.exists()) == out
        transaction.set_rollback(True)
