"""The order of the modules is written down, whole and true."""

import configparser
import re

from tests.guard.tree import MODULES, ROOT, listed


def layers_in(text: str) -> list[str]:
    """The modules that the contract of the order lists, from top to bottom."""
    parser = configparser.ConfigParser()
    parser.read_string(text)
    section = parser["importlinter:contract:modules"]
    return [w for w in re.split(r"[\s|]+", section["layers"]) if w]


def misfits(listed_: list[str], there: tuple[str, ...]) -> list[str]:
    """Modules that are listed and do not exist, or exist and are not listed."""
    return [f"{name} is not both" for name in sorted(set(listed_) ^ set(there))]


def test_the_order_lists_exactly_the_modules_that_exist() -> None:
    text = (ROOT / ".importlinter").read_text(encoding="utf-8")
    problems = misfits(layers_in(text), MODULES)
    assert not problems, listed(problems)
    assert "exhaustive = True" in text


def test_the_check_sees_a_module_too_many_and_one_too_few() -> None:
    text = "[importlinter:contract:modules]\nlayers =\n    site\n    (ghost) | duty\n"
    assert misfits(layers_in(text), ("duty", "rogue", "site")) == [
        "(ghost) is not both",
        "rogue is not both",
    ]
