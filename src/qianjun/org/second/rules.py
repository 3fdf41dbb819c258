"""Codes of a phone by RFC 6238, judged from values; who must have a second proof. 动态码规则"""

import base64
import hmac
import struct
import unicodedata
from datetime import datetime
from hashlib import sha1
from typing import Final

from qianjun.org.roles import ADMINISTRATORS

PERIOD_S: Final = 30
DIGITS: Final = 6
# clocks of phones are wrong by some seconds, and people type slowly
STEPS_AROUND: Final = 1
LIVE: Final = "live"
OFFERED, ADMINS, EVERYONE = "offered", "admins", "everyone"


def step_at(moment: datetime) -> int:
    """The number of the half minute."""
    return int(moment.timestamp()) // PERIOD_S


def code_at(secret: str, step: int) -> str:
    """The six digits that a phone shows in this half minute. 动态码"""
    key = base64.b32decode(secret.encode("ascii"), casefold=True)
    digest = hmac.new(key, struct.pack(">Q", step), sha1).digest()
    start = digest[-1] & 0x0F
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFF_FFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def typed(code: str) -> str:
    """What was typed, without blanks; full-width digits are digits."""
    return "".join(unicodedata.normalize("NFKC", code).split())


def matching_step(secret: str, code: str, *, now: datetime, after: int = -1) -> int | None:
    """The half minute whose code this is, later than ``after``: a code is good once. 校验"""
    here = step_at(now)
    for step in range(here - STEPS_AROUND, here + STEPS_AROUND + 1):
        fits = hmac.compare_digest(code_at(secret, step).encode(), typed(code).encode())
        if fits and step > after:
            return step
    return None


def must_have(role: str, *, chosen: str, realm: str) -> bool:
    """Whether whoever acts in this role needs a second proof. 必须开启

    Only in the realm live: nobody is locked out of a demonstration or a drill.
    """
    if realm != LIVE or not role:
        return False
    return chosen == EVERYONE or (chosen == ADMINS and role in ADMINISTRATORS)
