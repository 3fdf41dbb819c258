"""A signed link opens one thing for one person, and one altered letter opens nothing."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries, Settings

from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.org.actor import Actor
from qianjun.org.links import TEXT, Purpose, actor_for_link, end_links, make_link, revoke_links
from qianjun.org.queries import name_of
from tests import cast
from tests.org.refusals import refused

pytestmark = pytest.mark.django_db
CALL_OUT = ("callout", "42")
ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"


def text_of(path: str) -> str:
    return path.rsplit("/", 1)[1]


def opened(path: str) -> Actor:
    purpose: Purpose = "v"
    return actor_for_link(purpose, text_of(path))


def test_a_link_acts_for_one_person_about_one_thing_and_has_no_role() -> None:
    person = cast.person(cast.XIAOCHEN)
    path = make_link(purpose="v", about=CALL_OUT, person=person.pk)
    assert path.startswith("/v/")
    actor = opened(path)
    assert (actor.kind, actor.person, actor.role) == ("link", person.pk, "")
    assert (actor.scope.kind, actor.scope.about) == ("about", CALL_OUT)
    assert actor.permissions == frozenset()
    assert name_of("link", actor.ident) == "志****"


def test_a_link_may_be_for_whoever_holds_it() -> None:
    actor = opened(make_link(purpose="v", about=CALL_OUT))
    assert actor.person is None
    assert name_of("link", actor.ident) == "链接来人"


def test_a_link_altered_in_any_one_place_is_refused_without_asking_the_database(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    text = text_of(make_link(purpose="v", about=CALL_OUT))
    assert TEXT.fullmatch(text)
    with django_assert_num_queries(0):
        for place, letter in enumerate(text):
            for bit in range(5):
                other = ALPHABET[ALPHABET.index(letter) ^ (1 << bit)]
                with pytest.raises(Refused) as caught:
                    actor_for_link("v", text[:place] + other + text[place + 1 :])
                assert caught.value.status == 404


@pytest.mark.parametrize("purpose", ["s", "t", "g"])
def test_a_link_of_one_purpose_does_not_open_another(purpose: Purpose) -> None:
    text = text_of(make_link(purpose="v", about=CALL_OUT))
    with refused("link_unknown", status=404):
        actor_for_link(purpose, text)


@examples(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=60) | st.text(ALPHABET, min_size=42, max_size=42))
def test_whatever_is_typed_is_unknown_and_breaks_nothing(text: str) -> None:
    with pytest.raises(Refused) as caught:
        actor_for_link("v", text)
    assert caught.value.status == 404


def test_a_link_in_capitals_or_with_more_behind_is_unknown() -> None:
    text = text_of(make_link(purpose="v", about=CALL_OUT))
    for other in (text.upper(), text + "a", f" {text}", text + "\n", text[:-1]):
        with refused("link_unknown", status=404):
            actor_for_link("v", other)


def test_another_key_makes_every_link_unknown(settings: Settings) -> None:
    path = make_link(purpose="v", about=CALL_OUT)
    settings.LINK_KEY = "another"
    with refused("link_unknown", status=404):
        opened(path)


def test_a_revoked_link_looks_like_one_that_never_was() -> None:
    path = make_link(purpose="v", about=CALL_OUT)
    assert revoke_links(CALL_OUT) == 1
    assert revoke_links(CALL_OUT) == 0
    with refused("link_unknown", status=404):
        opened(path)


def test_a_link_that_has_ended_says_so(held_clock: clock.Held) -> None:
    path = make_link(purpose="v", about=CALL_OUT, ends_at=clock.now() + timedelta(hours=2))
    assert opened(path).kind == "link"
    held_clock.forward(timedelta(hours=2))
    with refused("link_ended", status=410):
        opened(path)


def test_links_end_with_what_they_are_about(held_clock: clock.Held) -> None:
    path, other = (make_link(purpose="v", about=("callout", n)) for n in ("42", "43"))
    assert end_links(CALL_OUT) == 1
    held_clock.forward(timedelta(seconds=1))
    assert end_links(CALL_OUT) == 0
    with refused("link_ended", status=410):
        opened(path)
    assert opened(other).scope.about == ("callout", "43")


def test_a_link_is_one_statement_to_open(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    path = make_link(purpose="v", about=CALL_OUT, person=cast.person(cast.XIAOCHEN).pk)
    with django_assert_num_queries(1):
        opened(path)
