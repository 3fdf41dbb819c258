"""A unit's sheet has its own lines and no others, and only those see it who may."""

import pytest

from qianjun.incident.actions import drop_task
from qianjun.incident.queries.sheets import sheet_of
from qianjun.org.actor import Actor
from qianjun.org.tokens import actor_for_token
from tests import cast
from tests.incident.fires import taken
from tests.incident.tasking import given
from tests.org.refusals import refused

pytestmark = pytest.mark.django_db
HERE, THERE = "450202001", "450202002"


@pytest.fixture
def fire(officer: Actor) -> int:
    """A fire in which two streets have something to do."""
    cast.unit(HERE)
    cast.unit(THERE)
    incident = taken(officer).stored.incident_id
    given(officer, incident, lead=HERE, title="封控", supporting=[THERE])
    given(officer, incident, lead=THERE, title="安置", supporting=[HERE])
    given(officer, incident, lead=THERE, title="登记")
    return incident


def of(role: str, unit: str) -> Actor:
    """Somebody of this role who sees the tree of a unit."""
    return actor_for_token(cast.token_for(role, unit=cast.unit(unit)))


def titles(by: Actor, fire: int, unit: str) -> tuple[list[str], list[str]]:
    """What it leads, and what it supports."""
    sheet = sheet_of(seen_by=by, incident_id=fire, unit=unit)
    return [row.title for row in sheet.leading], [row.title for row in sheet.supporting]


def test_the_desk_sees_every_sheet_with_its_own_lines(officer: Actor, fire: int) -> None:
    assert titles(officer, fire, HERE) == (["封控"], ["安置"])
    assert titles(officer, fire, THERE) == (["安置", "登记"], ["封控"])


def test_a_unit_sees_its_own_sheet_and_that_of_nobody_else(officer: Actor, fire: int) -> None:
    street = of("community_worker", HERE)
    assert titles(street, fire, HERE) == (["封控"], ["安置"])
    with refused("not_found", status=404):
        sheet_of(seen_by=street, incident_id=fire, unit=THERE)
    for role in ("volunteer", "system_admin", "keeper"):
        with refused("not_allowed", status=403):
            sheet_of(seen_by=of(role, HERE), incident_id=fire, unit=HERE)
    assert titles(officer, fire, HERE)[0]


@pytest.mark.parametrize("unit", ["450202-QT", "nowhere", "\0"])
def test_a_unit_with_nothing_to_do_has_no_sheet(officer: Actor, fire: int, unit: str) -> None:
    cast.unit("450202-QT")
    with refused("not_found", status=404):
        sheet_of(seen_by=officer, incident_id=fire, unit=unit)


def test_what_is_dropped_is_on_no_sheet(officer: Actor, fire: int) -> None:
    row = sheet_of(seen_by=officer, incident_id=fire, unit=HERE).leading[0]
    drop_task(by=officer, incident_id=fire, task_id=row.pk, reason="不需要了")
    assert titles(officer, fire, HERE) == ([], ["安置"])


def test_the_page_is_for_who_may_and_can_be_printed(fire: int) -> None:
    path = f"/incidents/{fire}/tasks/sheet/{HERE}/"
    page = cast.signed_in(cast.XIAOWANG).get(path).content.decode()
    for words in ("封控", "安置", "data-print", "未签收"):
        assert words in page
    assert "登记" not in page
    assert cast.signed_in(cast.JIEDAO).get(path).status_code == 200
    assert cast.signed_in(cast.XIAOCHEN).get(path).status_code == 403
    there = f"/incidents/{fire}/tasks/sheet/{THERE}/"
    assert cast.signed_in(cast.JIEDAO).get(there).status_code == 404
