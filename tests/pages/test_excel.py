"""Lists in Excel: what the asker sees, noted, nothing for who may not."""

import pytest
from django.test import Client

from qianjun.force.seeding.teams import seed_teams
from qianjun.org.actor import Actor
from qianjun.org.listing.actions import take_list_out
from qianjun.org.listing.kinds import listings
from qianjun.org.models import Read
from qianjun.org.seeding import seed_units
from qianjun.place.seeding import seed_places
from qianjun.supply.seeding import seed_demo_stock
from tests import cast
from tests.kernel.sheets.cells import cells_of
from tests.org.refusals import refused
from tests.pages.reading import html_of, take_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def room(officer: Client) -> str:
    """The path of a fire."""
    seed_units()
    return take_in(officer, "厂房起火，电话10012345678", category="12G00", source="119")


def test_the_incidents_of_the_page_in_excel(officer: Client, room: str) -> None:
    page = html_of(officer.get("/incidents/?state=all&q=火"))
    assert 'action="/lists/incidents/excel/?state=all' in page
    answer = officer.post("/lists/incidents/excel/?state=all")
    assert "attachment" in answer.headers["Content-Disposition"]
    header, row = cells_of(answer.content)
    told = dict(zip(header, row, strict=True))
    assert told["类型"] == "火灾事故"
    assert told["状态"] == "处置中"
    assert told["接报份数"] == 1
    assert len(cells_of(officer.post("/lists/incidents/excel/?state=closed").content)) == 1
    noted = Read.objects.get(what="leave.export", why="事件 1")
    assert (noted.about_kind, noted.about_id) == ("list", "incidents")
    assert room


def test_the_log_of_an_incident_is_whole_and_masks_telephones(officer: Client, room: str) -> None:
    ident = room.strip("/").rsplit("/", 1)[-1]
    for n in range(3):
        officer.post(f"{room}notes/", {"kind": "fact", "text": f"第{n}条"})
    rows = cells_of(officer.post(f"/lists/incident-log/excel/?incident={ident}").content)
    said = "\n".join(str(row) for row in rows)
    assert "第2条" in said
    assert "100****5678" in said
    assert "10012345678" not in said
    assert officer.post("/lists/incident-log/excel/?incident=999").status_code == 404
    assert officer.post("/lists/incident-log/excel/").status_code == 404


def test_every_list_can_be_taken_out(officer: Client, room: str) -> None:
    ident = room.strip("/").rsplit("/", 1)[-1]
    seed_places()
    seed_teams()
    for name in listings():
        answer = officer.post(f"/lists/{name}/excel/?incident={ident}")
        assert answer.status_code == 200, name
        assert cells_of(answer.content)[0], name
    assert len(cells_of(officer.post("/lists/teams/excel/").content)) > 50


def test_who_may_not_takes_nothing_out() -> None:
    def by(part: cast.Part) -> Actor:
        return cast.actor(part)

    with refused("not_allowed", status=403):
        take_list_out(by=by(cast.XIAOCHEN), name="incidents", asked={})
    with refused("not_found", status=404):
        take_list_out(by=by(cast.KEEPER), name="incidents", asked={})
    with refused("not_found", status=404):
        take_list_out(by=by(cast.XIAOWANG), name="nothing", asked={})
    assert not Read.objects.exists()


def test_the_stock_is_taken_out_as_its_tab_shows_it(officer: Client) -> None:
    seed_units()
    seed_demo_stock()
    every = cells_of(officer.post("/lists/stock/excel/").content)
    short = cells_of(officer.post("/lists/stock/excel/?show=gap").content)
    gap = every[0].index("缺口")
    assert 1 < len(short) < len(every)
    assert all(float(str(row[gap])) > 0 for row in short[1:])
