"""Doubles of providers, and the pump and carrier run by hand. 通道替身"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from qianjun.message.carrier import carrier_turn
from qianjun.message.channel import About, Channel, ChannelDown, Outcome, Outgoing
from qianjun.message.channels.simulated import CHANNEL
from qianjun.message.models import CarrierRow
from qianjun.message.pump import Pump


def pump(*, urgent: bool = True) -> int:
    """Run one lane until it has nothing more to do; how many messages it had in hand."""
    lane, seen = Pump(urgent=urgent), 0
    while turned := lane.turn():
        seen += turned
    return seen


def carry() -> int:
    """Let the simulated carrier deliver what is due and send every receipt."""
    done = 0
    while turned := carrier_turn():
        done += turned
    return done


def shown() -> list[str]:
    """What the phones show, in the order in which the carrier took it."""
    return list(CarrierRow.objects.order_by("id").values_list("text", flat=True))


ABOUT = replace(CHANNEL.about, title="替身")


@dataclass
class Provider:
    """A provider beside the simulated one, that can be told to misbehave.

    ``answers`` decides one copy's outcome; ``mute`` cannot be asked; ``dies`` takes everything and
    then breaks off; ``away`` takes nothing.
    """

    answers: Callable[[Outgoing], Outcome] = lambda copy: Outcome(ref=copy.ref, state="accepted")
    mute: bool = False
    dies: bool = False
    away: bool = False
    taken: list[Outgoing] = field(default_factory=list)
    calls: list[int] = field(default_factory=list)
    about: About = ABOUT

    def named(self, _name: str) -> Channel:
        """This provider, for whatever kind of address."""
        return self

    def accepts(self, address: str) -> bool:
        return CHANNEL.accepts(address)

    def send(self, batch: Sequence[Outgoing]) -> list[Outcome]:
        if self.away:
            raise ChannelDown
        self.calls.append(len(batch))
        outcomes = [self.answers(copy) for copy in batch]
        self.taken += [
            copy for copy, o in zip(batch, outcomes, strict=True) if o.state == "accepted"
        ]
        if self.dies:
            raise TimeoutError("no answer")
        return outcomes

    def lookup(self, refs: Sequence[str]) -> dict[str, str] | None:
        if self.away:
            raise ChannelDown
        known = {copy.ref for copy in self.taken}
        return None if self.mute else {ref: "1" for ref in refs if ref in known}
