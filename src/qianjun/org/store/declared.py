"""Which options there are, found by looking into every module. 已声明的可设项"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules
from types import ModuleType

import qianjun
from qianjun.kernel.option import Option

# whose modules may declare something
PACKAGES: tuple[ModuleType, ...] = (qianjun,)
FILE = "options"


@dataclass(frozen=True, kw_only=True)
class Declared:
    """The options of one module, in the order of its file; ``title`` is a catalogue word. 声明"""

    module: str
    title: str
    options: tuple[Option, ...]

    def named(self, name: str) -> Option | None:
        """The option with this name."""
        return next((one for one in self.options if one.name == name), None)


def declared() -> tuple[Declared, ...]:
    """Every module with options, by name. 全部声明"""
    return _found(PACKAGES)


@cache
def _found(packages: tuple[ModuleType, ...]) -> tuple[Declared, ...]:
    return tuple(_declared(file) for package in packages for file in _files(package))


def _files(package: ModuleType) -> Iterator[str]:
    """Names of the files that declare options; only they are imported."""
    for one in iter_modules(package.__path__, f"{package.__name__}."):
        if one.ispkg and find_spec(f"{one.name}.{FILE}"):
            yield f"{one.name}.{FILE}"


def _declared(name: str) -> Declared:
    file = import_module(name)
    options: tuple[Option, ...] = file.OPTIONS
    names = [one.name for one in options]
    if len(set(names)) < len(names):
        raise ValueError(f"{name}: an option stands twice")
    return Declared(module=name.split(".")[-2], title=file.TITLE, options=options)


def option_of(module: str, name: str) -> Option | None:
    """The declaration of one option, None for an unknown one."""
    found = next((one for one in declared() if one.module == module), None)
    return found.named(name) if found else None


def known_option(module: str, name: str) -> Option:
    """The same; an unknown one is a mistake of the program that reads it."""
    option = option_of(module, name)
    if option is None:
        raise LookupError(f"{module}.{name} is not declared in {module}/{FILE}.py")
    return option
