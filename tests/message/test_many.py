"""More people than a statement takes values."""

import pytest

from qianjun.message.queries import addresses_of
from tests.message import cast


@pytest.mark.django_db
def test_a_city_can_be_asked_for_its_addresses_at_once() -> None:
    leader = cast.person(phone="10000000002")
    everybody = [leader.pk, *range(10_000_000, 10_070_000)]
    assert addresses_of(everybody, channel=None) == {leader.pk: ("sms", "10000000002")}
