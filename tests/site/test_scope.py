"""Every list shows who sees a part of the district that part, and nobody another part's rows."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from qianjun.duty.queries import cards_seen
from qianjun.incident.models import Incident, Letter, Report
from qianjun.incident.queries import (
    incidents,
    open_incidents,
    unconfirmed_reports,
    waiting_letters,
)
from qianjun.incident.queries.records import record_of
from qianjun.incident.queries.seen import reports_seen
from qianjun.journal.models import Card, Entry
from qianjun.kernel import clock
from qianjun.media.models import File
from qianjun.media.queries import files_of, quarantined
from qianjun.message.actions import drop_message, retry_message
from qianjun.message.models import CarrierRow, Inbound, Message
from qianjun.message.queries import carrier_rows, counts, messages_of, unreached
from qianjun.message.wall import wall
from qianjun.org.actions import find_by_phone, reveal_phone, revoke_token
from qianjun.org.actor import Actor
from qianjun.org.addresses import give_consent, prefer_address, withdraw_consent
from qianjun.org.imports.queries import run_of, runs
from qianjun.org.keys.queries import reads_of, tokens_of
from qianjun.org.models import Address, Grant, ImportRun, Person
from qianjun.org.reads import record_read
from qianjun.org.staff.actions import grant_role
from qianjun.org.staff.queries import changes, grants, people, units_seen
from qianjun.org.tokens import actor_for_token, make_token
from qianjun.response.queries.groups import Wanted, reports_wanted
from qianjun.response.queries.room import choices
from tests import cast
from tests.duty.cards import cards_of
from tests.media.senders import incident
from tests.org.refusals import refused

pytestmark = pytest.mark.django_db
HERE, THERE, NOWHERE = "450202001", "450202002", "450202-QT"
Seen = list[Any]


def of(role: str, unit: str = "") -> Actor:
    """Somebody of this role who sees the tree of a unit, or the whole district."""
    return actor_for_token(cast.token_for(role, unit=cast.unit(unit) if unit else None))


def man(unit: str, role: str = "", *, phone: str = "") -> Person:
    """Somebody who works there."""
    return cast.person(
        cast.Part(name=f"演示{unit}{role}", role=role, login=f"{unit}{role}", unit=unit),
        phone=phone,
    )


def shown(role: str, rows: Callable[[Actor], Seen]) -> dict[str, Seen]:
    """What somebody here, there, in a unit that is no place, and of the district sees."""
    return {unit: rows(of(role, unit)) for unit in (HERE, THERE, NOWHERE, "")}


def apart(*rows: Any) -> dict[str, Seen]:
    """The first here, the second there; the district sees all, also what is nowhere."""
    return {HERE: [rows[0]], THERE: [rows[1]], NOWHERE: [], "": list(rows)}


def fires() -> tuple[Incident, Incident]:
    """One here, one there."""
    return (
        incident("450202-20260601-0001", division=f"{HERE}001"),
        incident("450202-20260601-0002", division=f"{THERE}001"),
    )


def report(of_it: Incident, number: str, **changed: Any) -> Report:
    """What was told of it."""
    row: dict[str, Any] = {
        "number": number,
        "incident": of_it,
        "text": "着火",
        "channel": "phone",
        "received_at": clock.now(),
        "by_kind": "system",
        "by_id": "x",
        "division": of_it.division,
    }
    return Report.objects.create(**(row | changed))


# --- incidents and reports -----------------------------------------------------------------------


def test_incidents() -> None:
    one, other = fires()
    assert shown("duty_officer", lambda by: list(incidents(seen_by=by).order_by("pk"))) == apart(
        one, other
    )
    opened = shown("bureau_leader", lambda by: list(open_incidents(seen_by=by).order_by("pk")))
    assert opened == apart(one, other)


def test_a_unit_beside_the_bureau_and_a_code_that_is_no_division_see_no_area() -> None:
    fires()
    city = cast.unit("450200-GD")
    city.path, city.parent = "450200-GD", None
    city.save()
    short = cast.unit("4502")
    for unit in (city, short):
        token = make_token(role="duty_officer", name="x", days=1, unit=unit)[0]
        assert not incidents(seen_by=actor_for_token(token)).exists(), unit
    assert incidents(seen_by=of("duty_officer", cast.DISTRICT)).count() == 2


def test_reports_and_those_that_wait_to_be_confirmed() -> None:
    one, other = fires()
    told = {
        row.incident_id: row
        for row in (
            report(one, "J-20260601-0001", joined="auto"),
            report(other, "J-20260601-0002", joined="auto"),
        )
    }
    both = apart(told[one.pk], told[other.pk])
    for rows in (
        lambda by: list(reports_seen(by).order_by("pk")),
        lambda by: list(unconfirmed_reports(seen_by=by)),
        lambda by: list(reports_wanted(by, Wanted(state="")).order_by("pk")),
    ):
        assert shown("duty_officer", rows) == both


def test_letters_that_wait_to_be_sorted() -> None:
    letters = []
    for number, person in enumerate((man(HERE), man(THERE), None)):
        inbound = Inbound.objects.create(
            key=f"k{number}",
            channel="sms",
            from_value=f"1000000000{number}",
            text="冒烟",
            sent_at=clock.now(),
            received_at=clock.now(),
            state="news",
            person=person,
        )
        letters.append(Letter.objects.create(inbound=inbound, arrived_at=clock.now()))
    seen = shown("duty_officer", lambda by: list(waiting_letters(seen_by=by)))
    assert seen == apart(*letters)


def test_records_are_marked_in_ones_own_part_of_the_district() -> None:
    one, _other = fires()
    row = report(one, "J-20260601-0001")
    for kind, ident in (("incident", one.pk), ("report", row.pk)):
        for unit in (HERE, ""):
            assert record_of(seen_by=of("security_admin", unit), kind=kind, ident=str(ident))
        for unit in (THERE, NOWHERE):
            with refused("not_found", status=404):
                record_of(seen_by=of("security_admin", unit), kind=kind, ident=str(ident))


def test_jobs_that_were_given_up() -> None:
    cards = []
    for fire in fires():
        entry = Entry.objects.create(
            name="tests.x",
            at=clock.now(),
            happened_at=clock.now(),
            recorded_at=clock.real(),
            by_kind="system",
            by_id="x",
            incident=fire.pk,
            transaction=1,
            payload={},
            kind="fact",
        )
        cards.append(
            Card.objects.create(
                entry=entry, reaction="x", cause="y", attempts=8, made_at=clock.now()
            )
        )
    lost = Card.objects.create(reaction="z", cause="y", attempts=8, made_at=clock.now())
    assert shown("duty_officer", lambda by: list(cards_seen(by))) == apart(*cards, lost)
    assert cards_of("cards", seen_by=of("duty_officer", HERE)) == [cards[0]]
    client = Client()
    part = cast.Part(name="街道值班", role="duty_officer", login="jdzb", unit=HERE)
    user = cast.person(part).user
    assert user is not None
    client.force_login(user)
    for path in ("retry", "drop"):
        reply = client.post(f"/desk/cards/{cards[1].pk}/{path}/", {"reason": "x"})
        assert reply.status_code == 404
    assert Card.objects.filter(settled_at__isnull=False).count() == 0


# --- files ---------------------------------------------------------------------------------------


def test_files_of_incidents_and_those_kept_back() -> None:
    files = [
        File.objects.create(
            sha256=str(n) * 64,
            bytes=1,
            name="a.jpg",
            state=File.State.QUARANTINED,
            why="kind",
            by_kind="system",
            by_id="x",
            received_at=clock.now(),
            incident=fire.pk,
            via="web",
            about_kind="incident",
            about_id=str(fire.pk),
        )
        for n, fire in enumerate(fires())
    ]
    ours = shown("duty_officer", lambda by: sorted(quarantined(seen_by=by), key=lambda f: f.pk))
    assert ours == apart(*files)
    with refused("not_found", status=404):
        files_of(seen_by=of("duty_officer", HERE), incident=files[1].incident)


# --- messages and phones -------------------------------------------------------------------------


def failed(person: Person, key: str) -> Message:
    """A message that has not arrived."""
    return Message.objects.create(
        key=key,
        purpose="report",
        matter="incident:1",
        person=person,
        channel="sms",
        address="10000000001",
        text="x",
        rank=0,
        incident=1,
        queued_at=clock.now(),
        failed_at=clock.now(),
        failure="no_address",
    )


def test_messages_of_an_incident_and_whom_nobody_reached() -> None:
    one, other = failed(man(HERE), "a"), failed(man(THERE), "b")
    for rows in (
        lambda by: [row.pk for row in messages_of(1, seen_by=by)],
        lambda by: sorted(row.message for row in unreached(seen_by=by)),
    ):
        assert shown("duty_officer", rows) == apart(one.pk, other.pk)
    failures = shown("duty_officer", lambda by: [counts(1, seen_by=by).failed])
    assert failures == {HERE: [1], THERE: [1], NOWHERE: [0], "": [2]}
    for verb in (retry_message, lambda **words: drop_message(**words, reason="已打电话")):
        with refused("not_found", status=404):
            verb(by=of("duty_officer", HERE), message=other.pk)


def test_simulated_phones_and_what_they_show() -> None:
    phones = {HERE: "10000000001", THERE: "10000000002"}
    for unit, phone in phones.items():
        man(unit, phone=phone)
        CarrierRow.objects.create(
            ref=unit,
            key=unit,
            channel="sms",
            to=phone,
            person=1,
            text="x",
            purpose="report",
            accepted_at=clock.now(),
        )
    both = apart(*phones.values())
    walls = shown("duty_officer", lambda by: sorted(p.number for p in wall(seen_by=by).phones))
    assert walls == both
    assert shown("duty_officer", lambda by: [row.to for row in carrier_rows(seen_by=by)]) == both


# --- people --------------------------------------------------------------------------------------


def test_people_units_and_to_whom_a_task_is_given() -> None:
    one, other = man(HERE), man(THERE)
    rows = shown("system_admin", lambda by: [row.person for row in people(seen_by=by).rows])
    assert rows == apart(one, other)
    names = shown("system_admin", lambda by: [unit.code for unit, _gap in units_seen(by)])
    assert (names[HERE], names[THERE], names[NOWHERE]) == ([HERE], [THERE], [NOWHERE])
    tasks = shown(
        "duty_officer", lambda by: [int(pk) for pk, _name in choices(seen_by=by)["people"]]
    )
    assert tasks == apart(one.pk, other.pk)


def test_grants_and_changes_of_roles() -> None:
    given = []
    for person in (man(HERE), man(THERE)):
        by = of("security_admin")
        given.append(grant_role(by=by, person=person.pk, version=1, role="keeper"))
    seen = shown("audit_admin", lambda by: sorted(grants(seen_by=by), key=lambda g: g.pk))
    assert seen == apart(*given)
    said = shown("audit_admin", lambda by: sorted(c.line.about_id for c in changes(seen_by=by)))
    assert said == apart(*[str(grant.person_id) for grant in given])
    assert Grant.objects.count() == len(given)


def test_addresses_are_revealed_and_changed_in_ones_own_tree() -> None:
    man(HERE, phone="10000000001")
    other = man(THERE, phone="10000000002")
    address = Address.objects.get(person=other)
    by = of("duty_officer", HERE)
    assert find_by_phone(by=by, phone="10000000002") == []
    verbs: tuple[Callable[[], object], ...] = (
        lambda: reveal_phone(by=by, address=address.pk, why="核对"),
        lambda: give_consent(by=by, address=address.pk, text="同意"),
        lambda: withdraw_consent(by=by, address=address.pk),
        lambda: prefer_address(by=by, person=other.pk, address=address.pk),
    )
    for verb in verbs:
        with refused("not_found", status=404):
            verb()


# --- what administrators look at -----------------------------------------------------------------


def test_tokens() -> None:
    made = {
        unit: make_token(role="keeper", name=unit or "区", days=1, unit=cast.unit(unit))[1]
        for unit in (HERE, THERE)
    }
    askers = {unit: of("security_admin", unit) for unit in (HERE, THERE, "")}

    def rows(unit: str) -> list[str]:
        return [row.name for row, _how in tokens_of(seen_by=askers[unit]) if row.role == "keeper"]

    assert (rows(HERE), rows(THERE), rows("")) == ([HERE], [THERE], [THERE, HERE])
    with refused("not_found", status=404):
        revoke_token(by=askers[HERE], token=made[THERE].pk)
    revoke_token(by=askers[HERE], token=made[HERE].pk)


def test_who_has_looked_at_what() -> None:
    one, other = man(HERE, "keeper"), man(THERE, "keeper")
    reads = []
    for person in (one, other):
        by = Actor(kind="person", ident=str(person.pk))
        reads.append(record_read(by=by, what="phone.reveal"))
    program = record_read(by=of("duty_officer"), what="phone.search")
    seen = shown("audit_admin", lambda by: sorted(reads_of(seen_by=by), key=lambda r: r.pk))
    assert seen == apart(*reads, program)


def test_sheets_that_were_brought_in() -> None:
    made = [
        ImportRun.objects.create(
            kind="people",
            file_name="a.csv",
            sha256="0" * 64,
            state="taken",
            by_kind="person" if person else "system",
            by_id=str(person.pk) if person else "init",
            at=clock.now(),
            kept_until=clock.real() + timedelta(days=1),
        )
        for person in (man(HERE), man(THERE), None)
    ]
    seen = shown("system_admin", lambda by: sorted(runs(seen_by=by), key=lambda r: r.pk))
    assert seen == apart(*made)
    with refused("not_found", status=404):
        run_of(made[1].pk, seen_by=of("system_admin", HERE))
