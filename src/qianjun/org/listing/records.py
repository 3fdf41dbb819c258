"""Records that leave the house: each module tells its own in ``records.py``. 记录成文"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from django.utils.module_loading import autodiscover_modules

from qianjun.kernel.paper import Block
from qianjun.org.actor import Actor


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a record says: title, its number, handling mark, passages and tables. 记录内容"""

    title: str
    number: str
    body: tuple[Block, ...]
    mark: str = ""
    exercise: bool = False


Tell = Callable[[Actor, str], Told]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of record: what it is called, who may take it out, how one is told. 记录种类

    ``tell`` answers 404 for what the asker may not see.
    """

    name: str
    zh: str
    permission: str
    tell: Tell


_known: dict[str, Kind] = {}


def recorded(*, name: str, zh: str, permission: str) -> Callable[[Tell], Tell]:
    """Declare the decorated function as what tells a record; a name twice is an error. 声明记录"""

    def declare(tell: Tell) -> Tell:
        if name in _known and _known[name].tell.__module__ != tell.__module__:
            raise RuntimeError(f"two records are called {name}")
        _known[name] = Kind(name=name, zh=zh, permission=permission, tell=tell)
        return tell

    return declare


@cache
def kinds() -> dict[str, Kind]:
    """Every kind of record, by name. 全部记录种类"""
    autodiscover_modules("records")
    return dict(sorted(_known.items()))
