"""The table of clocks: every row can be reached, the strictest counts, days end at midnight."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from qianjun.org.shipped import shipped_units
from qianjun.response.queries.clocks import clock_rules
from qianjun.response.rules.clocks import (
    AT_RISK,
    EVERYBODY,
    OURS,
    QUICK,
    STARTS,
    ClockRule,
    Facts,
    clock_table,
    due_of,
    holds_for,
    is_at_risk,
    minutes_between,
    recipients_of,
    state_of,
)
from qianjun.response.rules.days import end_of_day
from qianjun.response.rules.upward import said_of

AT = datetime(2026, 6, 1, 6, 5, tzinfo=UTC)  # 14:05 in Beijing
HOUR = timedelta(hours=1)
REGION, STATE, CITY = "450000-YJ", "100000-YJB", "450200-YJ"
RULES = clock_rules().rules


def facts(**changed: object) -> Facts:
    """A factory fire, of which nothing but the receipt is known."""
    return Facts(**{"category": "12G01", "grade": None, "received_at": AT} | changed)  # type: ignore[arg-type]


def fitting(rule: ClockRule) -> Facts:
    """Facts for which this row asks."""
    grade = rule.grade_from
    return Facts(
        category=(rule.categories or ("12G",))[0],
        grade=grade,
        received_at=AT,
        happened_at=AT - HOUR,
        gradings=((grade, AT),),
        at_risk_at=AT if rule.needs == AT_RISK else None,
        activated_at=AT,
        reported_at=AT,
        changed_at=AT,
        quick=rule.needs == QUICK,
    )


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_every_row_is_reached_by_some_incident(rule: ClockRule) -> None:
    told = fitting(rule)
    assert holds_for(rule, told)
    due = due_of(told, [rule], everybody=[CITY])
    assert {one.unit for one in due} == {
        unit for named in rule.units for unit in ([CITY] if named == EVERYBODY else [named])
    }
    assert all(one.due_at >= one.started_at for one in due)
    assert len(said_of(rule)) <= 120 or rule.step == "accident_notice"


def test_every_row_has_its_code_its_source_and_known_units() -> None:
    codes = [rule.code for rule in RULES]
    assert len(codes) == len(set(codes))
    units = {row["code"] for row in shipped_units()}
    for rule in RULES:
        assert set(rule.units) <= units | {EVERYBODY}
        assert rule.basis_zh
        assert rule.basis_en
        assert rule.zh != rule.en


@pytest.mark.parametrize("start", STARTS)
def test_a_row_may_count_from_every_start(start: str) -> None:
    row = {"code": "x", "step": "written_report", "start": start, "minutes": 30, "units": [CITY]}
    words = {"zh": "甲", "en": "A", "basis_zh": "乙", "basis_en": "B"}
    table = clock_table({"kinds": {}, "rules": [row | words], "at_risk": []})
    moments = {"happened_at": AT - HOUR, "activated_at": AT + HOUR, "reported_at": AT + 2 * HOUR}
    told = facts(**moments, changed_at=AT + 3 * HOUR, gradings=((4, AT + 4 * HOUR),))
    (due,) = due_of(told, table.rules)
    hours = {"happened": -1, "received": 0, "verified": 4, "activated": 1, "reported": 2}
    assert due.started_at == AT + hours.get(start, 3) * HOUR
    assert due.due_at == due.started_at + timedelta(minutes=30)


@pytest.mark.parametrize(
    "wrong",
    [
        {"step": "nothing"},
        {"start": "never"},
        {"minutes": None},
        {"days": 1},
        {"units": []},
        {"whose": "nobody"},
        {"needs": "luck"},
    ],
)
def test_a_row_that_says_nothing_is_refused(wrong: dict[str, object]) -> None:
    row = {"code": "x", "step": "written_report", "start": "received", "minutes": 30}
    words = {"zh": "甲", "en": "A", "basis_zh": "乙", "basis_en": "B", "units": [CITY]}
    told = {k: v for k, v in (row | words | wrong).items() if v is not None}
    with pytest.raises(ValueError, match="x:"):
        clock_table({"kinds": {}, "rules": [told], "at_risk": []})


def test_of_several_rows_for_one_recipient_the_strictest_counts() -> None:
    told = facts(grade=3, gradings=((3, AT),), quick=True, at_risk_at=AT)
    found = {(one.unit, one.rule.step): one for one in due_of(told, RULES)}
    assert found[CITY, "written_report"].rule.code == "quick_written"
    assert found[CITY, "written_report"].due_at == AT + timedelta(minutes=35)
    assert found[REGION, "written_report"].due_at == AT + 2 * HOUR
    slow = {(one.unit, one.rule.step): one for one in due_of(facts(), RULES)}
    assert slow[CITY, "written_report"].rule.code == "upward"
    assert (CITY, "phone_report") not in slow
    assert (REGION, "written_report") not in slow


def test_who_is_reported_to_grows_with_the_grade() -> None:
    usual = recipients_of(facts(grade=4), RULES)
    assert usual == ("450202-QWB", "450202-QZFB", CITY)
    assert recipients_of(facts(grade=3), RULES) == (*usual, REGION)
    assert recipients_of(facts(grade=2), RULES) == (*usual, REGION, STATE)
    assert recipients_of(facts(grade=4, at_risk_at=AT), RULES) == (*usual, REGION)
    assert recipients_of(facts(category="11A00", grade=1), RULES) == usual


def test_what_is_not_ours_is_said_to_be_somebody_elses() -> None:
    due = due_of(facts(happened_at=AT - HOUR), RULES)
    theirs = [one for one in due if one.rule.whose != OURS]
    assert [one.rule.code for one in theirs] == ["enterprise"]
    assert theirs[0].due_at == AT
    health = due_of(facts(category="13A00"), RULES)
    assert [one.rule.whose for one in health if one.rule.whose != OURS] == [
        *("health", "institution", "government")
    ]


@pytest.mark.parametrize(
    ("figures", "danger"),
    [
        ({"missing": 2}, False),
        ({"missing": 3}, True),
        ({"missing": 2, "injured": 7}, False),
        ({"missing": 2, "serious": 1, "injured": 7}, True),
        ({"evacuated": 500}, False),
        ({"evacuated": 499, "injured": 9}, False),
        ({"evacuated": 500, "injured": 10}, True),
        ({"dead": 2}, False),
        ({}, False),
    ],
)
def test_grave_danger_is_seen_in_the_figures(figures: dict[str, int], danger: bool) -> None:
    assert (is_at_risk(clock_rules(), figures) is not None) is danger


def beijing(*day_and_time: int) -> datetime:
    """An instant as Beijing writes it."""
    return datetime(*day_and_time, tzinfo=UTC) - timedelta(hours=8)  # type: ignore[misc, arg-type]


@pytest.mark.parametrize(
    ("at", "days", "ends"),
    [
        (beijing(2026, 6, 1, 0, 0), 0, beijing(2026, 6, 2)),
        (beijing(2026, 6, 1, 23, 59), 0, beijing(2026, 6, 2)),
        (beijing(2026, 6, 2, 0, 0), 0, beijing(2026, 6, 3)),
        (beijing(2026, 5, 25, 14, 5), 7, beijing(2026, 6, 2)),
        (beijing(2026, 12, 31, 23, 59), 0, beijing(2027, 1, 1)),
        (beijing(2028, 2, 22, 8, 0), 7, beijing(2028, 3, 1)),
        (beijing(2027, 2, 22, 8, 0), 7, beijing(2027, 3, 2)),
        (beijing(2028, 1, 30, 12, 0), 30, beijing(2028, 3, 1)),
    ],
)
def test_days_end_at_midnight_over_months_and_leap_days(
    at: datetime, days: int, ends: datetime
) -> None:
    assert end_of_day(at, days=days) == ends


def test_a_clock_is_met_late_overdue_open_or_void() -> None:
    due: dict[str, Any] = {"due_at": AT, "void_at": None}
    assert state_of(**due, met_at=AT, now=AT + HOUR) == "met"
    assert state_of(**due, met_at=AT + HOUR, now=AT + HOUR) == "late"
    assert state_of(**due, met_at=None, now=AT) == "open"
    assert state_of(**due, met_at=None, now=AT + HOUR) == "overdue"
    assert state_of(due_at=AT, met_at=None, void_at=AT, now=AT + HOUR) == "void"
    assert [minutes_between(AT, AT + n * HOUR) for n in (-1, 2)] == [0, 120]
