"""Texts of the outbox that carry words which were erased by law. 依法删除"""

from typing import Final

from django.utils.translation import gettext

from qianjun.kernel.words import noop as _
from qianjun.message.models import CarrierReply, CarrierRow, Message

ERASED: Final = _("【已依法删除】")
# shorter words stand in many texts by chance
TELLING_CHARACTERS: Final = 6


def forget_texts(*, incident: int | None, words: str) -> int:
    """Empty the texts about this incident that carry these words; how many. 清除外发内容

    One that still waits leaves with the sentence in its place. The simulated carrier's books, and
    what came from its phones, are emptied too; a real carrier's are out of our hands.
    """
    said, empty = words.strip(), gettext(ERASED)
    if len(said) < TELLING_CHARACTERS:
        return 0
    CarrierReply.objects.filter(text=said).update(text=empty)
    if incident is None:
        return 0
    CarrierRow.objects.filter(incident=incident, text__contains=said).update(text=empty)
    return Message.objects.filter(incident=incident, text__contains=said).update(text=empty)
