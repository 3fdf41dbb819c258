"""What is typed becomes a value of the option's kind, or a sentence says why not."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from qianjun.kernel.option import BadValue, Kind, Option, from_stored, shown, stored, value_of

NO_WAY: list[object] = [
    "\x00",
    "\ud800",
    "a\nb",
    [],
    {},
    object(),
    b"1",
    float("nan"),
    1e308,
    Decimal("NaN"),
    "９" * 400,
    "<script>alert(1)</script>",
    "'; DROP TABLE org_setting; --",
    "{{ settings.SECRET_KEY }}",
    "https://user:pass@tiles.invalid/",
    datetime(2026, 1, 1),  # noqa: DTZ001
]


def option(kind: Kind, **more: Any) -> Option:
    choices = {"a": "甲", "b": "乙"} if kind == "choice" else {}
    return Option(name="sample", kind=kind, title="样例", choices=choices, **more)


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        ("bool", "on", True),
        ("bool", "", False),
        ("bool", "false", False),
        ("bool", True, True),
        ("int", " 12 ", 12),
        ("int", "１２", 12),
        ("int", "-3", -3),
        ("int", "", None),
        ("minutes", "90", 90),
        ("decimal", "0.25", Decimal("0.25")),
        ("decimal", 2, Decimal(2)),
        ("text", "  城中区应急管理局 ", "城中区应急管理局"),
        ("text", "", None),
        ("text", "a\u202eb", "ab"),
        ("choice", "b", "b"),
        ("secret", " s3cret!\t", "s3cret!"),
        ("url", "https://tiles.invalid:8443/a?b=c%20d", "https://tiles.invalid:8443/a?b=c%20d"),
        ("url", "http://[::1]/", "http://[::1]/"),
        ("instant", "2026-06-01T14:05", datetime(2026, 6, 1, 6, 5, tzinfo=UTC)),
        ("instant", "2026-06-01 14:05+00:00", datetime(2026, 6, 1, 14, 5, tzinfo=UTC)),
    ],
)
def test_what_is_typed_is_read_as_the_kind(kind: Kind, typed: object, value: object) -> None:
    found = value_of(option(kind), typed)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("bool", "maybe"),
        ("bool", 1),
        ("int", "1.5"),
        ("int", "1e3"),
        ("int", "0x10"),
        ("int", True),
        ("int", "1" * 19),
        ("decimal", "1,5"),
        ("decimal", "NaN"),
        ("decimal", "1e9"),
        ("decimal", True),
        ("text", 7),
        ("text", "长" * 201),
        ("choice", "c"),
        ("choice", "甲"),
        ("secret", "密码"),
        ("secret", "x" * 1001),
        ("url", "tiles.invalid/a"),
        ("url", "javascript:alert(1)"),
        ("url", "file:///etc/passwd"),
        ("url", "https://"),
        ("url", "https:///x"),
        ("url", "https://tiles.invalid:99999/"),
        ("url", "https://tiles.invalid:/"),
        ("url", "https://tiles..invalid/"),
        ("url", "https://-x.invalid/"),
        ("url", "https://tiles.invalid/ 'self' x"),
        ("url", 'https://tiles.invalid/"><script>'),
        ("url", "https://地图.invalid/"),
        ("url", "https://tiles.invalid\\@evil.invalid/"),
        ("url", "https://[::1/"),
        ("url", "https://tiles.invalid/{z}"),
        ("instant", "14:05"),
        ("instant", "0001-01-01T00:00"),
        ("instant", "9999-12-31T23:59+00:00"),
        ("instant", datetime(2026, 1, 1)),  # noqa: DTZ001
    ],
)
def test_what_cannot_be_the_kind_is_refused(kind: Kind, typed: object) -> None:
    with pytest.raises(BadValue) as refused:
        value_of(option(kind), typed)
    assert refused.value.zh
    assert refused.value.zh % refused.value.words if refused.value.words else True


@pytest.mark.parametrize(
    "kind", ["bool", "choice", "decimal", "instant", "int", "minutes", "secret", "text", "url"]
)
def test_hostile_values_are_refused_or_harmless_words(kind: Kind) -> None:
    for hostile in NO_WAY:
        try:
            found = value_of(option(kind), hostile)
        except BadValue:
            continue
        assert kind in ("text", "secret")
        assert isinstance(found, str)


@pytest.mark.parametrize(
    ("typed", "good"), [("0", False), ("1", True), ("120", True), ("121", False)]
)
def test_bounds_belong_to_the_values(typed: str, good: bool) -> None:
    bounded = option("minutes", least=1, most=120)
    if good:
        assert value_of(bounded, typed) == int(typed)
        return
    with pytest.raises(BadValue):
        value_of(bounded, typed)


@pytest.mark.parametrize(
    ("url", "good"),
    [
        ("https://t.invalid/{z}/{x}/{y}.png", True),
        ("https://t.invalid/{z}/{x}/{y}.png?k={key}", True),
        ("https://t.invalid/{z}/{x}.png", False),
        ("https://t.invalid/{z}/{x}/{y}/{s}", False),
        ("https://t.invalid/{z}/{x}/{y}/{", False),
        ("https://t.invalid/{z}/{x}/{y}/{{key}}", False),
        ("https://{z}.invalid/{x}/{y}", False),
    ],
)
def test_an_address_holds_the_places_it_must_and_no_other(url: str, good: bool) -> None:
    tiles = option("url", places=("z", "x", "y"), may=("key",))
    if good:
        assert value_of(tiles, url) == url
        return
    with pytest.raises(BadValue):
        value_of(tiles, url)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("bool", False),
        ("int", 7),
        ("decimal", Decimal("1.50")),
        ("text", "文字"),
        ("instant", datetime(2026, 6, 1, 6, 5, tzinfo=UTC)),
    ],
)
def test_a_value_comes_back_from_the_table_and_from_its_field(kind: Kind, value: Any) -> None:
    assert from_stored(option(kind), stored(value)) == value
    assert value_of(option(kind), shown(value)) == value


def test_what_no_longer_fits_is_the_default() -> None:
    assert from_stored(option("int", default=5, most=9), 10) == 5
    assert from_stored(option("choice", default="a"), "gone") == "a"
    assert from_stored(option("bool", default=True), None) is True


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "Big", "kind": "int"},
        {"name": "few", "kind": "choice"},
        {"name": "few", "kind": "int", "choices": {"a": "甲"}},
        {"name": "few", "kind": "secret", "default": "x"},
    ],
)
def test_a_declaration_that_makes_no_sense_is_a_mistake(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=wrong["name"]):
        Option(title="x", **wrong)


def test_a_default_out_of_bounds_is_a_mistake() -> None:
    with pytest.raises(BadValue):
        option("int", default=5, most=4)
