"""The door of every page behind a link: what it lets in, says, hides and never does."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.org import store
from qianjun.org.actor import Actor, system
from qianjun.org.linked import Act, Door, act_of, acted, by_link, link_page
from qianjun.org.links import end_links, make_link, revoke_links
from qianjun.org.store.actions import change_setting
from tests import cast

pytestmark = pytest.mark.django_db
ABOUT = ("thing", "7")
ACT_ID = "7f7a3a54-52f1-4a5e-9f0c-1f3f1c0b7a11"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
asks = RequestFactory()


@by_link("v")
def page(_request: HttpRequest, *, by: Actor, link: Door) -> HttpResponse:
    """A page that refuses nobody."""
    return link_page("link/over.html", {"said": by.name, "code": by.via}, link=link)


@by_link("v")
def acts(request: HttpRequest, *, by: Actor, link: Door) -> HttpResponse:
    """Takes acts, and one of them not."""
    act = act_of(request, link=link, acts=("accept", "late", "refuse"))
    if act.name == "refuse":
        raise Refused("not_now", "请先登录。", status=409)
    told = {"state": act.name, "outcome": "taken", "message": "请先登录。", "who": by.name}
    return acted(request, told | {"words": act.words("text", most=5)}, link=link, act=act)


@pytest.fixture(autouse=True)
def fresh_settings() -> Iterator[None]:
    """No test sees what another has chosen."""
    store.forget()
    yield
    store.forget()


@pytest.fixture
def link() -> str:
    """The text of a living link of 志愿者小陈."""
    path = make_link(purpose="v", about=ABOUT, person=cast.person(cast.XIAOCHEN).pk)
    return path.removeprefix("/v/")


def opened(link: str, **headers: str) -> HttpResponse:
    return page(asks.get(f"/v/{link}", headers=headers), link=link)


def sent(link: str, body: dict[str, Any] | str, **headers: str) -> HttpResponse:
    """The answer to an act sent as JSON."""
    text = body if isinstance(body, str) else json.dumps({"act_id": ACT_ID} | body)
    request = asks.post(f"/v/{link}/acts", text, "application/json", headers=headers)
    return acts(request, link=link)


def test_a_living_link_opens_for_its_person_and_nothing_leaks(link: str) -> None:
    reply = opened(link, accept=BROWSER)
    assert cast.XIAOCHEN.name in reply.content.decode()
    assert reply.headers["Referrer-Policy"] == "no-referrer"
    assert reply.headers["Cache-Control"] == "no-store"
    assert "noindex" in reply.headers["X-Robots-Tag"]
    policy = reply.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not reply.cookies


def test_an_altered_unknown_or_revoked_link_is_404_with_telephone_numbers(link: str) -> None:
    wrong = [link[:-1] + ("a" if link[-1] != "a" else "b"), "a" * 42, "x", "ä" * 42, link.upper()]
    replies = [opened(one) for one in wrong]
    revoke_links(ABOUT)
    for reply in [*replies, opened(link)]:
        assert reply.status_code == 404
        said = reply.content.decode()
        assert "tel:119" in said
        assert "tel:120" in said
        assert "no-referrer" in reply.headers["Referrer-Policy"]


def test_the_number_of_the_duty_desk_stands_first() -> None:
    change_setting(by=system(), module="org", name="duty_phone", value="10000000119", version=0)
    said = opened("x").content.decode()
    assert said.index("tel:10000000119") < said.index("tel:119")


def test_an_ended_link_is_410_and_one_of_another_purpose_404(link: str) -> None:
    other = make_link(purpose="t", about=ABOUT).removeprefix("/t/")
    assert opened(other).status_code == 404
    end_links(ABOUT)
    assert opened(link).status_code == 410
    reply = sent(link, {"act": "accept"})
    assert (reply.status_code, json.loads(reply.content)["code"]) == (410, "link_ended")


def test_a_program_is_refused_by_the_document_of_the_interface_with_telephones() -> None:
    reply = opened("x", accept="application/json")
    told = json.loads(reply.content)
    assert (reply.status_code, reply["Content-Type"]) == (404, "application/problem+json")
    assert told.keys() >= {"type", "title", "status", "code", "detail_zh", "detail_en", "errors"}
    assert (told["status"], told["code"]) == (404, "link_unknown")
    assert told["detail_en"] != told["detail_zh"]
    assert "119" in [one["number"] for one in told["telephones"]]


def test_a_program_gets_json_and_a_form_goes_back_to_the_page(link: str) -> None:
    told = json.loads(sent(link, {"act": "accept", "text": "马上就到了"}).content)
    assert (told["state"], told["outcome"], told["act_id"]) == ("accept", "taken", ACT_ID)
    assert told["received_at"] == clock.now().isoformat()
    fields = {"act": "accept", "act_id": ACT_ID, "lang": "en"}
    request = asks.post(f"/v/{link}/acts", fields, headers={"accept": BROWSER})
    reply = acts(request, link=link)
    assert (reply.status_code, reply.headers["Location"]) == (303, f"/v/{link}?lang=en")


def test_the_language_is_the_browsers_or_chosen_in_the_address(link: str) -> None:
    assert 'lang="zh-Hans"' in opened(link).content.decode()
    assert 'lang="en"' in opened(link, accept_language="en-GB,zh;q=0.5").content.decode()
    request = asks.get(f"/v/{link}?lang=zh", headers={"accept-language": "en"})
    assert 'lang="zh-Hans"' in page(request, link=link).content.decode()
    told = json.loads(sent(link, {"act": "accept"}, accept_language="en").content)
    assert (told["message_zh"], told["message"]) == ("请先登录。", "Please log in first.")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"act": "fly"}, "unknown_act"),
        ({}, "unknown_act"),
        ({"act": "accept", "act_id": "7"}, "bad_act_id"),
        ({"act": "accept", "happened_at": "yesterday"}, "bad_time"),
        ({"act": "accept", "happened_at": "2026-06-01T14:00:00"}, "time_without_offset"),
        ({"act": "accept", "happened_at": {}}, "not_plain"),
        ({"act": "accept", "text": ["x"]}, "not_plain"),
        ({"act": "refuse"}, "not_now"),
        ("[]", "bad_request"),
        ("{", "bad_request"),
        ("[" * 100_000, "bad_request"),
    ],
)
def test_an_act_that_cannot_be_read_is_refused_with_its_code(
    link: str, body: Any, code: str
) -> None:
    reply = sent(link, body)
    assert reply.status_code in (400, 409, 422)
    assert json.loads(reply.content)["code"] == code


def test_a_refusal_of_a_form_is_a_page_with_the_way_back(link: str) -> None:
    request = asks.post("/x", {"act": "fly"}, headers={"accept": BROWSER})
    reply = acts(request, link=link)
    assert reply.status_code == 422
    assert f'href="/v/{link}"' in reply.content.decode()


def test_a_clock_two_days_wrong_moves_nothing(link: str) -> None:
    later = clock.now() + timedelta(days=2)
    said = {"act": "accept", "act_id": ACT_ID, "happened_at": later.isoformat()}
    said["sent_at"] = later.isoformat()
    request = asks.post("/x", json.dumps(said), "application/json")
    act = act_of(request, link=Door(purpose="v", text=link), acts=("accept",))
    assert (act.happened_at, act.claimed_at, act.clock_off) == (clock.now(), later, True)


def test_a_number_is_a_number_between_its_bounds() -> None:
    act = Act(name="late", act_id=None, happened_at=clock.now(), said={"a": "5", "b": "nan"})  # type: ignore[arg-type]
    assert act.number("a", least=0, most=9) == 5
    assert act.number("c", least=0, most=9) is None
    for name, most in (("a", 4), ("b", 9)):
        with pytest.raises(Refused):
            act.number(name, least=0, most=most)
