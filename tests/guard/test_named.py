"""What has a name is listed as people look for it: by its sort key, never by code points."""

import ast
import re

from django.apps import apps
from django.db import models

from tests.guard.tree import SRC, listed, name_of, parsed, python

NAMES = ("name", "short_name")
# listed by something else than their name, or never listed
OTHERWISE = {
    "Entry": "by time; the name is a code",
    "Timer": "never listed; the name is a code",
    "Setting": "in the order of its module",
    "CommandSeat": "in the order of its seats",
    "Post": "two rows, leader before officer",
    "Token": "newest first",
    "File": "newest first, with its incident",
    "Heartbeat": "never listed; the name is a loop",
    "Upload": "never listed; it becomes a file",
}
BY_NAME = re.compile(r"^-?(?:\w+__)?(?:name|short_name|title)$")


def without_key(model: type[models.Model]) -> bool:
    """Whether the table has a name and nothing to sort it by."""
    fields = {field.name for field in model._meta.concrete_fields}
    return bool(fields & set(NAMES)) and "sort_key" not in fields


def sorted_by_name(name: str, tree: ast.AST) -> list[str]:
    """Every list that is put in the order of code points."""
    return [
        f"{name}:{call.lineno} {ast.unparse(argument)}"
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr == "order_by"
        for argument in call.args
        if isinstance(argument, ast.Constant) and BY_NAME.match(str(argument.value))
    ]


def test_every_table_with_a_name_has_a_sort_key() -> None:
    ours = [m for m in apps.get_models() if m.__module__.startswith("qianjun.")]
    found = {model.__name__ for model in ours if without_key(model)}
    assert sorted(found - set(OTHERWISE)) == []


def test_no_list_is_in_the_order_of_code_points() -> None:
    problems = [line for p in python(SRC) for line in sorted_by_name(name_of(p), parsed(p))]
    assert not problems, listed(problems)


def test_the_check_sees_a_list_by_name() -> None:
    tree = ast.parse("a.order_by('unit__name')\nb.order_by('sort_key', '-pk')")
    assert sorted_by_name("x.py", tree) == ["x.py:1 'unit__name'"]
