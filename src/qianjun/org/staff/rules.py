"""How an address is shown, and which roles exclude each other. 人员规则"""

from collections.abc import Iterable

from qianjun.kernel.text import masked_phone
from qianjun.org.roles import ADMINISTRATORS

SHOWN = 1


def masked_value(channel: str, value: str) -> str:
    """An address with its middle hidden: 138****0000, d***@example.test. 地址脱敏"""
    name, at, place = value.partition("@")
    if channel == "email" and at:
        return f"{name[:SHOWN]}***@{place}"
    return masked_phone(value) if value[-4:].isdigit() else f"{value[:SHOWN]}***"


def excluded_by(role: str, held: Iterable[str]) -> str:
    """The role that keeps somebody from having this one, or nothing. 三员分立

    An administrator is nothing else: neither another administrator nor anybody who acts.
    """
    others = [one for one in held if one != role]
    if role in ADMINISTRATORS:
        return next(iter(others), "")
    return next((one for one in others if one in ADMINISTRATORS), "")


def mixed(held: Iterable[str]) -> tuple[str, str] | None:
    """An administrator's role and another that stand together and must not; None if apart."""
    roles = list(held)
    found = ((role, excluded_by(role, roles)) for role in roles if role in ADMINISTRATORS)
    return next(((role, other) for role, other in found if other), None)
