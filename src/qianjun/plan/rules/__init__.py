"""What a plan is, how its file is read and checked, and what it proposes. 预案规则"""

from qianjun.plan.rules.judging import (
    Situation,
    Standing,
    Suggested,
    card_of,
    fitting,
    reach,
    suggest,
)
from qianjun.plan.rules.proposed import Asked, Card, Deciding, Proposed
from qianjun.plan.rules.reading import BadPlan, Known, plan_from
from qianjun.plan.rules.shape import (
    Authority,
    Level,
    Plan,
    Question,
    QuestionCard,
    Trigger,
    Words,
)

__all__ = [
    "Asked",
    "Authority",
    "BadPlan",
    "Card",
    "Deciding",
    "Known",
    "Level",
    "Plan",
    "Proposed",
    "Question",
    "QuestionCard",
    "Situation",
    "Standing",
    "Suggested",
    "Trigger",
    "Words",
    "card_of",
    "fitting",
    "plan_from",
    "reach",
    "suggest",
]
