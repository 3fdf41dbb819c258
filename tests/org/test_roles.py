"""The role table says what the defaults decide; nobody has a permission by accident."""

import ast
from pathlib import Path

import pytest

from qianjun.org import roles as written
from qianjun.org.roles import PERMISSIONS, ROLES, permissions_of

CONTRACT = [
    "duty_officer",
    "leader_in_charge",
    "bureau_leader",
    "commander",
    "community_worker",
    "team_leader",
    "volunteer",
    "keeper",
    "inspector",
    "safety_officer",
    "partner",
    "system_admin",
    "security_admin",
    "audit_admin",
]
INCIDENT = {
    *("report.take", "report.read", "report.read_own", "report.sort", "incident.read"),
    *("incident.note", "incident.figure", "incident.close", "incident.reopen", "incident.settle"),
    *("place.locate", "live.listen", "desk.read", "person.reveal", "card.settle"),
}
READING = {
    *("report.read", "report.read_own", "incident.read", "incident.note", "incident.figure"),
    *("place.locate", "live.listen", "desk.read"),
}
EXPECTED = {
    "duty_officer": INCIDENT | {"clock.read", "clock.move", "simulator.use"},
    "leader_in_charge": INCIDENT | {"body.erase"},
    "bureau_leader": READING,
    "commander": READING,
    "community_worker": {"report.take", "report.read_own"},
    "inspector": {"report.take", "report.read_own"},
    "partner": {"report.take", "report.read_own"},
    "team_leader": {"report.take"},
    "volunteer": {"report.take"},
    "safety_officer": {"report.take"},
    "keeper": {"report.take"},
    "system_admin": {"clock.read", "clock.move", "simulator.use", "token.make"},
    "security_admin": {"token.make", "body.erase"},
    "audit_admin": {"audit.verify"},
    "": set(),
}
DECIDED = {permission for permissions in EXPECTED.values() for permission in permissions}


def test_the_roles_are_those_of_the_contract() -> None:
    assert sorted(ROLES) == sorted(CONTRACT)


@pytest.mark.parametrize("role", EXPECTED)
def test_each_role_may_what_the_defaults_say_and_nothing_else(role: str) -> None:
    assert permissions_of([role]) & DECIDED == EXPECTED[role]


@pytest.mark.parametrize("role", ["system_admin", "security_admin", "audit_admin"])
def test_no_administrator_reads_incidents_or_reports(role: str) -> None:
    reading = {"incident.read", "report.read", "report.read_own", "desk.read", "person.reveal"}
    assert not permissions_of([role]) & reading


def test_every_permission_is_held_by_known_roles() -> None:
    for permission, roles in PERMISSIONS.items():
        assert roles, permission
        assert roles <= set(ROLES), permission


@pytest.mark.parametrize("name", ["PERMISSIONS", "VERBS"])
def test_the_tables_are_in_alphabetical_order(name: str) -> None:
    # as they are written: what modules bring comes behind
    tree = ast.parse(Path(written.__file__).read_text(encoding="utf-8"))
    (table,) = (
        node.value
        for node in tree.body
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == name
    )
    assert isinstance(table, ast.Dict)
    keys = [key.value for key in table.keys if isinstance(key, ast.Constant)]
    assert len(keys) > 20
    assert keys == sorted(keys, key=str)
