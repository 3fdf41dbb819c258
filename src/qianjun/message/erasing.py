"""Texts of the outbox that carry words which were erased by law. 依法删除"""

from typing import Final

from django.utils.translation import gettext

from qianjun.kernel.words import noop as _
from qianjun.message.inbox import place_of
from qianjun.message.models import CarrierReply, CarrierRow, Inbound, Message

ERASED: Final = _("【已依法删除】")
HIDDEN: Final = _("【不得录入】已遮住")
# shorter words stand in many texts by chance
TELLING_CHARACTERS: Final = 6


def forget_texts(*, incident: int | None, words: str) -> int:
    """Empty the texts about this incident that carry these words; how many. 清除外发内容

    One that still waits leaves with the sentence in its place. The simulated carrier's books, and
    what came from its phones, are emptied too; a real carrier's are out of our hands.
    """
    return _replace(incident, words.strip(), text=gettext(ERASED))


def hide_texts(*, incident: int | None, words: str) -> int:
    """The same for what must not be entered: it leaves the house no more. 遮住外发内容"""
    return _replace(incident, words.strip(), text=gettext(HIDDEN))


def _replace(incident: int | None, said: str, *, text: str) -> int:
    if len(said) < TELLING_CHARACTERS:
        return 0
    CarrierReply.objects.filter(text=said).update(text=text)
    if incident is None:
        return 0
    CarrierRow.objects.filter(incident=incident, text__contains=said).update(text=text)
    return Message.objects.filter(incident=incident, text__contains=said).update(text=text)


def empty_text(*, purpose: str, matter: str, text: str) -> int:
    """Put this in the place of a text that nobody may read any more; how many. 清空一条外发内容"""
    return Message.objects.filter(purpose=purpose, matter=matter).update(text=text)


def hide_letter(*, entry: int) -> None:
    """Hide the words of a letter; the entry that told it still has them. 遮住来信"""
    Inbound.objects.filter(entry=entry).update(text=gettext(HIDDEN))


def show_letter(*, entry: int, words: str) -> None:
    """It was no secret: the letter reads again as its entry has kept it. 恢复来信"""
    for row in Inbound.objects.filter(entry=entry):
        row.text = words.removesuffix(place_of(row)).strip()
        row.save(update_fields=["text"])
