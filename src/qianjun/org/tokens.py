"""Keys for programs: made once, shown once, kept as a hash. 接口令牌"""

import json
import re
import secrets
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from django.conf import settings
from django.db import connection

from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor
from qianjun.org.models import Token, Unit
from qianjun.org.roles import ROLES, permissions_of
from qianjun.org.rules import scope_of

PREFIX: Final = "qj_"
SECRET_BYTES: Final = 32
LOOKS_LIKE: Final = re.compile(r"qj_[A-Za-z0-9_-]{43}")
MAX_DAYS: Final = 3650
MAX_NAME: Final = 80


def make_token(
    *,
    role: str,
    name: str,
    days: int,
    unit: Unit | None = None,
    permissions: Iterable[str] | None = None,
) -> tuple[str, Token]:
    """A new token: its text, which is nowhere else, and its row. 生成令牌"""
    _judge(role=role, name=name, days=days)
    plain = PREFIX + secrets.token_urlsafe(SECRET_BYTES)
    made_at = clock.real()
    token = Token.objects.create(
        name=name or role,
        role=role,
        permissions=None if permissions is None else sorted(set(permissions)),
        unit=unit,
        sha256=_digest(plain),
        made_at=made_at,
        expires_at=made_at + timedelta(days=days),
    )
    return plain, token


def _judge(*, role: str, name: str, days: int) -> None:
    if role not in ROLES:
        raise Refused("unknown_role", _("没有“%(role)s”这个角色。"), words={"role": role})
    if not 1 <= days <= MAX_DAYS:
        raise Refused("bad_days", _("有效期须在 1 到 %(most)s 天之间。"), words={"most": MAX_DAYS})
    if len(name) > MAX_NAME or not name.isprintable():
        raise Refused("bad_name", _("名称最多 80 个字，且不能含控制字符。"))


def _digest(plain: str) -> str:
    return sha256(plain.encode()).hexdigest()


# one statement: the day of last use is written when it changes, at most once a day
_FIND = """
WITH found AS (
  SELECT t.id, t.name, t.role, t.permissions::text, t.unit_id, u.path, t.last_used_on,
    CASE WHEN t.revoked_at IS NOT NULL THEN 'revoked'
         WHEN t.expires_at <= %(real)s THEN 'expired' ELSE '' END AS fault
  FROM org_token t LEFT JOIN org_unit u ON u.id = t.unit_id WHERE t.sha256 = %(sha256)s
), used AS (
  UPDATE org_token SET last_used_on = %(day)s WHERE id =
    (SELECT id FROM found WHERE fault = '' AND last_used_on IS DISTINCT FROM %(day)s)
)
SELECT id, name, role, permissions, unit_id, path, fault FROM found
"""


def actor_for_token(plain: str) -> Actor:
    """Who acts with this token; refuses what is unknown, expired or revoked with 401."""
    row = _find(plain) if LOOKS_LIKE.fullmatch(plain) else None
    if row is None:
        raise _no_entry("bad_token", _("令牌无效，请向系统管理员索取新的令牌。"))
    ident, name, role, narrowed, unit, path, fault = row
    if fault == "expired":
        raise _no_entry("token_expired", _("令牌已过期，请向系统管理员索取新的令牌。"))
    if fault == "revoked":
        raise _no_entry("token_revoked", _("令牌已吊销，请向系统管理员索取新的令牌。"))
    permissions = permissions_of([role])
    if narrowed is not None:
        permissions &= frozenset(json.loads(narrowed))
    return Actor(
        kind="token",
        ident=str(ident),
        role=role,
        name=name,
        unit=unit,
        permissions=permissions,
        scope=scope_of(path),
        via="token",
        realm=settings.REALM,
    )


def _find(plain: str) -> tuple[Any, ...] | None:
    real = clock.real()
    values: dict[str, str | datetime | date] = {
        "sha256": _digest(plain),
        "real": real,
        "day": clock.in_beijing(real).date(),
    }
    with connection.cursor() as cursor:
        cursor.execute(_FIND, values)
        row: tuple[Any, ...] | None = cursor.fetchone()
    return row


def _no_entry(code: str, zh: str) -> Refused:
    return Refused(code, zh, status=401)
