"""What an act does to a task needs no database: received first decides."""

from datetime import UTC, datetime, timedelta

import pytest

from qianjun.incident.rules.tasks import (
    ACTS,
    STAGES,
    STEPS,
    TAKEN,
    Kind,
    Standing,
    asks_for_help,
    judge,
    later,
    says_yes,
)

AT = datetime(2026, 6, 1, 6, 5, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
NEW = Standing()
KINDS: tuple[Kind, ...] = ("opened", "accepted", "progress", "help", "done")


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_off_or_handed_on_takes_nothing_and_says_so(kind: Kind) -> None:
    for standing in (
        Standing(dropped=True),
        Standing(moved=True),
        Standing(dropped=True, done=True),
    ):
        judged = judge(kind, standing, happened_at=AT)
        assert judged.outcome == "too_late"
        assert judged.says
        assert not judged.counts


@pytest.mark.parametrize(
    ("kind", "standing", "outcome"),
    [
        ("opened", NEW, "taken"),
        ("opened", Standing(read=True), "not_needed"),
        ("accepted", NEW, "taken"),
        ("accepted", Standing(accepted=True), "not_needed"),
        ("accepted", Standing(due_at=AT - MINUTE), "accepted_late"),
        ("accepted", Standing(due_at=AT), "taken"),
        ("accepted", Standing(done=True), "not_needed"),
        ("progress", NEW, "taken"),
        ("progress", Standing(done=True, accepted=True), "too_late"),
        ("help", Standing(accepted=True), "taken"),
        ("help", Standing(done=True), "too_late"),
        ("done", NEW, "taken"),
        ("done", Standing(done=True), "not_needed"),
    ],
)
def test_an_act_counts_when_nothing_newer_stands(
    kind: Kind, standing: Standing, outcome: str
) -> None:
    judged = judge(kind, standing, happened_at=AT)
    assert judged.outcome == outcome
    assert judged.counts == (outcome in ("taken", "accepted_late"))
    assert kind == "opened" or judged.says


def test_an_older_instant_overwrites_no_newer_one() -> None:
    assert later(None, AT) == AT
    assert later(AT, AT - MINUTE) == AT
    assert later(AT, AT + MINUTE) == AT + MINUTE


def test_a_call_for_help_stands_until_something_newer_is_told() -> None:
    assert asks_for_help(AT, None)
    assert asks_for_help(AT, AT - MINUTE)
    assert not asks_for_help(AT, AT + MINUTE)
    assert not asks_for_help(None, AT)


@pytest.mark.parametrize("said", ["收到", "收到，马上办", "好的", "OK", "1", "【收到】", "马上到"])
def test_who_answers_that_he_has_it_has_it(said: str) -> None:
    assert says_yes(said)


@pytest.mark.parametrize("said", ["", "来不了", "不行", "谁收到了？", "没收到", "在外地"])
def test_who_answers_otherwise_has_not_signed(said: str) -> None:
    assert not says_yes(said)


def test_every_kind_has_its_words() -> None:
    assert set(ACTS.values()) == set(KINDS) == set(STEPS) == set(TAKEN)
    assert {"open", "unsigned", "moved"} < set(STAGES)
