"""Who acts: a person, a link, a token, a partner, or the house itself. 行为人"""

from dataclasses import dataclass, field
from typing import Literal

from qianjun.kernel.errors import Refused
from qianjun.kernel.words import noop as _

ActorKind = Literal["person", "link", "token", "partner", "system"]

KEY_DIGITS = 18  # what fits a BIGINT


@dataclass(frozen=True, kw_only=True)
class Scope:
    """What of the house an actor may see. 范围

    ``all`` the district, ``unit`` the tree below ``unit_path``, ``about`` one (kind, id).
    """

    kind: Literal["all", "unit", "about"] = "all"
    unit_path: str = ""
    about: tuple[str, str] = ("", "")


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Somebody who acts, with what he may do; never built from a session on a link page. 行为人"""

    kind: ActorKind
    ident: str
    role: str = ""
    name: str = ""
    person: int | None = None
    unit: int | None = None
    permissions: frozenset[str] = field(default_factory=frozenset)
    scope: Scope = field(default_factory=Scope)
    via: str = ""
    realm: str = "live"
    cause: int | None = None

    def may(self, permission: str) -> bool:
        """Whether this permission is his; the house itself may everything."""
        return self.kind == "system" or permission in self.permissions


def system(*, cause: int | None = None, name: str = "system") -> Actor:
    """The house itself, acting because of an entry. 系统"""
    return Actor(kind="system", ident=name, cause=cause)


def require(by: Actor, permission: str) -> None:
    """Refuse with 403 unless the actor has the permission. 校验权限"""
    if not by.may(permission):
        raise Refused("not_allowed", _("您的角色没有这项权限，请找有权限的同事操作。"), status=403)


def not_found() -> Refused:
    """What is unknown and what is forbidden look the same. 未找到"""
    return Refused("not_found", _("没有这个对象，或您无权查看。"), status=404)


def key_of(ident: str | int) -> int:
    """The key behind an opaque id; anything else is not found."""
    text = str(ident)
    if text.isascii() and text.isdigit() and len(text) <= KEY_DIGITS:
        return int(text)
    raise not_found()
