"""The page on adding a module is followed to the letter, in a copy of the house."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.guard.tree import ROOT, text_of, tracked

PAGE = ROOT / "docs" / "how" / "add-a-module.md"
BLOCK = re.compile(r"^```\w+ (\S+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
LAYERS = ".importlinter"
LEFT_OUT = {".png"}
ASSETS = "src/qianjun/site/static/vendor"
MODULE = "tip"


def blocks() -> dict[str, str]:
    """Every file of the page by its path."""
    found = BLOCK.findall(text_of(PAGE))
    assert len({path for path, _text in found}) == len(found)
    return dict(found)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of this repository with the module of the page in it."""
    copy = tmp_path_factory.mktemp("house")
    for path in tracked():
        if path.suffix not in LEFT_OUT:
            target = copy / path.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    if (ROOT / ASSETS).exists() and not (copy / ASSETS).exists():
        (copy / ASSETS).symlink_to(ROOT / ASSETS)
    for name, text in blocks().items():
        _write(copy, name, text)
    return copy


def _write(copy: Path, name: str, text: str) -> None:
    path = copy / name
    if name == LAYERS:
        text = _with_layer(path.read_text(encoding="utf-8"), text)
    else:
        # nothing that is there already is touched
        assert not path.exists(), name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _with_layer(contract: str, lines: str) -> str:
    """The one change outside: a line between two that stand there."""
    before, new, after = lines.splitlines()
    assert contract.count(f"{before}\n{after}\n") == 1
    return contract.replace(f"{before}\n{after}\n", f"{before}\n{new}\n{after}\n")


def run(house: Path, *words: str) -> str:
    """A command in the copy, on a database of its own."""
    dropped = ("QIANJUN_", "DATABASE_URL", "DJANGO_", "PYTEST_", "PYTHONPATH")
    environment = {k: v for k, v in os.environ.items() if not k.startswith(dropped)}
    environment |= {
        "PYTHONPATH": f"{house / 'src'}:{house}",
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "QIANJUN_TEST_CLUSTER": "db",
    }
    done = subprocess.run(
        words, cwd=house, env=environment, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    return done.stdout


def test_the_module_of_the_page_works_and_keeps_the_rules(house: Path) -> None:
    python = sys.executable
    quiet = (python, "-W", "ignore")  # no database runs yet, and none is needed
    run(house, *quiet, "-m", "django", "makemigrations", MODULE)
    run(house, python, "tools/catalogue.py", "--compile")
    guards = [f"tests/guard/test_{name}.py" for name in GUARDS]
    said = run(house, python, "-m", "pytest", f"tests/{MODULE}", *guards)
    assert "passed" in said
    run(house, str(Path(python).parent / "lint-imports"))


# those that look at a module; of the rest, some need the tree of git and some look at no code
GUARDS = (
    *("docstrings", "events", "glossary", "habits", "layers", "migrations", "names", "purity"),
    *("roles", "size", "templates"),
)


def test_the_page_changes_one_line_outside_the_folders_of_the_module() -> None:
    outside = [
        name
        for name in blocks()
        if not name.startswith((f"src/qianjun/{MODULE}/", f"tests/{MODULE}/"))
    ]
    assert outside == [LAYERS]
