"""Sheets of teams and volunteers: looked at, taken whole or not at all, taken back."""

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from qianjun.force.models import CoveredCommunity, Team, TeamMember, Volunteer
from qianjun.force.skills import mask_of
from qianjun.kernel.errors import Refused
from qianjun.org.actor import system
from qianjun.org.imports import actions, looking
from qianjun.org.imports.command import run_import
from qianjun.org.imports.kinds import kind_of, names
from qianjun.org.imports.rules import Looked
from qianjun.org.models import Address, ImportRun, Person
from qianjun.org.seeding import seed_units
from qianjun.place.seeding import seed_places
from qianjun.site import cli
from tests import cast
from tests.force import some
from tests.incident import fires
from tests.kernel.sheets.books import xlsx

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = {
    **{
        "姓名": "演示志愿甲",
        "手机": "10000000501",
        "出生日期": "1990-05-01",
        "所在社区": "龙城社区",
    },
    **{"经度": "", "纬度": "", "坐标系": "", "特长": "护理、驾驶", "保险有效期至": "2027-01-01"},
    **{"是否同意": "是", "签字日期": "2026-05-01", "来源": "", "所在组织": "", "事件编号": ""},
    **{"名单失效时间": ""},
}
TEAMS = {
    **{
        "队伍名称": "演示文昌响应队",
        "队伍类型": "社区响应队",
        "调动方式": "",
        "所属单位": "文昌社区",
    },
    **{"队长": "", "队长手机": "", "专职": "", "兼职": "14", "值班电话": "10030000501"},
    **{"覆盖社区": "文昌社区、西雅社区", "经度": "", "纬度": "", "坐标系": "", "技能": "急救"},
    **{"保险到期": "2027-01-01"},
}
BY = system(name="cli")


@pytest.fixture(autouse=True)
def house(request: pytest.FixtureRequest) -> None:
    request.getfixturevalue("transactional_db")
    seed_units()
    seed_places()


def sheet(usual: dict[str, str], *rows: dict[str, str]) -> bytes:
    lines: list[Sequence[str]] = [list(usual), *(list((usual | row).values()) for row in rows)]
    return xlsx(lines)


def taken(kind: str, content: bytes, *, partial: bool = False) -> tuple[Looked, ImportRun]:
    read = looking.sheet_of(content, kind=kind_of(kind))
    return actions.import_sheet(
        by=BY, kind=kind, file_name="表.xlsx", content=content, sheet=read, partial=partial
    )


def volunteers(*rows: dict[str, str]) -> tuple[Looked, ImportRun]:
    return taken("volunteers", sheet(PEOPLE, *rows))


def teams(*rows: dict[str, str]) -> tuple[Looked, ImportRun]:
    return taken("teams", sheet(TEAMS, *rows))


def code_of(told: tuple[Looked, ImportRun]) -> str:
    looked, run = told
    assert run.state == "refused"
    return str(looked.problems(most=1)[0]["code"])


def test_both_kinds_are_found() -> None:
    assert {"teams", "volunteers"} <= set(names())


# --- volunteers -----------------------------------------------------------------------------------


def test_a_volunteer_comes_with_age_skills_insurance_and_consent() -> None:
    volunteers({})
    one = Volunteer.objects.select_related("person__unit").get()
    assert (one.person.name, one.person.unit.short_name) == ("演示志愿甲", "龙城社区")
    assert (one.adult_from, one.insured_until) == (date(2008, 5, 1), date(2027, 1, 1))
    assert (one.skills, one.source) == (mask_of(["nurse", "driver"]), "own_sign_up")
    assert (one.community, one.schematic) == ("450202001001", True)
    assert one.consent_at is not None
    assert one.consent_at.date() == date(2026, 4, 30)  # midnight in Beijing
    way = Address.objects.get(person=one.person)
    assert (way.value, way.consent_at, way.is_synthetic) == ("10000000501", one.consent_at, True)


def test_a_point_is_converted_and_names_the_community() -> None:
    point = {"所在社区": "", "经度": "109.41648", "纬度": "24.31201", "坐标系": "高德"}
    volunteers(point)
    one = Volunteer.objects.get()
    assert not one.schematic
    assert one.community
    assert one.lon != 109.41648


def test_the_same_sheet_again_changes_nothing() -> None:
    volunteers({})
    looked, _run = volunteers({})
    assert looked.counts["unchanged"] == 1
    assert (Volunteer.objects.count(), Person.objects.count()) == (1, 1)


def test_a_new_sheet_changes_what_it_says_and_leaves_the_rest() -> None:
    volunteers({})
    Volunteer.objects.update(asked=4, accepted=2)
    volunteers({"特长": "", "保险有效期至": "2028-01-01", "是否同意": "否", "签字日期": ""})
    one = Volunteer.objects.get()
    assert (one.insured_until, one.consent_at, one.consent_text) == (date(2028, 1, 1), None, "")
    assert (one.skills, one.asked, one.version) == (mask_of(["nurse", "driver"]), 4, 2)
    assert Address.objects.get().consent_at is None


def test_an_organisation_and_a_list_from_above_say_what_the_law_asks() -> None:
    incident = fires.incident_of(fires.taken(cast.actor(cast.XIAOWANG)))
    listed = {"来源": "上级名单", "事件编号": incident.number, "名单失效时间": "2026-06-03 08:00"}
    volunteers(
        {"来源": "组织代联系", "所在组织": "民政局"},
        {"姓名": "演示志愿乙", "手机": "10000000502", **listed},
    )
    first, second = Volunteer.objects.order_by("person")
    assert first.organisation is not None
    assert first.organisation.short_name == "民政局"
    assert (second.for_incident, second.source) == (incident, "list_from_above")


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"姓名": ""}, "missing"),
        ({"手机": ""}, "missing"),
        ({"手机": "138" + "00000026"}, "not_synthetic"),
        ({"出生日期": "2027-01-01"}, "not_yet"),
        ({"签字日期": "2026-07-01"}, "not_yet"),
        ({"所在社区": "无名社区"}, "unknown_community"),
        ({"所在社区": ""}, "no_place"),
        ({"经度": "109.4"}, "half_a_point"),
        ({"经度": "109.4", "纬度": "24.3"}, "crs_needed"),
        ({"经度": "24.3", "纬度": "109.4", "坐标系": "GPS"}, "not_in_china"),
        ({"特长": "魔术"}, "unknown_skill"),
        ({"来源": "组织代联系"}, "organisation_needed"),
        ({"来源": "组织代联系", "所在组织": "无名会"}, "unknown_unit"),
        ({"所在组织": "民政局"}, "not_an_organisation"),
        ({"来源": "上级名单"}, "incident_needed"),
        ({"事件编号": "450202-20260601-0001"}, "not_a_list"),
    ],
)
def test_a_bad_row_takes_nothing_and_says_why(row: dict[str, str], code: str) -> None:
    told = volunteers({"姓名": "演示志愿乙", "手机": "10000000502"}, row)
    assert code_of(told) == code
    assert not Volunteer.objects.exists()


def test_a_list_for_nothing_that_runs_or_that_is_over_is_refused() -> None:
    listed = {"来源": "上级名单", "事件编号": "450202-20260601-0099"}
    assert code_of(volunteers(listed | {"名单失效时间": "2026-06-03 08:00"})) == "unknown_incident"
    incident = fires.incident_of(fires.taken(cast.actor(cast.XIAOWANG)))
    listed["事件编号"] = incident.number
    assert code_of(volunteers(listed | {"名单失效时间": "2026-06-01 08:00"})) == "over"


def test_a_number_belongs_to_one_person() -> None:
    assert code_of(volunteers({}, {"姓名": "演示志愿乙"})) in ("phone_twice", "duplicate")
    volunteers({})
    assert code_of(volunteers({"姓名": "演示志愿乙"})) == "phone_of_another"


def test_undoing_takes_new_people_away_and_lets_known_ones_be_what_they_were() -> None:
    known = cast.person(cast.XIAOCHEN, phone="10000000503")
    _looked, run = volunteers({}, {"姓名": known.name, "手机": "10000000503"})
    assert Volunteer.objects.count() == 2
    actions.undo_import(by=BY, run=run.pk)
    assert not Volunteer.objects.exists()
    assert Person.objects.filter(name__startswith="演示志愿").count() == 0
    assert Address.objects.get(person=known).consent_at is None


def test_undoing_brings_back_what_stood_there() -> None:
    volunteers({})
    before = Volunteer.objects.values().get()
    _looked, run = volunteers(
        {"特长": "手语", "是否同意": "否", "签字日期": "", "所在社区": "文昌社区"}
    )
    actions.undo_import(by=BY, run=run.pk)
    after = Volunteer.objects.values().get()
    assert {**after, "version": 0} == {**before, "version": 0}


def test_whoever_was_called_since_is_not_taken_away() -> None:
    _looked, run = volunteers({})
    Volunteer.objects.update(asked=1)
    with pytest.raises(Refused) as refused:
        actions.undo_import(by=BY, run=run.pk)
    assert refused.value.code == "changed_since"


# --- teams ----------------------------------------------------------------------------------------


def test_a_team_comes_with_its_communities_and_its_leader() -> None:
    leader = cast.person(cast.AQIANG, phone="10000000077")
    teams({"队长": leader.name, "队长手机": "10000000077"})
    team = Team.objects.get()
    assert (team.kind, team.way, team.part_time) == ("community", "order", 14)
    assert (team.unit.short_name, team.duty_phone, team.schematic) == (
        "文昌社区",
        "10030000501",
        True,
    )
    assert set(team.covered.values_list("code", flat=True)) == {"450202005004", "450202005005"}
    assert TeamMember.objects.get().person == leader
    looked, _run = teams({"队长": leader.name})
    assert looked.counts["unchanged"] == 1


def test_a_second_sheet_changes_leader_and_communities() -> None:
    first, second = cast.person(cast.AQIANG), cast.person(cast.XIAOCHEN)
    teams({"队长": first.name})
    _looked, run = teams({"队长": second.name, "覆盖社区": "文昌社区", "兼职": "20"})
    leads = TeamMember.objects.filter(role="leader", left_at=None).values_list("person", flat=True)
    assert list(leads) == [second.pk]
    assert CoveredCommunity.objects.count() == 1
    actions.undo_import(by=BY, run=run.pk)
    assert list(leads.all()) == [first.pk]
    assert CoveredCommunity.objects.count() == 2
    assert Team.objects.get().part_time == 14


def test_a_new_team_is_taken_back_unless_it_was_used() -> None:
    _looked, run = teams({})
    team = Team.objects.get()
    team.readiness.create(state="out", since=some.NOW, by_kind="system")
    with pytest.raises(Refused) as refused:
        actions.undo_import(by=BY, run=run.pk)
    assert refused.value.code == "changed_since"
    team.readiness.all().delete()
    actions.undo_import(by=BY, run=run.pk)
    assert not Team.objects.exists()


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"队伍名称": ""}, "missing"),
        ({"队伍类型": "企业队", "调动方式": "命令"}, "way_not_allowed"),
        ({"所属单位": "无名单位"}, "unknown_unit"),
        ({"队长": "无名"}, "unknown_person"),
        ({"覆盖社区": "无名社区"}, "unknown_community"),
        ({"覆盖社区": ""}, "no_place"),
        ({"兼职": "-1"}, "out_of_range"),
        ({"技能": "魔术"}, "unknown_skill"),
    ],
)
def test_a_bad_team_takes_nothing_and_says_why(row: dict[str, str], code: str) -> None:
    assert code_of(teams({"队伍名称": "演示好队"}, row)) == code
    assert not Team.objects.exists()


def test_the_kind_of_a_team_stays_and_two_of_one_name_are_asked_for_a_number() -> None:
    teams({})
    assert code_of(teams({"队伍类型": "社会"})) == "kind_stands"
    for _ in range(2):
        Person.objects.create(name="演示同名", unit=cast.unit(), sort_key="")
    assert code_of(teams({"队长": "演示同名"})) == "two_people"
    assert code_of(teams({}, {"兼职": "3"})) in ("team_twice", "duplicate")


# --- by hand --------------------------------------------------------------------------------------


def test_the_command_answers_as_for_people(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "志愿者.xlsx"
    file.write_bytes(sheet(PEOPLE, {}))
    told: Any = run_import(kind="volunteers", file=file, dry_run=True, partial=False)
    assert (told["rows"], told["taken"], Volunteer.objects.count()) == (1, 1, 0)
    assert cli.run(["import", "volunteers", str(file), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["kind"], said["taken"], Volunteer.objects.count()) == ("volunteers", 1, 1)
