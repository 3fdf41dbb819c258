"""With whose words people are called: our own, or those of whoever owns the matter. 叫应用语

A task is signed for on its own page, so that calling about it must send that link and no other.
The module above registers its words here, in the file that is imported at the start
(``reactions``); what is said to whom it works out at each step, and its first message is the
first step of the call.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from qianjun.confirm.models import Confirmation
from qianjun.confirm.rules import matter_of
from qianjun.message.rules import Purpose

PURPOSE: Purpose = "confirm"


@dataclass(frozen=True, kw_only=True)
class Told:
    """What is sent to everybody of a step, and the links of each. 用语"""

    text: str
    links: Mapping[int, tuple[str, ...]]


Says = Callable[[Confirmation, Collection[int]], Told]


@dataclass(frozen=True, kw_only=True)
class Voice:
    """Whose words they are: purpose and matter of their messages, and what is said. 谁的用语"""

    purpose: Purpose
    matter: Callable[[int], str]
    says: Says


_voices: dict[str, Voice] = {}


def speaks(kind: str, *, purpose: Purpose, matter: Callable[[int], str]) -> Callable[[Says], Says]:
    """Have the decorated function say what is sent about things of this kind.

    ``matter`` names the messages of one by its id. Signing for the thing is the answer: whoever
    owns it tells so by ``settle_about``.
    """

    def register(says: Says) -> Says:
        _voices[kind] = Voice(purpose=purpose, matter=matter, says=says)
        return says

    return register


def voice_of(row: Confirmation) -> Voice | None:
    """Whose words this confirmation uses; None for our own."""
    return _voices.get(row.about_kind)


def asked_in(row: Confirmation) -> tuple[Purpose, str]:
    """Purpose and matter of the messages by which people are called. 消息用途和事项"""
    voice = voice_of(row)
    if voice is None:
        return PURPOSE, matter_of(row.pk)
    return voice.purpose, voice.matter(int(row.about_id))


def timeline_of(row: Confirmation) -> int | None:
    """The incident on whose timeline begin, answer and end stand.

    None when the matter's owner says these himself: one order is not told twice.
    """
    return row.incident if voice_of(row) is None else None
