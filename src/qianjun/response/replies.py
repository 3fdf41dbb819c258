"""The words of an answer stand in the journal; replies repeat them while they may. 答复文字"""

from django.db import transaction

from qianjun.incident.actions.withholding import ERASED, HIDDEN
from qianjun.journal.models import Body, Entry
from qianjun.response.events import ReportsAnswered
from qianjun.response.models import Reply


@transaction.atomic(savepoint=False)
def read_again(*, entry: int, hidden: bool = False) -> int:
    """Have the replies say what their entry says: nothing once erased or hidden. 重读"""
    row = Entry.objects.filter(pk=entry, name=ReportsAnswered.name).first()
    if row is None:
        return 0
    said = Body.objects.filter(entry=row).values_list("text", flat=True).first()
    text = HIDDEN if hidden else said or ERASED
    return Reply.objects.filter(step=row.payload["step_id"]).update(text=text)
