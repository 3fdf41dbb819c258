"""May he? Asked by the journal's own verbs, of whatever acts. 权限"""

from typing import Protocol

from qianjun.journal.bus import By
from qianjun.kernel.errors import Refused
from qianjun.kernel.words import noop as _


class Acting(By, Protocol):
    """Who acts, and may or may not; ``org.Actor`` is one. 行为人"""

    def may(self, permission: str, /) -> bool: ...  # noqa: D102


def require(by: Acting, permission: str) -> None:
    """Refuse with 403 unless he has the permission. 校验权限"""
    if not by.may(permission):
        raise Refused("not_allowed", _("您的角色没有这项权限，请找有权限的同事操作。"), status=403)
