"""The pages of forces, as their readers use them."""

import pytest

from qianjun.force.models import Team
from qianjun.force.seeding import seed_forces
from qianjun.org.models import Address, Read
from qianjun.place.seeding import seed_places
from tests import cast
from tests.force import some
from tests.pages.reading import html_of, text_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def places() -> None:
    seed_places()


def test_an_empty_house_says_what_will_appear() -> None:
    browser = cast.signed_in(cast.XIAOWANG)
    page = text_of(browser.get("/forces/"))
    assert "还没有队伍" in page
    assert "导入队伍表" in page
    assert "37 个社区（村）中 37 个" in page
    assert "还没有志愿者" in text_of(browser.get("/forces/volunteers/"))
    assert "导入队伍表" not in text_of(cast.signed_in(cast.JUZHANG).get("/forces/"))


def test_the_published_numbers_stand_on_the_page() -> None:
    seed_forces(volunteers=50)
    browser = cast.signed_in(cast.XIAOWANG)
    page = text_of(browser.get("/forces/?kind=enterprise"))
    assert "22 支 · 专职 60 人 · 兼职 998 人" in page
    every = text_of(browser.get("/forces/"))
    assert "37 个社区（村）中 10 个" in every
    assert all(way in every for way in ("命令", "请求"))
    assert "没有符合的队伍" in text_of(browser.get("/forces/?q=zzz"))
    assert 'href="/forces/"' in html_of(browser.get("/"))


def test_a_team_is_read_by_a_leader_who_may_change_nothing() -> None:
    team = some.team(duty_phone="10030000001", covers=("450202001001",))
    some.member(team)
    page = cast.signed_in(cast.JUZHANG).get(f"/forces/teams/{team.pk}/")
    text = text_of(page)
    assert "100****0001" in text
    assert "10030000001" not in html_of(page)
    assert "队***" in text
    assert "阿强" not in html_of(page)
    assert "修改队伍" not in text
    assert "更新状态" not in text


def test_the_desk_changes_a_team_and_its_state_and_people() -> None:
    team = some.team()
    browser = cast.signed_in(cast.XIAOWANG)
    there = f"/forces/teams/{team.pk}/"
    form = {"version": "1", "name": "演示改名队", "way": "order", "full_time": "2"}
    form |= {"part_time": "9", "duty_phone": "", "insured_until": "2027-01-01"}
    browser.post(f"{there}change/", form | {"skills": ["boat"], "communities": ["450202001001"]})
    browser.post(f"{there}readiness/", {"state": "out", "headcount": "6"})
    person = {"name": "演示新队员", "phone": "10000000055", "role": "leader"}
    browser.post(f"{there}members/", person | {"employment": "full_time", "agrees": "1"})
    text = text_of(browser.get(there))
    for said in (
        "演示改名队",
        "出动中",
        "可出动 6 人",
        "船艇操作",
        "龙城社区",
        "演示新**",
        "专职 2 人",
    ):
        assert said in text
    member = team.members.get()
    browser.post(f"{there}members/{member.pk}/leave/")
    assert "还没有登记队员" in text_of(browser.get(there))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"version": "7"}, "别人刚改过这支队伍"),
        ({"full_time": "many"}, "人数须在"),
        ({"insured_until": "soon"}, "日期写成"),
        ({"way": "invitation"}, "不能用这种方式调动"),
    ],
)
def test_what_is_refused_is_said_on_the_page(changed: dict[str, str], said: str) -> None:
    team = some.team()
    browser = cast.signed_in(cast.XIAOWANG)
    form = {
        "version": "1",
        "name": "演示改名队",
        "way": "order",
        "full_time": "2",
        "part_time": "9",
    }
    there = f"/forces/teams/{team.pk}/"
    browser.post(f"{there}change/", form | changed)
    assert said in text_of(browser.get(there))
    assert Team.objects.get().name == team.name


def test_a_number_is_shown_once_with_a_reason_and_that_is_kept() -> None:
    team = some.team(duty_phone="10030000001")
    member = some.member(team)
    address = Address.objects.get(person=member.person).pk
    browser = cast.signed_in(cast.XIAOWANG)
    there = f"/forces/teams/{team.pk}/"
    shown = html_of(browser.post(f"{there}reveal/", {"address": address, "why": "集合"}))
    assert "10000000077" in shown
    assert "10030000001" in html_of(browser.post(f"{there}reveal/"))
    assert "10000000077" not in html_of(browser.get(there))
    assert Read.objects.filter(what="phone.reveal").count() == 2


def test_a_volunteer_is_found_paused_and_called_again() -> None:
    one = some.volunteer(7)
    browser = cast.signed_in(cast.XIAOWANG)
    assert "现在可召集 1 人" in text_of(browser.get("/forces/volunteers/"))
    told = {"q": "演示", "days": "30"}
    answer = browser.post(f"/forces/volunteers/{one.pk}/pause/", told, follow=True)
    assert "本人暂停" in text_of(answer)
    assert "恢复召集" in text_of(answer)
    answer = browser.post(f"/forces/volunteers/{one.pk}/resume/", {"q": "演示"}, follow=True)
    assert "已恢复召集" in text_of(answer)
    assert "现在可召集 1 人" in text_of(answer)
    browser.post(f"/forces/volunteers/{one.pk}/pause/", {"days": "7000"})
    assert "最长两年" in text_of(browser.get("/forces/volunteers/?q=无人"))


def test_others_are_kept_out() -> None:
    team = some.team()
    for part in (cast.XIAOCHEN, cast.SYSTEM):
        browser = cast.signed_in(part)
        for path in ("/forces/", f"/forces/teams/{team.pk}/", "/forces/volunteers/"):
            assert browser.get(path).status_code == 403
    assert cast.signed_in(cast.XIAOWANG).get("/forces/teams/99999/").status_code == 404
