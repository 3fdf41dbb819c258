"""A show is played on the demo's people and places, step by step, and leaves nothing half done."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from qianjun.drill.actions import (
    pause_show,
    play_step,
    resume_show,
    skip_step,
    start_show,
    stop_show,
)
from qianjun.drill.models import Show, ShowStep
from qianjun.drill.queries import bar, script
from qianjun.drill.rules import PACES, Script, Step, Words, lasts_s, missing_verbs, pace
from qianjun.drill.verbs import HOUSE, VERBS
from qianjun.force.seeding import seed_forces
from qianjun.incident.models import Incident
from qianjun.journal.models import ClockRow
from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.message.models import Carrier
from qianjun.org.actor import Actor
from qianjun.org.contact_seeding import seed_contacts
from qianjun.org.seeding import seed_demo_people
from qianjun.place.seeding import seed_places
from qianjun.supply.seeding import seed_articles, seed_demo_stock
from tests import cast
from tests.worker import run_jobs

FEW = 400  # volunteers


@pytest.fixture
def demo(request: pytest.FixtureRequest) -> None:
    """The demo's people, places, stock and forces."""
    request.getfixturevalue("transactional_db")
    for seed in (seed_places, seed_articles, seed_demo_people, seed_contacts, seed_demo_stock):
        seed()
    seed_forces(volunteers=FEW)


def test_every_verb_of_the_story_exists() -> None:
    assert missing_verbs(script(), VERBS) == set()
    named = {act.verb for step in script().steps for act in step.acts}
    assert set(VERBS) == named, "and each is used"


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("demo")
def test_the_whole_story_runs_on_the_demo_and_no_step_is_refused(held_clock: clock.Held) -> None:
    officer = cast.actor(cast.XIAOWANG)
    start_show(by=officer)
    told = script()
    for place in range(len(told.steps)):
        row = skip_step(by=officer)
        held_clock.forward(max(timedelta(0), row.due_at - clock.now()))
        assert play_step(by=HOUSE), place
        run_jobs()
        assert not ShowStep.objects.exclude(refused=""), list(
            ShowStep.objects.exclude(refused="").values_list("place", "refused")
        )
    assert not play_step(by=HOUSE), "it is over"
    row = Show.objects.get()
    assert row.over_at is not None
    assert Incident.objects.get(pk=row.kept["incident"]).state == Incident.State.CLOSED
    assert ClockRow.objects.get().speed == 1
    assert not any("{" in step.page for step in row.steps.all())
    assert all(step.page != "/" or told.steps[step.place].page == "/" for step in row.steps.all())


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("demo")
def test_a_show_waits_to_be_read_and_can_be_held_hurried_and_stopped(
    held_clock: clock.Held,
) -> None:
    officer = cast.actor(cast.XIAOWANG)
    start_show(by=officer, read_s=10)
    with pytest.raises(Refused) as twice:
        start_show(by=officer)
    assert twice.value.code == "show_runs"
    assert play_step(by=HOUSE)
    assert not play_step(by=HOUSE), "nobody has read it yet"
    pause_show(by=officer)
    assert ClockRow.objects.get().speed == 0
    held_clock.forward(timedelta(hours=1))
    assert not play_step(by=HOUSE)
    resume_show(by=officer)
    assert play_step(by=HOUSE)
    skip_step(by=officer)
    row = Show.objects.get()
    held_clock.forward(max(timedelta(0), row.due_at - clock.now()))
    assert play_step(by=HOUSE)
    stop_show(by=officer)
    assert ClockRow.objects.get().speed == 1
    assert not Carrier.objects.filter(down=True).exists()
    assert bar(seen_by=officer) is None
    with pytest.raises(Refused) as none:
        skip_step(by=officer)
    assert none.value.code == "no_show"


@pytest.mark.django_db
@pytest.mark.parametrize("realm", ["live", "drill"])
def test_outside_the_demo_there_is_no_show(settings: Any, realm: str) -> None:
    settings.REALM = realm
    officer: Actor = cast.actor(cast.XIAOWANG)
    for verb in (start_show, pause_show, resume_show, skip_step, stop_show):
        with pytest.raises(Refused) as refused, transaction.atomic():
            verb(by=officer)
        assert refused.value.status == 404
    assert not Show.objects.exists()
    client = cast.signed_in(cast.XIAOWANG)
    assert client.get("/show/").status_code == 404
    assert client.get("/show/bar/").status_code == 404
    assert "/show/" not in client.get("/incidents/").content.decode()


def test_the_clock_hurries_where_nothing_happens_and_dawdles_where_much_does() -> None:
    assert pace(gap_s=60, read_s=12).speed == 5
    assert pace(gap_s=240, read_s=12) == pace(gap_s=240, read_s=12)
    assert pace(gap_s=3600, read_s=12).forward_s == 3600 - 240
    assert pace(gap_s=3600, read_s=12).speed == 20
    assert pace(gap_s=0, read_s=12).speed == 1


def test_stops_that_no_step_shows_are_listed_as_left_out() -> None:
    told = script()
    assert {one.n for one in (*told.shown(), *told.left_out())} == set(range(1, 11))
    assert len(told.shown()) >= 7
    assert lasts_s(told, read_s=max(PACES)) <= 10 * 60, (
        "at the slowest pace it takes ten minutes at most"
    )
    alone = Script(
        code="x",
        title=Words(zh="x"),
        stops=(),
        steps=(Step(at_min=0, said=Words(zh="x"), why=Words(zh="x"), page="/"),),
    )
    assert missing_verbs(alone, ()) == set()
