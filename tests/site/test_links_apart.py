"""No link opens another door than its own, and none opens after its end."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from qianjun.force.models import CallAct
from qianjun.incident.models import TaskStep
from qianjun.journal.models import Entry
from qianjun.kernel import clock
from qianjun.org.links import make_link
from tests import cast

DOORS = {"v": "accept", "t": "accept", "c": "answer", "g": "receive"}
KINDS = ("callout", "task", "charge", "confirmation", "order", "incident")


def text_of(path: str) -> str:
    """The secret part of a link."""
    return path.rsplit("/", 1)[-1]


def acts(door: str, text: str) -> str:
    """Where a page of this door sends what is pressed."""
    return f"/{door}/{text}/acts"


def refused(door: str, text: str) -> list[int]:
    """How the door answers to looking and to pressing, as a form and as JSON."""
    told = {"act": DOORS[door], "act_id": str(uuid4())}
    visitor = Client()
    return [
        visitor.get(f"/{door}/{text}").status_code,
        visitor.post(acts(door, text), told).status_code,
        visitor.post(acts(door, text), json.dumps(told), "application/json").status_code,
    ]


def written() -> tuple[int, int, int]:
    return CallAct.objects.count(), TaskStep.objects.count(), Entry.objects.count()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("own", DOORS)
def test_a_link_opens_no_other_door_and_no_matter_of_another_kind(own: str) -> None:
    person = cast.person(cast.XIAOCHEN).pk
    before = written()
    for kind in KINDS:
        text = text_of(make_link(purpose=own, about=(kind, "1"), person=person))  # type: ignore[arg-type]
        for door in DOORS:
            assert set(refused(door, text)) <= {404}, (own, kind, door)
    assert written() == before


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("door", DOORS)
def test_a_guessed_or_a_cut_link_opens_nothing(door: str) -> None:
    text = text_of(make_link(purpose=door, about=("task", "1")))  # type: ignore[arg-type]
    for wrong in (text[:-1], text[1:], text[::-1], text.swapcase(), f"{text}a", "0" * len(text)):
        assert set(refused(door, wrong)) == {404}, wrong


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("door", DOORS)
def test_a_link_whose_time_is_over_says_so_and_takes_nothing(
    door: str, held_clock: clock.Held
) -> None:
    until = clock.now() + timedelta(hours=1)
    text = text_of(make_link(purpose=door, about=("task", "1"), ends_at=until))  # type: ignore[arg-type]
    held_clock.forward(timedelta(hours=2))
    before = written()
    assert set(refused(door, text)) == {410}
    assert written() == before
