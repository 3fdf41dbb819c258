"""What can be taken back: each module declares how in its ``reverses.py``. 撤销登记"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Final

from django.utils.module_loading import autodiscover_modules

Verb = Callable[..., object]
FILE: Final = "reverses"


@dataclass(frozen=True, kw_only=True)
class Reverse:
    """How one kind of act is taken back, and what is said when it is. 反向动作

    ``verb`` is called with ``by`` and the words of the offer; it asks for its own permission and
    refuses when somebody has gone on from there.
    """

    name: str
    says: str
    verb: Verb


_known: dict[str, Reverse] = {}


def takes_back(name: str, *, says: str) -> Callable[[Verb], Verb]:
    """Declare the decorated function as what takes this kind of act back. 声明撤销"""

    def declare(verb: Verb) -> Verb:
        if name in _known and _known[name].verb.__module__ != verb.__module__:
            raise RuntimeError(f"two reverses are called {name}")
        _known[name] = Reverse(name=name, says=says, verb=verb)
        return verb

    return declare


@cache
def reverses() -> dict[str, Reverse]:
    """Every reverse of the house, by name. 全部反向动作"""
    autodiscover_modules(FILE)
    return dict(sorted(_known.items()))
