"""Who may not is refused for that, whatever he sends; a stranger is asked who he is."""

import pytest
from django.test import Client

from qianjun.org.roles import PERMISSIONS, ROLES, ROUTES
from tests import cast
from tests.guard.routes import PARAMETER

pytestmark = pytest.mark.django_db
JSON = "application/json"
WRITING = {
    route: PERMISSIONS[permission]
    for route, permission in ROUTES.items()
    if " /api/" in route and not route.startswith("GET ") and permission in PERMISSIONS
}


@pytest.mark.parametrize("body", [b"{}", b"{", b"", b"[]"])
def test_a_permission_comes_before_a_body(body: bytes) -> None:
    clients = {role: cast.client_for(role) for role in ROLES}
    said = {}
    for route, holders in WRITING.items():
        method, path = PARAMETER.sub("1", route).split(" ")
        stranger = next(role for role in ROLES if role not in holders)
        reply = clients[stranger].generic(method, path, body, content_type=JSON)
        said[route] = reply.status_code
    assert len(said) > 40
    assert {route: status for route, status in said.items() if status not in (403, 404)} == {}


def test_a_permission_comes_before_a_parameter() -> None:
    asked = "/api/v1/incidents?limit=0&state=burning"
    assert cast.client_for("volunteer").get(asked).status_code == 403
    assert cast.client_for("duty_officer").get(asked).status_code == 422


@pytest.mark.parametrize("path", ["places/locate", "uploads"])
def test_a_stranger_is_asked_who_he_is_not_for_the_token_of_a_page(path: str) -> None:
    reply = Client(enforce_csrf_checks=True).post(f"/api/v1/{path}", {}, content_type=JSON)
    assert (reply.status_code, reply["Content-Type"]) == (401, "application/problem+json")
