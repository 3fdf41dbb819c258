"""Signing from the link on a phone: the link alone opens nothing, a right code one draft."""

import json
import re
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus

import pytest
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.test import Client

from qianjun.incident.actions import close_incident
from qianjun.journal.heard import run_reaction
from qianjun.journal.models import Body, Entry
from qianjun.journal.timers import tick
from qianjun.kernel import clock
from qianjun.message.models import Message
from qianjun.org.actor import Actor
from qianjun.org.links import make_link
from qianjun.org.models import Grant
from qianjun.org.seeding import seed_units
from qianjun.response.actions import ask_signature, waive_report
from qianjun.response.queries.signing import about_sign
from qianjun.response.rules import signing as rules
from qianjun.response.sign_models import SignCode
from qianjun.response.upward_models import UpwardReport
from tests import cast
from tests.incident.fires import FAR, taken

pytestmark = pytest.mark.django_db(transaction=True)
OK, OVER, SEE, FORBIDDEN = 200, 409, 303, 403
PHONE = "10000000002"


@pytest.fixture
def leader(request: pytest.FixtureRequest) -> Actor:
    """带班领导老李, on his post, with a number."""
    request.getfixturevalue("transactional_db")
    seed_units()
    who = cast.put_on_duty(cast.LAOLI, phone=PHONE)
    who.addresses.update(consent_at=clock.now(), consent_text="值班通知")
    return cast.actor(cast.LAOLI)


@pytest.fixture
def phone(leader: Actor, officer: Actor) -> "Phone":
    """His phone, with the link of the first report of a fire."""
    assert leader.person
    return asked(officer)


@dataclass(kw_only=True)
class Phone:
    """A browser that has nothing but a link."""

    path: str
    client: Client = field(default_factory=Client)

    def page(self) -> str:
        reply = self.client.get(self.path, headers={"Accept": "text/html"})
        assert reply.status_code == OK, reply.content.decode()
        return reply.content.decode()

    def press(self, what: str, **form: str) -> HttpResponse:
        told = self.client.post(f"{self.path}/{what}", form, headers={"Accept": "text/html"})
        assert isinstance(told, HttpResponse)
        return told

    def opened(self) -> "Phone":
        assert self.press("code").status_code == SEE
        assert self.press("open", code=sent()).status_code == SEE
        return self

    def sign(self) -> HttpResponse:
        found = re.search(r'name="digest" value="([0-9a-f]{64})"', self.page())
        assert found
        return self.press("sign", digest=found[1])


def asked(officer: Actor, **where: object) -> Phone:
    """The phone of whoever was asked to sign the first report of a new fire."""
    fire = taken(officer, category="12G01", source="119", **where)
    row, told = ask_signature(by=officer, incident_id=fire.stored.incident_id)
    assert told == 1
    (link,) = Message.objects.get(matter__startswith=f"sign:{row.pk}:").links
    return Phone(path=link)


def sent() -> str:
    """The digits of the last code, as his phone shows them."""
    text = Message.objects.filter(purpose="sign_code").latest("pk").text
    found = re.search(r"】(\d{6})，", text)
    assert found, text
    return found[1]


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


def test_a_link_alone_shows_no_word_and_signs_nothing(phone: Phone) -> None:
    page = phone.page()
    assert "报给" not in page
    assert "100****0002" in page
    assert PHONE not in page
    row = UpwardReport.objects.get()
    for what, form in (
        ("sign", {"digest": "0" * 64}),
        ("write", {"element": "trend", "text": "x", "version": "2"}),
    ):
        reply = phone.press(what, **form)
        assert reply.status_code == FORBIDDEN
        assert "code_needed" in reply.content.decode()
    assert phone.press("open", code="123456").status_code == OVER
    row.refresh_from_db()
    assert row.signed_at is None


def test_a_right_code_opens_the_draft_to_write_and_sign(phone: Phone, leader: Actor) -> None:
    phone.press("code")
    message = Message.objects.get(purpose="sign_code")
    assert (message.rank, message.address, message.channel) == (0, PHONE, "sms")
    code = sent()
    typed = "".join(chr(ord(one) + 0xFEE0) for one in code)  # full-width digits are digits
    answer = phone.press("open", code=f" {typed} ")
    assert answer.status_code == SEE
    cookie = answer.cookies["qianjun_sign"]
    assert (cookie["path"], cookie["samesite"]) == (phone.path, "Strict")
    assert cookie["httponly"]
    page = phone.page()
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version
    told = {"element": "trend", "text": "火势受控", "version": version[1]}
    assert phone.press("write", **told).status_code == SEE
    assert "火势受控" in phone.page()
    assert phone.press("write", **told).status_code == OVER  # on an older one
    assert phone.sign().status_code == SEE
    row = UpwardReport.objects.get()
    assert (row.signed_how, row.signer_kind, row.signer_id) == (
        "code",
        "person",
        str(leader.person),
    )
    done = phone.page()
    assert row.number in done
    assert "短信验证码" in done
    assert "火势受控" not in done
    assert phone.press("sign", digest=row.digest).status_code == SEE  # a second press
    assert phone.press("code").status_code == OVER
    assert Entry.objects.get(name="response.upward_signed").payload["how"] == "code"
    assert Entry.objects.filter(name="response.sign_opened").count() == 1
    seen = cast.signed_in(cast.LAOLI).get(f"/upward/{row.pk}/").content.decode()
    assert "短信验证码" in seen


def test_the_digits_stand_nowhere_once_they_were_used(phone: Phone) -> None:
    phone.press("code")
    code, row = sent(), SignCode.objects.get()
    kept = json.dumps([row.mac, row.salt, row.proof]) + str(
        [*Entry.objects.values_list("payload"), *Body.objects.values_list("text")]
    )
    assert code not in kept
    phone.press("open", code=code)
    assert code not in str(list(Message.objects.values_list("text")))


def test_guessing_voids_the_code_and_is_told(phone: Phone) -> None:
    phone.press("code")
    code = sent()
    for _try in range(rules.TRIES):
        reply = phone.press("open", code=wrong(code))
        assert reply.status_code == FORBIDDEN
    assert phone.press("open", code=code).status_code == OVER
    assert Entry.objects.filter(name="response.sign_code_worn").count() == 1
    assert "报给" not in phone.page()


def test_a_code_is_good_once_and_for_five_minutes(phone: Phone, held_clock: clock.Held) -> None:
    phone.press("code")
    first = sent()
    phone.press("open", code=first)
    assert Phone(path=phone.path).press("open", code=first).status_code == OVER
    held_clock.forward(timedelta(seconds=31))
    other = Phone(path=phone.path)
    assert other.press("code").status_code == SEE
    second = sent()
    held_clock.forward(rules.LASTS + timedelta(seconds=1))
    assert other.press("open", code=second).status_code == OVER
    tick()
    over = Entry.objects.get(name="response.sign_code_over")
    run_reaction(entry_id=over.pk, reaction="response.forget_sign_code")
    assert second not in str(list(Message.objects.values_list("text")))


def test_what_was_opened_closes_after_ten_minutes(phone: Phone, held_clock: clock.Held) -> None:
    phone.opened()
    assert "报给 3 个单位" in phone.page()
    held_clock.forward(rules.OPENS_FOR + timedelta(seconds=1))
    assert "报给" not in phone.page()
    reply = phone.press("sign", digest=UpwardReport.objects.get().digest)
    assert reply.status_code == FORBIDDEN


def test_a_newer_code_voids_the_older_and_codes_are_few(
    phone: Phone, held_clock: clock.Held
) -> None:
    phone.press("code")
    first = sent()
    assert phone.press("code").status_code == OVER  # too soon
    for _more in range(rules.MOST_IN_A_WHILE - 1):
        held_clock.forward(rules.BETWEEN)
        assert phone.press("code").status_code == SEE
    assert phone.press("open", code=first).status_code == FORBIDDEN or first == sent()
    held_clock.forward(rules.BETWEEN)
    assert phone.press("code").status_code == OVER  # five in an hour
    assert SignCode.objects.filter(void_at__isnull=True).count() == 1
    held_clock.forward(rules.A_WHILE)
    assert phone.press("code").status_code == SEE
    one = SignCode.objects.latest("pk")
    with pytest.raises(IntegrityError), transaction.atomic():
        SignCode.objects.filter(void_at__isnull=False).update(void_at=None)
    assert one.used_at is None


def test_a_code_opens_no_other_draft_and_no_other_link(phone: Phone, officer: Actor) -> None:
    other = asked(officer, **FAR)
    phone.press("code")
    code = sent()
    # the code of one draft, typed at the other
    assert other.press("open", code=code).status_code == OVER
    other.press("code")
    if (theirs := sent()) != code:
        assert other.press("open", code=code).status_code == FORBIDDEN
        assert phone.press("open", code=theirs).status_code == FORBIDDEN
    phone.press("open", code=code)
    # the browser that opened one shows its proof at the other
    borrowed = Phone(path=other.path, client=phone.client)
    assert borrowed.press("sign", digest="0" * 64).status_code == FORBIDDEN
    # another link about the same draft, of another person
    row = UpwardReport.objects.order_by("pk")[0]
    juzhang = cast.person(cast.JUZHANG).pk
    path = make_link(purpose="u", about=about_sign(row.pk), person=juzhang)
    stranger = Phone(path=path, client=phone.client)
    assert stranger.press("sign", digest=row.digest or "0" * 64).status_code == FORBIDDEN
    assert stranger.press("code").status_code == OVER  # no number of his is registered


def test_who_may_not_sign_any_more_gets_no_code(phone: Phone, leader: Actor) -> None:
    phone.opened()
    Grant.objects.filter(person=leader.person).update(until=clock.real())
    assert phone.press("code").status_code == FORBIDDEN
    assert phone.sign().status_code == FORBIDDEN
    assert UpwardReport.objects.get().signed_at is None


def test_what_was_changed_meanwhile_is_not_signed_and_what_was_waived_neither(
    phone: Phone, leader: Actor
) -> None:
    phone.opened()
    assert phone.press("sign", digest="0" * 64).status_code == OVER
    incident = UpwardReport.objects.get().incident_id
    waive_report(by=leader, incident_id=incident, why="虚警")
    assert "已决定不报" in phone.page()
    assert phone.press("sign", digest="0" * 64).status_code == OVER
    close_incident(by=leader, incident_id=incident)


@pytest.mark.parametrize("purpose", ["v", "c", "t", "g"])
def test_a_link_of_another_purpose_or_about_nothing_opens_no_gate(
    purpose: str, leader: Actor, phone: Phone
) -> None:
    row = UpwardReport.objects.get()
    path = make_link(purpose=purpose, about=about_sign(row.pk), person=leader.person)  # type: ignore[arg-type]
    for odd in (
        path.replace(f"/{purpose}/", "/u/"),
        phone.path[:-1],
        phone.path.swapcase().lower()[::-1],
        make_link(purpose="u", about=("incident", str(row.incident_id)), person=leader.person),
        make_link(purpose="u", about=about_sign(row.pk)),
        make_link(purpose="u", about=about_sign(10**17), person=leader.person),
    ):
        at = odd if odd.startswith("/u/") else f"/u/{odd.strip('/').replace('/', '')}"
        for what in ("code", "open", "sign", "write"):
            reply = Client().post(f"{at}/{what}", {"code": "1", "digest": "x", "version": "9" * 40})
            assert reply.status_code == HTTPStatus.NOT_FOUND, (odd, what)


@pytest.mark.parametrize("odd", ["", "\0", "½" * 30, "９" * 6, "9" * 5000, "\ud800"])
def test_odd_codes_are_only_wrong(odd: str, phone: Phone) -> None:
    phone.press("code")
    odd = odd.encode("utf-8", "replace").decode()
    assert phone.press("open", code=odd).status_code in (FORBIDDEN, 422)
    assert phone.client.get(phone.path, headers={"Cookie": "qianjun_sign=" + "x" * 500})
