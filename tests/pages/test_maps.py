"""The map: layers for whoever may see them, and tiles from nowhere but where it was said."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client

from qianjun.force.models import CallOut, Position, TeamCall
from qianjun.incident.models import Incident
from qianjun.kernel import clock
from qianjun.kernel.coordinates import from_wgs84
from qianjun.kernel.policy import policy
from qianjun.org import store
from qianjun.org.store.actions import change_setting
from qianjun.place.areas import inside
from qianjun.response.queries.maps import all_layers
from qianjun.site.middleware import POLICY
from tests import cast
from tests.force.teaming import led
from tests.pages.reading import html_of, take_in, text_of

pytestmark = pytest.mark.django_db(transaction=True)
TILES = "https://tiles.example.test/{z}/{x}/{y}.png"
HOSTILE = "静兰桥<img src=x onerror=alert(1)> 10000000031"


@pytest.fixture(autouse=True)
def nobody_elses_settings() -> Iterator[None]:
    """No test sees the tiles that another has chosen."""
    store.forget()
    yield
    store.forget()


def layer(client: Client, name: str) -> list[dict[str, object]]:
    """The features of a layer."""
    reply = client.get(f"/map/{name}/")
    assert reply.status_code == 200
    assert reply.headers["Content-Type"] == "application/geo+json"
    features: list[dict[str, object]] = json.loads(reply.content)["features"]
    return features


def points(client: Client, name: str) -> list[list[float]]:
    """Where the points of a layer are."""
    return [dict(f["geometry"])["coordinates"] for f in layer(client, name)]  # type: ignore[call-overload]


def choose_tiles(*, crs: str) -> None:
    """What the administrator does on his page."""
    by = cast.actor(cast.SYSTEM)
    for name, value in (("tile_url", TILES), ("tile_crs", crs), ("tile_note", "审图号 示例")):
        change_setting(by=by, module="place", name=name, value=value, version=0)


def directive(reply: object, name: str) -> str:
    """One directive of an answer's policy."""
    said: str = reply.headers["Content-Security-Policy"]  # type: ignore[attr-defined]
    return next(part.strip() for part in said.split(";") if part.strip().startswith(name))


def test_the_policy_of_a_page_with_a_map_is_that_of_all_pages_and_the_tiles() -> None:
    assert policy() == POLICY
    assert POLICY == (
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
        "worker-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'; "
        "frame-ancestors 'none'; form-action 'self'"
    )
    more = policy(tiles="https://tiles.example.test")
    assert more.replace(" https://tiles.example.test", "") == POLICY
    assert more.count("https://") == 2


def called_out(incident: str) -> None:
    """A call-out that runs, to where the incident is."""
    row, now = Incident.objects.get(pk=incident), clock.now()
    assert row.lon is not None
    assert row.lat is not None
    CallOut.objects.create(
        incident=row,
        need=3,
        needed_by=now + timedelta(hours=1),
        lon=row.lon,
        lat=row.lat,
        place="静兰小学体育馆",
        probability=0.9,
        radius_m=900,
        proposed_at=now,
        confirmed_at=now,
        by_kind="person",
    )


@pytest.mark.usefixtures("places")
def test_every_layer_is_geojson_inside_the_district(officer: Client) -> None:
    incident = take_in(officer, "弯塘社区起火", where="弯塘社区").strip("/").rsplit("/", 1)[1]
    called_out(incident)
    row = Incident.objects.get(pk=incident)
    team = TeamCall.objects.create(
        **{"incident": row, "team": led(), "way": "order", "place": "静兰小学", "wanted": 6},
        **{"lon": row.lon, "lat": row.lat, "needed_by": clock.now(), "proposed_at": clock.now()},
        **{"by_kind": "system"},
    )
    assert row.lon is not None
    assert row.lat is not None
    Position.objects.create(incident=row, team_call=team, lon=row.lon, lat=row.lat, at=clock.now())
    for name in all_layers():
        found = layer(officer, name)
        assert found, name
        for one in found:
            kind, coordinates = dict(one["geometry"]).values()  # type: ignore[call-overload]
            assert kind in ("Point", "Polygon", "MultiPolygon")
            if kind == "Point":
                assert inside(*coordinates)


def test_a_layer_that_is_none_is_not_found(officer: Client) -> None:
    for name in ("moon", "__init__", "seen_by"):
        assert officer.get(f"/map/{name}/").status_code == 404


@pytest.mark.usefixtures("places")
def test_who_may_not_read_incidents_sees_the_ground_and_nothing_on_it(officer: Client) -> None:
    take_in(officer, "弯塘社区起火")
    for part in (cast.JIEDAO, cast.XIAOCHEN, cast.SYSTEM, cast.AUDIT):
        client = cast.signed_in(part)
        assert layer(client, "communities")
        assert client.get("/map/incidents/").status_code == 403, part.name
    assert layer(cast.signed_in(cast.JIEDAO), "reports") == []
    assert cast.signed_in(cast.XIAOCHEN).get("/map/reports/").status_code == 403
    assert Client().get("/map/outline/").status_code == 302
    assert Client().post("/map/outline/").status_code in (302, 403, 405)


@pytest.mark.usefixtures("places")
def test_a_layer_says_no_telephone_and_no_words_of_a_report(officer: Client) -> None:
    path = take_in(officer, HOSTILE, where="弯塘社区")
    for name in ("incidents", "reports"):
        assert "10000000031" not in officer.get(f"/map/{name}/").content.decode()
    page = html_of(officer.get(path))
    assert "<img src=x" not in page


def test_without_tiles_nothing_outside_is_let_in(officer: Client) -> None:
    assert officer.get("/intake/").headers["Content-Security-Policy"] == POLICY
    assert "示意图，与列表等价" in text_of(officer.get("/intake/"))


@pytest.mark.usefixtures("places")
def test_tiles_come_from_their_origin_and_only_on_pages_with_a_map(officer: Client) -> None:
    path = take_in(officer, "弯塘社区起火")
    choose_tiles(crs="wgs84")
    for page in ("/intake/", path):
        reply = officer.get(page)
        for name in ("img-src", "connect-src"):
            assert directive(reply, name).endswith(" https://tiles.example.test"), page
        assert directive(reply, "script-src") == "script-src 'self'"
        assert "审图号 示例" in text_of(reply)
        assert TILES.split("{", maxsplit=1)[0] in html_of(reply)
    assert officer.get("/").headers["Content-Security-Policy"] == POLICY


@pytest.mark.usefixtures("places")
@pytest.mark.parametrize("crs", ["gcj02", "bd09"])
def test_everything_is_shifted_once_for_tiles_of_another_system(officer: Client, crs: str) -> None:
    take_in(officer, "弯塘社区起火")
    ours = points(officer, "incidents")
    choose_tiles(crs=crs)
    shifted = points(officer, "incidents")
    for (lon, lat), there in zip(ours, shifted, strict=True):
        assert there == pytest.approx(from_wgs84(lon, lat, crs=crs), abs=1e-5)  # type: ignore[arg-type]
        assert there != pytest.approx([lon, lat], abs=1e-3)
    look = html_of(officer.post("/intake/look/", {"text": "弯塘社区", "map_crs": crs}))
    assert f'data-lon="{shifted[0][0]:.6f}"' in look


def test_an_incident_that_is_nowhere_says_so_on_its_map(officer: Client) -> None:
    path = take_in(officer, "着火了")
    assert "这个事件还没有定位" in text_of(officer.get(path))
