"""Reactions in any order and any number of times: the same end, the leader is called once."""

import pytest

from qianjun.journal.models import Card, Entry
from qianjun.message.models import Message
from tests.hostile.examples import API, Asker, furnish
from tests.worker import run_jobs_shuffled_and_doubled

pytestmark = pytest.mark.django_db(transaction=True)


def tell_the_story() -> None:
    """Two reports of two things, one of them split again, a figure, a note, a closing."""
    officer = Asker(role="duty_officer")
    first = officer.report()
    second = officer.report(lon=109.42, lat=24.31, text="市区里树倒了，挡住路")
    incident = first["incident"]["id"]
    joined = officer.send("POST", f"{API}reports/{second['id']}/join", {"incident": incident})
    assert joined.status_code == 200, joined.content.decode()
    split = officer.send("POST", f"{API}reports/{second['id']}/split", {})
    assert split.status_code == 200, split.content.decode()
    note = officer.send("POST", f"{API}incidents/{incident}/notes", {"text": "消防到场"})
    assert note.status_code == 201, note.content.decode()


def end_state() -> tuple[list[tuple[str, str]], list[str], int]:
    """Who was told what, what was written down, what needs a person."""
    told = sorted((m.purpose, m.text) for m in Message.objects.all())
    names = sorted(Entry.objects.values_list("name", flat=True))
    return told, names, Card.objects.count()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_story_ends_the_same_in_any_order(seed: int) -> None:
    furnish()
    tell_the_story()
    opened = Entry.objects.filter(name="incident.opened").count()
    assert run_jobs_shuffled_and_doubled(seed) >= 2 * opened

    told, names, cards = end_state()
    calls = [text for purpose, text in told if purpose == "report"]
    assert len(calls) == opened
    assert len(set(calls)) == len(calls)
    assert cards == 0
    assert names.count("journal.job_given_up") == 0
