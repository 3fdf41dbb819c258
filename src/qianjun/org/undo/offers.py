"""The offer to take an act back: signed, short-lived, for one person and one act. 撤销凭据"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.core import signing

from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor, not_found
from qianjun.org.http import new_key
from qianjun.org.undo.kinds import Reverse, reverses

SALT: Final = "qianjun.undo"
# the toast goes after eight seconds; a page without scripts, a slow line and a reader have longer
GOOD_FOR: Final = timedelta(seconds=60)
OFFER_MOST: Final = 4_000
Word = str | int | float | bool | None | list[int] | list[str] | dict[str, int]


@dataclass(frozen=True, kw_only=True)
class Offer:
    """An offer that was read: what takes it back, and the key under which that is done once."""

    reverse: Reverse
    words: dict[str, Word]
    key: str


def offer(by: Actor, name: str, **words: Word) -> str:
    """The act that was just done, to be taken back by this reverse with these words. 可撤销"""
    known = reverses()[name].name
    told = [known, words, _whose(by), new_key(), clock.real().isoformat()]
    return signing.dumps(told, salt=SALT, compress=True)


def read_offer(signed: str, *, by: Actor) -> Offer:
    """What the offer says; 404 for what is none of his, 409 ``undo_late`` when its time is over."""
    try:
        if len(signed) > OFFER_MOST:
            raise not_found()
        name, words, whose, key, at = signing.loads(signed, salt=SALT)
    except signing.BadSignature:
        raise not_found() from None
    reverse = reverses().get(name)
    if reverse is None or whose != _whose(by):
        raise not_found()
    if clock.real() - datetime.fromisoformat(at) > GOOD_FOR:
        zh = _("撤销的时间过了；请用这件事自己的更正、撤销或退回来改。")
        raise Refused("undo_late", zh, status=409)
    return Offer(reverse=reverse, words=words, key=key)


def _whose(by: Actor) -> str:
    return f"{by.kind}:{by.ident}"
