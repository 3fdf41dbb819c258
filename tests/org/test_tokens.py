"""Tokens: who acts, with what, for how long, and where a token is not welcome."""

from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256

import pytest
from django.http import HttpRequest
from django.test import RequestFactory
from pytest_django import DjangoAssertNumQueries

from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.org.actor import Actor
from qianjun.org.http import bearer, signed_in
from qianjun.org.models import Token
from qianjun.org.tokens import actor_for_token, make_token
from tests import cast

pytestmark = pytest.mark.django_db


def refusal(ask: Callable[[], object]) -> Refused:
    with pytest.raises(Refused) as caught:
        ask()
    assert caught.value.status == 401
    return caught.value


def request_with(plain: str = "", query: str = "", **cookies: str) -> HttpRequest:
    headers = {"Authorization": f"Bearer {plain}"} if plain else {}
    factory = RequestFactory(headers=headers)
    factory.cookies.load(cookies)
    return factory.get(f"/api/v1/incidents{query}")


def test_a_token_acts_with_its_role() -> None:
    plain, token = make_token(role="duty_officer", name="接口", days=3)
    actor = actor_for_token(plain)
    assert (actor.kind, actor.ident, actor.role) == ("token", str(token.pk), "duty_officer")
    assert actor.may("report.take")
    assert not actor.may("audit.verify")
    assert actor.scope.kind == "all"


def test_a_token_of_a_unit_sees_its_tree() -> None:
    actor = actor_for_token(cast.token_for("community_worker", unit=cast.unit("450202001")))
    assert (actor.scope.kind, actor.scope.unit_path) == ("unit", "450202/450202001")


def test_a_narrowed_token_may_less_but_never_more_than_its_role() -> None:
    plain, _token = make_token(
        role="volunteer", name="窄", days=1, permissions=["report.take", "token.make"]
    )
    assert actor_for_token(plain).permissions == {"report.take"}
    plain, _token = make_token(role="volunteer", name="空", days=1, permissions=[])
    assert actor_for_token(plain).permissions == frozenset()


def test_only_the_hash_of_a_token_is_kept() -> None:
    plain, token = make_token(role="keeper", name="库", days=1)
    assert token.sha256 == sha256(plain.encode()).hexdigest()
    assert plain not in str(Token.objects.values_list().get(pk=token.pk))


@pytest.mark.parametrize("text", ["", "qj_", "qj_" + "A" * 43, "队" * 46, "x" * 100_000, "qj_\x00"])
def test_an_unknown_token_is_refused(text: str) -> None:
    assert refusal(lambda: actor_for_token(text)).code == "bad_token"


def test_an_expired_token_is_refused(held_clock: clock.Held) -> None:
    plain, _token = make_token(role="keeper", name="库", days=1)
    held_clock.forward(timedelta(days=1))
    assert refusal(lambda: actor_for_token(plain)).code == "token_expired"


def test_a_revoked_token_is_refused() -> None:
    plain, token = make_token(role="keeper", name="库", days=1)
    Token.objects.filter(pk=token.pk).update(revoked_at=clock.real())
    assert refusal(lambda: actor_for_token(plain)).code == "token_revoked"


@pytest.mark.parametrize(("role", "days"), [("boss", 1), ("keeper", 0), ("keeper", 99_999)])
def test_a_token_of_an_unknown_role_or_an_absurd_life_is_not_made(role: str, days: int) -> None:
    with pytest.raises(Refused):
        make_token(role=role, name="x", days=days)


def test_authentication_is_one_statement_and_notes_the_day_of_use(
    django_assert_num_queries: DjangoAssertNumQueries, held_clock: clock.Held
) -> None:
    plain, token = make_token(role="keeper", name="库", days=3)
    for expected in ("2026-06-01", "2026-06-01", "2026-06-02"):
        request = request_with(plain)
        with django_assert_num_queries(1):
            assert isinstance(bearer(request), Actor)
        token.refresh_from_db()
        assert str(token.last_used_on) == expected
        held_clock.forward(timedelta(hours=9))  # 14:05, 23:05, 08:05 in Beijing


@pytest.mark.parametrize("door", [bearer, signed_in])
def test_a_token_in_the_address_or_in_a_cookie_is_refused(
    door: Callable[[HttpRequest], Actor],
) -> None:
    plain = cast.token_for("duty_officer")
    assert refusal(lambda: door(request_with(query=f"?token={plain}"))).code == "token_in_query"
    assert refusal(lambda: door(request_with(query="?access_token=x"))).code == "token_in_query"
    in_both = request_with(plain, query=f"?q={plain}")
    assert refusal(lambda: door(in_both)).code == "token_in_query"
    in_cookie = request_with(token=plain)
    assert refusal(lambda: door(in_cookie)).code == "token_in_cookie"


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic eDp5", "bearer"])
def test_a_request_without_a_token_is_told_what_to_do(header: str) -> None:
    request = RequestFactory(headers={"Authorization": header}).get("/")
    assert refusal(lambda: bearer(request)).code == "no_token"
