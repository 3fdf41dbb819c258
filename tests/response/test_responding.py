"""A plan is started by whoever may, gives its tasks once, and says who was told."""

import json
import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from qianjun.incident.actions import close_incident, finish_task
from qianjun.incident.activation_models import Activation, LevelStep
from qianjun.incident.models import Incident, Task
from qianjun.incident.queries import incident_card, timeline
from qianjun.kernel import clock
from qianjun.message.models import Message
from qianjun.org.actor import Actor
from qianjun.org.contact_models import Contact
from qianjun.org.models import Person, Unit
from qianjun.org.seeding import seed_units
from qianjun.plan.queries import plan_by_code
from qianjun.response.actions import (
    change_level,
    decide,
    end_response,
    first_measures,
    start_operation,
    start_response,
)
from qianjun.response.models import PlanTask
from qianjun.response.queries.responding import (
    Asked,
    activation_json,
    look_at_first,
    look_at_response,
)
from qianjun.response.rules.measuring import measures_of
from tests import cast
from tests.incident.fires import taken
from tests.org.refusals import refused

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _units() -> None:
    """The units that plans name."""
    seed_units()


FIRE = {"category": "12G00", "text": "文昌路厂房起火", "source": "119"}
IV, III = Asked(plan="fire", level=4, why="119 转来"), Asked(plan="fire", level=3, why="扩大")


def fire(officer: Actor) -> int:
    """An open fire."""
    return taken(officer, **FIRE).stored.incident_id


def lines(officer: Actor, incident: int) -> list[str]:
    """What the timeline says of responses, in its order."""
    shown, _more = timeline(seen_by=officer, incident_id=incident, limit=200)
    return [one["name"] for one in shown if "activation" in one["name"] or "level" in one["name"]]


def test_the_officer_starts_first_measures_alone_and_once(officer: Actor) -> None:
    incident = fire(officer)
    looked = look_at_first(seen_by=officer, incident_id=incident)
    assert not Task.objects.exists()
    _row, plan, given = first_measures(by=officer, incident_id=incident)
    firsts = [one.code for one in plan.tasks if one.first]
    assert list(given.tasks) == firsts == [one["code"] for one in looked["tasks"]]
    assert PlanTask.objects.filter(activation=None).count() == len(firsts)
    before = Message.objects.count()
    _row, _plan, again = first_measures(by=officer, incident_id=incident)
    assert (again.messages, len(again.tasks)) == (0, len(firsts))
    assert Message.objects.count() == before
    assert Task.objects.count() == len(firsts)


def test_each_unit_is_told_its_own_lines_and_nobody_elses(officer: Actor) -> None:
    health = Unit.objects.get(code="450202-WJ")
    room = Person.objects.create(name="演示值班室", unit=health, sort_key="")
    Contact.objects.create(unit=health, person=room)
    incident = fire(officer)
    first_measures(by=officer, incident_id=incident)
    told = list(Message.objects.filter(person=room, purpose="order"))
    plan = plan_by_code("fire")
    assert plan is not None
    firsts = [one for one in plan.tasks if one.first]
    leads = [one.title.zh for one in firsts if one.lead == health.code]
    helps = [one.title.zh for one in firsts if health.code in one.supporting]
    others = [one.title.zh for one in firsts if health.code not in (one.lead, *one.supporting)]
    assert len(told) == len(leads) + bool(helps)
    words = "".join(one.text for one in told)
    assert all(title in words for title in (*leads, *helps))
    assert not any(title in words for title in others)
    assert {one.rank for one in told} == {0}
    assert [bool(one.links) for one in told].count(True) == len(leads)


def test_a_level_that_is_not_his_to_start_is_proposed_and_answered_once(officer: Actor) -> None:
    leader = cast.actor(cast.LAOLI)
    incident = fire(officer)
    started = start_response(by=officer, incident_id=incident, asked=IV)
    assert started.row.started_at is None
    assert not Task.objects.exists()
    with refused("already_proposed", status=409):
        start_response(by=officer, incident_id=incident, asked=IV)
    with refused("not_allowed", status=403):
        decide(by=officer, activation_id=started.row.pk, approve=True)
    approved = decide(by=leader, activation_id=started.row.pk, approve=True, note="同意")
    count = Task.objects.count()
    assert count == len(approved.given.tasks) > 0
    again = decide(by=leader, activation_id=started.row.pk, approve=True)
    assert again.given.tasks == {}
    assert Task.objects.count() == count
    with refused("decided", status=409):
        decide(by=leader, activation_id=started.row.pk, approve=False)
    assert lines(officer, incident) == [
        "incident.activation_proposed",
        "incident.activation_started",
    ]
    (brief,) = incident_card(seen_by=officer, incident_id=incident)["activations"]
    assert (brief["state"], brief["level"], brief["authority"]) == ("active", 4, "450202")


def test_who_decides_starts_at_once_and_takes_a_waiting_proposal_along(officer: Actor) -> None:
    leader = cast.actor(cast.LAOLI)
    incident = fire(officer)
    waiting = start_response(by=officer, incident_id=incident, asked=IV).row
    row = start_response(by=leader, incident_id=incident, asked=IV).row
    assert row.pk == waiting.pk
    assert row.started_at is not None
    with refused("already_active", status=409):
        start_response(by=leader, incident_id=incident, asked=IV)


def test_first_measures_are_kept_and_not_ordered_again(officer: Actor) -> None:
    leader = cast.actor(cast.LAOLI)
    incident = fire(officer)
    _row, _plan, first = first_measures(by=officer, incident_id=incident)
    started = start_response(by=leader, incident_id=incident, asked=IV)
    for code, task in first.tasks.items():
        if code in started.given.tasks:
            assert started.given.tasks[code].pk == task.pk
    assert not PlanTask.objects.filter(activation=None, code__in=started.given.tasks).exists()


def test_raising_adds_and_lowering_takes_back_what_nobody_has_done(officer: Actor) -> None:
    leader, chief = cast.actor(cast.LAOLI), cast.actor(cast.JUZHANG)
    incident = fire(officer)
    row = start_response(by=leader, incident_id=incident, asked=IV).row
    with refused("not_the_authority", status=403):
        change_level(by=officer, activation_id=row.pk, level=3, why="有人遇难")
    with refused("not_the_authority", status=409):
        change_level(by=leader, activation_id=row.pk, level=3, why="有人遇难")
    _started, up = change_level(by=chief, activation_id=row.pk, level=3, why="有人遇难")
    assert up.added
    assert not up.withdrawn
    with refused("same_level", status=409):
        change_level(by=chief, activation_id=row.pk, level=3, why="有人遇难")
    done = PlanTask.objects.get(activation=row, code=up.added[0]).task
    finish_task(by=officer, incident_id=incident, task_id=done.pk, result="已办")
    _started, down = change_level(by=chief, activation_id=row.pk, level=4, why="明火扑灭")
    assert down.withdrawn == up.added
    done.refresh_from_db()
    assert done.dropped_at is None
    others = Task.objects.filter(dropped_at__isnull=False).count()
    assert others == len(up.added) - 1
    assert list(LevelStep.objects.values_list("level", flat=True)) == [4, 3, 4]


def test_the_city_beside_us_is_recorded_and_we_carry_only_our_own_lines(officer: Actor) -> None:
    leader = cast.actor(cast.LAOLI)
    incident = fire(officer)
    start_response(by=leader, incident_id=incident, asked=IV)
    city = Unit.objects.filter(level=Unit.Level.CITY).first()
    assert city is not None
    asked = Asked(plan="fire", level=2, authority=city.code, decided_by="市政府")
    row = start_response(by=officer, incident_id=incident, asked=asked).row
    assert (row.started_at is not None, row.role, row.how) == (True, "", "recorded")
    ours = {one.code for one in PlanTask.objects.filter(activation=row)}
    plan = plan_by_code("fire")
    assert plan is not None
    own = measures_of(plan, level=2, division="", month=1, only="450202")
    assert ours <= {one.code for one in own.tasks}
    assert Activation.objects.filter(incident=incident, started_at__isnull=False).count() == 2


def test_ending_has_a_reason_and_its_authority(officer: Actor) -> None:
    leader = cast.actor(cast.LAOLI)
    incident = fire(officer)
    row = start_response(by=leader, incident_id=incident, asked=IV).row
    with refused("not_the_authority", status=403):
        end_response(by=officer, activation_id=row.pk, why="处置完毕")
    with refused("too_short", status=422):
        end_response(by=leader, activation_id=row.pk, why=" ")
    ended, _told = end_response(by=leader, activation_id=row.pk, why="处置完毕")
    again, told = end_response(by=leader, activation_id=row.pk, why="再说一遍")
    assert (again.end_why, told) == (ended.end_why, 0)
    with refused("not_active", status=409):
        change_level(by=cast.actor(cast.JUZHANG), activation_id=row.pk, level=3, why="又起")
    proposed = start_response(by=officer, incident_id=incident, asked=IV).row
    withdrawn, _told = end_response(by=officer, activation_id=proposed.pk, why="不用了")
    assert withdrawn.ended_at is not None
    assert "incident.proposal_withdrawn" in [
        one["name"] for one in timeline(seen_by=officer, incident_id=incident, limit=200)[0]
    ]


def test_what_cannot_be_is_refused_and_nothing_written(officer: Actor) -> None:
    incident = fire(officer)
    for code, asked in (
        ("unknown_plan", Asked(plan="none", level=4)),
        ("unknown_level", Asked(plan="fire", level=9)),
        ("unknown_authority", Asked(plan="fire", level=4, authority="x\0")),
        ("bad_until", Asked(plan="fire", level=4, expected_until=clock.now())),
        ("too_long", Asked(plan="fire", level=4, why="长" * 1001)),
        ("bad_measure", Asked(plan="fire", level=4, measures=("",))),
    ):
        with refused(code, status=422):
            start_response(by=officer, incident_id=incident, asked=asked)
        with refused(code, status=422):
            look_at_response(seen_by=officer, incident_id=incident, asked=asked)
    with refused("not_allowed", status=403):
        start_response(by=cast.actor(cast.ZHIHUI), incident_id=incident, asked=IV)
    with refused("not_found", status=404):
        start_response(by=officer, incident_id="999999", asked=IV)
    close_incident(by=officer, incident_id=incident)
    with refused("incident_closed", status=409):
        start_response(by=officer, incident_id=incident, asked=IV)
    assert not Activation.objects.exists()


def test_an_operation_has_no_accident_clock_and_may_be_proposed(officer: Actor) -> None:
    asked = Asked(plan="crowd", level=3, expected_until=clock.now() + timedelta(hours=8))
    row = start_operation(by=officer, asked=asked, title="三月三文艺晚会", area="龙城广场").row
    incident = Incident.objects.get(pk=row.incident_id)
    card = incident_card(seen_by=officer, incident_id=incident.pk)
    assert (card["kind"], card["deadlines"], card["questions"]) == ("operation", [], [])
    assert card["activations"][0]["state"] == "proposed"
    with refused("too_short", status=422):
        start_operation(by=officer, asked=asked, title=" ")


def test_two_keys_at_once_start_one_response(officer: Actor) -> None:
    incident = fire(officer)
    leader = cast.actor(cast.LAOLI)
    start_response(by=leader, incident_id=incident, asked=IV)
    running = Activation(
        **{
            name: getattr(Activation.objects.get(), name)
            for name in ("incident", "plan", "plan_version", "authority", "level", "role", "how")
        },
        proposed_at=clock.now(),
        started_at=clock.now(),
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        running.save()


def test_a_program_names_the_measures_of_a_notice(officer: Actor) -> None:
    client = cast.client_for("duty_officer")
    body = {"plan": "fire", "level": 4, "measures": ["封控三百米", "疏散"]}
    reply = client.post(
        f"/api/v1/incidents/{fire(officer)}/activation", json.dumps(body), "application/json"
    )
    assert reply.status_code == 201, reply.content.decode()
    assert Activation.objects.get().measures == ["封控三百米", "疏散"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("which", ["response", "operation"])
def test_a_response_that_is_sent_twice_starts_once_and_both_come_to_it(which: str) -> None:
    leader = cast.signed_in(cast.LAOLI)
    if which == "response":
        path = f"/incidents/{fire(cast.actor(cast.XIAOWANG))}/response/"
    else:
        path = "/operations/"
    asked = {"plan": "fire", "level": "4", "why": "119 转来"}
    page = leader.get(path, asked).content.decode()
    (key,) = re.findall(r'name="key" value="([^"]+)"', page)
    told = asked | {"key": key, "title": "元旦备勤", "authority": ""}
    replies = [leader.post(path, told) for _click in range(2)]
    row = Activation.objects.get()
    assert {reply.headers["Location"] for reply in replies} == {f"/responses/{row.pk}/"}
    assert "没有重复记录" in leader.get(f"/responses/{row.pk}/").content.decode()


def test_an_operation_keeps_which_warning_it_answers(officer: Actor) -> None:
    asked = Asked(plan="flood", level=4, warning=" 柳州市气象台 暴雨红色预警 ")
    row = start_operation(by=officer, asked=asked, title="防汛备勤").row
    row.refresh_from_db()
    assert row.warning == "柳州市气象台 暴雨红色预警"
    assert activation_json(row)["warning"] == "柳州市气象台 暴雨红色预警"
    plain = start_operation(by=officer, asked=Asked(plan="crowd", level=3), title="晚会").row
    assert activation_json(plain)["warning"] is None
