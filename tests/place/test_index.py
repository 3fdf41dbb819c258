"""The index of a process: fresh when it must be, free of statements otherwise, safe for threads."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qianjun.place import gazetteer
from qianjun.place.locating import gazetteer_of
from qianjun.place.models import Alias, GazetteerVersion, Place
from qianjun.place.queries import locate
from qianjun.place.rules import Named


@pytest.mark.usefixtures("seeded")
def test_locating_costs_no_statement_once_the_index_stands() -> None:
    locate("文昌大桥")
    with CaptureQueriesContext(
        connection,
    ) as statements:
        for text in ("文昌大桥", "三中路", "喂你好"):
            locate(text)
    assert len(statements) == 0


@pytest.mark.usefixtures("seeded")
def test_a_change_is_seen_at_once_by_who_made_it() -> None:
    assert locate("老码头着火").answer == "none"
    bridge = Place.objects.get(name="文昌大桥")
    Alias.objects.create(place=bridge, text="老码头")
    gazetteer.changed()
    assert locate("老码头着火").places[0].name == "文昌大桥"


@pytest.fixture
def no_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every call looks at the version row."""
    monkeypatch.setattr(gazetteer, "CHECKED_EVERY_S", 0.0)


@pytest.mark.usefixtures("seeded", "no_patience")
def test_a_change_by_another_process_is_seen_by_its_version() -> None:
    locate("老码头着火")
    bridge = Place.objects.get(name="文昌大桥")
    Alias.objects.create(place=bridge, text="老码头")
    assert locate("老码头着火").answer == "none"
    GazetteerVersion.objects.update(number=77)
    assert locate("老码头着火").places[0].name == "文昌大桥"


@pytest.mark.django_db
def test_an_empty_gazetteer_answers_none() -> None:
    assert locate("三中路着火").answer == "none"


@pytest.mark.django_db(transaction=True)
def test_threads_that_find_no_index_build_one_and_agree() -> None:
    from qianjun.place.seeding import seed_places

    seed_places()
    gazetteer.forget()
    texts = ["三中路着火", "文昌着火", "喂你好", "柳南区"] * 10

    def ask(text: str) -> str:
        try:
            return locate(text).answer
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(ask, texts))
    assert answers == ["found", "unsure", "none", "elsewhere"] * 10


def test_an_index_needs_neither_database_nor_django() -> None:
    named = [
        Named(
            name=f"第{n}路",
            kind="road",
            division_code="450202",
            forms=(f"第{n}路",),
            inside=True,
            lon=109.4,
            lat=24.3,
            radius_m=600,
        )
        for n in ("春晖", "夏雨", "秋实")
    ]
    answer = gazetteer_of(named, []).locate("第春晖路着火")
    assert answer.places[0].name == "第春晖路"
    assert gazetteer_of([], []).locate("第春晖路着火").answer == "none"
