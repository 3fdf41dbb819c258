"""Plans of this house, read from their files once a process: no statement. 预案查询"""

import logging
import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib import resources

from django.utils.translation import get_language, gettext

from qianjun.kernel import clock
from qianjun.org.roles import ROLES
from qianjun.org.shipped import shipped_units
from qianjun.plan.rules import (
    Asked,
    BadPlan,
    Card,
    Deciding,
    Known,
    Level,
    Plan,
    Proposed,
    QuestionCard,
    Situation,
    Suggested,
    Words,
    card_of,
    fitting,
    plan_from,
    suggest,
)
from qianjun.plan.rules.shape import Clause

LIBRARY = resources.files("qianjun.plan") / "library"
BODIES = resources.files("qianjun.plan") / "tables" / "bodies.toml"
SUFFIX = ".toml"
CATEGORIES_KEPT = 1_024
log = logging.getLogger(__name__)


# --- files ----------------------------------------------------------------------------------------


@cache
def known() -> Known:
    """The codes that a plan may use. 已知代码"""
    units = frozenset(row["code"] for row in shipped_units())
    return Known(units=units, roles=frozenset(ROLES), bodies=frozenset(bodies()))


@cache
def bodies() -> dict[str, Words]:
    """Bodies outside the house that may decide, by code. 决定机构"""
    found = tomllib.loads(BODIES.read_text(encoding="utf-8"))
    return {code: Words(zh=row["zh"], en=row["en"]) for code, row in found.items()}


@cache
def plans() -> tuple[Plan, ...]:
    """Every plan of the library, by code; read once. 全部预案

    A file that is no plan is left out and said in the log: a report is taken in all the same.
    """
    found = []
    for name in names():
        try:
            found.append(plan_in(name))
        except BadPlan as bad:
            log.error("预案文件不合格，已跳过 / a plan was left out:\n%s", bad)
    return tuple(found)


def names() -> list[str]:
    """The files of the library."""
    return sorted(one.name for one in LIBRARY.iterdir() if one.name.endswith(SUFFIX))


def plan_in(name: str) -> Plan:
    """The plan in a file of the library; raises BadPlan. 读取"""
    return plan_from(name, (LIBRARY / name).read_text(encoding="utf-8"), known=known())


# --- questions ------------------------------------------------------------------------------------


def plan_by_code(code: str) -> Plan | None:
    """The plan with this code. 按代码查预案"""
    return next((plan for plan in plans() if plan.code == code), None)


@lru_cache(maxsize=CATEGORIES_KEPT)
def plans_for(category: str) -> tuple[Plan, ...]:
    """The plans that fit an event type, the most exact first. 适用预案"""
    return fitting(plans(), category)


def proposal(*, category: str, figures: Mapping[str, int], words: str) -> Proposed | None:
    """The plan for what was told and the level that its triggers reach; None without one. 建议"""
    situation = Situation(category=category, figures=figures, words=words)
    suggested = suggest(plans_for(category), situation)
    return _proposed(suggested) if suggested else None


def card_for(category: str, *, words: str = "") -> Card | None:
    """What to ask about an event type, more exactly when the words say more. 提问卡"""
    found = card_of(plans_for(category), category=category, words=words)
    return _card(found) if found else None


def said(text: Words) -> str:
    """The text in the reader's language. 按语言"""
    return text.en if (get_language() or "").startswith("en") else text.zh


def _proposed(suggested: Suggested) -> Proposed:
    plan, level = suggested.plan, suggested.level
    return Proposed(
        plan=plan.code,
        title=said(plan.title),
        version=plan.version,
        sample=plan.sample,
        overdue=clock.in_beijing(clock.now()).date() > plan.review_by,
        review_by=plan.review_by,
        level=level.n if level else None,
        level_word=gettext(level.word) if level else "",
        why=tuple(_reason(clause, sample=plan.sample) for clause in suggested.why),
        authority=_deciding(level) if level else None,
    )


def _reason(clause: Clause, *, sample: bool) -> str:
    words = {"clause": clause.number, "text": said(clause.text)}
    if sample:
        return gettext("%(clause)s 条（示例）：%(text)s") % words
    return gettext("%(clause)s 条：%(text)s") % words


def _deciding(level: Level) -> Deciding:
    authority = level.authority
    return Deciding(
        role=authority.role,
        role_name=gettext(ROLES[authority.role]),
        body=authority.body,
        body_name=said(bodies()[authority.body]) if authority.body else "",
        title=said(authority.title),
        how=authority.how,
    )


def _card(card: QuestionCard) -> Card:
    handed = card.hand_over
    return Card(
        code=card.code,
        title=said(card.title),
        questions=tuple(Asked(code=one.code, text=said(one.text)) for one in card.questions),
        safety=said(card.safety),
        hand_over=handed.desk if handed else "",
        hand_over_line=said(handed.text) if handed else "",
    )
