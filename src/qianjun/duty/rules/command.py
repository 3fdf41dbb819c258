"""What a line of the command line means: verbs in Chinese, initials or a letter. 命令行规则

``接 城中区文昌路 火 2伤`` is a report: place, what, who is hurt. ``去 物资`` goes to a page,
``找 王`` looks for people and units, ``水位 80.12`` is a river level.
Anything else is looked for everywhere.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Final

LINE_MOST: Final = 100
WORDS_MOST: Final = 12
TAKE, GO, FIND, LEVEL = "take", "go", "find", "level"
# as it is said, by its initials, by one letter
VERBS: Final[dict[str, str]] = {
    **dict.fromkeys(("接报", "接", "jb", "j"), TAKE),
    **dict.fromkeys(("去", "到", "打开", "qu", "q"), GO),
    **dict.fromkeys(("找人", "找", "查", "zr", "z"), FIND),
    **dict.fromkeys(("水位", "sw"), LEVEL),
}
# a verb that may stand without a space before what follows: 接城中区文昌路
JOINED: Final = ("接报", "接", "打开", "去", "找人", "找", "查", "水位")
HURT: Final[dict[str, str]] = {
    "死": "dead",
    "亡": "dead",
    "遇难": "dead",
    "失联": "missing",
    "失踪": "missing",
    "重伤": "serious",
    "伤": "injured",
    "受伤": "injured",
    "轻伤": "injured",
}
HURT_SAID: Final[dict[str, str]] = {
    "dead": "死亡",
    "missing": "失联",
    "serious": "重伤",
    "injured": "受伤",
}
_HURT: Final = re.compile(rf"(\d{{1,4}})\s*(?:人|个|名)?({'|'.join(sorted(HURT, key=len)[::-1])})")
_PLACE_END: Final = re.compile(
    r"(?:区|县|镇|乡|街道|社区|村|屯|路|街|巷|里|桥|园|小区|广场|站|厂|校|学校|医院|大厦|市场|\d+号)$"
)
TAIL_LEAST, TAIL_MOST = 4, 11
_TAIL: Final = re.compile(rf"[0-9]{{{TAIL_LEAST},{TAIL_MOST}}}")


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line as it is understood: what to do, with what; empty ``verb`` looks everywhere. 命令

    ``where``, ``text`` and ``figures`` are those of a report that is to be taken in.
    """

    verb: str = ""
    rest: str = ""
    where: str = ""
    text: str = ""
    figures: dict[str, int] = field(default_factory=dict)

    @property
    def fields(self) -> dict[str, str]:
        """What the form of intake is filled with."""
        told = {"where": self.where, "text": self.text}
        hurt = {kind: str(count) for kind, count in self.figures.items()}
        return {name: said for name, said in (told | hurt).items() if said}


def understood(typed: str) -> Line:
    """The line, of any length and alphabet; work is bounded. 读命令"""
    line = " ".join(unicodedata.normalize("NFKC", typed[:LINE_MOST]).split())
    verb, rest = _verb(line)
    if verb == TAKE:
        return _report(rest)
    return Line(verb=verb, rest=rest)


def _verb(line: str) -> tuple[str, str]:
    first, _space, rest = line.partition(" ")
    # one letter alone may be the initial of anything; with words behind it, it is the verb
    if first.lower() in VERBS and (rest or not first.isascii() or len(first) > 1):
        return VERBS[first.lower()], rest
    for said in JOINED:
        if line.startswith(said) and len(line) > len(said) + 1:
            return VERBS[said], line[len(said) :].strip()
    return "", line


def _report(rest: str) -> Line:
    figures: dict[str, int] = {}
    words = []
    for word in rest.split(" ")[:WORDS_MOST]:
        for count, said in _HURT.findall(word):
            figures[HURT[said]] = int(count)
        if left := _HURT.sub("", word).strip("，,、。;；"):
            words.append(left)
    where = words.pop(0) if words and (len(words) > 1 or _PLACE_END.search(words[0])) else ""
    hurt = [f"{count}人{HURT_SAID[kind]}" for kind, count in figures.items()]
    return Line(verb=TAKE, rest=rest, where=where, text="，".join([*words, *hurt]), figures=figures)


def phone_tail(typed: str) -> str:
    """The digits when somebody may be looked for by the end of his number, else nothing. 尾号"""
    words = unicodedata.normalize("NFKC", typed[:LINE_MOST]).strip()
    return words if _TAIL.fullmatch(words) else ""
