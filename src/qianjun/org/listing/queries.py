"""A list as its page for paper shows it. 清单打印页"""

from dataclasses import dataclass
from itertools import islice
from typing import Final

from django.utils.translation import gettext

from qianjun.org.actor import Actor, not_found, require
from qianjun.org.listing.cells import Cells, cells_of
from qianjun.org.listing.kinds import Asked, Listing, listings

PAPER_ROWS_MOST: Final = 2_000


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A list as its page for paper shows it; ``beyond`` says that there are more rows. 清单页"""

    title: str
    header: tuple[str, ...]
    cells: Cells
    beyond: bool


def list_on_paper(*, by: Actor, name: str, asked: Asked) -> Sheet:
    """A list laid out for printing: its first 2,000 rows. 清单打印页

    The browser tells when it is printed, as of every page. 404 as above.
    """
    require(by, "list.export")
    one = listing_for(by, name)
    rows = list(islice(one.rows(by, asked), PAPER_ROWS_MOST + 1))
    return Sheet(
        title=gettext(one.zh),
        header=header_of(one),
        cells=cells_of(one.table, rows[:PAPER_ROWS_MOST], word=said),
        beyond=len(rows) > PAPER_ROWS_MOST,
    )


def listing_for(by: Actor, name: str) -> Listing:
    """The list of this name; 404 when there is none, or it is not his."""
    found = listings().get(name)
    if found is None or not by.may(found.permission):
        raise not_found()
    return found


def header_of(one: Listing) -> tuple[str, ...]:
    """Its titles in the reader's language."""
    return tuple(said(column.zh) for column in one.table.columns)


def said(text: str) -> str:
    """A title or a choice in the reader's language; an empty one would be the catalogue's head."""
    return gettext(text) if text else text
