"""Codes by the vectors of RFC 6238; each is good once; who must have a second proof."""

import base64
from datetime import UTC, datetime, timedelta

import pytest

from qianjun.org.second.rules import code_at, matching_step, must_have, step_at

SECRET = base64.b32encode(b"12345678901234567890").decode()


@pytest.mark.parametrize(
    ("second", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_the_codes_are_those_of_the_standard(second: int, code: str) -> None:
    assert code_at(SECRET, second // 30) == code


def test_a_phone_may_be_half_a_minute_wrong_and_a_code_is_good_once() -> None:
    now = datetime(2026, 6, 1, 6, 0, tzinfo=UTC)
    step = step_at(now)
    code = code_at(SECRET, step)
    for apart, right in ((0, True), (30, True), (-30, True), (60, False), (-60, False)):
        then = now + timedelta(seconds=apart)
        assert (matching_step(SECRET, code, now=then) == step) is right
    assert matching_step(SECRET, code, now=now, after=step) is None
    wide = "".join(chr(ord(c) + 0xFEE0) for c in code)
    assert matching_step(SECRET, f" {wide[:3]} {wide[3:]}", now=now) == step
    assert matching_step(SECRET, "", now=now) is None


def test_only_in_the_realm_live_somebody_must() -> None:
    for realm in ("demo", "drill"):
        assert not must_have("system_admin", chosen="everyone", realm=realm)
    for role in ("system_admin", "security_admin", "audit_admin"):
        assert must_have(role, chosen="admins", realm="live")
        assert not must_have(role, chosen="offered", realm="live")
    assert not must_have("duty_officer", chosen="admins", realm="live")
    assert must_have("duty_officer", chosen="everyone", realm="live")
    assert not must_have("", chosen="everyone", realm="live")
