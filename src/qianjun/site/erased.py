"""What was erased by law stays erased, also after a backup was put back. 恢复后再次删除"""

from django.db import transaction

from qianjun.incident.actions.erasing import forget_copies
from qianjun.journal import erasing as bodies
from qianjun.media import tidying as files


def erase_again_everywhere() -> int:
    """Erase once more what the log beside the database says was erased; how many. 再次删除

    Run at every start: without a restore it reads the log and asks once for a thousand of its
    lines. Erasings of which a killed process left no line are written down first.
    """
    bodies.note_missing()
    again = _bodies_again() if bodies.to_erase_again() else 0
    return again + (files.erase_again() if files.to_erase_again() else 0)


@transaction.atomic
def _bodies_again() -> int:
    """Bodies and what repeats them at once: one without the other the next start would not find."""
    entries = bodies.to_erase_again()
    again = bodies.erase_again()
    for entry in entries:
        forget_copies(entry=entry)
    return again
