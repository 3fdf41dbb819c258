"""How a code for signing is made, compared and worn out, judged from values. 签发验证码规则"""

import hmac
import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from qianjun.kernel.words import noop as _

DIGITS: Final = 6
LASTS: Final = timedelta(minutes=5)
TRIES: Final = 5
OPENS_FOR: Final = timedelta(minutes=10)
BETWEEN: Final = timedelta(seconds=30)
A_WHILE: Final = timedelta(hours=1)
MOST_IN_A_WHILE: Final = 5
PURPOSE: Final = "sign_code"
# how a report was signed
HOW: Final[dict[str, str]] = {
    "login": _("登录后"),
    "code": _("短信验证码"),
    "key": _("安全密钥"),
    "token": _("接口令牌"),
    "system": _("系统"),
}


def code_from(number: int) -> str:
    """The digits of a number below a million."""
    return f"{number:0{DIGITS}}"


def typed(code: str) -> str:
    """What was typed, without blanks; full-width digits are digits."""
    return "".join(unicodedata.normalize("NFKC", code).split())


def mac_of(*, key: str, salt: str, report: int, person: int, code: str) -> str:
    """What is kept of a code: it fits this person, this draft and this purpose alone. 校验值"""
    told = "\n".join((PURPOSE, salt, str(report), str(person), typed(code)))
    return hmac.digest(key.encode(), told.encode("utf-8", "replace"), "sha256").hex()


def may_send_at(sent: Sequence[datetime]) -> datetime | None:
    """From when on another may be sent after these; None for at once. 何时可再发"""
    if not sent:
        return None
    latest = sorted(sent, reverse=True)
    soonest = latest[0] + BETWEEN
    if len(latest) < MOST_IN_A_WHILE:
        return soonest
    return max(soonest, latest[MOST_IN_A_WHILE - 1] + A_WHILE)
