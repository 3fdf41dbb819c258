"""A module may bring rights of its own, and change nobody else's."""

from pathlib import Path

import pytest

from qianjun.org.brought import FILE, bring
from qianjun.org.roles import PERMISSIONS, ROLES, ROUTES, VERBS

GOOD = """
[permissions]
"tip.read" = ["duty_officer"]
[routes]
"GET /tips/" = "tip.read"
[verbs]
"tip.actions.leave_tip" = "tip.read"
"""


def tables() -> dict[str, dict[str, object]]:
    return {
        "permissions": dict(PERMISSIONS),
        "routes": dict(ROUTES),
        "verbs": dict(VERBS),
    }


def brought(folder: Path, text: str) -> dict[str, dict[str, object]]:
    file = folder / "tip" / FILE
    file.parent.mkdir(parents=True)
    file.write_text(text, encoding="utf-8")
    found = tables()
    bring(roles=ROLES, package=folder, **found)  # type: ignore[arg-type]
    return found


def test_the_lines_of_a_module_are_added(tmp_path: Path) -> None:
    found = brought(tmp_path, GOOD)
    assert found["permissions"]["tip.read"] == frozenset({"duty_officer"})
    assert found["routes"]["GET /tips/"] == "tip.read"
    assert found["verbs"]["tip.actions.leave_tip"] == "tip.read"
    assert found["permissions"].items() >= PERMISSIONS.items()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[permissions]\n"incident.read" = ["volunteer"]', "incident.read stands already"),
        ('[routes]\n"GET /" = "open"', "GET / stands already"),
        ('[permissions]\n"tip.read" = ["king"]', "no such role: .'king'"),
        ('[permissions]\n"tip.read" = "duty"', "no such role: .'duty'"),
        ('[wishes]\n"a" = "b"', "what is wishes"),
    ],
)
def test_what_belongs_to_others_or_nobody_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(RuntimeError, match=said):
        brought(tmp_path, text)
