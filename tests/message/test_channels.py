"""Every channel keeps the same promises; a new file is tested by being there."""

from typing import Any

import pytest

from qianjun.kernel.plugins import modules_in
from qianjun.message import channels, rules
from qianjun.message.channel import Channel, Outgoing, channel_for

ALL: dict[str, Channel] = {name: m.CHANNEL for name, m in modules_in(channels).items()}
# only what stays in the house is called here
CALLABLE = [name for name, channel in ALL.items() if "demo" in channel.about.realms]
REALMS = ("live", "demo", "drill")


def copies(channel: Channel, texts: list[str]) -> list[Outgoing]:
    return [
        Outgoing(
            ref=f"order:promise:{n}:x",
            key=f"order:promise:{n}:x",
            channel=channel.about.carries[0],
            to=channel.about.example,
            text=text,
            person=n,
            purpose="order",
            links=("/t/abc",),
        )
        for n, text in enumerate(texts)
    ]


@pytest.mark.parametrize("name", ALL)
def test_a_channel_says_what_it_is(name: str) -> None:
    about = ALL[name].about
    assert about.title
    assert about.address_hint
    assert about.carries
    assert set(about.realms) <= set(REALMS)
    assert about.max_chars > len(rules.CUT_MARK) * 2
    assert about.batch > 0


@pytest.mark.parametrize("name", ALL)
def test_a_call_ends_well_before_its_lease(name: str) -> None:
    assert 0 < ALL[name].about.call_s <= rules.LEASE.total_seconds() / 2


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize(
    "address", ["", " ", "\n", "10000000000\n", "1" * 500, "'; --", "１００", "🜁"]
)
def test_a_channel_takes_its_example_and_no_nonsense(name: str, address: str) -> None:
    assert ALL[name].accepts(ALL[name].about.example)
    assert not ALL[name].accepts(address)


@pytest.mark.parametrize("name", CALLABLE)
def test_a_channel_of_the_demo_takes_no_number_that_can_be_dialled(name: str) -> None:
    assert not any(ALL[name].accepts(f"1{n}" + "0" * 9) for n in range(30, 100))
    assert "live" not in ALL[name].about.realms


@pytest.mark.parametrize("realm", REALMS)
def test_one_kind_of_address_has_one_channel_in_a_realm(realm: str, settings: Any) -> None:
    carried = [n for c in ALL.values() if realm in c.about.realms for n in c.about.carries]
    assert len(carried) == len(set(carried))
    settings.REALM = realm
    assert all(channel_for(name) is not None for name in carried)
    assert channel_for("pigeon") is None


@pytest.fixture(params=CALLABLE)
def channel(request: pytest.FixtureRequest) -> Channel:
    return ALL[request.param]


@pytest.mark.django_db(transaction=True)
def test_a_channel_answers_each_copy_and_knows_afterwards_what_it_took(channel: Channel) -> None:
    hostile = ["a", "水" * 10_000, "=1+1", "%s %(x)s {0}", "<b>\u202e", "🜁" * 99, "a\tb\nc"]
    batch = copies(channel, hostile)
    outcomes = {outcome.ref: outcome for outcome in channel.send(batch)}
    assert set(outcomes) == {copy.ref for copy in batch}
    assert {outcome.state for outcome in outcomes.values()} <= {"accepted", "refused", "later"}
    known = channel.lookup([copy.ref for copy in batch] + ["order:promise:999:x"])
    if known is not None:
        accepted = {o.ref: o.provider_id for o in outcomes.values() if o.state == "accepted"}
        assert known == accepted


@pytest.mark.django_db(transaction=True)
def test_a_channel_takes_a_whole_batch_and_an_empty_one(channel: Channel) -> None:
    assert channel.send([]) == []
    assert len(channel.send(copies(channel, ["x"] * channel.about.batch))) == channel.about.batch
