"""The tree as git would commit it. 源码树"""

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src" / "qianjun"
MODULES = tuple(sorted(path.parent.name for path in SRC.glob("*/__init__.py")))
WITHOUT_GIT = {".venv", "node_modules", "var", "data", ".git", ".stamps", "vendor", "__pycache__"}
NOT_TEXT = {".png", ".jpg", ".ico", ".woff2", ".mo", ".gz", ".pyc"}


@cache
def tracked() -> tuple[Path, ...]:
    """Every file that is in the repository or would be added to it, in order."""
    if not (ROOT / ".git").exists():
        return tuple(p for p in sorted(ROOT.rglob("*")) if p.is_file() and _ours(p))
    words = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    found = sorted({ROOT / name for name in listed.split("\0") if name})
    return tuple(path for path in found if path.is_file())


def _ours(path: Path) -> bool:
    parts = set(path.relative_to(ROOT).parts)
    return not parts & WITHOUT_GIT and not any(part.endswith(".egg-info") for part in parts)


def files(*suffixes: str, under: Path = ROOT) -> list[Path]:
    """Tracked files with one of these suffixes below a folder."""
    return [p for p in tracked() if p.suffix in suffixes and p.is_relative_to(under)]


def python(under: Path = ROOT) -> list[Path]:
    """Tracked Python files without migrations, which Django writes."""
    return [p for p in files(".py", under=under) if "migrations" not in p.parts]


def text_of(path: Path) -> str:
    """The file as text."""
    return path.read_text(encoding="utf-8")


def texts() -> list[tuple[str, str]]:
    """Name and text of every tracked text file."""
    return [(name_of(p), text_of(p)) for p in tracked() if p.suffix not in NOT_TEXT]


@cache
def parsed(path: Path) -> ast.Module:
    """The syntax tree of a Python file."""
    return ast.parse(text_of(path), filename=str(path))


def name_of(path: Path) -> str:
    """The path as people in the repository write it."""
    return path.relative_to(ROOT).as_posix()


def listed(problems: list[str]) -> str:
    """Problems as lines of an assertion's message."""
    return "\n" + "\n".join(problems)
