"""Every file says in one sentence what it is for; every module says it in Chinese too."""

import ast
import re

from tests.guard.tree import MODULES, ROOT, SRC, listed, name_of, parsed, python

CHINESE = re.compile(r"[\u4e00-\u9fff]")


def without_sentence(name: str, tree: ast.Module) -> list[str]:
    """The file, when it has no docstring or its first line is no sentence."""
    first = (ast.get_docstring(tree) or "").split("\n", 1)[0]
    return [] if len(first.split()) >= 2 else [f"{name}: {first!r}"]


def test_every_file_begins_with_a_sentence() -> None:
    ours = [p for p in python() if p != ROOT / "tests" / "__init__.py" and parsed(p).body]
    problems = [line for p in ours for line in without_sentence(name_of(p), parsed(p))]
    assert not problems, listed(problems)


def test_every_module_has_a_chinese_name() -> None:
    problems = [
        module
        for module in MODULES
        if not CHINESE.search(ast.get_docstring(parsed(SRC / module / "__init__.py")) or "")
    ]
    assert not problems, listed(problems)


def test_the_check_sees_a_file_without_a_sentence() -> None:
    assert without_sentence("x.py", ast.parse("a = 1"))
    assert without_sentence("x.py", ast.parse('"""Rules."""\na = 1'))
    assert not without_sentence("x.py", ast.parse('"""What a report means."""'))
