"""Which cards of the desk are heard. 值班台声音"""

from collections.abc import Iterable
from typing import Any

from qianjun.duty.queries.columns import Kind, Shown
from qianjun.duty.rules.sounding import Sound, heard, is_close
from qianjun.kernel import clock


def sounds_of(columns: Iterable[Shown]) -> list[Sound]:
    """What may be heard of these columns now. 可响的卡片"""
    parts = (part for column in columns for part in column.parts)
    told = (
        (f"{part.kind.name}-{_ident(row)}", part.kind.cause)
        for part in parts
        for row in part.rows
        if part.kind.cause and _is_urgent(part.kind, row)
    )
    return heard(told, at=clock.now())


def _is_urgent(kind: Kind, row: Any) -> bool:  # noqa: ANN401  # the row of any kind
    """Not every card of these kinds asks for a person at once."""
    if kind.cause == "clock":
        return row.due is not None and is_close(row.due.due_at, at=clock.now())
    if kind.cause == "danger":
        return bool(row.helps)
    if kind.cause == "first":
        return bool(row.first.state == "due")
    return bool(row.may_decide) if kind.cause == "decide" else True


def _ident(row: Any) -> str:  # noqa: ANN401
    """What stays the same while the card stays."""
    parts = [getattr(row, name, None) for name in ("pk", "message", "task", "row", "incident")]
    known = next(one for one in parts if one is not None)
    due, first = getattr(row, "due", None), getattr(row, "first", None)
    more = [getattr(due, "kind", ""), getattr(first, "desk", "")]
    return "-".join([str(getattr(known, "pk", known)), *(one for one in more if one)])
