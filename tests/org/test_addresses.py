"""Which address is tried first, and consent that is given and taken back."""

from datetime import timedelta

import pytest

from qianjun.journal.models import Body, Entry
from qianjun.kernel.clock import Held
from qianjun.kernel.errors import Refused
from qianjun.message.queries import addresses_of
from qianjun.org.actor import Actor
from qianjun.org.addresses import give_consent, prefer_address, withdraw_consent
from tests.message.cast import HOUSE, address, person

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_preferred_address_is_used_first_and_the_others_keep_their_order() -> None:
    who = person()
    second, third = address(who, "10000000002", rank=1), address(who, "10000000003", rank=2)
    prefer_address(by=HOUSE, person=who.pk, address=third.pk)
    assert addresses_of([who.pk], channel=None) == {who.pk: ("sms", "10000000003")}
    ranks = list(who.addresses.order_by("rank").values_list("value", flat=True))
    assert ranks == ["10000000003", "10000000001", "10000000002"]
    prefer_address(by=HOUSE, person=who.pk, address=third.pk)
    assert Entry.objects.filter(name="org.address_preferred").count() == 1
    assert second.pk != third.pk


def test_consent_that_is_taken_back_ends_sending_and_can_be_given_again(held_clock: Held) -> None:
    who = person()
    one = who.addresses.get()
    withdraw_consent(by=HOUSE, address=one.pk)
    withdraw_consent(by=HOUSE, address=one.pk)
    assert addresses_of([who.pk], channel=None) == {}
    at = held_clock.forward(timedelta(days=1))
    assert give_consent(by=HOUSE, address=one.pk, text="同意接收短信").consent_at == at
    assert addresses_of([who.pk], channel=None) == {who.pk: ("sms", "10000000001")}
    said = list(Entry.objects.filter(name__startswith="org.consent").order_by("id"))
    assert [e.name for e in said] == ["org.consent_withdrawn", "org.consent_given"]
    assert Body.objects.get(entry=said[1]).text == "同意接收短信"


def test_what_cannot_be_is_refused() -> None:
    who, other = person(), person("演示老张", "10000000002")
    stranger = Actor(kind="person", ident="9", permissions=frozenset({"report.take"}))
    theirs = other.addresses.get().pk
    for refused, status in (
        (lambda: prefer_address(by=HOUSE, person=who.pk, address=theirs), 404),
        (lambda: give_consent(by=HOUSE, address=10**15, text="x"), 404),
        (lambda: give_consent(by=HOUSE, address=theirs, text=" "), 422),
        (lambda: withdraw_consent(by=HOUSE, address=10**15), 404),
        (lambda: prefer_address(by=stranger, person=other.pk, address=theirs), 403),
        (lambda: withdraw_consent(by=stranger, address=theirs), 403),
    ):
        with pytest.raises(Refused) as caught:
            refused()
        assert caught.value.status == status
