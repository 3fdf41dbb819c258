"""Words of a document: what may stand in it, how numbers and dates are written. 公文用字"""

import dataclasses
import math
import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from typing import Final

from qianjun.kernel.clock import BEIJING
from qianjun.kernel.paper.model import Level, Stamp
from qianjun.kernel.secrecy import refuse_marked
from qianjun.kernel.text import BIDI_CONTROLS

DRILL: Final = "【演练】"
DIGITS: Final = "〇一二三四五六七八九"
PHRASE_ENDS: Final = "的、，：；》）” "
NEVER_FIRST: Final = "、，：；》）”的 "
_LINE_ENDS: Final = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
# what XML cannot hold beside the controls
_NO_CHARACTERS: Final = re.compile("[\ufffe\uffff\ufeff]")


def shown(text: str) -> str:
    """The text without what cannot be printed; its line ends made one, all else as written."""
    lines = _NO_CHARACTERS.sub("", _LINE_ENDS.sub("\n", text)).replace("\t", " ")
    return "".join(
        c
        for c in lines
        if c == "\n" or (unicodedata.category(c) not in ("Cc", "Cs") and c not in BIDI_CONTROLS)
    )


def lines_of(text: str) -> tuple[str, ...]:
    """The lines that say something, without the spaces that typists indent by."""
    return tuple(line.strip() for line in shown(text).split("\n") if line.strip())


def one_line(text: str) -> str:
    """The text where only a line has room."""
    return " ".join(lines_of(text))


def refuse_secret(part: object) -> None:
    """Refuse a document that carries the mark of a state secret anywhere."""
    for text in _texts(part):
        refuse_marked(text)


def _texts(part: object) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, tuple):
        for piece in part:
            yield from _texts(piece)
    elif dataclasses.is_dataclass(part):
        for field in dataclasses.fields(part):
            yield from _texts(getattr(part, field.name))


def written_date(on: date) -> str:
    """2026年6月1日: without zeros in front. 成文日期"""
    return f"{on.year}年{on.month}月{on.day}日"


def stamped(stamp: Stamp) -> str:
    """The small line at the foot of every page, in Beijing time."""
    at = stamp.at.astimezone(BEIJING)
    said = f"操作人：{one_line(stamp.by)}　时间：{at:%Y-%m-%d %H:%M}"
    return f"{said}　编号：{one_line(stamp.number)}" if stamp.number else said


def for_drill(title: str) -> str:
    """The title with the word that nobody may overlook."""
    return title if title.startswith(DRILL) else DRILL + title


def numbered(level: Level, *, number: int) -> str:
    """一、 （一） 1. （1）. 层次序数"""
    if level == 1:
        return f"{numeral(number)}、"
    if level == 2:
        return f"（{numeral(number)}）"
    return f"{number}." if level == 3 else f"（{number}）"


def numeral(number: int) -> str:
    """三, 十二, 四十, 一〇五: as sections are counted."""
    if number >= 100:
        return "".join(DIGITS[int(c)] for c in str(number))
    tens, ones = divmod(number, 10)
    ten = "" if not tens else "十" if tens == 1 else f"{DIGITS[tens]}十"
    return ten + (DIGITS[ones] if ones else "")


def width(text: str) -> float:
    """How many characters wide the text is set: Latin letters and digits are half. 字宽"""
    return sum(1 if unicodedata.east_asian_width(c) in "WFA" else 0.5 for c in text)


def title_lines(title: str, *, most: int) -> tuple[str, ...]:
    """The title in lines of at most ``most`` characters that end where a phrase ends. 标题分行

    Where no phrase ends near the middle it stays one text, for the program that shows it to break.
    """
    rows = math.ceil(width(title) / most)
    if rows < 2:
        return (title,)
    wanted = width(title) / rows
    ends = [at for at in range(1, len(title)) if _ends_phrase(title, at=at)]
    fitting = [at for at in ends if width(title[:at]) <= most]
    # the last line says something too, and the others can take what is left
    room = [at for at in fitting if 2 <= width(title[at:]) <= most * (rows - 1)]
    if not room:
        return (title,)
    at = min(room, key=lambda at: abs(width(title[:at]) - wanted))
    return (title[:at].strip(), *title_lines(title[at:].strip(), most=most))


def _ends_phrase(title: str, *, at: int) -> bool:
    return title[at - 1] in PHRASE_ENDS and title[at] not in NEVER_FIRST
