"""Hand-over: what is open, two signatures of two people, the post, what is frozen."""

from datetime import timedelta
from io import BytesIO

import pytest
from docx import Document

from qianjun.duty.handing.actions import sign_in, sign_out, sign_out_for, withdraw_hand_over
from qianjun.duty.handing.open import open_now
from qianjun.duty.handing.pack import take_pack_out
from qianjun.duty.handing.papers import take_hand_over_out
from qianjun.duty.handing.queries import handing, notes_of, reasons_of
from qianjun.duty.rules.handing import changes
from qianjun.duty.shifts.actions import enter_shift
from qianjun.incident.actions import close_incident, erase_record
from qianjun.journal.models import Entry
from qianjun.kernel import clock
from qianjun.org.actor import Actor
from qianjun.org.contact_models import Contact
from qianjun.org.models import Holding, Read, Unit
from qianjun.org.queries import holders_of
from qianjun.org.seeding import seed_units
from tests import cast
from tests.incident.fires import FAR, taken
from tests.org.refusals import refused

pytestmark = pytest.mark.django_db
POST = "duty_officer"


@pytest.fixture
def wang(request: pytest.FixtureRequest) -> Actor:
    """值班员小王 on his post."""
    request.getfixturevalue("db")
    cast.put_on_duty(cast.XIAOWANG, post=POST)
    return cast.actor(cast.XIAOWANG)


@pytest.fixture
def zhao(request: pytest.FixtureRequest) -> Actor:
    """值班员小赵, who comes next."""
    request.getfixturevalue("db")
    return cast.actor(cast.XIAOZHAO)


def names() -> list[str]:
    return [one.name for one in holders_of(POST)]


def test_two_sign_and_the_post_changes_hands(
    wang: Actor, zhao: Actor, held_clock: clock.Held
) -> None:
    fire = taken(wang)
    row = sign_out(by=wang, post=POST, note="等市局回复")
    assert names() == ["值班员小王"]
    held_clock.forward(timedelta(minutes=3))
    close_incident(by=wang, incident_id=fire.stored.incident_id)
    flood = taken(wang, **FAR)
    (waiting,) = handing(seen_by=zhao).waiting
    assert waiting.may_sign
    assert waiting.note == "等市局回复"
    first = waiting.changes[0]
    assert first.came == (flood.stored.incident_number,)
    assert first.went == (fire.stored.incident_number,)
    signed = sign_in(by=zhao, hand_over_id=row.pk)
    assert names() == ["值班员小赵"]
    assert changes(signed.snapshot, signed.taken or {})[0].section == "incidents"
    for name in ("duty.hand_over_signed", "duty.hand_over_taken"):
        told = Entry.objects.get(name=name)
        assert told.payload["digest"] == row.digest
    assert Entry.objects.get(name="duty.hand_over_signed").payload["incidents"] == [
        fire.stored.incident_id
    ]
    with refused("over", status=409):
        sign_in(by=cast.actor(cast.LAOLI), hand_over_id=row.pk)
    assert "演示" not in str(signed.snapshot)


def test_nobody_signs_for_both_and_no_token_signs(wang: Actor, zhao: Actor) -> None:
    with refused("not_on_post", status=409):
        sign_out(by=zhao, post=POST)
    with refused("needs_person", status=409):
        sign_out(by=cast.actor_for("duty_officer"), post=POST)
    row = sign_out(by=wang, post=POST)
    with refused("already_signed", status=409):
        sign_out(by=wang, post=POST)
    with refused("same_person", status=409):
        sign_in(by=wang, hand_over_id=row.pk)
    with refused("needs_person", status=409):
        sign_in(by=cast.actor_for("duty_officer"), hand_over_id=row.pk)
    with refused("does_not_fit", status=409):
        sign_in(by=cast.actor(cast.JUZHANG), hand_over_id=row.pk)
    with refused("not_allowed", status=403):
        sign_in(by=cast.actor(cast.KEEPER), hand_over_id=row.pk)
    with refused("not_found", status=404):
        sign_in(by=zhao, hand_over_id="999")


def test_he_takes_his_own_signature_back_and_nobody_else_does(wang: Actor, zhao: Actor) -> None:
    row = sign_out(by=wang, post=POST)
    with refused("not_yours", status=409):
        withdraw_hand_over(by=zhao, hand_over_id=row.pk)
    withdraw_hand_over(by=wang, hand_over_id=row.pk)
    assert names() == ["值班员小王"]
    with refused("over", status=409):
        sign_in(by=zhao, hand_over_id=row.pk)
    sign_out(by=wang, post=POST)


def test_the_shift_leader_signs_for_one_who_is_ill_and_a_third_takes_over(
    wang: Actor, zhao: Actor
) -> None:
    leader, ill = cast.actor(cast.LAOLI), str(wang.person)
    (absent,) = handing(seen_by=leader).absent
    assert (absent[0], absent[1].pk) == (POST, wang.person)
    assert handing(seen_by=zhao).absent == ()
    row = sign_out_for(by=leader, post=POST, outgoing=ill, why="突发疾病送医", note="等回复")
    assert names() == ["值班员小王"]
    assert handing(seen_by=leader).absent == ()
    with refused("same_person", status=409):
        sign_in(by=leader, hand_over_id=row.pk)
    with refused("same_person", status=409):
        sign_in(by=wang, hand_over_id=row.pk)
    sign_in(by=zhao, hand_over_id=row.pk)
    assert names() == ["值班员小赵"]
    told = Entry.objects.get(name="duty.hand_over_signed_for")
    assert told.payload == {"hand_over_id": row.pk, "post": POST, "outgoing": wang.person}
    assert reasons_of([row])[row.pk] == "突发疾病送医"
    _name, content = take_hand_over_out(by=zhao, hand_over_id=row.pk)
    tables = Document(BytesIO(content)).tables
    cells = [cell.text for table in tables for line in table.rows for cell in line.cells]
    assert "突发疾病送医" in cells
    assert any("带班领导老李" in one for one in cells)
    said = {"reason": "申请", "article": "pipl_47"}
    erase_record(by=leader, kind="entry", ident=str(row.why_entry), **said)
    assert "疾病" not in reasons_of([row])[row.pk]


def test_nobody_but_the_shift_leader_signs_for_another(wang: Actor, zhao: Actor) -> None:
    leader, ill = cast.actor(cast.LAOLI), str(wang.person)
    told = {"post": POST, "outgoing": ill, "why": "病"}
    with refused("not_allowed", status=403):
        sign_out_for(by=zhao, **told)
    with refused("needs_person", status=409):
        sign_out_for(by=cast.actor_for("leader_in_charge"), **told)
    with refused("too_short", status=422):
        sign_out_for(by=leader, **{**told, "why": " "})
    with refused("sign_yourself", status=409):
        sign_out_for(by=leader, **{**told, "outgoing": str(leader.person)})
    with refused("not_on_post", status=409):
        sign_out_for(by=leader, **{**told, "outgoing": str(zhao.person)})
    with refused("not_found", status=404):
        sign_out_for(by=leader, **{**told, "outgoing": "９９"})
    row = sign_out_for(by=leader, **told)
    with refused("already_signed", status=409):
        sign_out_for(by=leader, **told)
    withdraw_hand_over(by=leader, hand_over_id=row.pk)
    assert handing(seen_by=leader).absent != ()


def shift_of(by: Actor, who: Actor, *, begins: timedelta) -> None:
    since = clock.now() + begins
    until = since + timedelta(hours=8)
    enter_shift(by=by, post=POST, person=who.person or 0, since=since, until=until)


def test_who_comes_early_begins_his_own_shift(wang: Actor, zhao: Actor) -> None:
    shift_of(wang, zhao, begins=timedelta(minutes=20))
    row = sign_out(by=wang, post=POST)
    sign_in(by=zhao, hand_over_id=row.pk)
    assert names() == ["值班员小赵"]
    (held,) = Holding.objects.filter(person=zhao.person)
    assert held.until == clock.now() + timedelta(hours=8, minutes=20)


def test_who_steps_in_unplanned_leaves_when_the_roster_says(
    wang: Actor, zhao: Actor, held_clock: clock.Held
) -> None:
    shift_of(wang, wang, begins=timedelta(hours=20))
    row = sign_out(by=wang, post=POST)
    sign_in(by=zhao, hand_over_id=row.pk)
    assert names() == ["值班员小赵"]
    held_clock.forward(timedelta(hours=20))
    assert names() == ["值班员小王"]


def test_the_roster_has_changed_the_post_before_they_sign(
    wang: Actor, zhao: Actor, held_clock: clock.Held
) -> None:
    shift_of(wang, zhao, begins=timedelta(hours=1))
    held_clock.forward(timedelta(hours=1, minutes=7))
    assert names() == ["值班员小赵"]
    row = sign_out(by=wang, post=POST)
    sign_in(by=zhao, hand_over_id=row.pk)
    assert names() == ["值班员小赵"]
    held_clock.forward(timedelta(hours=20))
    with refused("not_on_post", status=409):
        sign_out(by=wang, post=POST)


def test_the_sheet_goes_out_as_word_without_what_was_erased(wang: Actor, zhao: Actor) -> None:
    fire = taken(wang)
    row = sign_out(by=wang, post=POST, note="演示群众的住址要保密")
    sign_in(by=zhao, hand_over_id=row.pk)
    name, content = take_hand_over_out(by=zhao, hand_over_id=row.pk)
    assert name.startswith("交接班单 2026-06-01 1405")
    words = "\n".join(one.text for one in Document(BytesIO(content)).paragraphs)
    assert fire.stored.incident_number in words
    assert "住址要保密" in words
    leader = cast.actor(cast.LAOLI)
    told = {"reason": "申请", "article": "pipl_47"}
    erase_record(by=leader, kind="entry", ident=str(row.note_entry), **told)
    assert "住址" not in notes_of([row])[row.pk]


def test_what_is_open_names_its_kind(wang: Actor) -> None:
    taken(wang)
    sections = {one.code: one for one in open_now(seen_by=wang)}
    assert sections["incidents"].matters[0].due is not None
    assert sections["upward"].matters[0].number


def test_the_paper_pack_holds_what_is_needed_without_power(wang: Actor, zhao: Actor) -> None:
    seed_units()
    police = Unit.objects.get(code="450202-GA")
    who = cast.person(cast.PARTNER, phone="10000020002")
    Contact.objects.create(unit=police, person=who)
    fire = taken(wang)
    shift_of(wang, zhao, begins=timedelta(hours=2))
    _name, content = take_pack_out(by=wang)
    paper = Document(BytesIO(content))
    words = "\n".join(one.text for one in paper.paragraphs)
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    assert fire.stored.incident_number in words
    assert "值班员小赵" in cells
    assert "10000020002" in cells
    assert "报告人和电话" in cells
    assert Read.objects.filter(what="leave.print").count() == 1
    assert Read.objects.filter(what="phone.reveal").count() == 1
    # who may not reveal a number has it masked
    masked = Document(BytesIO(take_pack_out(by=cast.actor(cast.JUZHANG))[1]))
    cells = [cell.text for table in masked.tables for row in table.rows for cell in row.cells]
    assert "10000020002" not in cells
    assert "100****0002" in cells
    with refused("not_allowed", status=403):
        take_pack_out(by=cast.actor(cast.KEEPER))
