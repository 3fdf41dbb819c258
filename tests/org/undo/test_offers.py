"""The offer to take an act back: for one person, once, for a short time."""

from datetime import timedelta

import pytest

from qianjun.incident.models import Figure
from qianjun.journal.models import Entry
from qianjun.kernel.clock import Held
from qianjun.kernel.errors import Refused
from qianjun.org.actor import Actor
from qianjun.org.undo.kinds import reverses, takes_back
from qianjun.org.undo.offers import GOOD_FOR, offer, read_offer
from tests import cast
from tests.pages.reading import html_of, offer_in, take_in, text_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def officer() -> Actor:
    """值班员小王."""
    return cast.actor(cast.XIAOWANG)


def test_an_offer_says_what_was_done_and_by_whose_word(officer: Actor) -> None:
    read = read_offer(offer(officer, "close", incident_id=7), by=officer)
    assert (read.reverse.name, read.words) == ("close", {"incident_id": 7})
    assert read.key != read_offer(offer(officer, "close", incident_id=7), by=officer).key


def test_an_offer_of_another_person_and_a_changed_one_are_unknown(officer: Actor) -> None:
    signed = offer(officer, "close", incident_id=7)
    for told, by in ((signed, cast.actor(cast.XIAOZHAO)), (signed[:-1] + "x", officer)):
        with pytest.raises(Refused) as refused:
            read_offer(told, by=by)
        assert refused.value.status == 404
    for nonsense in ("", "\0", "一" * 10, "x" * 1_000_000):
        with pytest.raises(Refused):
            read_offer(nonsense, by=officer)


def test_an_offer_ends_by_real_time(officer: Actor, held_clock: Held) -> None:
    signed = offer(officer, "close", incident_id=7)
    held_clock.forward(GOOD_FOR + timedelta(seconds=1))
    with pytest.raises(Refused) as refused:
        read_offer(signed, by=officer)
    assert (refused.value.code, refused.value.status) == ("undo_late", 409)


def test_two_modules_cannot_declare_one_name() -> None:
    name = next(iter(reverses()))

    def other() -> None:
        """Another one."""

    with pytest.raises(RuntimeError, match="two reverses"):
        takes_back(name, says="")(other)


def test_a_toast_is_pressed_once_and_by_him_alone() -> None:
    client, other = cast.signed_in(cast.XIAOWANG), cast.signed_in(cast.XIAOZHAO)
    room = take_in(client, "弯塘社区起火")
    client.post(f"{room}figures/", {"kind": "injured", "value": "2", "source": "119"})
    signed = offer_in(html_of(client.get(room)))
    assert "data-undo" not in html_of(client.get(room))  # offered once
    sent = {"undo": signed, "next": room}
    other.post("/undo/", sent)
    assert Figure.objects.get().withdrawn_at is None
    assert client.get("/undo/").status_code == 405
    assert client.post("/undo/", sent).headers["Location"] == room
    assert "已撤销" in text_of(client.get(room))
    assert Figure.objects.get().withdrawn_at is not None
    client.post("/undo/", sent)
    assert "刚才已经撤销过" in text_of(client.get(room))
    names = list(Entry.objects.filter(name__contains="figure").order_by("pk"))
    assert [one.name for one in names] == [
        "incident.figure_recorded",
        "incident.figure_withdrawn",
    ]
