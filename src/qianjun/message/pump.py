"""The pump empties the outbox: claim, commit, call out, commit. 发送泵

A claim is a lease. What a killed pump had in hand is found by its ended lease, is in doubt, and is
asked for at the provider by our name for it: what is known there was sent, what is not has never
left and goes again unmarked; where nobody can be asked it goes once more, marked 【重发】.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from threading import Event

from qianjun.journal.loops import Chore, beat, run_loop
from qianjun.kernel import clock
from qianjun.message import rules
from qianjun.message.channel import Channel, ChannelDown, Outcome, Outgoing, channel_for
from qianjun.message.claims import Claimed, Settled, claim, mark_repeated, put_back, record
from qianjun.message.models import Message
from qianjun.message.spreading import spread

URGENT_BATCH, BULK_BATCH = 100, 500
# after a rest a small batch goes first: nobody waits for the four hundred behind him
FIRST_BATCH = 50
LONGEST_PAUSE_S = 5.0
BEAT_S = 1.0
logger = logging.getLogger("qianjun.message")


def run_pump(stop: Event, *, urgent: bool) -> None:
    """Empty one lane until told to stop: rank 0, or all the others."""
    name, pump = ("pump-urgent" if urgent else "pump-bulk"), Pump(urgent=urgent)
    chores: list[Chore] = [(BEAT_S, lambda: beat(name))]
    run_loop(name, lambda: pump.turn() > 0, chores=chores, hears=("outbox",), stop=stop)


@dataclass(frozen=True, kw_only=True)
class _Pause:
    """A channel that was away is not called before ``until``, real time."""

    until: datetime
    times: int


class Pump:
    """One lane's pump; it remembers which channels were away and whether it rested. 发送泵"""

    def __init__(
        self, *, urgent: bool, channel_named: Callable[[str], Channel | None] = channel_for
    ) -> None:
        self.urgent = urgent
        self.channel_named = channel_named
        self.pauses: dict[str, _Pause] = {}
        self.rested = True

    def turn(self) -> int:
        """Claim one batch and see it through, fill the lane when it runs dry; how many."""
        limit = FIRST_BATCH if self.rested else URGENT_BATCH if self.urgent else BULK_BATCH
        real = clock.real()
        paused = [name for name, pause in self.pauses.items() if pause.until > real]
        claimed = claim(urgent=self.urgent, limit=limit, paused=paused)
        by_channel = sorted(claimed, key=lambda c: c.message.channel)
        for name, group in groupby(by_channel, key=lambda c: c.message.channel):
            self._serve(name, list(group))
        # what waits to be spread comes behind what stands in the outbox already
        more = spread() if not self.urgent and len(claimed) < limit else 0
        self.rested = not claimed
        return len(claimed) + more

    def _serve(self, name: str, claimed: list[Claimed]) -> None:
        """See the messages of one channel through; while it is away they wait and lose nothing."""
        channel = self.channel_named(name)
        if channel is None:
            record([_failed(c.message, "no_channel") for c in claimed])
            return
        left = claimed
        try:
            parts = _parts(channel, claimed)
            while parts:
                left = [Claimed(message=message) for part in parts for message in part]
                _call(channel, parts[0])
                parts = parts[1:]
            self.pauses.pop(name, None)
        except ChannelDown:
            put_back(left)
            self._pause(name)

    def _pause(self, name: str) -> None:
        before = self.pauses.get(name)
        times = before.times + 1 if before else 1
        wait = timedelta(seconds=min(0.5 * 2**times, LONGEST_PAUSE_S))
        self.pauses[name] = _Pause(until=clock.real() + wait, times=times)
        if times == 1:
            logger.warning("channel %s is away", name)


def _parts(channel: Channel, claimed: list[Claimed]) -> list[list[Message]]:
    """What is to be sent now, call by call: the fresh ones in batches, the once doubtful alone.

    One message that no call survives must not take its whole batch with it every time.
    """
    fresh = [c.message for c in claimed if not c.in_doubt]
    doubtful = [c.message for c in claimed if c.in_doubt]
    record([_failed(m, "bad_address") for m in fresh if not channel.accepts(m.address)])
    ready = [m for m in fresh if channel.accepts(m.address)]
    size = channel.about.batch
    again = _ask(channel, doubtful) if doubtful else []
    return [ready[n : n + size] for n in range(0, len(ready), size)] + [[m] for m in again]


def _ask(channel: Channel, doubtful: list[Message]) -> list[Message]:
    """Which of these go again, after asking the provider what it has. 查询存疑"""
    try:
        known = channel.lookup([_ref(message) for message in doubtful])
    except ChannelDown:
        raise
    except Exception as fault:  # whatever it ran into, these stay in doubt and are asked for again
        logger.error("lookup: %s", fault, exc_info=fault)
        record([_failed(m, "unknown") for m in doubtful if m.attempts > rules.MAX_ATTEMPTS])
        return []
    if known is None:
        return _repeat_once(doubtful)
    sent = [
        Settled(message=m, state="sent", provider_id=known[_ref(m)])
        for m in doubtful
        if _ref(m) in known
    ]
    never_left = [m for m in doubtful if _ref(m) not in known]
    given_up = [m for m in never_left if m.attempts > rules.MAX_ATTEMPTS]
    record(sent + [_failed(m, "gave_up") for m in given_up])
    return [m for m in never_left if m not in given_up]


def _repeat_once(doubtful: list[Message]) -> list[Message]:
    """First copies go once more, marked; of the others nobody knows, and the desk is told."""
    record([_failed(m, "unknown") for m in doubtful if m.copies > 1])
    first = [m for m in doubtful if m.copies == 1]
    mark_repeated(first)
    return first


def _call(channel: Channel, part: list[Message]) -> None:
    """Hand one batch over and record the outcomes; what gets none stays on lease, in doubt."""
    if not _in_time(channel, part):
        put_back(Claimed(message=message) for message in part)
        return
    try:
        outcomes = channel.send([_outgoing(channel, message) for message in part])
    except ChannelDown:
        raise
    except Exception as fault:  # it may or may not have taken them: they are asked for
        logger.error("send: %s", fault, exc_info=fault)
        return
    by_ref = {_ref(message): message for message in part}
    record([_settled(by_ref[o.ref], o) for o in outcomes if o.ref in by_ref])


def _in_time(channel: Channel, part: list[Message]) -> bool:
    """Whether the call ends before the lease: a pump that was asleep calls nobody."""
    ends = clock.real() + timedelta(seconds=channel.about.call_s)
    return all(m.lease_until is not None and ends <= m.lease_until for m in part)


def _ref(message: Message) -> str:
    return rules.ref_of(message.key, copies=message.copies)


def _outgoing(channel: Channel, message: Message) -> Outgoing:
    text = rules.outgoing_text(
        message.text,
        copies=message.copies,
        reminder=message.reminder,
        max_chars=channel.about.max_chars,
    )
    return Outgoing(
        ref=_ref(message),
        key=message.key,
        channel=message.channel,
        to=message.address,
        text=text,
        person=message.person_id,
        purpose=message.purpose,
        incident=message.incident,
        resend=message.resend,
        reminder=message.reminder,
        links=tuple(message.links),
    )


def _settled(message: Message, outcome: Outcome) -> Settled:
    if outcome.state == "accepted":
        return Settled(message=message, state="sent", provider_id=outcome.provider_id)
    if outcome.state == "refused":
        return _failed(message, outcome.code or "refused")
    if message.attempts >= rules.MAX_ATTEMPTS:
        return _failed(message, "gave_up")
    return Settled(message=message, state="later")


def _failed(message: Message, code: str) -> Settled:
    return Settled(message=message, state="failed", code=code)
