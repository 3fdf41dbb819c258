"""The roster: who is entered holds the post by himself, from the minute to the minute."""

from datetime import UTC, datetime, timedelta

import pytest

from qianjun.duty.models import Shift
from qianjun.duty.rules.roster import gaps_in, month_of, next_shift, repeated
from qianjun.duty.shifts.actions import change_shift, enter_shift, remove_shift, restore_shift
from qianjun.duty.shifts.queries import gaps_ahead, roster
from qianjun.journal.models import Entry
from qianjun.journal.timers import tick
from qianjun.kernel import clock
from qianjun.org.actor import Actor
from qianjun.org.models import Holding, Person
from qianjun.org.queries import holders_of
from qianjun.org.seeding import seed_posts
from tests import cast
from tests.org.refusals import refused

pytestmark = pytest.mark.django_db
POST = "duty_officer"
HOUR = timedelta(hours=1)


@pytest.fixture
def zhao(request: pytest.FixtureRequest) -> Person:
    """值班员小赵, in a house with posts."""
    request.getfixturevalue("db")
    seed_posts()
    return cast.person(cast.XIAOZHAO)


def entered(by: Actor, who: Person, *, begins: int = 2, hours: int = 8, post: str = POST) -> Shift:
    """His shift that begins in so many hours."""
    since = clock.now() + begins * HOUR
    (row,) = enter_shift(by=by, post=post, person=who.pk, since=since, until=since + hours * HOUR)
    return row


def names() -> list[str]:
    return [one.name for one in holders_of(POST)]


def test_a_shift_begins_and_ends_by_itself(
    officer: Actor, zhao: Person, held_clock: clock.Held
) -> None:
    entered(officer, zhao)
    assert names() == []
    held_clock.forward(2 * HOUR)
    assert names() == [zhao.name]
    tick()
    began = Entry.objects.get(name="duty.shift_began")
    assert began.about_kind == "shift"
    held_clock.forward(8 * HOUR)
    assert names() == []


def test_the_roster_ends_who_was_there_until_further_notice(
    officer: Actor, zhao: Person, held_clock: clock.Held
) -> None:
    cast.put_on_duty(cast.XIAOWANG, post=POST)
    row = entered(officer, zhao)
    assert names() == ["值班员小王"]
    held_clock.forward(2 * HOUR)
    assert names() == [zhao.name]
    # entered by mistake: he is back as if nothing had been
    remove_shift(by=officer, shift_id=row.pk)
    assert names() == ["值班员小王"]
    restore_shift(by=officer, shift_id=row.pk)
    assert names() == [zhao.name]


def test_who_is_named_in_the_middle_of_a_shift_has_it_from_now_on(
    officer: Actor, zhao: Person, held_clock: clock.Held
) -> None:
    row = entered(officer, zhao)
    held_clock.forward(4 * HOUR)
    wang = cast.person(cast.XIAOWANG)

    def named(who: Person) -> Shift:
        return change_shift(
            by=officer,
            shift_id=row.pk,
            person=who.pk,
            since=row.since,
            until=row.until,
            version=1,
        )

    changed = named(wang)
    assert changed.version == 2
    assert names() == [wang.name]
    past = Holding.objects.get(person=zhao)
    assert past.until == clock.now()
    with refused("stale", status=409):
        named(zhao)


def test_a_removed_shift_never_begins(officer: Actor, zhao: Person, held_clock: clock.Held) -> None:
    row = entered(officer, zhao)
    remove_shift(by=officer, shift_id=row.pk)
    remove_shift(by=officer, shift_id=row.pk)
    held_clock.forward(3 * HOUR)
    tick()
    assert names() == []
    assert not Entry.objects.filter(name="duty.shift_began").exists()
    assert roster(seen_by=officer).removed[0].pk == row.pk
    held_clock.forward(24 * HOUR)
    with refused("over", status=409):
        restore_shift(by=officer, shift_id=row.pk)


def test_what_cannot_be_is_refused_with_its_field(officer: Actor, zhao: Person) -> None:
    entered(officer, zhao)
    with refused("already_there", status=409):
        entered(officer, zhao, begins=3)
    with refused("does_not_fit", status=422):
        entered(officer, cast.person(cast.KEEPER))
    with refused("does_not_fit", status=422):
        entered(officer, zhao, post="leader_in_charge")
    with refused("bad_order", status=422):
        entered(officer, zhao, begins=20, hours=-1)
    with refused("too_long", status=422):
        entered(officer, zhao, begins=20, hours=200)
    with refused("out_of_bounds", status=422):
        entered(officer, zhao, begins=-24 * 60)
    with refused("not_allowed", status=403):
        entered(cast.actor(cast.JIEDAO), zhao, begins=40)
    with refused("not_found", status=404):
        remove_shift(by=officer, shift_id="999")


def test_four_people_in_turn_fill_a_month_in_four_entries(officer: Actor, zhao: Person) -> None:
    since, until = next_shift(clock.now())
    rows = enter_shift(
        by=officer, post=POST, person=zhao.pk, since=since, until=until, every_days=4, times=8
    )
    assert [row.since - since for row in rows] == [timedelta(days=4 * n) for n in range(8)]
    assert Holding.objects.filter(person=zhao).count() == 8
    officers = [gap for code, gap in gaps_ahead() if code == POST]
    assert [gap.until - gap.since for gap in officers][1] == timedelta(days=3)


def test_gaps_are_what_no_span_covers() -> None:
    hours = [datetime(2026, 6, 1, hour, tzinfo=UTC) for hour in (0, 6, 8, 10, 20)]
    found = gaps_in([(hours[1], hours[3]), (hours[2], hours[3])], since=hours[0], until=hours[4])
    assert [(gap.since.hour, gap.until.hour) for gap in found] == [(0, 6), (10, 20)]
    assert gaps_in([(hours[0], hours[4])], since=hours[0], until=hours[4]) == []


@pytest.mark.parametrize("word", ["2026-06", "", "2026-13", "20２6-06", "x" * 5_000, "2026-6"])
def test_a_month_is_read_or_is_this_one(word: str) -> None:
    now = datetime(2026, 6, 30, 16, 30, tzinfo=UTC)
    name, since, until = month_of(word, now=now)
    assert name == ("2026-06" if word == "2026-06" else "2026-07")
    assert since < until


def test_a_month_ends_where_the_next_begins() -> None:
    now = datetime(2026, 12, 5, tzinfo=UTC)
    _name, _since, until = month_of("2026-12", now=now)
    assert until == month_of("2027-01", now=now)[1]
    span = next_shift(now)
    assert repeated(span, every_days=1, times=2)[1][0] == span[1]
