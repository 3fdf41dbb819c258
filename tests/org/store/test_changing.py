"""A setting is changed by who may, once, all or nothing, and everybody reads it."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from pytest_django import DjangoAssertNumQueries

from qianjun.journal.models import Body, Entry
from qianjun.kernel.errors import Refused
from qianjun.org import store
from qianjun.org.actor import Actor, system
from qianjun.org.models import Setting
from qianjun.org.roles import ROLES
from qianjun.org.store import shelf
from qianjun.org.store.actions import Wanted, change_setting, change_settings
from qianjun.org.store.queries import sections
from tests import cast
from tests.org.refusals import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(request: pytest.FixtureRequest) -> Actor:
    """系统管理员."""
    request.getfixturevalue("db")
    return cast.actor(cast.SYSTEM)


def changed(by: Actor, name: str, value: object, *, version: int = 0) -> int:
    return change_setting(by=by, module="sample", name=name, value=value, version=version)


def test_what_nobody_has_chosen_is_the_default(sample: str) -> None:
    assert store.setting(sample, "people") == 3
    assert store.setting(sample, "share") == Decimal("0.5")
    assert store.setting(sample, "site") is None
    assert store.text_setting(sample, "site") == ""
    assert store.secret(sample, "password") == ""


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("loud", "", False),
        ("people", "12", 12),
        ("share", "0.25", Decimal("0.25")),
        ("greeting", "早", "早"),
        ("way", "b", "b"),
        ("site", "https://x.invalid/", "https://x.invalid/"),
        ("since", "2026-06-01T14:05", datetime(2026, 6, 1, 6, 5, tzinfo=UTC)),
        ("wait", 30, 30),
    ],
)
def test_what_was_chosen_is_read_with_its_type(
    sample: str, admin: Actor, name: str, typed: object, value: object
) -> None:
    assert changed(admin, name, typed) == 1
    assert store.setting(sample, name) == value
    assert type(store.setting(sample, name)) is type(value)


def test_going_back_to_the_default_leaves_no_value(sample: str, admin: Actor) -> None:
    changed(admin, "people", "12")
    assert changed(admin, "people", "", version=1) == 2
    assert store.setting(sample, "people") == 3
    assert Setting.objects.get().value is None


def test_what_is_as_it_was_is_no_change(sample: str, admin: Actor) -> None:
    assert changed(admin, "people", "3") == 0
    assert changed(admin, "password", "") == 0
    assert not Setting.objects.exists()
    assert not Entry.objects.exists()
    changed(admin, "people", "12")
    assert changed(admin, "people", " 12", version=1) == 1
    assert Entry.objects.count() == 1
    assert store.setting(sample, "people") == 12


def test_a_change_is_an_entry_with_old_and_new(sample: str, admin: Actor) -> None:
    changed(admin, "greeting", "早")
    entry = Entry.objects.get(name="org.setting_changed")
    assert (entry.about_kind, entry.about_id) == ("setting", f"{sample}.greeting")
    assert entry.payload == {
        "module": sample,
        "setting": "greeting",
        "number": 1,
        "is_secret": False,
        "cleared": False,
    }
    assert Body.objects.get(entry=entry).text == "您好 → 早"
    assert (entry.by_kind, entry.by_id) == (admin.kind, admin.ident)


def test_an_unknown_module_or_name_is_refused_and_a_mistake_to_read(
    sample: str, admin: Actor
) -> None:
    for module, name in ((sample, "nope"), ("nope", "people"), ("", ""), ("org\x00", "x")):
        with refused("not_found", status=404):
            change_setting(by=admin, module=module, name=name, value="1", version=0)
        with pytest.raises(LookupError):
            store.setting(module, name)
    with pytest.raises(LookupError):
        store.setting(sample, "password")


@pytest.mark.parametrize(
    "value",
    ["x", "0", "100", "1.5", "\x00", "\ud800", "9" * 30, [], {}, 1.5, True, b"1", "３０００"],
)
def test_a_value_that_will_not_do_is_named_and_nothing_is_changed(
    sample: str, admin: Actor, value: object
) -> None:
    with pytest.raises(Refused) as caught, transaction.atomic():
        change_settings(
            by=admin,
            module=sample,
            wanted={
                "greeting": Wanted(value="早", version=0),
                "people": Wanted(value=value, version=0),
            },
        )
    assert (caught.value.code, caught.value.status) == ("bad_value", 422)
    assert [one.field for one in caught.value.fields] == ["people"]
    assert not Setting.objects.exists()
    assert store.setting(sample, "greeting") == "您好"


@pytest.mark.usefixtures("sample")
def test_a_bound_is_said_with_its_number(admin: Actor) -> None:
    with pytest.raises(Refused) as caught, transaction.atomic():
        changed(admin, "people", "100")
    assert caught.value.fields[0].zh == "不能大于 99。"


def test_a_change_over_somebody_elses_is_refused_with_what_stands_now(
    sample: str, admin: Actor
) -> None:
    changed(admin, "people", "12")
    for version in (0, 2, -1):
        with pytest.raises(Refused) as caught, transaction.atomic():
            changed(admin, "people", "13", version=version)
        assert (caught.value.code, caught.value.status) == ("stale", 409)
        assert caught.value.extra["current"] == {"people": {"value": 12, "version": 1}}
    assert store.setting(sample, "people") == 12


@pytest.mark.parametrize("role", sorted(ROLES))
def test_only_the_system_administrator_changes_and_only_administrators_read(
    sample: str, role: str
) -> None:
    by = cast.actor_for(role)
    if role == "system_admin":
        assert changed(by, "people", "12") == 1
    else:
        with refused("not_allowed", status=403):
            changed(by, "people", "12")
        with refused("not_allowed", status=403):
            change_setting(by=by, module=sample, name="nope", value="", version=0)
    if role in ("system_admin", "security_admin", "audit_admin"):
        assert [one.module for one in sections(seen_by=by)][-1] == sample
        return
    with refused("not_allowed", status=403):
        sections(seen_by=by)


def test_reading_asks_the_database_every_few_seconds_at_most(
    sample: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        for _ in range(50):
            store.setting(sample, "people")
            store.secret(sample, "password")


def test_another_process_sees_a_change_after_that_time(
    sample: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert store.setting(sample, "people") == 3
    Setting.objects.create(
        module=sample,
        name="people",
        value=9,
        version=1,
        changed_at=datetime(2026, 6, 1, tzinfo=UTC),
    )
    assert store.setting(sample, "people") == 3
    monkeypatch.setattr(shelf, "CHECKED_EVERY_S", 0.0)
    assert store.setting(sample, "people") == 9


def test_while_the_database_cannot_answer_the_last_known_or_the_default_stands(
    sample: str, admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed(admin, "people", "12")
    assert store.setting(sample, "people") == 12
    monkeypatch.setattr(shelf, "CHECKED_EVERY_S", 0.0)
    broken = transaction.atomic()
    broken.__enter__()
    with pytest.raises(DatabaseError):
        connection.cursor().execute("SELECT no_such_column")
    assert store.setting(sample, "people") == 12
    store.forget()
    assert store.setting(sample, "people") == 3
    broken.__exit__(DatabaseError, DatabaseError(), None)
    assert store.setting(sample, "people") == 12


def test_a_row_that_nobody_declares_any_more_disturbs_nothing(sample: str, admin: Actor) -> None:
    at = datetime(2026, 6, 1, tzinfo=UTC)
    Setting.objects.create(module="gone", name="x", value={"a": 1}, version=1, changed_at=at)
    Setting.objects.create(module=sample, name="people", value={"a": 1}, version=1, changed_at=at)
    assert store.setting(sample, "people") == 3
    shown = {one.module: one for one in sections(seen_by=admin)}
    assert "gone" not in shown
    assert changed(admin, "people", "5", version=1) == 2


def test_the_database_refuses_a_row_with_both_and_a_second_one() -> None:
    at = datetime(2026, 6, 1, tzinfo=UTC)
    row = {"module": "m", "name": "n", "version": 1, "changed_at": at}
    with pytest.raises(IntegrityError), transaction.atomic():
        Setting.objects.create(**row, value=1, secret=b"x")
    Setting.objects.create(**row, value=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Setting.objects.create(**row, value=2)


def test_the_house_itself_may_change(sample: str) -> None:
    assert changed(system(), "people", 4) == 1
    assert json.dumps(store.setting(sample, "people")) == "4"


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("sample")
def test_of_many_who_change_the_same_at_once_one_does() -> None:
    by = system()

    def one(n: int) -> str:
        try:
            changed(by, "people", n)
        except Refused as said:
            return said.code
        finally:
            connection.close()
        return "changed"

    with ThreadPoolExecutor(6) as all_of_them:
        answers = sorted(all_of_them.map(one, range(10, 22)))
    assert answers == ["changed", *["stale"] * 11]
    assert Setting.objects.get().version == 1
    assert Entry.objects.filter(name="org.setting_changed").count() == 1
