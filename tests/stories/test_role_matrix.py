"""Every address × every role × own, other, no object: as the one table of roles says, never 500."""

import pytest

from qianjun.org import roles
from tests.guard.routes import plain
from tests.guard.tree import listed
from tests.hostile.examples import API, Asker, api_routes, body_for, furnish, path_for

pytestmark = pytest.mark.django_db(transaction=True)
TABLE = {plain(name): permission for name, permission in roles.ROUTES.items()}
READING, WRITING = ("GET",), ("POST", "PATCH", "PUT", "DELETE")
ROUTES = sorted({route.name for route in api_routes(*READING, *WRITING)})
NOBODY = "999999999"
EVENTS = "GET /api/v1/events"
# every id is a permission's business, or that of one's own reports
OWN = "report.read_own"


def asked(asker: Asker, route: str, ident: str | None, *, other: str = "1") -> int:
    """The status of this address for this asker; ``other`` is an incident that a body may name."""
    path = path_for(route, ident)
    if plain(route) == EVENTS:
        path += "?topics=desk"
    reply = asker.send(route.split(" ", 1)[0], path, body_for(route, incident=other))
    return reply.status_code


def may(role: str, permission: str) -> bool:
    """Whether the table lets a role in."""
    if permission in ("open", "signed_in"):
        return True
    return role in roles.PERMISSIONS[permission]


def misjudged(
    route: str, role: str, statuses: dict[str, int | None], *, permission: str
) -> list[str]:
    """What differs from the table, for objects of his own, of others, and of nobody."""
    found = []
    for whose, status in statuses.items():
        if status is None:
            continue
        told = f"{route} {role} {whose}: {status}"
        if status in (401, 405) or status >= 500:
            found.append(told)
        elif not may(role, permission) and status not in (403, 404):
            found.append(f"{told}, and {permission} is not his")
        elif whose == "own" and may(role, permission) and status in (403, 404):
            found.append(f"{told}, and {permission} is his")
        elif whose == "nobody" and may(role, permission) and status != 404:
            found.append(f"{told}, and there is none")
    if not may(role, permission) and statuses["other"] != statuses["nobody"]:
        found.append(f"{route} {role}: tells what exists, {statuses}")
    return found


@pytest.mark.parametrize("route", ROUTES)
def test_every_role_is_let_in_or_kept_out_as_the_table_says(route: str) -> None:
    furnish()
    officer = Asker(role="duty_officer")
    other = officer.report()["incident"]["id"]
    about_something, problems = "{}" in route, list[str]()
    untouched = officer.thing(route) if about_something else None
    for role in roles.ROLES:
        asker, lets_in = Asker(role=role), may(role, TABLE[route])
        statuses: dict[str, int | None] = {"own": None, "other": None, "nobody": None}
        own = asker.thing(route, only_his=not lets_in) if about_something else None
        if own or not about_something:
            statuses["own"] = asked(asker, route, own, other=other)
        if about_something:
            # who is kept out leaves it as it was, so the next one may be asked about it too
            strange = officer.thing(route) if lets_in else untouched
            statuses["other"] = asked(asker, route, strange, other=other)
            statuses["nobody"] = asked(asker, route, NOBODY, other=other)
        problems += misjudged(route, role, statuses, permission=TABLE[route])
    assert not problems, listed(problems)


@pytest.mark.parametrize("route", ROUTES)
def test_a_stranger_is_asked_who_he_is(route: str) -> None:
    status = asked(Asker(role=""), route, None)
    assert status == (401 if TABLE[route] != "open" else 200)


def test_a_report_of_somebody_else_looks_like_none_to_whoever_reads_his_own_only() -> None:
    furnish()
    officer = Asker(role="duty_officer")
    taken = officer.report()
    for role in sorted(roles.PERMISSIONS[OWN] - roles.PERMISSIONS["report.read"]):
        asker = Asker(role=role)
        own, other = asker.report(), f"{API}reports/{taken['id']}"
        assert asker.send("GET", f"{API}reports/{own['id']}").status_code == 200, role
        hidden, none = asker.send("GET", other), asker.send("GET", f"{API}reports/{NOBODY}")
        assert hidden.status_code == none.status_code == 404, role
        assert hidden.content == none.content, role


def test_a_topic_that_is_unknown_looks_like_one_that_is_forbidden() -> None:
    furnish()
    incident = Asker(role="duty_officer").report()["incident"]["id"]
    stranger = Asker(role="bureau_leader")
    unknown = stranger.send("GET", f"{API}events?topics=incident:{NOBODY}")
    assert unknown.status_code == 403
    allowed = stranger.send("GET", f"{API}events?topics=incident:{incident}")
    assert allowed.status_code == 200
    for role in ("volunteer", "system_admin", "audit_admin"):
        kept_out = Asker(role=role).send("GET", f"{API}events?topics=incident:{incident}")
        assert kept_out.status_code == 403, role


def test_the_check_sees_a_door_that_stands_open_and_one_that_is_shut() -> None:
    def seen(role: str, own: int, other: int, nobody: int) -> list[str]:
        statuses: dict[str, int | None] = {"own": own, "other": other, "nobody": nobody}
        return misjudged("GET /x", role, statuses, permission="incident.read")

    assert seen("volunteer", 200, 404, 404)
    assert seen("duty_officer", 403, 200, 404)
    assert seen("volunteer", 404, 403, 404)
    assert seen("duty_officer", 500, 200, 404)
    assert seen("duty_officer", 200, 200, 200)
    assert not seen("volunteer", 404, 404, 404)
    assert not seen("duty_officer", 409, 200, 404)
