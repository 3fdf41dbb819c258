"""The three families of reports, never mixed: events, disaster statistics, accidents. 报告类别"""

from dataclasses import dataclass
from typing import Final

from qianjun.kernel.words import noop as _

EVENT, DISASTER, ACCIDENT = "event", "disaster", "accident"
FIRST, FOLLOW_UP, FINAL, SUPPLEMENT = "first", "follow_up", "final", "supplement"
INITIAL, FURTHER, SURVEY = "initial", "further", "survey"
FLASH, WRITTEN, AGAIN, ADDITION = "flash", "written", "again", "addition"
KINDS: Final[dict[str, str]] = {
    FIRST: _("首报"),
    FOLLOW_UP: _("续报"),
    FINAL: _("终报"),
    SUPPLEMENT: _("补报"),
    INITIAL: _("灾情初报"),
    FURTHER: _("灾情续报"),
    SURVEY: _("灾情核报"),
    FLASH: _("事故快报"),
    WRITTEN: _("事故书面报告"),
    AGAIN: _("事故续报"),
    ADDITION: _("事故补报"),
}
# those of which there may be several
COUNTED: Final = (FOLLOW_UP, SUPPLEMENT, FURTHER, AGAIN, ADDITION)


@dataclass(frozen=True, kw_only=True)
class Family:
    """One family: its name on paper, its register, and which report comes after which. 报告类别

    ``firsts`` come once, in order; then ``repeated``, unless a person chooses one of ``choices``;
    after one of ``ends`` nothing is written any more. ``categories`` are beginnings of codes.
    """

    code: str
    word: str
    paper: str
    title: str
    register: str
    firsts: tuple[str, ...]
    repeated: str
    choices: tuple[str, ...]
    ends: tuple[str, ...]
    categories: tuple[str, ...]

    def fits(self, category: str) -> bool:
        """Whether there are such reports of an incident of this kind."""
        return not self.categories or category.startswith(self.categories)


FAMILIES: Final[dict[str, Family]] = {
    EVENT: Family(
        code=EVENT,
        word=_("突发事件信息"),
        paper="突发事件信息",
        title="情况报告",
        register="XB",  # 信报
        firsts=(FIRST,),
        repeated=FOLLOW_UP,
        choices=(FOLLOW_UP, FINAL),
        ends=(FINAL,),
        categories=(),
    ),
    DISASTER: Family(
        code=DISASTER,
        word=_("灾情统计"),
        paper="自然灾害灾情报告",
        title="灾情报告",
        register="ZQ",  # 灾情
        firsts=(INITIAL,),
        repeated=FURTHER,
        choices=(FURTHER, SURVEY),
        ends=(SURVEY,),
        categories=("11",),
    ),
    ACCIDENT: Family(
        code=ACCIDENT,
        word=_("生产安全事故"),
        paper="生产安全事故快报",
        title="生产安全事故报告",
        register="SG",  # 事故
        firsts=(FLASH, WRITTEN),
        repeated=AGAIN,
        choices=(AGAIN, ADDITION),
        ends=(),
        categories=("12",),
    ),
}

# titles of elements that only these families have
MORE_ELEMENTS: Final[dict[str, str]] = {
    "enterprise": _("事故单位概况"),
    "people_hit": _("受灾人口"),
    "moved": _("紧急转移安置"),
    "houses": _("倒损住房"),
    "crops": _("农作物受灾"),
}
_DISASTER: Final = (
    *("nature", "occurred", "place", "scope", "people_hit", "casualties"),
    *("moved", "houses", "crops", "loss", "measures", "requests"),
)
_FLASH: Final = ("enterprise", "occurred", "place", "nature", "casualties", "measures", "requests")
_WRITTEN: Final = (
    *("enterprise", "occurred", "place", "nature", "course"),
    *("casualties", "loss", "measures", "requests"),
)
_AGAIN: Final = ("casualties", "loss", "trend", "measures", "requests")
ELEMENTS_OF: Final[dict[str, tuple[str, ...]]] = {
    **dict.fromkeys((INITIAL, FURTHER, SURVEY), _DISASTER),
    FLASH: _FLASH,
    WRITTEN: _WRITTEN,
    **dict.fromkeys((AGAIN, ADDITION), _AGAIN),
}


def family_of(kind: str) -> Family:
    """The family that a kind of report belongs to; the events' for their own. 类别"""
    found = (one for one in FAMILIES.values() if kind in (*one.firsts, one.repeated, *one.choices))
    return next(found, FAMILIES[EVENT])
