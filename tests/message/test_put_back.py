"""A database that was put back does not call people again unmarked."""

import pytest
from django.db.models import F

from qianjun.message.actions import send_wave
from qianjun.message.claims import doubt_waiting
from qianjun.message.models import Mailing, Message
from qianjun.message.pump import Pump
from qianjun.message.spreading import FIRST, spread_all
from tests.message.cast import crowd
from tests.message.phones import Provider
from tests.message.test_mailing import CALL
from tests.message.test_pump import now, queue

pytestmark = pytest.mark.django_db(transaction=True)


def sent_after_the_backup(provider: Provider) -> Message:
    """A message that has left, in a database that is older than that."""
    message = queue()
    Pump(urgent=True, channel_named=provider.named).turn()
    assert now(message).state == "sent"
    Message.objects.update(sent_at=None, provider_id="", attempts=F("attempts") - 1)
    return message


def test_what_had_left_is_asked_for_and_not_sent_again() -> None:
    provider = Provider()
    message = sent_after_the_backup(provider)
    assert doubt_waiting() == 1
    Pump(urgent=True, channel_named=provider.named).turn()
    assert len(provider.taken) == 1
    assert now(message).state == "sent"


def test_where_nobody_can_be_asked_it_goes_once_more_marked() -> None:
    provider = Provider(mute=True)
    message = sent_after_the_backup(provider)
    doubt_waiting()
    Pump(urgent=True, channel_named=provider.named).turn()
    assert [copy.resend for copy in provider.taken] == [False, True]
    assert now(message).state == "sent"


def test_what_had_never_left_goes_unmarked_and_what_had_is_left_alone() -> None:
    provider = Provider()
    queue()
    assert doubt_waiting() == 1
    assert doubt_waiting() == 0
    Pump(urgent=True, channel_named=provider.named).turn()
    assert [copy.resend for copy in provider.taken] == [False]
    assert doubt_waiting() == 0


def test_of_a_mailing_everybody_gets_a_row_that_can_be_asked_for() -> None:
    for matter in ("callout:1:1", "callout:2:1"):
        send_wave(**CALL | {"matter": matter}, people=crowd(FIRST + 3))
    spread_all()
    assert not Mailing.objects.filter(spread_at=None).exists()
    assert doubt_waiting() == 2 * (FIRST + 3)
