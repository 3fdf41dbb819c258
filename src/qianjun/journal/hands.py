"""Where this process reads its clock: the one row in the database. 时钟"""

from qianjun.journal.models import ClockRow
from qianjun.kernel import clock


def follow_clock() -> None:
    """Let domain time in this process run as the row says; without a row it is real time."""
    row = ClockRow.objects.filter(pk=1).first()
    clock.anchor_to(anchor_of(row) if row else None)


def anchor_of(row: ClockRow) -> clock.Anchor:
    """The row as the kernel's anchor."""
    return clock.Anchor(domain=row.domain, real=row.real, speed=row.speed)
