"""The one search column: written with the row, asked by any list, filled where it is missing."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qianjun.journal.search import closest, fill_search, matching, search_sql, searched, words_of
from qianjun.kernel.text import sort_key
from qianjun.org.models import Person, Unit
from qianjun.place.models import Place

pytestmark = pytest.mark.django_db


def place(name: str) -> Place:
    return Place.objects.create(
        name=name,
        kind="site",
        division_code="450202001001",
        lon=109.4,
        lat=24.3,
        radius_m=50,
        cell=1,
        schematic=True,
        sort_key=sort_key(name),
        added_by="test",
    )


def called(q: str) -> set[str]:
    return {one.name for one in matching(Place.objects.all(), q)}


@pytest.fixture
def places() -> None:
    for name in ("文昌社区服务站", "文昌路小学", "学院路口", "重庆路12号院", "Ａ区仓库"):
        place(name)


@pytest.mark.usefixtures("places")
@pytest.mark.parametrize(
    ("q", "names"),
    [
        ("文昌", {"文昌社区服务站", "文昌路小学"}),
        ("昌路", {"文昌路小学"}),
        ("wc", {"文昌社区服务站", "文昌路小学"}),
        ("fwz", {"文昌社区服务站"}),
        ("WCL", {"文昌路小学"}),
        ("cql", {"重庆路12号院"}),
        ("12", {"重庆路12号院"}),
        ("院", {"学院路口", "重庆路12号院"}),
        ("学院 xylk", {"学院路口"}),
        ("a区", {"Ａ区仓库"}),
        ("文昌 学院", set()),
        ("昌社路", set()),
        ("'; DROP TABLE place_place; --", set()),
        ("\\' & !'qq'", set()),
        ("！？", set()),
        ("火" * 10_000_000, set()),
    ],
)
def test_a_name_is_found_by_characters_and_initials(q: str, names: set[str]) -> None:
    assert called(q) == names


@pytest.mark.usefixtures("places")
def test_nothing_asked_is_everything() -> None:
    assert len(called("")) == len(called(" \t")) == 5


@pytest.mark.usefixtures("places")
def test_those_called_so_come_first_then_those_beginning_so() -> None:
    place("文昌")
    place("新文昌大厦")
    found = [one.name for one in closest(Place.objects.all(), "文昌")]
    assert found == ["文昌", "文昌路小学", "文昌社区服务站", "新文昌大厦"]


@pytest.mark.usefixtures("places")
def test_the_words_are_never_read_back_and_the_index_is_asked() -> None:
    with CaptureQueriesContext(connection) as seen, connection.cursor() as cursor:
        list(matching(Place.objects.all(), "文昌"))
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = matching(Place.objects.order_by(), "文昌").explain()
    assert "NULL" in seen[0]["sql"]
    assert "place_search" in plan


def test_saving_again_says_what_the_row_says_now() -> None:
    one = place("文昌路小学")
    one.name = "学院路小学"
    one.save(update_fields=["name", "search"])
    assert called("文昌") == set()
    assert called("学院路") == {"学院路小学"}


def test_rows_that_came_without_words_are_given_them_once() -> None:
    unit = Unit.objects.create(
        code="450202001", name="城中街道", short_name="城中街道", kind="street", level="street",
        path="450202001", sort_key="cheng", valid_from=date(2020, 1, 1),
    )  # fmt: skip
    Person.objects.create(name="演示王五", unit=unit, sort_key="wang wu")
    with connection.cursor() as cursor:
        for model, _field in searched():
            cursor.execute(f"UPDATE {model._meta.db_table} SET search = NULL")
    assert not matching(Person.objects.all(), "ww").exists()
    assert fill_search() == 2
    assert fill_search() == 0
    assert matching(Person.objects.all(), "ww").exists()
    assert matching(Person.objects.all(), "王五").exists()
    assert matching(Unit.objects.all(), "czjd").exists()
    assert matching(Unit.objects.all(), "2001").exists()
    assert fill_search(anew=True) == 2


def test_a_number_counted_by_the_database_gets_the_same_words_as_any_other() -> None:
    counted = words_of(Unit, counted="450202-20260601-", name="学院路")
    told = words_of(Unit, code="450202-20260601-0012", name="学院路")
    question = search_sql("%s::text", number="%s::text")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {question}, %s::tsvector", [counted, "450202-20260601-0012", told])
        first, second = cursor.fetchone() or ((), ())
    assert first == second


def test_every_table_with_the_column_has_its_index() -> None:
    tables = [model for model, _field in searched()]
    assert len(tables) >= 3
    for model in tables:
        assert [one for one in model._meta.indexes if one.fields == ["search"]], model
