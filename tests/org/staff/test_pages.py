"""Who opens which page of people and roles, and what they show and hide."""

from datetime import timedelta

import pytest
from django.test import Client

from qianjun.kernel import clock
from qianjun.org.models import Address, Grant, Read
from tests import cast
from tests.org.staff.steps import PEOPLE, ROLES, added, at, sent
from tests.pages.reading import text_of

pytestmark = pytest.mark.django_db(transaction=True)


# --- addresses -----------------------------------------------------------------------------------


def test_an_address_is_masked_revealed_for_a_reason_and_that_is_kept(system: Client) -> None:
    officer = cast.signed_in(cast.XIAOWANG)
    person = cast.person(cast.LAOLI, phone="10000000002")
    one = Address.objects.get()
    page = system.get(at(person)).content.decode()
    assert "10000000002" not in page
    assert "100****0002" in page
    assert "查看理由" not in page
    path = at(person, "addresses", one.pk, "reveal")
    assert "写明查看理由" in text_of(officer.post(path, {"why": " "}, follow=True))
    page = officer.post(path, {"why": "核对号码"}).content.decode()
    assert "10000000002" in page
    read = Read.objects.get()
    assert (read.what, read.by_role, read.why) == ("phone.reveal", "duty_officer", "核对号码")
    assert "10000000002" not in officer.get(at(person)).content.decode()


def test_consent_and_the_first_address_are_kept_on_the_page(system: Client) -> None:
    person = cast.person(cast.LAOLI, phone="10000000002")
    other = Address.objects.create(person=person, channel="email", value="li@example.test", rank=1)
    page = system.post(at(person, "addresses", other.pk, "first"), follow=True)
    assert "l***@example.test" in text_of(page)
    assert Address.objects.order_by("rank").first() == other
    path = at(person, "addresses", other.pk, "consent")
    assert "已同意" in text_of(system.post(path, {"text": "当面同意"}, follow=True))
    other.refresh_from_db()
    assert other.consent_text == "当面同意"
    system.post(path, {"withdraw": "1"})
    other.refresh_from_db()
    assert other.consent_at is None


def test_an_address_of_somebody_else_is_not_this_persons() -> None:
    officer = cast.signed_in(cast.XIAOWANG)
    cast.person(cast.LAOLI, phone="10000000002")
    other = cast.person(cast.XIAOWANG)
    one = Address.objects.get()
    for path in ("first", "consent", "reveal"):
        reply = officer.post(at(other, "addresses", one.pk, path), {"text": "x", "why": "x"})
        assert reply.status_code == 404, path
    assert not Read.objects.exists()


# --- who may look --------------------------------------------------------------------------------

READERS = {"duty_officer", "leader_in_charge", "security_admin", "system_admin"}
WRITERS = {
    "add": {"system_admin"},
    "{}/change": {"system_admin"},
    "{}/account": {"system_admin"},
    "{}/link": {"system_admin"},
    "{}/roles": {"security_admin"},
    "{}/roles/1/end": {"security_admin"},
    "{}/addresses/1/first": {"duty_officer", "leader_in_charge", "system_admin"},
    "{}/addresses/1/consent": {"duty_officer", "leader_in_charge", "system_admin"},
    "{}/addresses/1/reveal": {"duty_officer", "leader_in_charge"},
}


def test_every_role_opens_what_is_his_and_nothing_else() -> None:
    person = cast.person(cast.JUZHANG)
    for part in cast.CAST:
        client = cast.signed_in(part)
        reads, lists = part.role in READERS, part.role in {"audit_admin", "security_admin"}
        for path in (PEOPLE, at(person)):
            assert client.get(path).status_code == (200 if reads else 403), (part.name, path)
        assert client.get(ROLES).status_code == (200 if lists else 403), part.name
        for path, allowed in WRITERS.items():
            reply = client.post(f"{PEOPLE}{path.format(person.pk)}/")
            kept_out = reply.status_code == 403
            assert kept_out == (part.role not in allowed), (part.name, path, reply.status_code)
            assert reply.status_code < 500


@pytest.mark.parametrize("path", [f"{PEOPLE}999999/", f"{PEOPLE}99999999999999999999/"])
def test_nobody_is_not_found(system: Client, path: str) -> None:
    assert system.get(path).status_code == 404
    for more in ("change", "account", "link"):
        assert system.post(f"{path}{more}/", {"version": "1"}).status_code == 404


def test_a_stranger_is_sent_to_the_door() -> None:
    person = cast.person(cast.JUZHANG)
    for path in (PEOPLE, at(person), ROLES):
        assert Client().get(path).headers["Location"].startswith("/accounts/login/")
    for path in WRITERS:
        reply = Client().post(f"{PEOPLE}{path.format(person.pk)}/")
        assert reply.headers["Location"].startswith("/accounts/login/")


HOSTILE = (
    *("", " ", "-1", "1e3", "９", "9" * 40, "\u202e", "x" * 50_000, "<script>alert(1)</script>"),
    *("' OR 1=1 --", "%s", "\n", "null", "\ud800", "a\x00b"),
)


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("add", ("name", "unit")),
        ("{}/change", ("name", "unit", "version")),
        ("{}/account", ("on", "version")),
        ("{}/link", ("version",)),
        ("{}/roles", ("role", "unit", "version")),
        ("{}/roles/{}/end", ("version",)),
        ("{}/addresses/{}/consent", ("text",)),
        ("{}/addresses/{}/reveal", ("why",)),
    ],
)
def test_no_value_breaks_a_form(path: str, fields: tuple[str, ...]) -> None:
    person = cast.person(cast.LAOLI, phone="10000000002")
    below = Grant.objects.get(person=person) if "roles" in path else Address.objects.get()
    part = cast.SECURITY if "roles" in path else cast.SYSTEM
    part = cast.XIAOWANG if "reveal" in path else part
    client = cast.signed_in(part)
    client.raise_request_exception = False
    for field in fields:
        for value in HOSTILE:
            form = {"name": "演示甲", "unit": cast.DISTRICT, "version": "1", "role": "keeper"}
            form |= {"text": "同意", "why": "核对", "on": "1"}
            sending = {**form, field: value.encode("utf-8", "surrogatepass")}
            reply = client.post(f"{PEOPLE}{path.format(person.pk, below.pk)}/", sending)
            assert reply.status_code in (200, 302, 400, 404, 413, 422), (field, value[:20])
            assert "<script>alert" not in reply.content.decode()


@pytest.mark.parametrize("name", ["q", "unit", "page", "role", "ended", "before", "earlier"])
def test_no_question_breaks_a_list(name: str) -> None:
    client = cast.signed_in(cast.SECURITY)
    client.raise_request_exception = False
    for value in HOSTILE[:-2]:
        for path in (PEOPLE, ROLES):
            reply = client.get(path, {name: value})
            assert reply.status_code in (200, 422), (path, value[:20])
            assert "<script>alert" not in reply.content.decode()


# --- what the auditor and everybody else see -----------------------------------------------------


def test_the_auditor_reads_grants_and_changes_and_changes_nothing(
    system: Client, security: Client, held_clock: clock.Held
) -> None:
    person = added(system)
    sent(security, person, "roles", role="keeper", unit="")
    held_clock.forward(timedelta(seconds=1))
    auditor = cast.signed_in(cast.AUDIT)
    page = auditor.get(ROLES).content.decode()
    text = text_of(auditor.get(ROLES))
    assert "授予角色“仓库管理员”：演示新来的" in text
    assert "安****" in text
    assert f'href="{at(person)}"' not in page
    assert 'method="post" action="/admin/' not in page
    sent(security, person, "roles", Grant.objects.get(person=person).pk, "end")
    assert "演示新来的" in text_of(auditor.get(ROLES, {"ended": "1"}))
    assert text_of(auditor.get(ROLES, {"role": "keeper"})).count("没有人有这个角色") == 1


def test_an_administrator_is_led_to_his_pages(system: Client) -> None:
    page = system.get("/").content.decode()
    assert "您的页面" in page
    for path in (PEOPLE, "/admin/import/", "/admin/tokens/", "/admin/settings/"):
        assert page.count(f'href="{path}"') == 2, path
    assert ROLES not in page
