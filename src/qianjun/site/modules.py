"""Which modules there are: found by looking, so that adding one is adding its folder. 模块清单"""

from pathlib import Path
from typing import Final

PACKAGE: Final = Path(__file__).parents[1]
# what makes a folder something that Django has to know
PARTS: Final = ("api", "models", "reactions", "templates", "urls")


def modules_with(*parts: str, but: tuple[str, ...] = ()) -> list[str]:
    """The modules with one of these parts, a file or a folder, in alphabetical order; without some.

    Nothing is imported: the settings ask.
    """
    folders = sorted(found.parent for found in PACKAGE.glob("*/__init__.py"))
    return [
        folder.name
        for folder in folders
        if folder.name not in but and any(_has(folder, part) for part in parts)
    ]


def _has(folder: Path, part: str) -> bool:
    return (folder / f"{part}.py").exists() or (folder / part).is_dir()
