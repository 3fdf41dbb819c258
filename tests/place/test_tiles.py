"""The base map is what the administrator has chosen, and nothing outside without him."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from qianjun.kernel.errors import Refused
from qianjun.org import store
from qianjun.org.actor import system
from qianjun.org.store.actions import Wanted, change_settings
from qianjun.place.tiles import tiles

pytestmark = pytest.mark.django_db
URL = "https://tiles.invalid:8443/vec/{z}/{x}/{y}.png"


@pytest.fixture(autouse=True)
def own_settings(settings: Settings, tmp_path: Path) -> Iterator[None]:
    """A key file, and nobody else's memory."""
    file = tmp_path / "settings.key"
    file.write_text("k" * 40)
    settings.SETTINGS_KEY_FILE = file
    store.forget()
    yield
    store.forget()


def choose(**values: object) -> None:
    wanted = {name: Wanted(value=value, version=0) for name, value in values.items()}
    change_settings(by=system(), module="place", wanted=wanted)


def test_nobody_has_chosen_a_map_so_there_is_none() -> None:
    assert tiles() is None


def test_a_chosen_map_says_where_in_which_coordinates_and_what_must_be_shown() -> None:
    choose(tile_url=URL, tile_crs="wgs84", tile_note="示例图源", tile_most_zoom=16)
    found = tiles()
    assert found
    assert (found.url, found.crs, found.note) == (URL, "wgs84", "示例图源")
    assert (found.origin, found.most_zoom) == ("https://tiles.invalid:8443", 16)


def test_the_key_is_put_into_its_place_and_only_there() -> None:
    choose(tile_url=f"{URL}?tk={{key}}", tile_key="a&b=c")
    found = tiles()
    assert found
    assert found.url == f"{URL}?tk=a%26b%3Dc"
    assert found.crs == "gcj02"
    assert "a&b" not in store.text_setting("place", "tile_url")


def test_a_map_that_wants_a_key_is_none_without_it() -> None:
    choose(tile_url=f"{URL}?tk={{key}}")
    assert tiles() is None


@pytest.mark.parametrize(
    "url",
    [
        f"{URL}?tk=0123456789abcdef",
        f"{URL}?a=1&api_key=x",
        f"{URL}?token=",
        "https://tiles.invalid/{z}/{x}.png",
        "//tiles.invalid/{z}/{x}/{y}",
        "https://tiles.invalid/{z}/{x}/{y};script-src *",
        "https://tiles.invalid/{z}/{x}/{y} x",
        "ftp://tiles.invalid/{z}/{x}/{y}",
    ],
)
def test_an_address_with_a_key_or_of_another_form_is_refused(url: str) -> None:
    with pytest.raises(Refused) as caught:
        choose(tile_url=url)
    assert caught.value.fields[0].field == "tile_url"
