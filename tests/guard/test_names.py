"""Names that say nothing are not used (design, section 12)."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.guard.tree import SRC, listed, name_of, parsed, python

# alone they say nothing; inside a longer name they may (data_folder)
EMPTY = frozenset(["data", "info", "process", "item", "obj", "common", "base"])
# they say nothing in any position
HOLLOW = frozenset(
    ["manager", "managers", "handler", "handlers", "helper", "helpers", "util", "utils", "misc"]
)
# the operating system calls it so, and there is no better word beside psutil and subprocess
OS_PROCESS = (
    "src/qianjun/site/database.py",
    "src/qianjun/site/serve.py",
)
# words that a library looks for by name
ASKED_FOR = {"handler400", "handler403", "handler404", "handler500"}


def words(name: str) -> list[str]:
    """The words of a snake_case or CamelCase name, lower-case."""
    return [w.lower() for w in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+", name)]


def says_nothing(name: str, *, is_class: bool = False) -> bool:
    """Whether the name is banned; a class may not even contain the empty words."""
    if name in ASKED_FOR:
        return False
    inside = set(words(name))
    return name in EMPTY or bool(inside & HOLLOW) or (is_class and bool(inside & EMPTY))


def bound(tree: ast.AST) -> Iterator[tuple[int, str, bool]]:
    """Line, name and whether it is a class, for every name the file gives."""
    for node in ast.walk(tree):
        match node:
            case ast.ClassDef():
                yield node.lineno, node.name, True
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                yield node.lineno, node.name, False
            case ast.arg():
                yield node.lineno, node.arg, False
            case ast.Name(ctx=ast.Store()):
                yield node.lineno, node.id, False
            case ast.Attribute(ctx=ast.Store()):
                yield node.lineno, node.attr, False
            case ast.alias(asname=str(name)) | ast.ExceptHandler(name=str(name)):
                yield node.lineno, name, False
            case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                yield node.lineno, name, False


def banned(name: str, tree: ast.AST) -> list[str]:
    """Every banned name that the file gives."""
    return [
        f"{name}:{line} {given}"
        for line, given, is_class in bound(tree)
        if says_nothing(given, is_class=is_class)
        and not (given == "process" and name in OS_PROCESS)
    ]


def test_no_name_says_nothing() -> None:
    problems = [line for p in python() for line in banned(name_of(p), parsed(p))]
    assert not problems, listed(problems)


def test_no_file_or_folder_of_code_says_nothing() -> None:
    problems = [name_of(p) for p in python(SRC) if any(says_nothing(w) for w in _parts(name_of(p)))]
    assert not problems, listed(problems)


def _parts(name: str) -> list[str]:
    return name.removesuffix(".py").split("/")


@pytest.mark.parametrize(
    "source",
    [
        "data = 1",
        "def helper(): ...",
        "def f(*, obj): ...",
        "class RowManager: ...",
        "class BaseRow: ...",
        "for item in (): ...",
        "import json as util",
        "self.info = 1",
        "with f() as process: ...",
        "event_handler = 1",
        "[base for base in ()]",
        "(common := 1)",
    ],
)
def test_the_check_sees(source: str) -> None:
    assert banned("x.py", ast.parse(source))


@pytest.mark.parametrize(
    "source",
    ["data_folder = 1", "items = ()", "response.data", "f(data=1)", "handler404 = 'x'", "DATA = 1"],
)
def test_the_check_lets_pass(source: str) -> None:
    assert not banned("x.py", ast.parse(source))
