"""Which acting pages offer to take back what they did, read from their source. 可撤销的页面"""

import ast
import inspect
from collections.abc import Callable

from tests.guard.tree import SRC, parsed, python

OFFER = "offer"


def _functions(tree: ast.Module) -> dict[str, ast.FunctionDef]:
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}


def offered(tree: ast.Module, name: str) -> set[str]:
    """The reverses that a function of a file offers, by itself or by another of the file."""
    known, found, seen, ask = _functions(tree), set[str](), set[str](), [name]
    while ask:
        if (one := ask.pop()) in seen or one not in known:
            continue
        seen.add(one)
        for node in ast.walk(known[one]):
            if isinstance(node, ast.Name):
                ask.append(node.id)
            if isinstance(node, ast.Call) and ast.unparse(node.func) == OFFER:
                found |= {str(a.value) for a in node.args[1:2] if isinstance(a, ast.Constant)}
    return found


def offered_by(view: Callable[..., object]) -> set[str]:
    """The same for a page; what is no function of ours offers nothing."""
    plain = inspect.unwrap(view)
    path = inspect.getsourcefile(plain) if inspect.isfunction(plain) else None
    files = {str(one): one for one in python(SRC)}
    return offered(parsed(files[path]), plain.__name__) if path in files else set()


def declared() -> set[str]:
    """Every name that some file of the house declares with ``takes_back``."""
    return {
        str(mark.args[0].value)
        for path in python(SRC)
        if path.stem == "reverses"
        for node in parsed(path).body
        if isinstance(node, ast.FunctionDef)
        for mark in node.decorator_list
        if isinstance(mark, ast.Call) and isinstance(mark.args[0], ast.Constant)
    }
