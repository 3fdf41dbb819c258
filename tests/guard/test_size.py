"""A file and a function fit in the head."""

import ast

from tests.guard.tree import files, listed, name_of, parsed, python, text_of

FILE_LINES = 400
FUNCTION_LINES = 40
MEDIAN_LINES = 10
WRITTEN_BY_HAND = (".py", ".js", ".mjs", ".css", ".html", ".md")


def long_file(name: str, text: str) -> list[str]:
    """The file, when it has too many lines."""
    lines = len(text.splitlines())
    return [f"{name}: {lines} lines"] if lines > FILE_LINES else []


def lengths(tree: ast.AST) -> list[tuple[str, int, int]]:
    """Name, first line and number of lines of each function; decorators do not count."""
    functions = (
        node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    return [(f.name, f.lineno, (f.end_lineno or 0) - f.lineno + 1) for f in functions]


def long_functions(name: str, tree: ast.AST) -> list[str]:
    """Every function that is too long."""
    return [
        f"{name}:{line} {function}: {lines} lines"
        for function, line, lines in lengths(tree)
        if lines > FUNCTION_LINES
    ]


def test_every_file_has_at_most_400_lines() -> None:
    by_hand = [p for p in files(*WRITTEN_BY_HAND) if "migrations" not in p.parts]
    problems = [line for p in by_hand for line in long_file(name_of(p), text_of(p))]
    assert not problems, listed(problems)


def test_every_function_has_at_most_40_lines() -> None:
    problems = [line for p in python() for line in long_functions(name_of(p), parsed(p))]
    assert not problems, listed(problems)


def test_the_median_function_has_less_than_ten_lines() -> None:
    counts = sorted(lines for p in python() for _, _, lines in lengths(parsed(p)))
    assert counts[len(counts) // 2] <= MEDIAN_LINES


def test_the_check_sees_a_long_file_and_a_long_function() -> None:
    assert long_file("x.py", "\n" * 401)
    assert not long_file("x.py", "\n" * 400)
    long = "async def f():\n" + "    a = 1\n" * 40
    assert long_functions("x.py", ast.parse(long)) == ["x.py:1 f: 41 lines"]
    assert not long_functions("x.py", ast.parse("def f():\n" + "    a = 1\n" * 39))
