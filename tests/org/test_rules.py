"""Grants, delays and masks, judged from values alone."""

import pytest

from qianjun.org.roles import permissions_of
from qianjun.org.rules import acts_as, covers, delay_s, masked_name


def test_somebody_without_a_grant_may_nothing() -> None:
    assert acts_as([])[:2] == ("", frozenset())
    assert acts_as([("king", "")])[:2] == ("", frozenset())


def test_one_grant_gives_its_role_and_its_tree() -> None:
    role, permissions, scope = acts_as([("community_worker", "450202/450202001")])
    assert role == "community_worker"
    assert permissions == permissions_of(["community_worker"])
    assert (scope.kind, scope.unit_path) == ("unit", "450202/450202001")


def test_two_roles_over_the_district_are_added_up() -> None:
    role, permissions, scope = acts_as([("system_admin", ""), ("duty_officer", "")])
    assert role == "duty_officer"
    assert permissions == permissions_of(["duty_officer", "system_admin"])
    assert scope.kind == "all"


def test_a_role_in_one_street_does_not_widen_a_role_in_the_district() -> None:
    role, permissions, scope = acts_as([("bureau_leader", ""), ("keeper", "450202/450202001")])
    assert (role, scope.kind) == ("bureau_leader", "all")
    assert "report.take" not in permissions


def test_a_role_in_the_district_counts_in_the_street_of_the_leading_one() -> None:
    street = "450202/450202001"
    role, permissions, scope = acts_as([("duty_officer", street), ("security_admin", "")])
    assert (role, scope.unit_path) == ("duty_officer", street)
    assert "body.erase" in permissions


@pytest.mark.parametrize(
    ("tree", "path", "inside"),
    [
        ("", "450202", True),
        ("450202", "450202", True),
        ("450202/450202001", "450202/450202001/450202001003", True),
        ("450202/450202001", "450202/450202002", False),
        ("450202/450202001", "450202/4502020010", False),
        ("450202/450202001", "450202", False),
    ],
)
def test_a_tree_covers_itself_and_what_is_below(tree: str, path: str, inside: bool) -> None:
    assert covers(tree, path) is inside


def test_waiting_doubles_from_the_third_failure_and_ends_at_a_minute() -> None:
    assert [delay_s(n) for n in range(10)] == [0, 0, 0, 2, 4, 8, 16, 32, 60, 60]
    assert delay_s(1_000_000) == 60


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("王晓明", "王**"),
        ("王明", "王*"),
        ("王", "王*"),
        ("演示李国强", "演示李**"),
        ("演示", "演示"),
        ("", ""),
    ],
)
def test_a_masked_name_keeps_the_surname(name: str, masked: str) -> None:
    assert masked_name(name) == masked
