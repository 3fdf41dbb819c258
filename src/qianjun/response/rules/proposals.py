"""Numbers of people that the words speak of; proposed, never written down. 读出人数

``3人死亡``, ``死亡三人``, ``2死1伤``, ``转移群众一百二十余人``: digits or Chinese numerals before
or after the word, with a counter where the word is a single character.
"""

import re
from collections.abc import Iterator
from typing import Final

from qianjun.incident.rules.figures import MOST
from qianjun.kernel.text import number_of
from qianjun.response.rules.told import Proposal

_FULL_WIDTH = str.maketrans("０１２３４５６７８９．", "0123456789.")
_NUMBER = r"(?P<n>\d{1,7}(?:\.\d{1,2})?万|\d{1,7}|[零〇一二两三四五六七八九十百千]{1,8}万?)"
_ROUGH = r"(?:余|多|来|几)?"
_COUNTER = r"(?:名|个|位|人|户)"
_WHO = (
    r"(?:人员|人|员工|工人|群众|居民|村民|市民|乘客|学生|老人|儿童|小孩|孩子|司机|行人|消防员|游客|"
    r"男子|女子|女士|男士|男孩|女孩|住户|老师|病人|同志)?"
)
_AGE = r"(?:\d{1,3}岁的?)?"
_STATE = (
    r"(?:已经|已|被|当场|不幸|抢救无效|仍然|仍|还在|还|正在|可能|疑似|均|都|受到|及时|安全|紧急|"
    r"全部|有)*"
)
# what each kind is called: whole words, then single characters that need a counter behind them
_WORDS: Final[dict[str, tuple[str, str]]] = {
    "dead": (
        r"死亡|遇难|身亡|丧生|罹难|死了|亡故",
        r"死(?!伤|角|机|因|者|鱼|路|猪|鸡)|(?<!伤)亡(?!羊)",
    ),
    "missing": (r"失联|失踪|被困|受困|下落不明|困在|没有?(?:跑|逃|撤)?出来", r"困(?!难|扰)"),
    "serious": (r"重伤|危重|伤势严重|重度烧伤|伤情危重", r"重伤"),
    "injured": (
        r"受伤|轻伤|轻微伤|烧伤|灼伤|摔伤|砸伤|擦伤|伤员|伤者",
        r"(?<!死)伤(?!亡|心|势|口|害|情|员|者)",
    ),
    "evacuated": (r"转移|疏散|撤离|撤出|安置", r"撤(?!离|出|销)"),
}
_NOT_COUNTED = r"\d零〇一二两三四五六七八九十百千年月日时分秒号楼层岁点米公"
_DENIED = re.compile(r"(?:无|没|没有|未有)\Z")
_NOBODY = re.compile(
    r"(?:无|没有|未造成|暂无|未发现|未接到)(?:任何)?(?:人员|人)?(?:伤亡|死亡|受伤|被困)"
)


def _patterns(kind: str) -> tuple[re.Pattern[str], ...]:
    long, short = _WORDS[kind]
    between = r"(?:人员|群众|居民|村民|员工|工人|学生)?(?:[:：约近达共有了为]|超过|大约)*"
    return (
        re.compile(rf"{_NUMBER}{_ROUGH}{_COUNTER}{_AGE}{_WHO}{_STATE}(?:{long}|{short})"),
        re.compile(rf"(?<![\d.]){_NUMBER}(?:{long}|{short})"),
        re.compile(rf"(?:{long}){between}{_NUMBER}{_ROUGH}{_COUNTER}"),
        re.compile(rf"(?:{short})了?{_NUMBER}{_ROUGH}{_COUNTER}?(?![{_NOT_COUNTED}])"),
    )


# the more exact kind first: what it has read is not read again
_READ = {kind: _patterns(kind) for kind in ("dead", "missing", "serious", "injured", "evacuated")}


def proposals_in(text: str) -> tuple[Proposal, ...]:
    """What the words say about people, with the words; in the order of the text. 读出"""
    plain = text.translate(_FULL_WIDTH)
    taken: list[tuple[int, int]] = []
    found: list[tuple[int, Proposal]] = []
    for at, end, kind, value in _claims(plain):
        if any(at < other_end and start < end for start, other_end in taken):
            continue
        taken.append((at, end))
        found.append((at, Proposal(kind=kind, value=value, quote=text[at:end])))
    if not found and (nobody := _NOBODY.search(plain)):
        quote = text[nobody.start() : nobody.end()]
        return tuple(Proposal(kind=kind, value=0, quote=quote) for kind in ("dead", "injured"))
    return tuple(one for _at, one in sorted(found, key=lambda pair: pair[0]))


def _claims(text: str) -> Iterator[tuple[int, int, str, int]]:
    for kind, patterns in _READ.items():
        for pattern in patterns:
            for match in pattern.finditer(text):
                value = _value(match["n"])
                denied = _DENIED.search(text[max(0, match.start() - 2) : match.start()])
                if value is not None and 0 < value <= MOST[kind] and not denied:
                    yield match.start(), match.end(), kind, value


def _value(told: str) -> int | None:
    if told.endswith("万"):
        part = _value_of(told[:-1])
        return None if part is None else round(part * 10_000)
    part = _value_of(told)
    return None if part is None else round(part)


def _value_of(told: str) -> float | None:
    if told[0].isdigit():
        return float(told)
    value = number_of(told)
    return None if value is None else float(value)
