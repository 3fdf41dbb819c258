"""What stands on the desk, by kind of card. 值班台卡片"""

from collections.abc import Sequence
from typing import Any

from qianjun.duty.queries import columns_behind, desk
from qianjun.org.actor import Actor


def cards_of(kind: str, *, seen_by: Actor) -> Sequence[Any]:
    """The cards of one kind, in whichever column they are."""
    columns = (*desk(seen_by=seen_by).columns, *columns_behind(seen_by=seen_by))
    parts = (part for column in columns for part in column.parts)
    return next(part.rows for part in parts if part.kind.name == kind)
