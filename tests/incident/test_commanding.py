"""A command post has one named commander on scene at any time, and keeps who was before him."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from qianjun.incident.actions import (
    close_incident,
    fill_seat,
    hand_over_scene,
    stand_down_command_post,
    transfer_command,
)
from qianjun.incident.command_models import CommandPost, CommandSeat
from qianjun.incident.queries import command_of, incident_card, timeline
from qianjun.incident.rules.commanding import CITY, DISTRICT, GROUPS, SEATS, Matter, Whom
from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.message.models import Message
from qianjun.org.actor import Actor
from qianjun.org.models import Unit
from qianjun.org.seeding import seed_units
from tests import cast
from tests.incident.commanding import LI, WEI, post_at
from tests.incident.fires import taken
from tests.org.refusals import refused

pytestmark = pytest.mark.django_db
MATTER = Matter(kind="task", ident="1", title="封控")


@pytest.fixture
def fire(officer: Actor) -> int:
    """A fire, in a house whose units are known."""
    seed_units()
    return taken(officer).stored.incident_id


def lines(by: Actor, incident: int) -> list[tuple[str, str]]:
    """What the timeline says of command, in its order."""
    shown, _more = timeline(seen_by=by, incident_id=incident, limit=200)
    return [
        (one["name"], one["text_zh"])
        for one in shown
        if "command" in one["name"] or "scene" in one["name"]
    ]


def test_every_usual_lead_is_a_unit_of_the_house() -> None:
    seed_units()
    known = set(Unit.objects.values_list("code", flat=True))
    assert {seat.lead for seat in SEATS.values() if seat.lead} <= known
    assert len(GROUPS) == 8


def test_a_post_stands_with_its_commander_and_its_usual_groups(officer: Actor, fire: int) -> None:
    others = (("chief", LI), ("deputy", Whom(name="甲")), ("deputy", Whom(name="乙")))
    row = post_at(officer, fire, others=(*others, ("medical", Whom(unit="450202-CDC"))))
    told = command_of(seen_by=officer, incident_id=fire)
    assert (told.state, told.listens) == ("standing", False)
    assert told.on_scene is not None
    assert (told.on_scene.name, told.on_scene.title) == ("演示韦国庆", "副区长")
    assert [one.name for _word, one in told.leaders] == ["演示李国强", "甲", "乙"]
    leads = {code: one.unit.code for code, _word, one in told.groups if one and one.unit}
    assert leads == {code: SEATS[code].lead for code in GROUPS} | {"medical": "450202-CDC"}
    brief = incident_card(seen_by=officer, incident_id=fire)["command_post"]
    assert (brief["id"], brief["commander"], brief["commands"]) == (
        str(row.pk),
        "演示韦国庆",
        "district",
    )
    with refused("already_standing", status=409):
        post_at(officer, fire)
    ((name, said),) = lines(officer, fire)
    assert name == "incident.command_post_set_up"
    assert "成立现场指挥部：学院路口东侧 · 区政府 · 现场总指挥 演示韦国庆 副区长" in said


def test_the_scene_is_handed_over_with_time_and_reason_and_the_first_stays_on_record(
    officer: Actor, fire: int, held_clock: clock.Held
) -> None:
    row = post_at(officer, fire)
    held_clock.forward(timedelta(minutes=30))
    at = clock.now() - timedelta(minutes=5)
    after = hand_over_scene(
        by=cast.actor(cast.ZHIHUI), incident_id=fire, version=1, to=LI, why="韦区长回区里", at=at
    )
    assert after.version == 2
    told = command_of(seen_by=officer, incident_id=fire)
    assert told.on_scene is not None
    assert (told.on_scene.name, told.on_scene.since, told.on_scene.why) == (
        "演示李国强",
        at,
        "韦区长回区里",
    )
    (before,) = told.past
    assert (before.name, before.since, before.until) == ("演示韦国庆", row.set_up_at, at)
    assert "演示韦国庆 副区长 → 演示李国强 副局长 · 韦区长回区里" in lines(officer, fire)[-1][1]
    for code, changed in (
        ("too_short", {"why": " "}),
        ("the_same", {"to": LI}),
        ("nobody", {"to": Whom(unit="450202")}),
        ("before_the_last", {"at": at - timedelta(minutes=1)}),
        ("unknown_person", {"to": Whom(person="999999")}),
        ("unknown_unit", {"to": Whom(name="某人", unit="x\0")}),
    ):
        told_ = {"to": WEI, "why": "回来了", **changed}
        with refused(code, status=422):
            hand_over_scene(by=officer, incident_id=fire, version=2, **told_)  # type: ignore[arg-type]
    assert CommandSeat.objects.filter(seat="on_scene", until=None).count() == 1


def test_two_officers_never_overwrite_each_other(officer: Actor, fire: int) -> None:
    post_at(officer, fire)
    hand_over_scene(by=officer, incident_id=fire, version=1, to=LI, why="换人")
    other = cast.actor(cast.XIAOZHAO)
    with pytest.raises(Refused) as caught, transaction.atomic():
        hand_over_scene(by=other, incident_id=fire, version=1, to=Whom(name="丙"), why="换人")
    assert (caught.value.code, caught.value.status) == ("stale", 409)
    current = caught.value.extra["current"]
    assert (current["version"], current["commander"]["name"]) == (2, "演示李国强")
    assert current["changed"]["by_masked"] == "值****"
    assert "现场总指挥交接" in current["changed"]["text_zh"]
    for verb, words in (
        (fill_seat, {"seat": "chief", "whom": LI}),
        (transfer_command, {"to": CITY, "taken_by": "市局", "matters": ()}),
        (stand_down_command_post, {"why": "完"}),
    ):
        with refused("stale", status=409):
            verb(by=other, incident_id=fire, version=1, **words)


def asked_now() -> None:
    """What is asked when a transaction ends, asked at once."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_database_itself_refuses_a_second_commander_and_none(officer: Actor, fire: int) -> None:
    row = post_at(officer, fire)
    other = taken(officer, join="new").stored.incident_id
    asked_now()
    on_scene = CommandSeat.objects.filter(post=row, seat="on_scene")
    second = {"post": row, "seat": "on_scene", "name": "丙", "since": clock.now(), "by_kind": "x"}
    bare = {"place": "某处", "decided_by": "某人", "set_up_at": clock.now(), "by_kind": "x"}
    for verb in (
        lambda: CommandSeat.objects.create(**second),
        lambda: on_scene.update(until=clock.now()),
        on_scene.delete,
        lambda: CommandPost.objects.create(incident_id=other, **bare),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            verb()
    assert on_scene.count() == 1


def test_groups_change_hands_and_may_be_empty(officer: Actor, fire: int) -> None:
    post_at(officer, fire)
    whom = Whom(unit="450202-CDC", name="演示疾控")
    fill_seat(by=officer, incident_id=fire, version=1, seat="medical", whom=whom, why="疫情")
    fill_seat(by=officer, incident_id=fire, version=2, seat="publicity", whom=Whom())
    fill_seat(by=officer, incident_id=fire, version=3, seat="deputy", whom=Whom(name="甲"))
    fill_seat(by=officer, incident_id=fire, version=4, seat="deputy", whom=Whom(name="乙"))
    told = command_of(seen_by=officer, incident_id=fire)
    first = next(one for one in told.seats if one.name == "甲")
    fill_seat(
        by=officer,
        incident_id=fire,
        version=5,
        seat="deputy",
        whom=Whom(),
        instead_of=str(first.pk),
    )
    told = command_of(seen_by=officer, incident_id=fire)
    groups = {code: one for code, _word, one in told.groups}
    assert groups["publicity"] is None
    assert groups["medical"] is not None
    assert groups["medical"].name == "演示疾控"
    assert [one.name for _word, one in told.leaders] == ["乙"]
    assert {one.seat for one in told.past} == {"medical", "publicity", "deputy"}
    assert [name.rsplit("_", 1)[1] for name, _said in lines(officer, fire)[1:]] == [
        *("filled", "vacated", "filled", "filled", "vacated"),
    ]
    for code, words in (
        ("unknown_seat", {"seat": "on_scene", "whom": LI}),
        ("unknown_seat", {"seat": "nothing", "whom": LI}),
        ("unknown_seat", {"seat": "deputy", "whom": LI, "instead_of": "x"}),
        ("nobody", {"seat": "chief", "whom": Whom(unit="450202")}),
        ("nobody", {"seat": "fireground", "whom": Whom()}),
        ("the_same", {"seat": "medical", "whom": whom}),
        ("too_long", {"seat": "chief", "whom": Whom(name="长" * 61)}),
    ):
        with refused(code, status=422):
            fill_seat(by=officer, incident_id=fire, version=6, **words)  # type: ignore[arg-type]


def test_the_city_takes_command_with_the_list_and_nobody_stands_it_down_meanwhile(
    officer: Actor, fire: int
) -> None:
    post_at(officer, fire)
    words = {"taken_by": "市工作组", "why": "升为较大", "matters": [MATTER]}
    done = transfer_command(by=officer, incident_id=fire, version=1, to=CITY, **words)  # type: ignore[arg-type]
    assert done.handed == [MATTER.as_json()]
    told = command_of(seen_by=officer, incident_id=fire)
    assert told.listens
    assert incident_card(seen_by=officer, incident_id=fire)["command_post"]["commands"] == "city"
    with refused("commands_already", status=409):
        transfer_command(by=officer, incident_id=fire, version=2, to=CITY, **words)  # type: ignore[arg-type]
    with refused("city_commands", status=409):
        stand_down_command_post(by=officer, incident_id=fire, version=2, why="完")
    with pytest.raises(IntegrityError), transaction.atomic():
        CommandPost.objects.update(stood_down_at=clock.now(), end_why="完")
    early = clock.now() - timedelta(minutes=1)
    for code, changed in (
        ("unknown_value", {"to": "region"}),
        ("too_short", {"taken_by": " "}),
        ("before_the_last", {"at": early}),
    ):
        told_ = {"to": DISTRICT, **words, **changed}
        with refused(code, status=422):
            transfer_command(by=officer, incident_id=fire, version=2, **told_)  # type: ignore[arg-type]


def test_what_came_back_is_stood_down_and_only_then_the_incident_is_closed(
    officer: Actor, fire: int
) -> None:
    post_at(officer, fire)
    words = {"taken_by": "市工作组", "why": "升为较大", "matters": [MATTER]}
    for version, to in ((1, CITY), (2, DISTRICT)):
        transfer_command(by=officer, incident_id=fire, version=version, to=to, **words)  # type: ignore[arg-type]
    with refused("held", status=409):
        close_incident(by=officer, incident_id=fire)
    stand_down_command_post(by=officer, incident_id=fire, version=3, why="处置完毕")
    told = command_of(seen_by=officer, incident_id=fire)
    assert told.state == "stood_down"
    assert told.on_scene is not None
    assert told.on_scene.until == clock.now()
    assert incident_card(seen_by=officer, incident_id=fire)["command_post"] is None
    with refused("no_command_post", status=409):
        stand_down_command_post(by=officer, incident_id=fire, version=4, why="完")
    said = [text for _name, text in lines(officer, fire)]
    assert said[1] == "指挥权移交市指挥部，清单 1 项：市工作组 · 升为较大"
    assert said[2].startswith("指挥权移交本区指挥部")
    assert said[3] == "撤销现场指挥部：处置完毕"
    close_incident(by=officer, incident_id=fire)
    with refused("incident_closed", status=409):
        post_at(officer, fire)


def test_who_is_appointed_is_told_and_a_second_post_may_follow(officer: Actor, fire: int) -> None:
    chief = cast.person(cast.ZHIHUI, phone="10000000003")
    post_at(officer, fire, commander=Whom(person=str(chief.pk)))
    (told,) = Message.objects.filter(person=chief)
    assert "请您担任现场总指挥，地点学院路口东侧" in told.text
    stand_down_command_post(by=officer, incident_id=fire, version=1, why="收队")
    post_at(officer, fire)
    assert CommandPost.objects.filter(incident=fire).count() == 2


def test_who_may_not_lead_is_refused_and_nothing_is_written(officer: Actor, fire: int) -> None:
    for part in (cast.ZHIHUI, cast.JIEDAO, cast.SYSTEM):
        with refused("not_allowed", status=403):
            post_at(cast.actor(part), fire)
    with refused("not_found", status=404):
        post_at(officer, 999_999)
    for code, changed in (
        ("too_short", {"place": " "}),
        ("too_short", {"decided_by": ""}),
        ("nobody", {"commander": Whom()}),
        ("commander_twice", {"others": (("on_scene", LI),)}),
        ("seat_taken", {"others": (("chief", LI), ("chief", WEI))}),
        ("unknown_seat", {"others": (("nothing", LI),)}),
        ("in_the_future", {"at": clock.now() + timedelta(hours=2)}),
    ):
        with refused(code, status=422), transaction.atomic():
            post_at(officer, fire, **changed)
    assert not CommandPost.objects.exists()
    row = post_at(officer, fire)
    with refused("not_allowed", status=403):
        stand_down_command_post(
            by=cast.actor(cast.ZHIHUI), incident_id=fire, version=row.version, why="完"
        )
