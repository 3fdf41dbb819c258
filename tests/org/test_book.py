"""The book of contacts: who sees it, who changes it, in which order people are called."""

import json
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from qianjun.journal.models import Entry
from qianjun.org.book.queries import book, page_of
from qianjun.org.contact_models import Contact
from qianjun.org.contacts import contacts_of, drop_contact, set_contact
from qianjun.org.models import Person
from tests import cast
from tests.incident.tasking import HEALTH, POLICE, somebody
from tests.org.refusals import refused
from tests.pages.reading import html_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def police() -> list[Person]:
    """Two people of the police, the second without a telephone."""
    return [somebody("演示公安甲", POLICE, "10000020002"), somebody("演示公安乙", POLICE)]


def entries() -> list[str]:
    """What the journal says of contacts."""
    rows = Entry.objects.filter(name__startswith="org.contact").order_by("pk")
    return list(rows.values_list("name", flat=True))


def test_who_answers_is_entered_moved_and_taken_out_and_that_is_kept(police: list[Person]) -> None:
    by, (first, second) = cast.actor(cast.XIAOWANG), police
    set_contact(by=by, unit=POLICE, person=first.pk, rank=1)
    set_contact(by=by, unit=POLICE, person=second.pk, rank=2)
    set_contact(by=by, unit=POLICE, person=second.pk, rank=2)
    assert contacts_of([POLICE])[POLICE] == [first, second]
    set_contact(by=by, unit=POLICE, person=second.pk, rank=0)
    assert contacts_of([POLICE])[POLICE] == [second, first]
    assert drop_contact(by=by, unit=POLICE, person=first.pk)
    assert not drop_contact(by=by, unit=POLICE, person=first.pk)
    assert entries() == ["org.contact_set"] * 3 + ["org.contact_dropped"]
    kept = Entry.objects.latest("pk")
    assert set(kept.payload) == {"unit_id", "person_id"}
    assert kept.body.text.endswith("：演示公**")


def test_what_cannot_be_is_refused(police: list[Person]) -> None:
    by, person = cast.actor(cast.XIAOWANG), police[0].pk
    with refused("bad_rank", status=422):
        set_contact(by=by, unit=POLICE, person=person, rank=10)
    for unit, who in (("nowhere", person), (POLICE, 0)):
        with refused("not_found", status=404):
            set_contact(by=by, unit=unit, person=who)
    cast.unit(cast.DISTRICT)
    with refused("by_post", status=409):
        set_contact(by=by, unit="450202", person=person)
    for part in (cast.JUZHANG, cast.JIEDAO, cast.AUDIT):
        with refused("not_allowed", status=403):
            set_contact(by=cast.actor(part), unit=POLICE, person=person)
    assert not Contact.objects.exists()


def test_the_book_costs_the_same_however_many_units(
    police: list[Person], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    by = cast.actor(cast.XIAOWANG)
    set_contact(by=by, unit=POLICE, person=police[0].pk)
    cast.unit(HEALTH)
    with django_assert_num_queries(4):
        pages = {one.unit.code: one for one in book(seen_by=by)}
    assert [one.number for one in pages[POLICE].people] == ["100****0002"]
    assert (pages[POLICE].reachable, pages[HEALTH].reachable) == (True, False)
    assert pages["450202"].by_post
    with refused("not_found", status=404):
        page_of("nowhere", seen_by=by)
    with refused("not_allowed", status=403):
        book(seen_by=cast.actor(cast.XIAOCHEN))


def test_the_pages_show_the_gap_and_change_it(police: list[Person]) -> None:
    cast.unit(HEALTH)
    browser = cast.signed_in(cast.XIAOWANG)
    listed = browser.get("/contacts/")
    assert "没有联系人" in text_of(listed)
    assert 'href="/contacts/"' in html_of(browser.get("/")), "it stands on the rail"
    there = f"/contacts/{POLICE}/"
    assert "没有联系人：任务和通知发不到这个单位。" in text_of(browser.get(there))
    for rank, one in enumerate(police):
        reply = browser.post(f"{there}set/", {"person": one.pk, "rank": rank}, follow=True)
    page = text_of(reply)
    assert "100****0002" in page
    assert "10000020002" not in html_of(reply)
    assert "没有可用的号码" in page
    assert "值班员小王" in page
    assert "设为单位联系人，次序 1" in page
    browser.post(f"{there}drop/", {"person": police[0].pk})
    assert [row.person for row in Contact.objects.all()] == [police[1]]
    assert "不再是单位联系人" in text_of(browser.get(there))
    reader = cast.signed_in(cast.JUZHANG)
    assert "加为联系人" not in text_of(reader.get(there))
    assert reader.post(f"{there}set/", {"person": police[0].pk}).status_code == 403
    assert browser.get("/contacts/nowhere/").status_code == 404
    assert browser.post(f"{there}set/", {"person": "x", "rank": "²"}).status_code in (302, 404)


def sent(part_of: str, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """What a program of this role is answered."""
    client = cast.client_for(part_of)
    reply = client.post(f"/api/v1/{path}", json.dumps(body), content_type="application/json")
    answer: dict[str, Any] = json.loads(reply.content)
    return reply.status_code, answer


def test_programs_read_and_change_it(police: list[Person]) -> None:
    body = {"person": str(police[0].pk), "rank": 0}
    status, told = sent("duty_officer", f"contacts/{POLICE}", body)
    assert status == 200, told
    (one,) = told["contacts"]
    assert (one["name_masked"], one["number_masked"]) == ("演示公**", "100****0002")
    client = cast.client_for("duty_officer")
    listed = json.loads(client.get("/api/v1/contacts?limit=200").content)
    assert told in listed["items"]
    assert listed["next"] is None
    first = json.loads(client.get("/api/v1/contacts?limit=1").content)
    assert first["items"] == listed["items"][:1]
    rest = json.loads(client.get(f"/api/v1/contacts?limit=200&after={first['next']}").content)
    assert rest["items"] == listed["items"][1:]
    assert client.get("/api/v1/contacts?limit=201").status_code == 422
    assert json.loads(client.get(f"/api/v1/contacts/{POLICE}").content) == told
    status, told = sent("duty_officer", f"contacts/{POLICE}/drop", {"person": body["person"]})
    assert (status, told["contacts"]) == (200, [])
    assert sent("bureau_leader", f"contacts/{POLICE}", body)[0] == 403
    assert sent("duty_officer", f"contacts/{POLICE}", body | {"rank": 99})[0] == 422
