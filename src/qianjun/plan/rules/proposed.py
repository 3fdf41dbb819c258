"""What the house makes of a plan for one report, in the reader's language. 建议与提问"""

from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Deciding:
    """Who decides the proposed level, in the reader's language. 批准人

    ``role`` signs here when ``how`` is ``signed``; when it is ``recorded``, the ``body`` decides
    and the role writes down who did, and when.
    """

    role: str
    role_name: str
    body: str
    body_name: str
    title: str
    how: str

    def as_json(self) -> dict[str, Any]:
        """The same words for programs."""
        names = ("role", "role_name", "body", "body_name", "title", "how")
        return {name: getattr(self, name) or None for name in names}


@dataclass(frozen=True, kw_only=True)
class Proposed:
    """A plan for what was told, in the reader's language; nothing is started by it. 启动建议

    ``level`` and ``authority`` are None while no trigger of the plan is met. ``why`` are at most
    three sentences with their clause. ``sample`` says that the bureau has put no plan of its own in
    place, ``overdue`` that its review is due.
    """

    plan: str
    title: str
    version: str
    sample: bool
    overdue: bool
    review_by: date
    level: int | None
    level_word: str
    why: tuple[str, ...]
    authority: Deciding | None

    def as_json(self) -> dict[str, Any]:
        """The same words for programs."""
        return {
            "plan": self.plan,
            "title": self.title,
            "version": self.version,
            "sample": self.sample,
            "overdue": self.overdue,
            "review_by": self.review_by.isoformat(),
            "level": self.level,
            "level_word": self.level_word or None,
            "why": list(self.why),
            "authority": self.authority.as_json() if self.authority else None,
        }


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One question of a card, in the reader's language. 追问"""

    code: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Card:
    """What to ask and to read out while the caller is on the line. 提问卡

    ``hand_over`` is the desk that must know before us, 119 for a fire, empty when none must.
    """

    code: str
    title: str
    questions: tuple[Asked, ...]
    safety: str
    hand_over: str
    hand_over_line: str

    def as_json(self) -> dict[str, Any]:
        """The same words for programs."""
        handed = {"desk": self.hand_over, "text": self.hand_over_line}
        return {
            "code": self.code,
            "title": self.title,
            "questions": [{"code": one.code, "text": one.text} for one in self.questions],
            "safety": self.safety,
            "hand_over": handed if self.hand_over else None,
        }
