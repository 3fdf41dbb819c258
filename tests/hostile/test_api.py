"""Every address of the API against every hostile value: a clear sentence, nothing half done."""

import json
from urllib.parse import quote_from_bytes

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qianjun.site.api import api
from tests import cast
from tests.guard.routes import plain
from tests.guard.tree import listed
from tests.hostile.bodies import BODIES, REPORT
from tests.hostile.examples import (
    API,
    ASKED_BY,
    Asker,
    api_routes,
    counts,
    faults,
    furnish,
    path_for,
    written,
)
from tests.hostile.values import BODIES as WHOLE
from tests.hostile.values import EVERY_VALUE, IDS, KEYS, Raw
from tests.hostile.variants import variants

pytestmark = pytest.mark.django_db(transaction=True)
WRITING = sorted({route.name for route in api_routes("POST", "PATCH", "PUT", "DELETE")})
READING = sorted({route.name for route in api_routes("GET")})
OFFICER = "duty_officer"
BODY_BYTES = 256 * 1024


@pytest.fixture
def officer(request: pytest.FixtureRequest) -> Asker:
    """A duty officer in a furnished house; the leader where only he may."""
    furnish()
    asked = getattr(request.node, "callspec", None)
    return Asker(role=ASKED_BY.get(asked.params.get("route", "") if asked else "", OFFICER))


def test_every_address_that_takes_a_body_has_an_example() -> None:
    assert set(WRITING) == set(BODIES)


@pytest.mark.parametrize("route", WRITING)
def test_a_good_body_is_taken(officer: Asker, route: str) -> None:
    method = route.split(" ", 1)[0]
    reply = officer.send(method, path_for(route, officer.thing(route)), BODIES[route])
    good = (200, 201, 202, 204, 404, 409) if "/uploads" not in route else (201, 204, 400, 415)
    assert reply.status_code in good, reply.content.decode()


@pytest.mark.parametrize("route", WRITING)
def test_no_value_of_a_field_breaks_an_address(officer: Asker, route: str) -> None:
    method, problems = route.split(" ", 1)[0], list[str]()
    path = path_for(route, officer.thing(route))
    for what, body in variants(BODIES[route], EVERY_VALUE):
        before = counts()
        problems += faults(what, officer.send(method, path, body), before)
    assert not problems, listed(problems[:40])


@pytest.mark.parametrize("route", WRITING)
def test_no_whole_body_breaks_an_address(officer: Asker, route: str) -> None:
    method, problems = route.split(" ", 1)[0], list[str]()
    path = path_for(route, officer.thing(route))
    for kind, body in WHOLE:
        before = counts()
        reply = officer.raw(method, path, body, kind)
        problems += faults(f"{kind} {body[:40]!r}", reply, before)
        # an address that takes no body does not read one; the server in front of it does
        if len(body) > BODY_BYTES and BODIES[route] and reply.status_code != 413:
            problems.append(f"{len(body)} bytes: {reply.status_code}")
    assert not problems, listed(problems)


@pytest.mark.parametrize("route", [r for r in (*WRITING, *READING) if "{}" in r])
def test_no_id_breaks_an_address(officer: Asker, route: str) -> None:
    method, problems = route.split(" ", 1)[0], list[str]()
    for ident in IDS:
        before = counts()
        reply = officer.send(method, path_for(route, ident), BODIES.get(route))
        problems += faults(ident[:40], reply, before)
        if reply.status_code not in (400, 404, 405, 409, 412, 422):
            problems.append(f"{ident[:40]}: {reply.status_code}")
    assert not problems, listed(problems)


def asked_of(route: str) -> list[str]:
    """The parameters that may stand behind an address, as its own description says."""
    method, path = route.split(" ", 1)
    if path == f"{API}events":
        return ["topics"]
    for written_path, operations in api.get_openapi_schema()["paths"].items():
        if plain(written_path) == path and method.lower() in operations:
            told = operations[method.lower()].get("parameters", [])
            return [one["name"] for one in told if one["in"] == "query"]
    return []


@pytest.mark.parametrize("route", READING)
def test_no_parameter_breaks_an_address(officer: Asker, route: str) -> None:
    path, problems = path_for(route, officer.thing(route)), list[str]()
    for name in asked_of(route):
        for value in EVERY_VALUE:
            text = value.text if isinstance(value, Raw) else f"{value}"
            asked = quote_from_bytes(text[:20_000].encode("utf-8", "surrogatepass"))
            reply = officer.raw("GET", f"{path}?{name}={asked}")
            problems += faults(f"{name}={text[:40]!r}", reply)
    assert not problems, listed(problems[:40])


@pytest.mark.parametrize("key", KEYS)
def test_a_bad_key_is_refused_and_nothing_is_written(officer: Asker, key: str) -> None:
    before = counts()
    reply = officer.raw("POST", f"{API}reports", written(REPORT).encode(), idempotency_key=key)
    assert reply.status_code in (400, 422), reply.status_code
    assert not faults(key[:20], reply, before)


@pytest.mark.parametrize(
    "authorization",
    ["", "Bearer", "Bearer ", "Bearer x", "Basic YTpi", "Bearer " + "x" * 10_000, "Bearer \u00ff"],
)
def test_a_bad_token_is_answered_with_401(authorization: str) -> None:
    stranger = Asker(role="")
    for route in WRITING:
        method, path = route.split(" ", 1)[0], path_for(route)
        reply = stranger.raw(method, path, b"{}", authorization=authorization)
        assert reply.status_code == 401, route
        assert not faults(route, reply)


def test_a_token_in_the_address_is_refused(officer: Asker) -> None:
    token = cast.token_for(officer.role)
    reply = Asker(role="").raw("GET", f"{API}incidents?token={token}")
    assert reply.status_code == 401
    assert not faults("token in the address", reply)


def test_an_unknown_address_and_an_unknown_method_answer_programs_in_their_form(
    officer: Asker,
) -> None:
    problems = list[str]()
    for path in ("nothing", "reports/1/nothing", "incidents//", "%00", "%ff", "..", "incidents/1/"):
        reply = officer.raw("GET", f"{API}{path}")
        problems += faults(path, reply)
        assert reply.status_code == 404 or "%" in path, path
    paths = {route.split(" ", 1)[1] for route in (*WRITING, *READING)}
    known = {(r.split(" ", 1)[0], r.split(" ", 1)[1]) for r in (*WRITING, *READING)}
    for path in sorted(paths - {f"{API}openapi.json"}):
        for method in ("PUT", "DELETE", "TRACE"):
            if (method, path) in known:
                continue
            reply = officer.send(method, path.replace("{}", "1"))
            problems += faults(f"{method} {path}", reply)
            assert reply.status_code == 405, (method, path)
    assert not problems, listed(problems)


words = st.text(max_size=40) | st.sampled_from(["phone", "public", "wgs84", "new", "auto", "12G03"])
numbers = st.integers() | st.floats() | st.floats(min_value=-181, max_value=181)
anything = st.recursive(
    st.none() | st.booleans() | numbers | words,
    lambda below: st.lists(below, max_size=3) | st.dictionaries(words, below, max_size=3),
    max_leaves=6,
)
fields = st.sampled_from([*REPORT, "caller.name", "unknown", ""])


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(changes=st.dictionaries(fields, anything, max_size=4))
def test_no_report_that_can_be_thought_of_breaks_the_intake(
    officer: Asker, changes: dict[str, object]
) -> None:
    before = counts()
    reply = officer.send("POST", f"{API}reports", REPORT | changes)
    assert not faults(json.dumps(changes), reply, before)
