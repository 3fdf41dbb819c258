"""Whoever sees a whole telephone number leaves a row behind."""

from dataclasses import replace

import pytest

from qianjun.journal.models import Entry
from qianjun.kernel import clock
from qianjun.org.actions import find_by_phone, reveal_phone, revoke_token
from qianjun.org.actor import Scope
from qianjun.org.models import Address, Read
from qianjun.org.tokens import actor_for_token, make_token
from tests import cast
from tests.org.refusals import refused

pytestmark = pytest.mark.django_db
PHONE = "10000099001"


@pytest.fixture
def address() -> Address:
    person = cast.person(cast.XIAOCHEN, phone=PHONE)
    return Address.objects.get(person=person)


def test_a_reveal_shows_the_number_and_notes_who_saw_it_and_why(address: Address) -> None:
    officer = cast.actor(cast.XIAOWANG)
    assert reveal_phone(by=officer, address=address.pk, why="联系不上，改打电话") == PHONE
    row = Read.objects.get()
    assert (row.what, row.about_kind, row.about_id) == ("phone.reveal", "address", str(address.pk))
    assert (row.by_kind, row.by_id, row.by_role) == ("person", officer.ident, "duty_officer")
    assert (row.why, row.at) == ("联系不上，改打电话", clock.real())
    assert not Entry.objects.exists()


@pytest.mark.parametrize(("why", "code"), [("", "why_needed"), ("  \n", "why_needed")])
def test_a_reveal_without_a_reason_shows_nothing(address: Address, why: str, code: str) -> None:
    with refused(code, status=422):
        reveal_phone(by=cast.actor(cast.XIAOWANG), address=address.pk, why=why)
    assert not Read.objects.exists()


def test_a_very_long_reason_is_no_reason(address: Address) -> None:
    with refused("why_needed", status=422):
        reveal_phone(by=cast.actor(cast.XIAOWANG), address=address.pk, why="因" * 201)


@pytest.mark.parametrize("part", [cast.JUZHANG, cast.SYSTEM, cast.AQIANG, cast.OUTSIDER])
def test_who_may_not_reveal_is_refused(address: Address, part: cast.Part) -> None:
    with refused("not_allowed", status=403):
        reveal_phone(by=cast.actor(part), address=address.pk, why="看看")
    assert not Read.objects.exists()


def test_a_number_out_of_scope_and_a_number_that_is_not_look_the_same(address: Address) -> None:
    street = Scope(kind="unit", unit_path="450202/450202001")
    officer = replace(cast.actor(cast.XIAOWANG), scope=street)
    for asked in (address.pk, 0):
        with refused("not_found", status=404):
            reveal_phone(by=officer, address=asked, why="联系")


def test_a_search_by_telephone_is_noted_found_or_not(address: Address) -> None:
    officer = cast.actor(cast.XIAOWANG)
    assert find_by_phone(by=officer, phone="100 0009 9001") == [address.person]
    assert find_by_phone(by=officer, phone="10000099002") == []
    rows = Read.objects.values_list("what", "about_id")
    assert set(rows) == {("phone.search", "100****9001"), ("phone.search", "100****9002")}


def test_a_search_needs_a_number_and_a_permission(address: Address) -> None:
    with refused("bad_phone", status=422):
        find_by_phone(by=cast.actor(cast.XIAOWANG), phone="100")
    with refused("not_allowed", status=403):
        find_by_phone(by=cast.actor(cast.SYSTEM), phone=address.value)


def test_a_revoked_token_opens_nothing_and_revoking_twice_is_revoking_once() -> None:
    plain, token = make_token(role="keeper", name="库", days=1)
    security = cast.actor(cast.SECURITY)
    revoke_token(by=security, token=token.pk)
    revoke_token(by=security, token=token.pk)
    with refused("token_revoked", status=401):
        actor_for_token(plain)
    with refused("not_found", status=404):
        revoke_token(by=security, token=0)
    with refused("not_allowed", status=403):
        revoke_token(by=cast.actor(cast.XIAOWANG), token=token.pk)
