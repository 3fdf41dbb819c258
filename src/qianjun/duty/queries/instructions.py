"""Instructions from above as the desk shows them: one card for all that are open. 在办来文"""

from dataclasses import dataclass

from qianjun.duty.queries.look import ROWS_MOST, Look
from qianjun.incident.instruction_models import Instruction
from qianjun.incident.queries.instructions import is_late, open_instructions


@dataclass(frozen=True, kw_only=True)
class OpenInstructions:
    """How many are open and overdue, which is due first, which came first. 在办来文"""

    count: int
    late: int
    first: Instruction
    oldest: Instruction


def instructions_open(look: Look) -> tuple[OpenInstructions, ...]:
    """One card while anything is open; nothing for whoever does not read them; one statement."""
    if not look.by.may("instruction.read"):
        return ()
    rows = list(open_instructions(seen_by=look.by)[:ROWS_MOST])
    if not rows:
        return ()
    oldest = min(rows, key=lambda row: (row.received_at, row.pk))
    late = sum(is_late(row) for row in rows)
    return (OpenInstructions(count=len(rows), late=late, first=rows[0], oldest=oldest),)
