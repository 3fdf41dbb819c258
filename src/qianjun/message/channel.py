"""What a channel is; one file in ``channels/`` with ``CHANNEL`` adds one. 通道"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from django.conf import settings

from qianjun.kernel.plugins import modules_in
from qianjun.message import channels


@dataclass(frozen=True, kw_only=True)
class About:
    """What is known of a channel before anything is sent.

    ``carries`` names the kinds of address it serves, ``example`` is an address it takes; a call
    lasts at most ``call_s`` by its own time limits: a longer one is taken for lost and asked for.
    """

    title: str
    address_hint: str
    example: str
    carries: tuple[str, ...]
    realms: tuple[str, ...]
    max_chars: int
    batch: int
    call_s: float


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """One copy of one message, as it leaves; ``ref`` is our name for it at the provider."""

    ref: str
    key: str
    channel: str
    to: str
    text: str
    person: int
    purpose: str
    incident: int | None = None
    resend: bool = False
    reminder: int = 0
    links: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What the provider said to one copy: taken, never, or not now."""

    ref: str
    state: Literal["accepted", "refused", "later"]
    provider_id: str = ""
    code: str = ""


class ChannelDown(Exception):
    """The provider is away and has certainly taken nothing of this call."""


class Channel(Protocol):
    """A way out of the house, called outside any transaction."""

    @property
    def about(self) -> About:
        """What it is and what it can."""

    def accepts(self, address: str) -> bool:
        """Whether it can send to this address at all."""

    def send(self, batch: Sequence[Outgoing]) -> list[Outcome]:
        """Hand over at most ``about.batch`` copies; one outcome each, in any order.

        Raises ChannelDown when nothing was taken; any other exception leaves it open what was.
        """

    def lookup(self, refs: Sequence[str]) -> dict[str, str] | None:
        """Provider's ids of those refs that it has taken; None when it cannot be asked."""


def channel_for(name: str) -> Channel | None:
    """The channel that carries this kind of address in this realm, or none."""
    found: list[Channel] = [module.CHANNEL for module in modules_in(channels).values()]
    fitting = (c for c in found if name in c.about.carries and settings.REALM in c.about.realms)
    return next(fitting, None)
