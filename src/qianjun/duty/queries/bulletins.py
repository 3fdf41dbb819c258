"""Bulletins that nobody has issued yet, as the desk shows them. 未签发的值班信息"""

from dataclasses import dataclass
from typing import Final

from qianjun.duty.bulletins.queries import about, bulletins
from qianjun.duty.models import Bulletin
from qianjun.duty.queries.look import Look
from qianjun.journal.deadlines import deadlines_of
from qianjun.journal.models import Deadline

MOST: Final = 7


@dataclass(frozen=True, kw_only=True)
class Unissued:
    """A draft with the hour by which it is to be out. 未签发的一期"""

    row: Bulletin
    due: Deadline | None


def bulletins_unissued(look: Look) -> tuple[Unissued, ...]:
    """The oldest first; nothing for whoever does not read them; two statements. 未签发"""
    if not look.by.may("bulletin.read"):
        return ()
    rows = list(bulletins(seen_by=look.by).filter(issued_at__isnull=True).order_by("day")[:MOST])
    dues = deadlines_of(*(about(row) for row in rows)) if rows else {}
    return tuple(Unissued(row=row, due=next(iter(dues[about(row)]), None)) for row in rows)
