"""The demo's past is told by the real verbs, once, and makes no noise."""

from datetime import timedelta

import pytest

from qianjun.incident.models import Incident, Report
from qianjun.journal.models import Entry, Timer
from qianjun.journal.sealing import seal
from qianjun.journal.verify import verify
from qianjun.kernel import clock
from qianjun.message.models import Message
from qianjun.org.seeding import seed_demo_people, seed_posts, seed_units
from qianjun.place.seeding import seed_places
from qianjun.site.history import load_history, moments
from tests.worker import run_jobs


@pytest.mark.running_clock
@pytest.mark.django_db(transaction=True)
def test_a_small_past_is_told_once_without_messages_or_jobs() -> None:
    for seed in (seed_units, seed_posts, seed_places, seed_demo_people):
        seed()
    assert load_history(small=True) == 2
    assert load_history(small=False) == 0
    run_jobs()

    assert Incident.objects.filter(state="open").count() == 1
    assert Report.objects.count() == 3
    assert not Message.objects.exists()
    closed = Incident.objects.get(state="closed")
    assert closed.closed_at is not None
    assert closed.received_at < closed.closed_at < clock.now() - timedelta(hours=1)
    assert Entry.objects.filter(incident=closed.pk, at__gte=clock.now()).count() == 0
    # what is still open rings when it is due, what is past does not
    assert [timer.due_at > clock.now() for timer in Timer.objects.all()] == [True]
    assert seal()
    assert verify().ok


@pytest.mark.running_clock
def test_the_whole_past_is_in_order_and_past() -> None:
    now = clock.real()
    told = moments(now=now, small=False)
    assert [m.at for m in told] == sorted(m.at for m in told)
    assert all(m.at < now for m in told)
    assert {m.incident for m in moments(now=now, small=True)} < {m.incident for m in told}
