"""Chinese text: one form to compare, how it sounds, how it sorts, what is struck out. 文本"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from pypinyin import lazy_pinyin

from qianjun.kernel import readings
from qianjun.kernel.errors import Refused
from qianjun.kernel.secrecy import refuse_marked
from qianjun.kernel.words import noop as _

BIDI_CONTROLS = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
SORT_LENGTH = 40  # characters of a name that decide its place in a list
NUMBER_WIDTH = 6  # digits, so that 3 sorts before 12


@dataclass(frozen=True, kw_only=True)
class Cleaned:
    """A text that may be stored, and how many direction controls it has lost. 清洗结果"""

    text: str
    removed_bidi: int


def clean(text: str) -> Cleaned:
    """The text without controls that deceive or break; NUL and lone surrogates are refused. 清洗

    Line ends become a newline; tab and newline stay; C0, C1, DEL and bidi controls go. What
    carries the mark of a state secret is refused too: all that is kept comes through here.
    """
    if "\0" in text or any("\ud800" <= c <= "\udfff" for c in text):
        raise Refused("bad_character", _("文字里有不能保存的字符，请重新输入。"))
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    shown = [c for c in lines if c in "\n\t" or unicodedata.category(c) != "Cc"]
    kept = [c for c in shown if c not in BIDI_CONTROLS]
    refuse_marked("".join(kept))
    return Cleaned(text="".join(kept), removed_bidi=len(shown) - len(kept))


# --- one form to compare -------------------------------------------------------------------------

_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_SCALES = {"十": 10, "百": 100, "千": 1000}
# a numeral counts only before what is counted in an address: 三中路, 五星, 八一路 keep their names;
# ten characters at most, for a run without end would take time that grows with its square
_COUNTED = re.compile(
    r"(?<![零〇一二三四五六七八九两十百千万几数])([零〇一二三四五六七八九两十][零〇一二三四五六七八九两十百千]{0,9})"
    r"(?=号(?![召称令外码角])|栋|幢|单元|层|楼|室|组|弄|米|公里|千米)"
)
_SPACES = re.compile(r"\s+")


def normalise(text: str) -> str:
    """One form of a text to compare by: NFKC, digits in addresses, single spaces. 规范化

    Full-width letters, digits and punctuation become plain; 一百二十号 becomes 120号, 三零二室
    302室; invisible characters go. Trap: the result is for comparing, the caller's words are kept
    as they came.
    """
    plain = unicodedata.normalize("NFKC", _shown(text))
    return _COUNTED.sub(_digits, _SPACES.sub(" ", _shown(plain)).strip())


def _shown(text: str) -> str:
    return "".join(c for c in text if c.isspace() or unicodedata.category(c)[0] != "C")


def _digits(found: re.Match[str]) -> str:
    value = number_of(found[1])
    return found[1] if value is None else str(value)


def number_of(numeral: str) -> int | str | None:
    """The value of a Chinese numeral below ten thousand; None if it is none.

    Figures read one by one keep their zeros and come back as text: 三零二 is "302", 〇五 "05".
    """
    if not any(c in _SCALES for c in numeral):
        digits = [_DIGITS.get(c) for c in numeral]
        return None if None in digits or not digits else "".join(map(str, digits))
    return _counted(numeral)


def _counted(numeral: str) -> int | None:
    """Read 一百二十, 十五, 一百零五 and, as people say, 一百二 for 120."""
    total, digit, last_scale = 0, None, 10_000
    for c in numeral:
        if c in _SCALES:
            scale = _SCALES[c]
            if scale >= last_scale or (digit is None and scale != 10):
                return None
            total, digit, last_scale = total + (1 if digit is None else digit) * scale, None, scale
        elif c in "零〇":
            digit, last_scale = None, 10
        elif digit is not None:
            return None
        else:
            digit = _DIGITS[c]
    colloquial = last_scale // 10 if "零" not in numeral and "〇" not in numeral else 1
    return total + (digit or 0) * max(1, colloquial)


# --- how it sounds, how it sorts -----------------------------------------------------------------

_WORDS = re.compile(
    "|".join(sorted(map(re.escape, readings.WORDS), key=lambda word: (-len(word), word)))
)


@lru_cache(maxsize=20_000)
def pinyin(text: str) -> tuple[str, ...]:
    """Syllables without tones; runs of other characters stay whole, in lower case. 拼音

    Polyphonic words follow the local table, then the dictionary.
    """
    syllables: list[str] = []
    start = 0
    for word in _WORDS.finditer(text):
        syllables += _by_dictionary(text[start : word.start()])
        syllables += readings.WORDS[word[0]]
        start = word.end()
    return (*syllables, *_by_dictionary(text[start:]))


def _by_dictionary(text: str) -> list[str]:
    if len(text) == 1:
        return [sound(text)]
    return [syllable.lower() for syllable in lazy_pinyin(text)] if text else []


@lru_cache(maxsize=20_000)
def sound(character: str) -> str:
    """The one reading of a single character, whatever stands beside it. 单字读音

    Trap: readings in context differ between a name and a sentence around it, so comparing by sound
    goes character by character.
    """
    known = readings.CHARACTERS.get(character)
    return known if known else str(lazy_pinyin(character)[0]).lower()


def initials(text: str) -> str:
    """First letters of the syllables, digits whole: 文昌社区 is wcsq. 拼音首字母"""
    return "".join(s if s.isdigit() else s[:1] for s in pinyin(text) if s[:1].isalnum())


def bigrams(text: str) -> tuple[str, ...]:
    """Search words: overlapping pairs of Chinese characters, other words whole. 二元组"""
    found: list[str] = []
    for run in re.findall(r"[\u3400-\u9fff]+|[^\W_\u3400-\u9fff]+", normalise(text).lower()):
        if len(run) == 1 or not "\u3400" <= run[0] <= "\u9fff":
            found.append(run)
        else:
            found += [run[i : i + 2] for i in range(len(run) - 1)]
    return tuple(found)


def sort_key(text: str) -> str:
    """Sorts names as people expect: by pinyin, numbers by value. 排序键"""
    sounds = " ".join(pinyin(text[:SORT_LENGTH]))
    return re.sub(r"[0-9]+", lambda digits: digits[0].zfill(NUMBER_WIDTH), sounds)


# --- telephones ----------------------------------------------------------------------------------

_MOBILE = r"1(?:[3-9][0-9]|00)[-. ]?[0-9]{4}[-. ]?[0-9]{4}"
_LAND = r"0[0-9]{2,3}[- ]?[0-9]{7,8}"
_PHONE = re.compile(rf"(?<![0-9])(?:\+?86[- ]?)?(?:{_MOBILE}|{_LAND})(?![0-9])")
_NAMED_PHONE = re.compile(
    r"(?<=电话|手机|座机|号码|致电|拨打)([^0-9\n]{0,4})([2-8][0-9]{6,7})(?![0-9])"
)
_FULL_WIDTH = str.maketrans("０１２３４５６７８９－＋", "0123456789-+")


def masked_phone(text: str) -> str:
    """``138****0000`` for a mobile, ``0772*****00`` for a land line; service numbers stay. 脱敏

    Demo numbers (100 and eight digits) are mobiles. What is no telephone keeps two characters.
    """
    digits = re.sub(r"[^0-9]", "", text.translate(_FULL_WIDTH))
    if len(digits) == 13 and digits.startswith("86"):
        digits = digits[2:]
    if re.fullmatch(_MOBILE, digits):
        return f"{digits[:3]}****{digits[-4:]}"
    if re.fullmatch(_LAND, digits):
        area = 3 if digits[1] in "12" else 4
        return digits[:area] + "*" * (len(digits) - area - 2) + digits[-2:]
    if digits and digits == text.strip() and len(digits) <= 6:
        return digits
    return "*" * max(0, len(text) - 2) + text[-2:] if len(text) > 2 else "*" * len(text)


def mask_phones_in(text: str) -> str:
    """The text with every number masked; seven digits only after a word for it. 文中脱敏

    All else stays as it was written, full-width digits included.
    """
    plain = text.translate(_FULL_WIDTH)  # character by character: places stay the same
    spans = [found.span() for found in _PHONE.finditer(plain)]
    spans += [found.span(2) for found in _NAMED_PHONE.finditer(plain)]
    shown, done = [], 0
    for start, end in sorted(spans):
        if start >= done:
            shown += [text[done:start], masked_phone(plain[start:end])]
            done = end
    return "".join([*shown, text[done:]])
