"""Tokens are made and revoked on a page; the auditor sees who looked at what."""

import re

import pytest
from django.test import Client

from qianjun.kernel.errors import Refused
from qianjun.org.actions import find_by_phone
from qianjun.org.models import Token
from qianjun.org.roles import ADMINISTRATORS, ROLES
from qianjun.org.tokens import actor_for_token
from tests import cast

pytestmark = pytest.mark.django_db(transaction=True)
PAGE, READS = "/admin/tokens/", "/admin/reads/"
FORM = {"name": "热线接口", "role": "partner", "days": "30", "unit": cast.STREET}


@pytest.fixture
def admin(request: pytest.FixtureRequest) -> Client:
    """系统管理员 at his desk."""
    request.getfixturevalue("transactional_db")
    cast.unit(cast.STREET)
    return cast.signed_in(cast.SYSTEM)


def test_a_token_is_shown_once_and_acts_until_it_is_revoked(admin: Client) -> None:
    page = admin.post(PAGE, FORM).content.decode()
    found = re.search(r"<code>(qj_[\w-]+)</code>", page)
    assert found
    assert actor_for_token(found[1]).scope.unit_path == cast.unit(cast.STREET).path
    page = admin.get(PAGE).content.decode()
    assert "热线接口" in page
    assert found[1] not in page
    admin.post(f"{PAGE}{Token.objects.get().pk}/revoke/")
    with pytest.raises(Refused, match="token_revoked"):
        actor_for_token(found[1])


@pytest.mark.parametrize(
    "wrong",
    [{"name": " "}, {"role": "king"}, {"days": "0"}, {"days": "x"}, {"unit": "nowhere"}],
)
def test_a_wrong_wish_is_said_and_makes_nothing(admin: Client, wrong: dict[str, str]) -> None:
    reply = admin.post(PAGE, FORM | wrong)
    assert reply.status_code == 422
    assert 'role="alert"' in reply.content.decode()
    assert not Token.objects.exists()


@pytest.mark.parametrize("part", [cast.SYSTEM, cast.SECURITY], ids=lambda part: part.role)
def test_an_administrator_makes_no_key_that_opens_what_he_may_not(part: cast.Part) -> None:
    cast.unit(cast.STREET)
    client = cast.signed_in(part)
    offered = set(re.findall(r'<option value="(\w+)"', client.get(PAGE).content.decode()))
    readers = {"duty_officer", "leader_in_charge", "bureau_leader", "commander"}
    others = set(ADMINISTRATORS) - {part.role}
    assert offered == set(ROLES) - readers - others
    for role in readers | others:
        reply = client.post(PAGE, FORM | {"role": role})
        assert (reply.status_code, Token.objects.exists()) == (422, False), role
        assert "qianjun token" in reply.content.decode()
    for role in offered:
        client.post(PAGE, FORM | {"role": role})
    assert {token.role for token in Token.objects.all()} == offered


def test_the_auditor_sees_who_searched_and_nobody_else_does(admin: Client) -> None:
    find_by_phone(by=cast.actor(cast.XIAOWANG), phone="10000000001")
    page = cast.signed_in(cast.AUDIT).get(READS).content.decode()
    assert "按号码查人" in page
    for part in cast.CAST:
        client = cast.signed_in(part)
        auditor = part.role == "audit_admin"
        assert client.get(READS).status_code == (200 if auditor else 403), part.name
        makes = part.role in ("system_admin", "security_admin")
        assert client.get(PAGE).status_code == (200 if makes else 403), part.name
    assert admin.get(PAGE).status_code == 200
