"""Read what was chosen, and what an administrator is shown of it. 读取设置"""

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from qianjun.kernel.option import Option, Value, from_stored, shown
from qianjun.org.actor import Actor, require
from qianjun.org.queries import names_of
from qianjun.org.store import shelf
from qianjun.org.store.declared import declared, known_option
from qianjun.org.store.sealed import NoKey, NotOurs, unseal

log = logging.getLogger(__name__)
Sealed = Literal["", "set", "unreadable"]


def setting(module: str, name: str) -> Value | None:
    """What was chosen, else the default; LookupError for what is not declared. 取设置"""
    option = known_option(module, name)
    if option.kind == "secret":
        raise LookupError(f"{module}.{name} is a secret: ask secret()")
    row = shelf.current().get((module, name))
    return option.default if row is None else from_stored(option, row.value)


def text_setting(module: str, name: str) -> str:
    """The same for a text, a choice or an address; empty when nothing was chosen. 取文字"""
    value = setting(module, name)
    return value if isinstance(value, str) else ""


def secret(module: str, name: str) -> str:
    """A secret in clear, for whoever must use it; empty when there is none to be read. 取密钥"""
    known_option(module, name)
    row = shelf.current().get((module, name))
    return _unsealed(module, name, row) if row else ""


def _unsealed(module: str, name: str, row: shelf.Row) -> str:
    if row.secret is None:
        return ""
    try:
        return unseal(row.secret, about=about(module, name))
    except (NoKey, NotOurs) as fault:
        log.error("the secret %s cannot be read: %s", about(module, name), type(fault).__name__)
        return ""


def about(module: str, name: str) -> str:
    """How an entry and a sealed secret call the setting."""
    return f"{module}.{name}"


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One option with what stands for it now; never the words of a secret. 一项"""

    option: Option
    typed: str
    version: int
    is_default: bool
    sealed: Sealed
    changed_at: datetime | None
    changed_by: str


@dataclass(frozen=True, kw_only=True)
class Section:
    """The options of one module. 一节"""

    module: str
    title: str
    shown: tuple[Shown, ...]


def sections(*, seen_by: Actor) -> tuple[Section, ...]:
    """Every option of every module, as the database has it now. 设置一览"""
    require(seen_by, "setting.read")
    rows = shelf.stored_rows()
    names = names_of(row.by for row in rows.values())
    return tuple(
        Section(
            module=one.module,
            title=one.title,
            shown=tuple(
                _shown(one.module, option, rows.get((one.module, option.name)), names)
                for option in one.options
            ),
        )
        for one in declared()
    )


def _shown(
    module: str, option: Option, row: shelf.Row | None, names: dict[tuple[str, str], str]
) -> Shown:
    secret_ = option.kind == "secret"
    value = option.default if row is None else from_stored(option, row.value)
    return Shown(
        option=option,
        typed="" if secret_ else shown(value),
        version=row.version if row else 0,
        is_default=row is None or (row.value is None and row.secret is None),
        sealed=_sealed(module, option.name, row) if secret_ else "",
        changed_at=row.changed_at if row else None,
        changed_by=names[row.by] if row else "",
    )


def _sealed(module: str, name: str, row: shelf.Row | None) -> Sealed:
    if row is None or row.secret is None:
        return ""
    return "set" if _unsealed(module, name, row) else "unreadable"
