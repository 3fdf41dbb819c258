"""Texts of the outbox that carry words which were erased by law. 依法删除"""

from typing import Final

from django.utils.translation import gettext

from qianjun.kernel.words import noop as _
from qianjun.message.models import CarrierRow, Message

ERASED: Final = _("【已依法删除】")
# shorter words stand in many texts by chance
TELLING_CHARACTERS: Final = 6


def forget_texts(*, incident: int | None, words: str) -> int:
    """Empty the texts about this incident that carry these words; how many. 清除外发内容

    One that still waits leaves with the sentence in its place. The simulated carrier's books are
    emptied too; those of a real carrier are out of our hands.
    """
    said = words.strip()
    if incident is None or len(said) < TELLING_CHARACTERS:
        return 0
    empty = gettext(ERASED)
    CarrierRow.objects.filter(incident=incident, text__contains=said).update(text=empty)
    return Message.objects.filter(incident=incident, text__contains=said).update(text=empty)
