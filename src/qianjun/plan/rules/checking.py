"""What holds between the parts of a plan, once each part is right. 前后是否一致"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from qianjun.kernel.levels import LEVEL_WORDS
from qianjun.kernel.words import noop as _
from qianjun.plan.rules.faults import Fault, Path
from qianjun.plan.rules.judging import best_reach
from qianjun.plan.rules.shape import PLACES, Notice, Plan

_PLACE: Final = re.compile(r"\{(\w*)\}")
# a plan can be activated and ended only with these; the others are its own
NOTICES: Final = ("activation", "end")


def check(plan: Plan, *, name: str) -> Iterator[Fault]:
    """Everything that does not fit together."""
    yield from _itself(plan, name)
    yield from _levels(plan)
    yield from _said_once(plan)
    yield from _beyond(plan)
    yield from _cards(plan)
    yield from _texts(plan)


def _itself(plan: Plan, name: str) -> Iterator[Fault]:
    if name != f"{plan.code}.toml":
        zh = _("文件名要和代码一致：%(code)s.toml。")
        yield Fault(path=("code",), zh=zh, words={"code": plan.code})
    if plan.review_by <= plan.issued:
        yield Fault(path=("review_by",), zh=_("复审日期要晚于印发日期。"))


def _levels(plan: Plan) -> Iterator[Fault]:
    numbers = [level.n for level in plan.levels]
    if sorted(numbers) != list(range(min(numbers), max(numbers) + 1)):
        yield Fault(path=("levels",), zh=_("级别要连续，不能重复或跳过。"))
    for at, level in enumerate(plan.levels):
        if level.word != LEVEL_WORDS[level.n]:
            zh = _("第 %(n)s 级写作“%(word)s”。")
            words = {"n": level.n, "word": LEVEL_WORDS[level.n]}
            yield Fault(path=("levels", at, "word"), zh=zh, words=words)


def _said_once(plan: Plan) -> Iterator[Fault]:
    for key, codes in (
        ("posts", [one.code for one in plan.posts]),
        ("tasks", [one.code for one in plan.tasks]),
        ("supplies", [one.code for one in plan.supplies]),
        ("cards", [one.code for one in plan.cards]),
        ("texts", [one.code for one in plan.texts]),
    ):
        yield from _twice(key, codes)
    for at, card in enumerate(plan.cards):
        for fault in _twice("questions", [one.code for one in card.questions]):
            yield Fault(path=("cards", at, *fault.path), zh=fault.zh, words=fault.words)
    for at, task in enumerate(plan.tasks):
        if task.lead in task.supporting:
            yield Fault(path=("tasks", at, "supporting"), zh=_("牵头单位不用再写成配合单位。"))


def _twice(key: str, codes: list[str]) -> Iterator[Fault]:
    for code, count in Counter(codes).items():
        if count > 1:
            path: Path = (key, len(codes) - 1 - codes[::-1].index(code), "code")
            yield Fault(path=path, zh=_("代码“%(code)s”用了两次。"), words={"code": code})


def _beyond(plan: Plan) -> Iterator[Fault]:
    """Nothing may begin at a level between two that the plan has not."""
    gravest = min(level.n for level in plan.levels)
    for key, starts in (
        ("tasks", [one.from_level for one in plan.tasks]),
        ("forces", [one.from_level for one in plan.forces]),
        ("supplies", [one.from_level for one in plan.supplies]),
    ):
        for at, level in enumerate(starts):
            if level < gravest:
                zh = _("这份预案没有%(word)s，这一项永远用不上。")
                words = {"word": LEVEL_WORDS[level]}
                yield Fault(path=(key, at, "from_level"), zh=zh, words=words)
    if not any(task.first for task in plan.tasks):
        yield Fault(path=("tasks",), zh=_("至少一项任务标为先期处置：first = true。"))


def _cards(plan: Plan) -> Iterator[Fault]:
    for at, card in enumerate(plan.cards):
        outside = [one for one in card.categories if not _meant(plan, one)]
        if outside:
            zh = _("提问卡的类型 %(codes)s 不在预案的类型之内。")
            words = {"codes": "、".join(outside)}
            yield Fault(path=("cards", at, "categories"), zh=zh, words=words)
    general = [one for card in plan.cards if not card.words for one in card.categories]
    bare = [one for one in plan.categories if not best_reach(general, one)]
    if bare:
        zh = _("类型 %(codes)s 没有不限词语的提问卡。")
        yield Fault(path=("cards",), zh=zh, words={"codes": "、".join(bare)})


def _meant(plan: Plan, category: str) -> bool:
    return best_reach(plan.categories, category) > best_reach(plan.but, category)


def _texts(plan: Plan) -> Iterator[Fault]:
    missing = [one for one in NOTICES if one not in {text.code for text in plan.texts}]
    if missing:
        zh = _("还缺这些文本：%(codes)s。")
        yield Fault(path=("texts",), zh=zh, words={"codes": "、".join(missing)})
    for at, notice in enumerate(plan.texts):
        for zh, words in _places(notice):
            yield Fault(path=("texts", at, "text"), zh=zh, words=words)


def _places(notice: Notice) -> Iterator[tuple[str, dict[str, str]]]:
    zh, en = places_in(notice.text.zh), places_in(notice.text.en)
    if unknown := sorted((zh | en) - set(PLACES)):
        allowed = "、".join(f"{{{one}}}" for one in PLACES)
        yield (
            _("没有空位 %(names)s，可用：%(allowed)s。"),
            {"names": _listed(unknown), "allowed": allowed},
        )
    elif zh != en:
        names = _listed(sorted(zh ^ en))
        yield _("中文和英文的空位不一样：%(names)s。"), {"names": names}


def _listed(names: Iterable[str]) -> str:
    return "、".join(f"{{{name}}}" for name in names)


def places_in(text: str) -> set[str]:
    """The names of the places that a text leaves open."""
    return set(_PLACE.findall(text))
