"""Which lists there are: each module declares its own in ``lists.py``. 清单登记"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from django.utils.module_loading import autodiscover_modules

from qianjun.kernel.sheets import Table
from qianjun.org.actor import Actor

Asked = Mapping[str, str]
Rows = Callable[[Actor, Asked], Iterable[object]]
ROWS_MOST: Final = 20_000


@dataclass(frozen=True, kw_only=True)
class Listing:
    """A list: what it is called, who may take it out, its columns, where its rows are from. 清单

    ``rows`` answers what the asker sees, by what the page's address asks for.
    """

    name: str
    zh: str
    permission: str
    table: Table
    rows: Rows


_known: dict[str, Listing] = {}


def listing(*, name: str, zh: str, permission: str, table: Table) -> Callable[[Rows], Rows]:
    """Declare the decorated function as the rows of a list; a name twice is an error. 声明清单"""

    def declare(rows: Rows) -> Rows:
        if name in _known and _known[name].rows.__module__ != rows.__module__:
            raise RuntimeError(f"two lists are called {name}")
        _known[name] = Listing(name=name, zh=zh, permission=permission, table=table, rows=rows)
        return rows

    return declare


@cache
def listings() -> dict[str, Listing]:
    """Every list of the house, by name. 全部清单"""
    autodiscover_modules("lists")
    return dict(sorted(_known.items()))
