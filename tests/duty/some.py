"""A shift, a line of the log: made by others, for addresses that ask for one. 样例"""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from qianjun.duty.handing.actions import sign_out
from qianjun.duty.log.actions import note_down
from qianjun.duty.models import Bulletin, Shift
from qianjun.duty.rules.bulletin import period_of
from qianjun.duty.shifts.actions import enter_shift
from qianjun.kernel import clock
from qianjun.kernel.ids import short_id
from qianjun.org.models import Grant, Person
from qianjun.org.seeding import seed_posts
from tests import cast

ON_ROSTER = 900_004  # bodies name him by this id


def somebody() -> Person:
    """Somebody who may be put on the roster."""
    made, new = Person.objects.get_or_create(
        pk=ON_ROSTER, defaults={"name": "演示轮班员", "unit": cast.unit(), "sort_key": ""}
    )
    if new:
        since = clock.real() - timedelta(days=1)
        Grant.objects.create(person=made, role="duty_officer", since=since)
    return made


def shift() -> int:
    """A shift of his, each time a day that nobody has asked for."""
    seed_posts()
    who = somebody()
    since = clock.now() + timedelta(days=30 + Shift.objects.count())
    (row,) = enter_shift(
        by=cast.actor(cast.XIAOWANG),
        post="duty_officer",
        person=who.pk,
        since=since,
        until=since + timedelta(hours=8),
    )
    return row.pk


def note() -> int:
    """A line that an officer wrote."""
    return note_down(by=cast.actor(cast.XIAOWANG), text="局办来电，明早开会")


def handed_over() -> int:
    """A hand-over that waits for its second signature, of somebody new each time."""
    part = cast.Part(name="演示交班员", role="duty_officer", login=f"jiaoban{short_id()}")
    cast.put_on_duty(part, post="duty_officer")
    return sign_out(by=cast.actor(part), post="duty_officer").pk


def bulletin() -> int:
    """The draft of a day that had none."""
    first = Bulletin.objects.order_by("day").values_list("day", flat=True).first()
    day = (first or clock.now().date()) - timedelta(days=1)
    since, until = period_of(day)
    return Bulletin.objects.create(day=day, since=since, until=until, drafted_at=clock.now()).pk


# by part of the address
OWN: Final[dict[str, Callable[[], str | None]]] = {
    "/v1/shifts/": lambda: str(shift()),
    "/v1/bulletins/{": lambda: str(bulletin()),
    "/v1/shift_hand_overs/": lambda: str(handed_over()),
    "/v1/duty_log/notes/": lambda: str(note()),
}
