"""Sheets are taken whole or not at all, once, and go back as they came."""

from datetime import timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from qianjun.journal.models import Entry
from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.kernel.sheets import Sheet
from qianjun.org.actor import Actor, system
from qianjun.org.imports import actions, looking
from qianjun.org.imports.command import run_import
from qianjun.org.imports.keeping import forget_old_imports
from qianjun.org.imports.kinds import kind_of, names
from qianjun.org.imports.rules import Looked
from qianjun.org.models import Address, ImportedRow, ImportRun, Person, Unit
from qianjun.place.models import Place
from qianjun.site import cli
from tests import cast
from tests.kernel.sheets.books import xlsx
from tests.org.imports.sheets import HEAD, UNIT, comma, person, table

pytestmark = pytest.mark.django_db(transaction=True)
BY = system(name="cli")
OTHER = "演示单位450202001"
REAL = "138" + "00000026"  # in two parts, for no telephone that could ring is named here

# what is in the row, and the code that it is refused with
BAD = {
    "missing": person(21, name=""),
    "unknown_unit": person(22, unit="没有的单位"),
    "not_a_phone": person(23, phone="很长的电话"),
    "two_phones": person(24, phone="10000000024/10000000025"),
    "damaged": person(25, phone="1.00001E+10"),
    "not_synthetic": person(26, phone=REAL),
    "not_a_code": person(27, mail="不是邮箱"),
    "not_a_yes_or_no": person(28, consent="也许"),
    "not_a_date": person(29, day="某天"),
    "no_day": person(30, day="2026年5月"),
    "consent_later": person(31, day="2026-07-01"),
    "too_long": person(32, name="很" * 61),
    "duplicate": person(1),
    "phone_twice": person(33, phone="10000000001"),
    "phone_of_another": person(34, phone="10000000099"),
}


@pytest.fixture(autouse=True)
def house(request: pytest.FixtureRequest) -> None:
    """Two units, and somebody who is there already."""
    request.getfixturevalue("transactional_db")
    cast.unit()
    cast.unit(cast.STREET)
    known = Person.objects.create(name="演示老人", unit=cast.unit(), sort_key="")
    Address.objects.create(person=known, channel="sms", value="10000000099", is_synthetic=True)


def sheet(content: bytes, kind: str = "people") -> Sheet:
    return looking.sheet_of(content, kind=kind_of(kind))


def taken(
    content: bytes, *, kind: str = "people", partial: bool = False, by: Actor = BY
) -> tuple[Looked, ImportRun]:
    return actions.import_sheet(
        by=by,
        kind=kind,
        file_name="表.xlsx",
        content=content,
        sheet=sheet(content, kind),
        partial=partial,
    )


def standing() -> list[object]:
    """Everything that an import of people may touch."""
    people = Person.objects.order_by("pk").values_list("pk", "name", "unit", "sort_key")
    ways = Address.objects.order_by("pk").values_list()
    return [*people, *ways]


def test_every_kind_is_found_by_its_file() -> None:
    assert {"people", "places", "units"} <= set(names())
    with pytest.raises(Refused, match="unknown_kind"):
        kind_of("nothing")


def test_every_kind_of_bad_row_is_named_and_nothing_is_written() -> None:
    before = standing()
    looked, run = taken(table(person(1), *BAD.values(), person(2)))
    found = {p.code for row in looked.rows for p in row.problems}
    assert found >= set(BAD)
    assert looked.counts == {"rows": 17, "new": 2, "changed": 0, "unchanged": 0, "refused": 15}
    assert standing() == before
    assert run.state == ImportRun.State.REFUSED
    assert not ImportedRow.objects.exists()


def test_the_good_rows_alone_are_taken_when_that_is_said_and_undone_as_a_whole() -> None:
    before = standing()
    _looked, run = taken(table(person(1), *BAD.values(), person(2)), partial=True)
    assert Person.objects.filter(name__startswith="演示人").count() == 2
    actions.undo_import(by=BY, run=run.pk)
    assert standing() == before
    names_ = list(
        Entry.objects.filter(name__startswith="org.import").values_list("name", flat=True)
    )
    assert sorted(names_) == ["org.import_taken", "org.import_undone"]


def test_a_second_time_changes_nothing() -> None:
    rows = table(*(person(n) for n in range(1, 6)))
    taken(rows)
    before = standing()
    looked, _run = taken(rows)
    assert looked.counts["unchanged"] == 5
    assert standing() == before


def test_consent_is_kept_with_its_day_and_goes_with_a_new_number() -> None:
    taken(table(person(1)))
    way = Address.objects.get(value="10000000001")
    assert way.consent_at is not None
    assert "导入自" in way.consent_text
    assert way.is_synthetic
    taken(table(person(1, phone="10000000071", consent="", day="")))
    way.refresh_from_db()
    assert way.value == "10000000071"
    assert not Address.objects.filter(pk=way.pk, consent_at__isnull=False).exists()


def test_a_live_house_takes_real_numbers_and_no_invented_ones(settings: Settings) -> None:
    settings.REALM = "live"
    looked, _run = taken(table(person(1), person(2, phone=REAL)), partial=True)
    assert [[p.code for p in row.problems] for row in looked.rows] == [["not_a_mobile"], []]
    assert not Address.objects.get(value=REAL).is_synthetic


def test_undo_puts_back_unit_number_and_consent() -> None:
    taken(table(person(1), person(2)))
    before = standing()
    changed = [person(1, phone="10000000071", mail="a@example.test"), person(2, unit=OTHER)]
    looked, run = taken(table(*changed, person(3)))
    assert looked.counts == {"rows": 3, "new": 1, "changed": 2, "unchanged": 0, "refused": 0}
    actions.undo_import(by=BY, run=run.pk)
    assert standing() == before
    with pytest.raises(Refused, match="not_taken"):
        actions.undo_import(by=BY, run=run.pk)


def test_undo_is_refused_after_a_change() -> None:
    _looked, run = taken(table(person(1), person(2)))
    Address.objects.filter(value="10000000001").update(value="10000000077")
    before = standing()
    with pytest.raises(Refused, match="changed_since") as refused:
        actions.undo_import(by=BY, run=run.pk)
    assert refused.value.words == {"rows": 1}
    assert standing() == before


def test_a_list_of_an_old_program_in_gb_18030_is_read() -> None:
    looked, _run = taken(comma([person(1, name="演示 㐂 人")], encoding="gb18030"))
    assert looked.counts["new"] == 1
    assert Person.objects.filter(name="演示㐂人").exists()


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x03\x04broken", b"<html><table><tr><td>1</td></tr></table></html>", b"MZ" * 900],
    ids=["empty", "broken", "a page", "a program"],
)
def test_a_hostile_file_is_refused_with_one_sentence(content: bytes) -> None:
    with pytest.raises(Refused) as refused:
        sheet(content)
    assert refused.value.code.startswith("sheet_")
    assert not ImportRun.objects.exists()


def test_columns_that_a_person_chose_are_remembered() -> None:
    odd = xlsx([("甲", "乙", "丙"), ("演示人1", UNIT, "10000000001")])
    admin = cast.actor(cast.SYSTEM)
    run = actions.open_import(by=admin, kind="people", file_name="a.xlsx", content=odd)
    with pytest.raises(Refused, match="columns_missing"):
        actions.take_import(by=admin, run=run.pk, partial=False)
    actions.choose_columns(by=admin, run=run.pk, chosen={0: "name", 1: "unit", 2: "phone"})
    again = actions.open_import(by=admin, kind="people", file_name="b.xlsx", content=odd)
    assert again.mapping == {"name": 0, "unit": 1, "phone": 2}
    assert actions.take_import(by=admin, run=again.pk, partial=False).counts["new"] == 1
    with pytest.raises(Refused, match="field_twice"):
        actions.choose_columns(by=admin, run=run.pk, chosen={0: "name", 1: "name"})


def test_units_come_with_their_parents_and_go_with_them() -> None:
    head = ("单位代码", "单位名称", "层级", "上级单位")
    rows = [
        ("A-2", "演示二科", "企业", "演示一公司"),
        ("A-1", "演示一公司", "企业", UNIT),
        ("A-3", "演示三科", "企业", "没有"),
        ("A-4", "演示四科", "企业", "A-3"),
        ("A-5", "演示五科", "星球", ""),
    ]
    looked, run = taken(xlsx([head, *rows]), kind="units", partial=True)
    codes = [[p.code for p in row.problems] for row in looked.rows]
    assert codes == [[], [], ["unknown_parent"], ["parent_refused"], ["not_a_choice"]]
    assert Unit.objects.get(code="A-2").path == "450202/A-1/A-2"
    assert taken(xlsx([head, *rows[:2]]), kind="units")[0].counts["unchanged"] == 2
    Person.objects.create(name="演示人", unit=Unit.objects.get(code="A-2"), sort_key="")
    with pytest.raises(Refused, match="changed_since"):
        actions.undo_import(by=BY, run=run.pk)
    Person.objects.filter(unit__code="A-2").delete()
    actions.undo_import(by=BY, run=run.pk)
    assert not Unit.objects.filter(code__startswith="A-").exists()


def test_places_say_their_coordinate_system_and_lie_inside() -> None:
    head = ("地点名称", "经度", "纬度", "坐标系", "别名")
    rows = [
        ("演示码头", "109.4280", "24.3150", "WGS84", "老码头、小码头"),
        ("演示仓库", "109.4280", "24.3150", "高德", ""),
        ("演示远方", "116.4", "39.9", "GPS", ""),
        ("演示反了", "24.3150", "109.4280", "GPS", ""),
        ("演示没说", "109.4280", "24.3150", "", ""),
    ]
    looked, run = taken(xlsx([head, *rows]), kind="places", partial=True)
    codes = [[p.code for p in row.problems] for row in looked.rows]
    assert codes == [[], [], ["outside"], ["swapped"], ["missing"]]
    straight, shifted = Place.objects.get(name="演示码头"), Place.objects.get(name="演示仓库")
    assert (straight.lon, straight.lat) == (109.428, 24.315)
    assert 0.002 < straight.lon - shifted.lon < 0.008
    assert taken(xlsx([head, *rows[:2]]), kind="places")[0].counts["unchanged"] == 2
    actions.undo_import(by=BY, run=run.pk)
    assert not Place.objects.filter(name__startswith="演示").exists()


def test_only_who_may_brings_in_what_he_may() -> None:
    officer, volunteer = cast.actor(cast.XIAOWANG), cast.actor(cast.XIAOCHEN)
    for by in (officer, volunteer):
        with pytest.raises(Refused, match="not_allowed"):
            actions.open_import(by=by, kind="people", file_name="a", content=table(person(1)))
    assert HEAD


def test_undecided_sheets_and_old_values_are_thrown_away_in_time() -> None:
    admin = cast.actor(cast.SYSTEM)
    waiting = actions.open_import(
        by=admin, kind="people", file_name="a.xlsx", content=table(person(1))
    )
    _looked, run = taken(table(person(2)))
    for day in (waiting.pk, run.pk):
        ImportRun.objects.filter(pk=day).update(kept_until=clock.real() - timedelta(hours=1))
    with pytest.raises(Refused, match="too_late"):
        actions.undo_import(by=admin, run=run.pk)
    assert forget_old_imports() == 2
    assert list(ImportRun.objects.values_list("pk", flat=True)) == [run.pk]
    assert not ImportedRow.objects.exists()


def test_the_command_says_what_the_contract_says(tmp_path: Path) -> None:
    file = tmp_path / "名单.csv"
    file.write_bytes(comma([person(1), person(2, unit="没有的单位")]))
    said = run_import(kind="people", file=file, dry_run=False, partial=False)
    assert set(said) == {"kind", "rows", "taken", "refused", "unchanged", "run"} | {
        *("problems", "mapping", "seconds")
    }
    assert (said["rows"], said["taken"], said["refused"]) == (2, 0, 1)
    assert said["mapping"]["联系电话"] == "phone"
    assert [(p["row"], p["column"], p["code"]) for p in said["problems"]] == [
        (3, "工作单位", "unknown_unit")
    ]
    looked = run_import(kind="people", file=file, dry_run=True, partial=True)
    assert (looked["taken"], looked["run"]) == (1, None)
    assert run_import(kind="people", file=file, dry_run=False, partial=True)["taken"] == 1
    with pytest.raises(Refused, match="unreadable"):
        run_import(kind="people", file=tmp_path / "none", dry_run=True, partial=False)


@pytest.mark.parametrize(
    ("rows", "words", "code"),
    [
        ([person(1)], (), 0),
        ([person(1, name="")], (), 1),
        ([person(1, name="")], ("--partial",), 0),
        (None, (), 2),
    ],
    ids=["good", "refused", "partial", "unreadable"],
)
def test_the_exit_code_says_how_it_went(
    rows: list[list[str]] | None,
    words: tuple[str, ...],
    code: int,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = tmp_path / "名单.csv"
    if rows is not None:
        file.write_bytes(comma(rows))
    assert cli.run(["import", "people", str(file), "--json", *words]) == code
    said = capsys.readouterr()
    assert said.out.count("\n") == (0 if code == 2 else 1)
    assert said.err.count("\n") == (1 if code == 2 else 0)


def test_an_unknown_kind_is_bad_input(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["import", "nothing", "a.csv", "--json"]) == 2
    assert "people" in capsys.readouterr().err
