"""An incident opened calls the leader on post: once, short, without the caller's name."""

import pytest

from qianjun.duty.rules import call_text
from qianjun.journal.models import Entry
from qianjun.kernel import clock
from qianjun.message.models import Message
from qianjun.org.models import Holding
from tests import cast
from tests.duty.cards import cards_of
from tests.incident.fires import FAR, taken
from tests.worker import run_jobs

PHONE = "10000000002"


def test_the_call_says_when_where_what_and_the_number() -> None:
    said = call_text(
        number="450202-20260601-0001", place="东门社区", kind="火灾事故", received_at=clock.now()
    )
    what = "14:05 东门社区，火灾事故。事件 450202-20260601-0001"
    assert said == f"【接报】{what}，请回复收到或回电值班室。"


def test_what_is_unknown_is_said_to_be_unknown() -> None:
    said = call_text(number="1", place="", kind="", received_at=clock.now())
    assert "地点待核，类型待核" in said


@pytest.mark.django_db(transaction=True)
def test_the_leader_on_post_is_called_once_for_each_incident() -> None:
    leader = cast.put_on_duty(cast.LAOLI, phone=PHONE)
    officer = cast.actor(cast.XIAOWANG)
    one = taken(officer, caller_name="演示覃某", caller_phone="10000000031")
    taken(officer)  # joins by itself: no second call
    run_jobs()
    run_jobs()
    (call,) = Message.objects.all()
    assert call.person_id == leader.pk
    assert (call.purpose, call.rank, call.incident) == ("report", 0, one.stored.incident_id)
    assert call.matter == f"incident:{one.stored.incident_id}"
    assert one.stored.incident_number in call.text
    assert "演示覃某" not in call.text
    assert "10000000031" not in call.text
    assert not cards_of("uncalled", seen_by=officer)


@pytest.mark.django_db(transaction=True)
def test_without_a_leader_on_post_the_timeline_and_the_desk_say_so() -> None:
    officer = cast.actor(cast.XIAOWANG)
    one = taken(officer)
    run_jobs()
    assert not Message.objects.exists()
    assert Entry.objects.filter(name="duty.leader_not_called").count() == 1
    (uncalled,) = cards_of("uncalled", seen_by=officer)
    assert uncalled.number == one.stored.incident_number


@pytest.mark.django_db(transaction=True)
def test_who_has_left_the_post_is_not_called() -> None:
    cast.put_on_duty(cast.LAOLI, phone=PHONE)
    Holding.objects.update(until=clock.now())
    taken(cast.actor(cast.XIAOWANG), **FAR)
    run_jobs()
    assert not Message.objects.exists()
