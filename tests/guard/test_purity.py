"""Judgement is pure: rules know no Django, no clock, no outside; the kernel knows no Django."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.guard.tree import SRC, listed, name_of, parsed, python

FRAMEWORKS = frozenset(["django", "ninja", "psycopg", "procrastinate", "allauth", "granian"])
OUTSIDE = frozenset(
    """os io pathlib socket ssl subprocess time random secrets tempfile shutil threading asyncio
    urllib http requests httpx logging sqlite3""".split()  # noqa: SIM905 - a list has 19 lines
)
CLOCKS = frozenset(["now", "today", "utcnow", "real", "monotonic", "perf_counter"])
DOORS = frozenset(["open", "print", "input", "exec", "eval", "__import__"])


def imported(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and full name of everything imported, wherever it stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def called(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and last name of every call."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node.lineno, str(getattr(node.func, "attr", getattr(node.func, "id", "")))


def impure(name: str, tree: ast.AST) -> list[str]:
    """Why a file of rules is not pure."""
    reached = [
        f"{name}:{line} imports {what}"
        for line, what in imported(tree)
        if what.split(".")[0] in FRAMEWORKS | OUTSIDE
        or what == "qianjun.kernel.clock"
        or what.startswith(("qianjun.kernel.clock.now", "qianjun.kernel.clock.real"))
        or what.endswith((".models", ".actions", ".queries"))
        or any(layer in what.split(".") for layer in ("models", "actions", "queries"))
    ]
    return reached + [
        f"{name}:{line} calls {what}()" for line, what in called(tree) if what in CLOCKS | DOORS
    ]


def rules() -> list[Path]:
    """Every rules.py, and every file of a rules folder."""
    return [p for p in python(SRC) if p.stem == "rules" or p.parent.name == "rules"]


def test_rules_know_no_framework_no_clock_and_no_outside() -> None:
    found = rules()
    assert found
    problems = [line for p in found for line in impure(name_of(p), parsed(p))]
    assert not problems, listed(problems)


def test_the_kernel_and_the_methods_know_no_framework() -> None:
    problems = [
        f"{name_of(p)}:{line} {what}"
        for p in [*python(SRC / "kernel"), *python(SRC / "solve")]
        for line, what in imported(parsed(p))
        if what.split(".")[0] in FRAMEWORKS
    ]
    assert not problems, listed(problems)


@pytest.mark.parametrize(
    "source",
    [
        "import django",
        "from django.db import models",
        "from qianjun.kernel import clock",
        "from qianjun.kernel.clock import now",
        "from qianjun.incident.models import Incident",
        "from qianjun.incident import models",
        "def f():\n    import os",
        "a = datetime.now(UTC)",
        "open('x')",
        "import random",
    ],
)
def test_the_check_sees(source: str) -> None:
    assert impure("rules.py", ast.parse(source))


def test_the_check_lets_values_pass() -> None:
    fine = "from datetime import datetime\nfrom qianjun.kernel.clock import BEIJING\nmax(1, 2)"
    assert not impure("rules.py", ast.parse(fine))
