"""What is never done: signals, overridden save, admin, faked doubles, a second clock."""

import ast
import re

import pytest

from tests.guard.test_purity import imported
from tests.guard.tree import ROOT, SRC, files, listed, name_of, parsed, python, text_of

NEVER_IMPORTED = (
    "django.dispatch",
    "django.db.models.signals",
    "django.core.signals",
    "django.contrib.admin",
    "django.utils.timezone.now",
)
CLOCK = "src/qianjun/kernel/clock.py"


def broken_habits(name: str, tree: ast.AST) -> list[str]:
    """Every habit that the file breaks."""
    found = [
        f"{name}:{at} {what}" for at, what in imported(tree) if what.startswith(NEVER_IMPORTED)
    ]
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            found += [
                f"{name}:{method.lineno} {node.name}.{method.name}"
                for method in node.body
                if isinstance(method, ast.FunctionDef) and method.name in ("save", "delete")
            ]
        if isinstance(node, ast.Attribute) and _reads_a_clock(node) and name != CLOCK:
            found.append(f"{name}:{node.lineno} {ast.unparse(node)}")
    return found


def _reads_a_clock(node: ast.Attribute) -> bool:
    return ast.unparse(node) in {
        "datetime.now",
        "datetime.utcnow",
        "datetime.today",
        "date.today",
        "timezone.now",
        "datetime.datetime.now",
        "datetime.date.today",
    }


def test_no_habit_is_broken() -> None:
    problems = [line for p in python(SRC) for line in broken_habits(name_of(p), parsed(p))]
    assert not problems, listed(problems)


def test_no_test_fakes_our_own_code() -> None:
    # a number that a test makes small is no fake
    said = re.compile(
        r"\bmock" + r"\.patch|unittest import " + r"mock"
        r"|monkeypatch\.setattr\((?!\s*[\w.]+,\s*\"[A-Z][A-Z0-9_]*\")"
    )
    problems = [name_of(p) for p in python(ROOT / "tests") if said.search(text_of(p))]
    assert not problems, listed(problems)


def asks_the_time(sql: str) -> bool:
    """Whether a statement of ours reads the database's clock; jobs run on real time, theirs may."""
    asked = re.search(r"\b(?:now\(\)|current_timestamp|clock_timestamp\(\))", sql, re.IGNORECASE)
    ours = re.search(r"\b(?:SELECT|UPDATE|INSERT|DELETE)\b", sql)
    return bool(asked and ours) and "procrastinate_" not in sql


def test_no_statement_asks_the_database_for_the_time() -> None:
    problems = [
        f"{name_of(p)}:{node.lineno} {node.value[:60]!r}"
        for p in python(SRC)
        for node in ast.walk(parsed(p))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and asks_the_time(node.value)
    ]
    assert not problems, listed(problems)


def test_the_check_sees_a_statement_that_asks_the_time() -> None:
    assert asks_the_time("UPDATE journal_timer SET done_at = now()")
    assert not asks_the_time("SELECT procrastinate_retry_job_v2(%s, now())")
    assert not asks_the_time("Call clock.now() instead")


def test_no_text_of_the_house_shows_an_emoji() -> None:
    emoji = re.compile("[\U0001f000-\U0001faff]")
    told = files(".py", ".html", ".js", ".mjs", ".css", ".po", under=SRC)
    problems = [name_of(p) for p in told if emoji.search(text_of(p))]
    assert not problems, listed(problems)


@pytest.mark.parametrize(
    "source",
    [
        "from django.dispatch import receiver",
        "from django.db.models.signals import post_save",
        "from django.contrib import admin",
        "from django.utils.timezone import now",
        "class Row(Model):\n    def save(self): ...",
        "at = datetime.now(UTC)",
        "at = timezone.now()",
    ],
)
def test_the_check_sees(source: str) -> None:
    assert broken_habits("x.py", ast.parse(source))


def test_the_check_lets_the_clock_read_the_clock() -> None:
    assert not broken_habits(CLOCK, ast.parse("datetime.now(UTC)"))
