"""Tokens and reads as administrators see them. 令牌与查看记录查询"""

from typing import Final

from qianjun.kernel import clock
from qianjun.org.actor import Actor, require
from qianjun.org.models import Read, Token
from qianjun.org.queries import said_within, within
from qianjun.org.roles import ADMINISTRATORS, ROLES, permissions_of

ROWS_A_PAGE: Final = 100


def tokens_of(*, seen_by: Actor) -> list[tuple[Token, str]]:
    """Tokens in the actor's scope with how they stand, the newest first. 令牌"""
    require(seen_by, "token.make")
    rows = within(Token.objects.select_related("unit"), seen_by.scope, "unit__path")
    return [(one, _stands(one)) for one in rows.order_by("-pk")]


def _stands(token: Token) -> str:
    if token.revoked_at:
        return "revoked"
    return "expired" if token.expires_at <= clock.real() else "good"


def roles_for(*, seen_by: Actor) -> dict[str, str]:
    """Roles that he may give a program, with their words. 可签发的角色

    A key that he has made himself opens nothing that he may not: no administrator reads incidents
    or is another administrator.
    """
    return {role: said for role, said in ROLES.items() if role == seen_by.role or not _apart(role)}


def _apart(role: str) -> bool:
    return role in ADMINISTRATORS or "incident.read" in permissions_of([role])


def reads_of(*, seen_by: Actor, before: int | None = None) -> list[Read]:
    """What people of the asker's tree saw unmasked, the latest first, a page and one. 查看记录"""
    require(seen_by, "read.list")
    rows = said_within(Read.objects.all(), seen_by.scope)
    rows = rows if before is None else rows.filter(pk__lt=before)
    return list(rows.order_by("-pk")[: ROWS_A_PAGE + 1])
