"""The parts of a plan, as values. 预案的构成"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

# figures that a trigger may name; the same as of an incident, which stands beside this module
FIGURES: Final = ("dead", "missing", "serious", "injured", "evacuated", "loss_yuan")
COLOURS: Final = ("red", "orange", "yellow", "blue")
ABOVE: Final = ("city", "region", "nation")
# signed: by this role here, on the phone or at the desk; recorded: by a body outside, written down
# here with who, when and number
HOW: Final = ("signed", "recorded")
DESKS: Final = ("110", "119", "120", "122")
# order: our own; request: of others, who decide; invitation: never an order (志愿服务条例 25)
WAYS: Final = ("order", "request", "invitation")
FORCES: Final = (
    "community_team",
    "enterprise_team",
    "fire_brigade",
    "militia",
    "professional_team",
    "volunteers",
)
# the sub-district or community where it happens, known only when it does
LOCAL: Final = ("@street", "@community")
COUNTED: Final = ("person", "team")
# what a text may leave open, filled when it is sent
PLACES: Final = (
    "authority",
    "expected_until",
    "level",
    "measures",
    "number",
    "place",
    "title",
    "time",
)


@dataclass(frozen=True, kw_only=True)
class Words:
    """The same in both languages; a plan is complete only with both. 双语文本"""

    zh: str
    en: str


@dataclass(frozen=True, kw_only=True)
class Clause:
    """Which article of the plan says so, and what. 条款"""

    number: str
    text: Words


@dataclass(frozen=True, kw_only=True)
class Warned:
    """A warning of one of these colours for this kind of hazard (event type code). 预警条件"""

    hazard: str
    colours: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class WaterLevel:
    """The level of a gauge, in metres of its own datum, reached or passed. 水位条件"""

    station: str
    at_least_m: Decimal


@dataclass(frozen=True, kw_only=True)
class Trigger:
    """When a level is proposed: everything that is given here must hold. 启动条件

    ``figures`` are least numbers; ``categories`` event types; ``words`` of which one is said and
    not denied; ``warning``, ``water_level``; ``instruction`` from one of these above.
    """

    clause: Clause
    figures: Mapping[str, int] = field(default_factory=dict)
    categories: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    warning: Warned | None = None
    water_level: WaterLevel | None = None
    instruction: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Authority:
    """Who decides a level, and how the decision comes into the house. 批准权限

    ``role`` signs here, or records what the ``body`` outside has decided.
    """

    role: str
    body: str
    title: Words
    how: str


@dataclass(frozen=True, kw_only=True)
class Level:
    """One level of the response, 1 the gravest; how many there are is the plan's own. 响应级别"""

    n: int
    word: str
    authority: Authority
    triggers: tuple[Trigger, ...]


@dataclass(frozen=True, kw_only=True)
class Post:
    """A place in the response that one person of a unit holds. 岗位"""

    code: str
    title: Words
    unit: str


@dataclass(frozen=True, kw_only=True)
class Task:
    """What a unit leads and others support, due so many minutes after activation. 职责分工

    A unit is a code of the table of units, or one of LOCAL. ``first`` marks 先期处置: started by
    the duty officer alone. From level ``from_level`` on, and in all graver ones.
    """

    code: str
    title: Words
    lead: str
    supporting: tuple[str, ...]
    due_min: int
    first: bool
    from_level: int


@dataclass(frozen=True, kw_only=True)
class Force:
    """Who is moved, how many teams or persons, and in which of the three ways. 力量"""

    kind: str
    way: str
    count: int
    counted: str
    title: Words
    from_level: int


@dataclass(frozen=True, kw_only=True)
class Supply:
    """Goods that the plan needs; ``months`` when only some of the year. 物资"""

    code: str
    title: Words
    quantity: int
    unit: Words
    from_level: int
    months: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Question:
    """One thing to ask while the caller is on the line, in words he understands. 追问"""

    code: str
    text: Words


@dataclass(frozen=True, kw_only=True)
class HandOver:
    """Which desk must know before us, and the line that says so. 先转警"""

    desk: str
    text: Words


@dataclass(frozen=True, kw_only=True)
class QuestionCard:
    """What to ask and to read out for some kinds of incident. 提问卡

    ``words`` narrow the card: with them it is used only when one of them is said, and first.
    """

    code: str
    title: Words
    categories: tuple[str, ...]
    words: tuple[str, ...]
    questions: tuple[Question, ...]
    safety: Words
    hand_over: HandOver | None


@dataclass(frozen=True, kw_only=True)
class Basis:
    """A law that the plan stands on, with what it says in short. 法律依据"""

    law: str
    article: str
    text: Words


@dataclass(frozen=True, kw_only=True)
class Notice:
    """A part of a message or paper, with places to fill. 文本"""

    code: str
    text: Words


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is done about one hazard, as its file says. 预案

    ``sample`` is true until a bureau has put its own in place. ``but`` are event types that the
    broader ``categories`` do not mean.
    """

    code: str
    title: Words
    version: str
    issued: date
    review_by: date
    sample: bool
    scope: Clause
    categories: tuple[str, ...]
    but: tuple[str, ...]
    levels: tuple[Level, ...]
    posts: tuple[Post, ...]
    tasks: tuple[Task, ...]
    forces: tuple[Force, ...]
    supplies: tuple[Supply, ...]
    cards: tuple[QuestionCard, ...]
    basis: tuple[Basis, ...]
    texts: tuple[Notice, ...]
