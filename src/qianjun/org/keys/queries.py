"""Tokens and reads as administrators see them. 令牌与查看记录查询"""

from typing import Final

from qianjun.kernel import clock
from qianjun.org.actor import Actor, require
from qianjun.org.models import Read, Token
from qianjun.org.queries import within

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


def reads_of(*, seen_by: Actor, before: int | None = None) -> list[Read]:
    """Who saw personal data unmasked, the latest first, one page and one more. 查看记录"""
    require(seen_by, "read.list")
    rows = Read.objects.all() if before is None else Read.objects.filter(pk__lt=before)
    return list(rows.order_by("-pk")[: ROWS_A_PAGE + 1])
