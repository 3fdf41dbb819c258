"""A secret is readable with the key file alone, and shown to nobody."""

from pathlib import Path

import pytest
from django.core import serializers
from django.db import transaction

from qianjun.journal.models import Body, Entry
from qianjun.kernel.errors import Refused
from qianjun.org import store
from qianjun.org.actor import Actor
from qianjun.org.models import Setting
from qianjun.org.store.actions import change_setting
from qianjun.org.store.queries import Shown, sections
from qianjun.org.store.sealed import NoKey, NotOurs, seal, unseal
from tests import cast

SECRET = "s3cret-tile-key"


@pytest.fixture
def admin(request: pytest.FixtureRequest) -> Actor:
    """系统管理员."""
    request.getfixturevalue("db")
    return cast.actor(cast.SYSTEM)


def keep(by: Actor, words: str | None, *, version: int = 0) -> int:
    return change_setting(by=by, module="sample", name="password", value=words, version=version)


def shown(by: Actor) -> Shown:
    section = next(one for one in sections(seen_by=by) if one.module == "sample")
    return next(one for one in section.shown if one.option.name == "password")


def test_a_secret_comes_back_and_stands_nowhere_in_clear(sample: str, admin: Actor) -> None:
    assert keep(admin, SECRET) == 1
    assert store.secret(sample, "password") == SECRET
    row = Setting.objects.get()
    assert row.value is None
    assert row.secret is not None
    assert SECRET.encode() not in bytes(row.secret)
    written = serializers.serialize("json", [*Entry.objects.all(), row])
    assert SECRET not in written
    assert not Body.objects.exists()
    assert Entry.objects.get().payload["is_secret"] is True


def test_the_administrator_is_shown_that_it_is_set_and_no_more(sample: str, admin: Actor) -> None:
    assert shown(admin).sealed == ""
    keep(admin, SECRET)
    assert (shown(admin).sealed, shown(admin).typed) == ("set", "")
    assert sample


def test_a_stale_change_of_a_secret_tells_no_secret(sample: str, admin: Actor) -> None:
    keep(admin, SECRET)
    with pytest.raises(Refused) as caught, transaction.atomic():
        keep(admin, "other")
    assert caught.value.extra["current"] == {"password": {"value": None, "version": 1}}
    assert store.secret(sample, "password") == SECRET


def test_a_secret_is_forgotten_by_none(sample: str, admin: Actor) -> None:
    keep(admin, SECRET)
    assert keep(admin, None, version=1) == 2
    assert store.secret(sample, "password") == ""
    assert Setting.objects.get().secret is None
    assert Entry.objects.order_by("pk").last().payload["cleared"] is True  # type: ignore[union-attr]


def test_the_same_secret_is_sealed_differently_each_time() -> None:
    assert seal(SECRET, about="a.b") != seal(SECRET, about="a.b")


def test_with_another_key_it_cannot_be_read_and_the_page_says_so(
    sample: str, admin: Actor, key_file: Path
) -> None:
    keep(admin, SECRET)
    key_file.write_text("other" * 10)
    assert store.secret(sample, "password") == ""
    assert shown(admin).sealed == "unreadable"
    assert keep(admin, "new", version=1) == 2
    assert store.secret(sample, "password") == "new"


@pytest.mark.parametrize("state", ["missing", "empty", "short", "binary", "folder"])
def test_without_a_key_a_secret_is_refused_in_a_sentence(
    sample: str, admin: Actor, key_file: Path, state: str
) -> None:
    key_file.unlink()
    contents = {"empty": b"", "short": b"word", "binary": b"\xff" * 40}
    if state in contents:
        key_file.write_bytes(contents[state])
    if state == "folder":
        key_file.mkdir()
    with pytest.raises(Refused) as caught, transaction.atomic():
        keep(admin, SECRET)
    assert (caught.value.code, caught.value.status) == ("no_key", 409)
    assert str(key_file.parent) not in str(caught.value.words)
    assert store.secret(sample, "password") == ""
    assert change_setting(by=admin, module=sample, name="people", value="4", version=0) == 1


def test_a_secret_moved_to_another_row_or_damaged_is_not_read() -> None:
    sealed = seal(SECRET, about="sample.password")
    assert unseal(sealed, about="sample.password") == SECRET
    with pytest.raises(NotOurs):
        unseal(sealed, about="sample.other")
    for at in range(len(sealed)):
        damaged = sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]
        with pytest.raises(NotOurs):
            unseal(damaged, about="sample.password")
    for length in range(len(sealed)):
        with pytest.raises(NotOurs):
            unseal(sealed[:length], about="sample.password")


def test_no_key_is_no_secret(key_file: Path) -> None:
    key_file.unlink()
    with pytest.raises(NoKey):
        seal(SECRET, about="a.b")
