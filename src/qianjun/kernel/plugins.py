"""Find what is there by looking, so that adding is one file. 目录即清单"""

from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType


def modules_in(package: ModuleType) -> dict[str, ModuleType]:
    """Every module directly inside the package, by its short name, in alphabetical order."""
    names = sorted(found.name for found in iter_modules(package.__path__))
    return {name: import_module(f"{package.__name__}.{name}") for name in names}
