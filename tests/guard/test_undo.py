"""Every acting page declares what takes its act back, or stands in a list with the reason."""

import ast
import tomllib
from pathlib import Path

from tests.guard.routes import all_routes, plain
from tests.guard.tree import SRC, listed, parsed, python
from tests.guard.undone import declared, offered, offered_by

LIST = Path(__file__).parent / "not_undone.toml"


def acting() -> dict[str, set[str]]:
    """Every page that a form can act on, with the reverses that it offers."""
    return {
        route.name: offered_by(route.view)
        for route in all_routes()
        if route.method == "POST" and not route.path.startswith("/api/")
    }


def problems_of(pages: dict[str, set[str]], routes: dict[str, str], why: set[str]) -> list[str]:
    """Pages without word, words without page, and reasons that nobody gives."""
    told = {plain(name): reason for name, reason in routes.items()}
    silent = [f"no undo and no reason: {p}" for p in pages if not pages[p] and p not in told]
    both = [f"offers an undo and has a reason: {p}" for p in pages if pages[p] and p in told]
    gone = [f"no such page: {p}" for p in sorted(told.keys() - pages.keys())]
    vague = [f"no such reason: {p}" for p, reason in told.items() if reason not in why]
    return silent + both + gone + vague


def test_every_acting_page_offers_its_reverse_or_says_why_not() -> None:
    told = tomllib.loads(LIST.read_text(encoding="utf-8"))
    problems = problems_of(acting(), told["routes"], set(told["why"]))
    assert not problems, listed(problems)


def test_what_is_offered_is_declared_and_the_other_way_round() -> None:
    used = {
        name
        for path in python(SRC)
        for node in parsed(path).body
        if isinstance(node, ast.FunctionDef)
        for name in offered(parsed(path), node.name)
    }
    assert used == declared()


def test_a_page_without_word_and_a_stale_reason_are_caught() -> None:
    tree = ast.parse("def a():\n    b()\ndef b():\n    offer(by, 'note')\ndef c():\n    pass\n")
    assert (offered(tree, "a"), offered(tree, "c")) == ({"note"}, set())
    pages = {"POST /a/": {"note"}, "POST /c/": set[str]()}
    found = problems_of(pages, {"POST /a/": "own", "POST /d/": "mood"}, {"own"})
    assert [one.split(":")[0] for one in found] == [
        "no undo and no reason",
        "offers an undo and has a reason",
        "no such page",
        "no such reason",
    ]
