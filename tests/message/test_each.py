"""One text to each by all channels at once, with links of their own; a settled question is shut."""

from typing import Any

import pytest

from qianjun.journal.models import Entry
from qianjun.message.actions import send_each, stop_asking
from qianjun.message.models import Message
from tests import cast
from tests.message.cast import HOUSE, address, person
from tests.message.phones import pump
from tests.org.refusals import refused

pytestmark = pytest.mark.django_db
CALL: dict[str, Any] = {
    "by": HOUSE,
    "purpose": "confirm",
    "matter": "confirmation:1",
    "text": "请马上到岗",
    "rank": 0,
    "incident": 1,
    "expects_answer": True,
}


def test_every_channel_gets_its_copy_and_people_are_counted_once() -> None:
    both, one, nobody = person(), person("演示王五", "10000000002"), person("演示赵六", "")
    address(both, "10000000001", channel="voice", rank=1)
    address(both, "10000000009", channel="voice", rank=2)
    links = {both.pk: ("/c/1",), one.pk: ("/c/2",), nobody.pk: ()}
    assert send_each(**CALL, people=links) == 3
    assert send_each(**CALL, people=links) == 0
    rows = [(m.person_id, m.channel, m.address, m.links) for m in Message.objects.order_by("id")]
    assert rows == [
        (both.pk, "sms", "10000000001", ["/c/1"]),
        (both.pk, "voice", "10000000001", ["/c/1"]),
        (one.pk, "sms", "10000000002", ["/c/2"]),
        (nobody.pk, "none", "", []),
    ]
    said = {e.name: e.payload["count"] for e in Entry.objects.all()}
    assert said == {"message.called": 2, "message.unreached": 1}
    assert send_each(**CALL, people={}) == 0
    with refused("not_allowed", status=403):
        send_each(**CALL | {"by": cast.actor(cast.JIEDAO)}, people=links)


def test_only_named_channels_that_he_agreed_to() -> None:
    who = person()
    address(who, "10000000001", channel="voice", rank=1)
    assert send_each(**CALL, people={who.pk: ()}, channels=("voice", "wechat")) == 1
    assert [m.channel for m in Message.objects.all()] == ["voice"]


@pytest.mark.django_db(transaction=True)
def test_what_is_settled_asks_no_more_and_what_waits_stays_here() -> None:
    first, second = person(), person("演示王五", "10000000002")
    send_each(**CALL, people={first.pk: (), second.pk: ()})
    asked = {"by": HOUSE, "purpose": "confirm", "matter": "confirmation:1"}
    assert stop_asking(**asked, people=[first.pk]) == 1  # type: ignore[arg-type]
    assert pump() == 1
    assert stop_asking(**asked) == 1  # type: ignore[arg-type]
    assert stop_asking(**asked) == 0  # type: ignore[arg-type]
    waiting, sent = Message.objects.order_by("person")
    assert (waiting.failure, waiting.sent_at) == ("dropped", None)
    assert (sent.failure, sent.dropped_at is None, sent.sent_at is None) == ("", False, False)
