"""An officer lets the house call further waves: so many, until then, as long as he wants."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from qianjun.force.actions import (
    confirm_wave,
    continue_callout,
    end_callout,
    enough,
    propose_callout,
    propose_wave,
    stand_down,
    withdraw_mandate,
)
from qianjun.force.models import Called, CallOut, Mandate, Volunteer, Wave
from qianjun.force.queries.callouts import callout_json
from qianjun.force.rules.mandates import Auto
from qianjun.incident.actions import close_incident
from qianjun.incident.queries import timeline
from qianjun.journal.heard import run_reaction
from qianjun.journal.models import Entry, Timer
from qianjun.journal.timers import tick
from qianjun.kernel import clock
from qianjun.message.models import Message
from qianjun.org.actor import Scope, system
from tests import cast
from tests.force.calls import Calls, people, pressed, wanted
from tests.force.some import NOW
from tests.journal.threads import at_once
from tests.org.refusals import refused
from tests.worker import run_jobs_shuffled_and_doubled

pytestmark = pytest.mark.django_db
UNTIL = NOW + timedelta(minutes=40)


def auto(most: int = 30, **later: int) -> Auto:
    """So many in all, until forty minutes from now or so."""
    return Auto(max_people=most, until=NOW + timedelta(**later) if later else UNTIL)


def given(calls: Calls, most: int = 30, **changed: Any) -> CallOut:
    """A call-out whose first wave was confirmed with a mandate."""
    row = calls.proposed(**{"need": 1} | changed)
    return confirm_wave(by=calls.by, callout_id=row.pk, rank=1, auto=auto(most))


def asked(calls: Calls, wish: Auto) -> CallOut:
    """A call-out with which a mandate is asked for, that nobody has confirmed."""
    return propose_callout(
        by=calls.by, incident_id=calls.incident.pk, wanted=wanted(need=1), auto=wish
    )


def look(hands: clock.Held, minutes: float = 3) -> None:
    """Time passes, the ticker says what is due, and every look is heard twice."""
    hands.forward(timedelta(minutes=minutes))
    tick()
    for entry in Entry.objects.filter(name="force.look_due").order_by("pk"):
        for _again in range(2):
            run_reaction(entry_id=entry.pk, reaction="force.go_on_calling")


def all_decline(row: CallOut) -> None:
    """Everybody who was called and has not answered says no."""
    for one in people(row):
        if one.sent_at and not one.declined_at:
            assert pressed(one, "decline") == "taken"


def sent(row: CallOut) -> int:
    """How many were invited."""
    return Called.objects.filter(callout=row, sent_at__isnull=False).count()


def mandate() -> Mandate:
    """The one mandate there is."""
    return Mandate.objects.get()


def test_the_house_calls_the_next_wave_when_the_answers_do_not_suffice(
    calls: Calls, held_clock: clock.Held
) -> None:
    row = given(calls)
    first = sent(row)
    all_decline(row)
    look(held_clock)
    waves = list(Wave.objects.filter(callout=row).order_by("rank"))
    assert [wave.rank for wave in waves] == [1, 2]
    assert waves[1].sent_at == clock.now()
    assert sent(row) == first + waves[1].count <= 30
    assert Message.objects.filter(purpose="callout").count() == sent(row)
    entry = Entry.objects.get(name="force.wave_sent_by_mandate")
    told = Entry.objects.get(name="force.mandate_given")
    assert (entry.by_kind, entry.cause) == ("system", told.pk)
    assert (told.by_kind, told.by_id) == (calls.by.kind, calls.by.ident)
    assert entry.payload["left"] == 30 - sent(row)
    lines, _more = timeline(seen_by=calls.by, incident_id=calls.incident.pk, limit=50)
    (line,) = [one for one in lines if one["name"] == "force.wave_sent_by_mandate"]
    assert f"系统按授权召集第 2 批 {waves[1].count} 人" in line["text_zh"]
    assert line["text_zh"].endswith("授权人：值****")
    assert line["kind"] == "order"


def test_nobody_more_is_called_while_the_answers_suffice(
    calls: Calls, held_clock: clock.Held
) -> None:
    row = given(calls, need=2)
    for one in people(row)[:5]:
        pressed(one, "accept")
    waiting = propose_wave(by=calls.by, callout_id=row.pk)
    look(held_clock)
    assert Wave.objects.filter(callout=row, sent_at__isnull=False).count() == 1
    assert Wave.objects.filter(callout=row).count() == 2, "what waits for its key is left alone"
    assert CallOut.objects.get().version == waiting.version
    assert mandate().looks == 1
    assert Timer.objects.filter(key=f"mandate:{mandate().pk}", done_at=None).exists()


def test_never_more_than_given_and_nobody_twice(calls: Calls, held_clock: clock.Held) -> None:
    row = given(calls, most=22)
    for _round in range(8):
        all_decline(row)
        look(held_clock)
    assert sent(row) == 22
    asked = list(Message.objects.filter(purpose="callout").values_list("person", flat=True))
    assert len(asked) == len(set(asked)) == 22
    assert not Volunteer.objects.filter(asked__gt=1).exists()
    assert (mandate().state, mandate().ended_why) == ("ended", "spent")
    assert Entry.objects.filter(name="force.mandate_ended").count() == 1
    assert not Timer.objects.filter(key__startswith="mandate:", done_at=None).exists()
    last = Wave.objects.filter(callout=row).latest("rank")
    assert "授权只剩" in last.why_zh
    assert last.probability < 0.95


def test_a_look_that_comes_twice_or_late_calls_once(calls: Calls, held_clock: clock.Held) -> None:
    row = given(calls)
    all_decline(row)
    held_clock.forward(timedelta(minutes=3))
    for _again in range(3):
        continue_callout(by=system(), mandate_id=mandate().pk, look=0)
    assert Wave.objects.filter(callout=row).count() == 2
    assert mandate().looks == 1
    with refused("not_found", status=404):
        continue_callout(by=calls.by, mandate_id=mandate().pk, look=1)


def test_after_its_time_nobody_is_called(calls: Calls, held_clock: clock.Held) -> None:
    row = given(calls)
    all_decline(row)
    look(held_clock, minutes=40)
    assert Wave.objects.filter(callout=row).count() == 1
    assert mandate().ended_why == "until"


def test_nobody_is_called_who_could_only_come_too_late(
    calls: Calls, held_clock: clock.Held
) -> None:
    row = calls.proposed(need=1)
    confirm_wave(by=calls.by, callout_id=row.pk, rank=1, auto=auto(hours=5))
    all_decline(row)
    look(held_clock, minutes=60)
    assert mandate().ended_why == "by"
    assert Wave.objects.filter(callout=row).count() == 1


@pytest.mark.parametrize(
    ("verb", "why"),
    [
        (withdraw_mandate, "withdrawn"),
        (enough, "enough"),
        (stand_down, "stood_down"),
        (end_callout, "ended"),
    ],
)
def test_it_ends_when_nobody_more_is_wanted(
    calls: Calls, held_clock: clock.Held, verb: Any, why: str
) -> None:
    row = given(calls)
    all_decline(row)
    for _again in range(2):
        verb(by=calls.by, callout_id=row.pk)
    assert (mandate().state, mandate().ended_why) == ("ended", why)
    assert Entry.objects.filter(name="force.mandate_ended").count() == 1
    look(held_clock)
    continue_callout(by=system(), mandate_id=mandate().pk, look=0)
    assert Wave.objects.filter(callout=row).count() == 1


def test_it_ends_with_the_incident(calls: Calls, held_clock: clock.Held) -> None:
    Volunteer.objects.update(paused_until=NOW + timedelta(days=1))
    row = given(calls)
    assert sent(row) == 0, "nobody holds the incident"
    close_incident(by=calls.by, incident_id=calls.incident.pk)
    Volunteer.objects.update(paused_until=None)
    entry = Entry.objects.get(name="incident.closed")
    run_reaction(entry_id=entry.pk, reaction="force.end_mandates")
    look(held_clock)
    assert mandate().ended_why == "closed"
    assert not Message.objects.filter(purpose="callout").exists()


def test_a_look_at_a_closed_incident_ends_it_before_the_news_has_come(
    calls: Calls, held_clock: clock.Held
) -> None:
    Volunteer.objects.update(paused_until=NOW + timedelta(days=1))
    given(calls)
    close_incident(by=calls.by, incident_id=calls.incident.pk)
    Volunteer.objects.update(paused_until=None)
    look(held_clock)
    assert mandate().ended_why == "closed"
    assert not Message.objects.filter(purpose="callout").exists()


def test_what_is_asked_for_is_in_force_once_somebody_confirms(
    calls: Calls, held_clock: clock.Held
) -> None:
    row = asked(calls, auto())
    assert mandate().state == "asked"
    look(held_clock)
    assert not Message.objects.exists(), "nobody has confirmed anything"
    leader = cast.actor(cast.LAOLI)
    confirm_wave(by=leader, callout_id=row.pk, rank=1)
    told = callout_json(CallOut.objects.get())["auto"]
    assert (told["state"], told["given_by_masked"]) == ("in_force", "带*****")
    assert told["left"] == 30 - sent(row)


def test_who_confirms_may_leave_it_out_or_change_it(calls: Calls) -> None:
    for said, states in ((None, [("ended", 30)]), (auto(35), [("ended", 30), ("in_force", 35)])):
        Mandate.objects.all().delete()
        Volunteer.objects.update(busy_until=None)
        row = asked(calls, auto())
        confirm_wave(by=calls.by, callout_id=row.pk, rank=1, auto=said)
        found = [(one.state, one.max_people) for one in Mandate.objects.order_by("pk")]
        assert found == states


def test_what_has_run_out_before_anybody_confirmed_stops_no_wave(
    calls: Calls, held_clock: clock.Held
) -> None:
    row = asked(calls, auto(minutes=5))
    held_clock.forward(timedelta(minutes=6))
    row = confirm_wave(by=calls.by, callout_id=row.pk, rank=1)
    assert row.state == "running"
    assert (mandate().state, mandate().ended_why) == ("ended", "until")


def test_a_wave_confirmed_by_hand_counts_too(calls: Calls) -> None:
    row = given(calls, most=22)
    all_decline(row)
    propose_wave(by=calls.by, callout_id=row.pk)
    confirm_wave(by=calls.by, callout_id=row.pk, rank=2)
    told = callout_json(CallOut.objects.get())["auto"]
    assert told["left"] == max(22 - sent(row), 0)
    assert (told["state"] == "ended") == (sent(row) >= 22)


def test_the_house_calls_nobody_outside_the_officers_tree(
    calls: Calls, held_clock: clock.Held
) -> None:
    row = given(calls)
    Mandate.objects.update(unit_path="somewhere/else")
    all_decline(row)
    look(held_clock)
    assert mandate().looks == 1
    assert Wave.objects.filter(callout=row).count() == 1


def test_an_officers_tree_is_kept_with_his_mandate(calls: Calls) -> None:
    path = cast.unit(cast.STREET).path
    one = replace(calls.by, scope=Scope(kind="unit", unit_path=path))
    calls.incident.division = cast.STREET
    calls.incident.save()
    row = calls.proposed(need=1)
    confirm_wave(by=one, callout_id=row.pk, rank=1, auto=auto())
    assert mandate().unit_path == path


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (auto(0), "out_of_range"),
        (auto(1), "max_people_below_wave"),
        (auto(200_000), "out_of_range"),
        (auto(seconds=0), "until_in_the_past"),
        (auto(days=4), "until_too_far"),
    ],
)
def test_a_mandate_that_will_not_do_calls_nobody(calls: Calls, said: Auto, code: str) -> None:
    row = calls.proposed(need=1)
    with refused(code, status=422), transaction.atomic():
        confirm_wave(by=calls.by, callout_id=row.pk, rank=1, auto=said)
    assert not Message.objects.exists()
    assert not Mandate.objects.exists()


# --- several at once ----------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_looks_answers_and_a_second_key_at_the_same_moment_invite_each_once(
    calls: Calls, held_clock: clock.Held
) -> None:
    row = given(calls, most=100)
    all_decline(row)
    propose_wave(by=calls.by, callout_id=row.pk)
    held_clock.forward(timedelta(minutes=3))
    key = mandate().pk

    def by_hand() -> None:
        confirm_wave(by=calls.by, callout_id=row.pk, rank=2)

    def by_house() -> None:
        continue_callout(by=system(), mandate_id=key, look=0)

    at_once(by_house, by_hand, by_house, by_hand, by_house)
    asked = list(Message.objects.filter(purpose="callout").values_list("person", flat=True))
    assert len(asked) == len(set(asked)) == sent(row)
    assert Wave.objects.filter(callout=row, rank=2, sent_at__isnull=False).count() == 1
    assert mandate().looks == 1


@pytest.mark.django_db(transaction=True)
def test_what_was_withdrawn_calls_nobody_however_close(
    calls: Calls, held_clock: clock.Held
) -> None:
    row = given(calls, most=100)
    all_decline(row)
    held_clock.forward(timedelta(minutes=3))
    key = mandate().pk
    at_once(
        lambda: withdraw_mandate(by=calls.by, callout_id=row.pk),
        lambda: continue_callout(by=system(), mandate_id=key, look=0),
    )
    ended = Entry.objects.get(name="force.mandate_ended").pk
    assert mandate().ended_why == "withdrawn"
    waves = Entry.objects.filter(name="force.wave_sent_by_mandate")
    assert all(one.pk < ended for one in waves), "the wave came before the word, or not at all"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", [1, 2])
def test_reactions_shuffled_and_doubled_call_the_same(
    calls: Calls, held_clock: clock.Held, seed: int
) -> None:
    row = given(calls, most=22)
    for _round in range(5):
        all_decline(row)
        held_clock.forward(timedelta(minutes=3))
        tick()
        run_jobs_shuffled_and_doubled(seed)
    asked = list(Message.objects.filter(purpose="callout").values_list("person", flat=True))
    assert len(asked) == len(set(asked)) == sent(row) == 22
