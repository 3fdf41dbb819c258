"""Who may open which page, and what the others are told."""

import pytest
from django.test import Client

from qianjun.org import roles
from tests import cast
from tests.pages.reading import html_of, take_in, text_of

pytestmark = pytest.mark.django_db(transaction=True)
PAGES = ("/", "/intake/", "/incidents/")
WRITING = (
    *("/intake/look/", "/intake/keep/", "/intake/clear/", "/incidents/1/notes/"),
    *("/incidents/1/figures/", "/incidents/1/close/", "/incidents/1/reopen/"),
    *("/reports/1/confirm/", "/reports/1/split/", "/reports/1/join/", "/reports/1/caller/"),
    *("/desk/cards/1/retry/", "/desk/cards/1/drop/"),
    *("/desk/messages/1/retry/", "/desk/messages/1/drop/"),
    *("/desk/letters/1/take/", "/desk/letters/1/aside/"),
    *("/incidents/1/grade/", "/incidents/1/tasks/", "/incidents/1/entries/1/correct/"),
    *("/incidents/1/tasks/1/done/", "/incidents/1/tasks/1/drop/"),
)
# what is done in the room, and the permission that it asks
IN_THE_ROOM = {
    "grade/": "incident.grade",
    "tasks/": "incident.task",
    "tasks/999999/done/": "incident.task",
    "tasks/999999/drop/": "incident.task",
    "entries/999999/correct/": "incident.note",
    "facts/": "incident.settle",
}


@pytest.mark.parametrize("path", PAGES)
def test_a_stranger_is_sent_to_the_door_and_comes_back(path: str) -> None:
    response = Client().get(path)
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/accounts/login/?next=")


@pytest.mark.parametrize("path", WRITING)
def test_a_stranger_writes_nothing(path: str) -> None:
    assert Client().post(path).headers["Location"].startswith("/accounts/login/")


def test_a_part_of_a_page_that_lost_its_session_leads_the_whole_page_to_the_door() -> None:
    response = Client().get("/desk/live/", headers={"HX-Request": "true"})
    assert response.headers["HX-Redirect"] == "/accounts/login/"


@pytest.mark.parametrize("path", WRITING)
def test_nobody_writes_by_a_link_and_none_without_the_permission(path: str) -> None:
    outsider = cast.signed_in(cast.OUTSIDER)
    assert outsider.get(path).status_code == 405
    response = outsider.post(path)
    assert response.status_code == 403
    assert "您的角色没有这项权限" in text_of(response)


@pytest.mark.parametrize("role", sorted(roles.ROLES))
def test_every_role_acts_in_the_room_as_the_table_says(role: str) -> None:
    officer, somebody = cast.signed_in(cast.XIAOWANG), cast.signed_in(cast.BY_ROLE[role])
    room, none = take_in(officer, "弯塘社区起火"), "/incidents/999999/"
    sent = {"text": "x", "title": "", "grade": "", "reason": "x"}
    for path, permission in IN_THE_ROOM.items():
        here, nowhere = (somebody.post(f"{front}{path}", sent) for front in (room, none))
        if role in roles.PERMISSIONS[permission]:
            assert here.status_code in (302, 404, 422), path
            assert nowhere.status_code == 404, path
        else:
            assert here.status_code == nowhere.status_code == 403, path


def test_a_form_without_its_token_is_refused() -> None:
    strict = Client(enforce_csrf_checks=True)
    user = cast.person(cast.XIAOWANG).user
    assert user is not None
    strict.force_login(user)
    response = strict.post("/intake/", {"text": "火"})
    assert response.status_code == 403
    assert "回到值班台" in text_of(response)


def test_a_leader_reads_and_does_not_take_reports_he_may_not() -> None:
    chief = cast.signed_in(cast.JUZHANG)
    assert chief.get("/").status_code == 200
    assert chief.get("/incidents/").status_code == 200
    assert chief.get("/intake/").status_code == 403
    assert "/intake/" not in html_of(chief.get("/"))


def test_a_street_is_led_to_intake_and_an_administrator_is_told_what_he_does() -> None:
    assert cast.signed_in(cast.JIEDAO).get("/").headers["Location"] == "/intake/"
    administrator = cast.signed_in(cast.AUDIT).get("/")
    assert "您的角色是审计管理员" in text_of(administrator)
    assert "在办事件" not in text_of(administrator)


def test_a_person_without_a_role_sees_a_page_and_no_way_in() -> None:
    outsider = cast.signed_in(cast.OUTSIDER)
    assert "这里没有您的页面" in text_of(outsider.get("/"))
    assert 'href="/incidents/"' not in html_of(outsider.get("/"))


def test_the_door_of_a_demonstration_names_accounts_and_password() -> None:
    door = text_of(Client().get("/accounts/login/"))
    for word in ("zhiban1", "daiban", "qianjun-demo", "演示", "等待会越来越长"):
        assert word in door


@pytest.mark.parametrize("realm", ["live", "drill"])
def test_the_door_of_a_real_house_names_nothing(
    realm: str, settings: pytest.FixtureRequest
) -> None:
    settings.REALM = realm  # type: ignore[attr-defined]
    door = text_of(Client().get("/accounts/login/"))
    assert "qianjun-demo" not in door
    assert "zhiban1" not in door
    assert ("演练" in door) == (realm == "drill")


@pytest.mark.parametrize("path", ["/incidents/999999/", "/incidents/x/", "/nowhere/"])
def test_what_is_not_there_is_said_in_one_sentence(path: str) -> None:
    response = cast.signed_in(cast.XIAOWANG).get(path)
    assert response.status_code == 404
    assert "请到事件列表里找" in text_of(response)


def test_every_page_carries_the_clock_and_is_kept_by_no_cache() -> None:
    response = cast.signed_in(cast.XIAOWANG).get("/")
    assert response.headers["Qianjun-Now"] == "2026-06-01T06:05:00+00:00"
    assert response.headers["Cache-Control"] == "no-store"
    assert "14:05" in text_of(response)
