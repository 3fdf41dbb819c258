"""Offices and numbers: entered, found, shown by a press that is kept, looked at every month."""

import json
from datetime import timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from qianjun.journal.models import Entry
from qianjun.kernel import clock
from qianjun.kernel.clock import Held
from qianjun.org.addresses import give_consent
from qianjun.org.contacts import set_contact
from qianjun.org.models import Address, Person, Read
from qianjun.org.phonebook.actions import (
    add_number,
    check_number,
    drop_office,
    reveal_number,
    set_office,
)
from qianjun.org.phonebook.finding import find_in_book
from qianjun.org.phonebook.queries import due_lines, every_line, progress, seats_of
from qianjun.org.telephone_models import NumberCheck, Office, PhoneNumber
from tests import cast
from tests.incident.tasking import HEALTH, POLICE, somebody
from tests.org.refusals import refused
from tests.pages.reading import html_of, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("office")]
MONTH = timedelta(days=31)


@pytest.fixture
def people() -> list[Person]:
    """A head and his deputy, both with a mobile."""
    return [
        somebody("演示韦建国", POLICE, "10000020011"),
        somebody("演示莫晓", POLICE, "10000020012"),
    ]


@pytest.fixture
def office(people: list[Person]) -> Office:
    """The office that they have."""
    head, deputy = people
    by = cast.actor(cast.XIAOWANG)
    return set_office(by=by, unit=POLICE, title="副局长", person=head.pk, deputy=deputy.pk)


def said(*names: str) -> list[str]:
    """What the journal says of the book."""
    rows = Entry.objects.filter(name__in=[f"org.{name}" for name in names]).order_by("pk")
    return [row.body.text for row in rows]


def test_an_office_is_entered_changed_and_dropped_and_its_numbers_stay(office: Office) -> None:
    by = cast.actor(cast.XIAOWANG)
    number = add_number(by=by, unit=POLICE, kind="desk", value="0772-2800001", office=office.pk)
    (seat,) = seats_of(office.unit)
    assert [line.shown for line in seat.lines] == ["100****0011", "0772-2800001"]
    words: dict[str, Any] = {"by": by, "unit": POLICE, "office": office.pk}
    with refused("stale", status=409):
        set_office(title="局长", version=99, **words)
    again = set_office(
        title="副局长", person=office.person_id, deputy=office.deputy_id, version=1, **words
    )
    assert again.version == 1, "as it was is no change"
    assert set_office(title="局长", version=1, **words).version == 2
    assert drop_office(**words)
    assert not drop_office(**words)
    number.refresh_from_db()
    assert number.office_id is None
    assert len(said("office_set", "office_dropped", "number_added")) == 4
    assert not any("0011" in text for text in said("number_added"))


def test_what_cannot_be_is_refused_by_its_field(office: Office) -> None:
    by = cast.actor(cast.XIAOWANG)
    words: dict[str, Any] = {"by": by, "unit": POLICE}
    with refused("bad_number", status=422):
        add_number(kind="duty", value="一二三", **words)
    with refused("unknown_kind", status=422):
        add_number(kind="telex", value="0772-2800001", **words)
    with refused("same_person", status=422):
        set_office(title="科长", person=office.person_id, deputy=office.person_id, **words)
    with refused("not_found", status=404):
        add_number(by=by, unit="nowhere", kind="duty", value="0772-2800001")
    for part in (cast.JUZHANG, cast.JIEDAO):
        with refused("not_allowed", status=403):
            add_number(by=cast.actor(part), unit=POLICE, kind="duty", value="0772-2800001")


def test_the_same_number_again_is_the_one_that_is_there() -> None:
    words: dict[str, Any] = {"by": cast.actor(cast.XIAOWANG), "unit": POLICE, "kind": "fax"}
    assert add_number(value="0772 2800002", **words) == add_number(value="07722800002", **words)
    assert PhoneNumber.objects.count() == 1


@pytest.mark.parametrize(
    "q", ["演示韦建国", "wjg", "副局长", f"演示单位{POLICE}", "局长 韦", "莫晓"]
)
def test_somebody_is_found_by_name_initials_office_unit_and_deputy(q: str) -> None:
    found = find_in_book(by=cast.actor(cast.XIAOWANG), q=q)
    assert "演示韦建国" in [one.person.name for one in found if one.person]
    assert all("100****" in line.shown for one in found for line in one.lines)
    assert not Read.objects.exists()


def test_the_end_of_a_number_is_looked_for_by_permission_and_kept(office: Office) -> None:
    (found,) = find_in_book(by=cast.actor(cast.XIAOWANG), q="0011")
    assert found.person == office.person
    assert [(row.what, row.about_kind) for row in Read.objects.all()] == [("phone.search", "phone")]
    with refused("not_allowed", status=403):
        find_in_book(by=cast.actor(cast.JUZHANG), q="0011")


def test_volunteers_stand_in_no_phone_book() -> None:
    cast.person(cast.XIAOCHEN, phone="10000020099")
    by = cast.actor(cast.XIAOWANG)
    assert find_in_book(by=by, q="志愿者小陈") == []
    assert find_in_book(by=by, q="“”") == []


def test_finding_costs_the_same_however_many_there_are(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    by = cast.actor(cast.XIAOWANG)
    for number in range(5):
        one = somebody(f"演示韦{number}", HEALTH, f"1000003{number:04}")
        set_office(by=by, unit=HEALTH, title="科长", person=one.pk)
    with django_assert_max_num_queries(12):
        assert len(find_in_book(by=by, q="韦")) == 6


def test_a_number_is_shown_by_a_press_that_is_kept(office: Office) -> None:
    by = cast.actor(cast.XIAOWANG)
    number = add_number(by=by, unit=POLICE, kind="satellite", value="10000061234")
    (way,) = Address.objects.filter(person=office.person)
    shown = [
        reveal_number(by=by, what=what, ident=ident, why="通讯录拨打").value
        for what, ident in (("number", number.pk), ("address", way.pk))
    ]
    assert shown == ["10000061234", "10000020011"]
    assert [row.about_kind for row in Read.objects.order_by("pk")] == ["phone_number", "address"]
    with refused("why_needed", status=422):
        reveal_number(by=by, what="address", ident=way.pk, why=" ")
    with refused("not_allowed", status=403):
        reveal_number(by=cast.actor(cast.JUZHANG), what="number", ident=number.pk, why="x")
    with refused("not_found", status=404):
        reveal_number(by=by, what="letter", ident=number.pk, why="x")


def test_a_month_later_every_number_is_asked_about_and_the_unit_comes_on(
    held_clock: Held,
) -> None:
    by = cast.actor(cast.XIAOWANG)
    add_number(by=by, unit=POLICE, kind="duty", value="0772-2800001")
    lines = every_line(seen_by=by)
    assert [one.shown for one in due_lines(lines)] == ["100****0011"], "a new number is right today"
    held_clock.forward(MONTH)
    lines = every_line(seen_by=by)
    assert len(due_lines(lines)) == 2
    (number,) = [one for one in lines if one.what == "number"]
    check_number(by=by, what="number", ident=number.ident, act="right")
    (unit,) = progress(every_line(seen_by=by))
    assert (unit.tally.right, unit.tally.due) == (1, 1)
    assert {row.by_kind for row in NumberCheck.objects.all()} == {"person"}


def test_a_changed_mobile_keeps_no_consent_that_was_given_for_another(office: Office) -> None:
    by = cast.actor(cast.XIAOWANG)
    (way,) = Address.objects.filter(person=office.person)
    words: dict[str, Any] = {"by": by, "what": "address", "ident": way.pk, "act": "change"}
    check_number(value="10000020021", agreed=True, **words)
    way.refresh_from_db()
    assert (way.value, way.consent_text) == ("10000020021", "演示")
    check_number(value="10000020022", **words)
    way.refresh_from_db()
    assert (way.value, way.consent_at) == ("10000020022", None)
    assert said("number_changed")[0].endswith("演示韦** 100****0011 → 100****0021")
    with refused("bad_number", status=422):
        check_number(value="110", **words)


def test_a_stopped_number_is_listed_and_written_to_no_more(office: Office) -> None:
    by = cast.actor(cast.XIAOWANG)
    (way,) = Address.objects.filter(person=office.person)
    number = add_number(by=by, unit=POLICE, kind="duty", value="0772-2800001")
    for what, ident in (("address", way.pk), ("number", number.pk)):
        assert check_number(by=by, what=what, ident=ident, act="stop") is None
        with refused("not_found", status=404):
            check_number(by=by, what=what, ident=ident, act="right")
    way.refresh_from_db()
    assert way.consent_at is None
    assert every_line(seen_by=by) == []
    give_consent(by=by, address=way.pk, text="电话里同意")
    assert [one.value for one in every_line(seen_by=by)] == ["10000020011"], "it is used again"
    assert add_number(by=by, unit=POLICE, kind="duty", value="0772-2800001").pk != number.pk


def test_the_page_finds_shows_and_dials(office: Office) -> None:
    browser = cast.signed_in(cast.XIAOWANG)
    found = browser.get("/contacts/", {"q": "wjg"})
    assert "100****0011" in text_of(found)
    assert "10000020011" not in html_of(found)
    (way,) = Address.objects.filter(person=office.person)
    there = f"/contacts/numbers/address/{way.pk}/reveal/"
    shown = browser.post(there, {"why": "通讯录拨打"}, headers={"HX-Request": "true"})
    assert 'href="tel:10000020011"' in html_of(shown)
    assert "autofocus" in html_of(shown)
    assert 'href="tel:10000020011"' in html_of(browser.post(there, {"why": "回拨"}))
    assert browser.get("/contacts/", {"q": "0011"}).status_code == 200
    reader = cast.signed_in(cast.JUZHANG)
    assert reader.post(there, {"why": "x"}).status_code == 403
    assert "没有查到" in text_of(browser.get("/contacts/", {"q": "zzz"}))


def test_the_monthly_check_goes_by_one_key_each(held_clock: Held) -> None:
    by = cast.actor(cast.XIAOWANG)
    number = add_number(by=by, unit=POLICE, kind="duty", value="0772-2800001")
    held_clock.forward(MONTH)
    browser = cast.signed_in(cast.XIAOWANG)
    page = browser.get("/contacts/checks/")
    assert "2 个号码超过 30 天没有核对" in text_of(page)
    there = f"/contacts/numbers/number/{number.pk}/check/"
    after = browser.post(there, {"act": "right"}, follow=True)
    assert "1 个号码超过 30 天没有核对" in text_of(after)
    words = {"act": "change", "value": "0772-2800009", "back": "unit", "unit": POLICE}
    assert "0772-2800009" in text_of(browser.post(there, words, follow=True))
    assert cast.signed_in(cast.JUZHANG).get("/contacts/checks/").status_code == 403


def test_a_unit_page_enters_once_however_often_it_is_sent(people: list[Person]) -> None:
    browser = cast.signed_in(cast.XIAOWANG)
    there = f"/contacts/{POLICE}/"
    office = {"title": "局长", "person": people[0].pk, "rank": "0", "key": "k" * 20}
    number = {"kind": "satellite", "value": "10000061234", "key": "n" * 20}
    for _press in range(2):
        browser.post(f"{there}offices/", office)
        reply = browser.post(f"{there}numbers/", number, follow=True)
    assert (Office.objects.count(), PhoneNumber.objects.count()) == (2, 1)
    assert "没有重复记录" in text_of(reply)
    assert "100****1234" in text_of(reply)
    assert "10000061234" not in html_of(reply)
    browser.post(f"{there}offices/drop/", {"office": Office.objects.latest("pk").pk})
    assert Office.objects.count() == 1
    assert "登记了号码" in text_of(browser.get(there))


def test_programs_find_enter_and_check(office: Office) -> None:
    client = cast.client_for("duty_officer")

    def sent(path: str, body: object) -> tuple[int, dict[str, Any]]:
        reply = client.post(f"/api/v1/{path}", json.dumps(body), content_type="application/json")
        return reply.status_code, json.loads(reply.content)

    status, made = sent(f"contacts/{POLICE}/numbers", {"kind": "duty", "value": "0772-2800001"})
    assert (status, made["number_masked"]) == (201, "0772-2800001")
    status, row = sent(
        f"contacts/{POLICE}/offices", {"title": "科长", "person": str(office.person_id)}
    )
    assert (status, row["name_masked"]) == (200, "演示韦**")
    body = {"what": "number", "number": made["id"], "act": "stop"}
    assert sent("phonebook/checks", body) == (200, {"stopped": True})
    items = client.get("/api/v1/phonebook", {"q": "韦建国"}).json()["items"]
    assert {one["title"] for one in items} == {"副局长", "科长"}
    assert "10000020011" not in json.dumps(items)
    due = client.get("/api/v1/phonebook/checks").json()
    assert [one["due"] for one in due["units"]] == [1]


def test_the_book_leaves_the_house_masked(office: Office) -> None:
    set_contact(by=cast.actor(cast.XIAOWANG), unit=POLICE, person=office.person_id or 0)
    reply = cast.signed_in(cast.XIAOWANG).post("/lists/phonebook/excel/")
    assert reply.status_code == 200
    assert b"10000020011" not in reply.content
    assert clock.now() is not None


@pytest.mark.django_db(transaction=True)
def test_what_is_refused_is_said_on_the_page() -> None:
    browser, reader = cast.signed_in(cast.XIAOWANG), cast.signed_in(cast.JUZHANG)
    assert "not_allowed" in text_of(reader.get("/contacts/", {"q": "0011"}))
    there = f"/contacts/numbers/address/{Address.objects.latest('pk').pk}/check/"
    after = browser.post(there, {"act": "change", "value": "x"}, follow=True)
    assert "bad_number" in text_of(after)
    assert "unknown_act" in text_of(browser.post(there, {"act": "call"}, follow=True))
