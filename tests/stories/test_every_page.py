"""Every page at every width and in both languages: nothing wrong, nothing cut, a quiet console.

Which pages there are is read from the table of routes, so a new page comes in here by itself or
is told where its example is.
"""

from collections.abc import Callable, Iterator

import httpx
import pytest

from qianjun.org.roles import ROUTES
from tests.browser import Screen, browser, house, quiet, screens
from tests.site.running import Demo

__all__ = ["browser", "house", "screens"]
pytestmark = pytest.mark.running_clock
Open = Callable[..., Screen]
SIZES = [(1366, 768), (1920, 1080), (360, 740)]
# who opens what, where the duty officer may not
PLACE = "弯塘社区"
UNIT = "450202-GA"
UPWARD = "1"  # the only report to the upper level that is signed here
CAME = "1"  # the only instruction, and the only call
OPENED_BY = {
    "/admin/people/": "xitong",
    "/admin/people/{person}/": "xitong",
    "/admin/roles/": "anquan",
    "/admin/reads/": "shenji",
    "/admin/settings/": "xitong",
    "/admin/tokens/": "xitong",
    "/admin/import/": "xitong",
    "/decisions/": "daiban",
    "/incidents/{incident_id}/upward/sign/": "daiban",
    "/supplies/{code}/": "cangku",
    "/accounts/login/": "",
}
# where a link to one stands, and who sees it
LINKED = {
    "{person}": ("xitong", "/admin/people/"),
    "{activation_id}": ("daiban", "/decisions/"),
    "{team_id}": ("zhiban1", "/forces/"),
    "{order_id}": ("zhiban1", "/supplies/orders/"),
    "{bulletin_id}": ("zhiban1", "/duty/bulletins/"),
    "{hand_over_id}": ("zhiban1", "/duty/hand-over/"),
    "{slip}": ("zhiban1", "/supplies/folding_bed/"),
}
# pieces of pages, files and answers for programs; pages that a story of their own opens
NOT_ALONE = {
    "/admin/import/{run}/",
    "/accounts/password/set/",
    "/accounts/second/again/",
    "/accounts/second/code/",
    "/accounts/second/keys/add/",
    "/accounts/second/keys/again/",
    "/accounts/second/keys/{pk}/remove/",
    "/accounts/second/phone/",
    "/accounts/second/phone/off/",
    "/accounts/second/recovery/",
    "/accounts/second/recovery/new/",
    "/c/{link}",
    "/u/{link}",
    "/desk/columns/",
    "/desk/live/",
    "/enrol/{link}/",
    "/g/{link}",
    "/healthz",
    "/incidents/{incident_id}/callouts/live/",
    "/incidents/{incident_id}/callouts/look/",
    "/incidents/{incident_id}/facts/",
    "/incidents/{incident_id}/live/",
    "/incidents/{incident_id}/teams/live/",
    "/map/{name}/",
    "/media/{file_id}/original",
    "/media/{file_id}/shown",
    "/media/{file_id}/thumb",
    "/phones/live/",
    "/reports/group/",
    "/show/bar/",
    "/search/hits/",
    "/v/{link}",
    "/t/{link}",
}


def pages() -> list[str]:
    """The addresses of all pages, as the table of routes names them."""
    reads = [route.removeprefix("GET ") for route in ROUTES if route.startswith("GET ")]
    return [path for path in reads if "/api/" not in path and path not in NOT_ALONE]


@pytest.fixture(scope="module")
def incident(house: Demo) -> str:
    """An incident with something of everything."""
    token = house.qianjun("token", "--role", "duty_officer").stdout.strip()
    told = {"text": f"{PLACE}二楼民房起火，有浓烟，2人受伤", "channel": "phone", "source": "119"}
    with httpx.Client(base_url=house.address, headers={"Authorization": f"Bearer {token}"}) as asks:
        ident = asks.post("/api/v1/reports", json=told).json()["incident"]["id"]
        room = f"/api/v1/incidents/{ident}"
        asks.post(f"{room}/figures", json={"kind": "injured", "value": 2, "source": "120"})
        asks.post(f"{room}/notes", json={"kind": "order", "text": "请消防到场"})
        asks.post(f"{room}/tasks", json={"title": "核实是否有人被困", "lead": UNIT})
        asks.post(f"{room}/orders", json={"code": "folding_bed", "quantity": 40})
        asks.post(
            f"{room}/command_post",
            json={"place": PLACE, "decided_by": "区政府", "commander": {"name": "演示韦国庆"}},
        )
        asks.post(f"{room}/activation", json={"plan": "fire", "level": 4, "why": "119 转来"})
        asks.post(f"{room}/first_measures", json={})
        team = asks.get(f"{room}/teams").json()["items"][0]["id"]
        asks.post(f"/api/v1/team_calls/{team}/confirm", json={})
        order_from_above(asks)
        digest = asks.get(f"{room}/upward_reports").json()["draft"]["digest"]
    token = house.qianjun("token", "--role", "leader_in_charge").stdout.strip()
    leader = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=house.address, headers=leader) as signs:
        row = signs.post(f"{room}/upward_reports/sign", json={"digest": digest}).json()
    assert row["id"] == UPWARD, row
    return str(ident)


def order_from_above(asks: httpx.Client) -> None:
    """An instruction with something of everything, and a call that is no incident."""
    told = {
        "way": "phone",
        "sender": "市防汛办",
        "text": "18时前报情况",
        "sender_phone": "10000000031",
    }
    row = asks.post("/api/v1/instructions", json=told).json()
    assert row["id"] == CAME, row
    its = f"/api/v1/instructions/{CAME}"
    asks.post(f"{its}/directives", json={"text": "同意", "leader": "演示局长", "how": "voice"})
    asks.post(f"{its}/referrals", json={"order": "清出地下室", "units": [UNIT]})
    asks.post(f"{its}/replies", json={"way": "fax", "text": "已布置"})
    asks.post(f"{its}/proposals", json={"text": "再请示"})
    call = {"matter": "enquiry", "who": "演示群众", "phone": "10000000031", "text": "问停水"}
    assert asks.post("/api/v1/phone_records", json=call).json()["id"] == CAME


def linked(path: str, screens: Open) -> str:
    """The first link to such a page where such links stand."""
    who, there = next(LINKED[one] for one in LINKED if one in path)
    front = path.split("{")[0]
    finder = screens(who)
    finder.open(there)
    found = finder.page.locator(f"a[href^='{front}']:not([href='{front}'])").first
    return str(found.get_attribute("href"))


def do_duty(screens: Open) -> None:
    """The officer signs his shift away and has a bulletin drafted, once: sheets to open."""
    desk = screens("zhiban1")
    for page, form in (("hand-over", "hand-over/sign"), ("bulletins", "bulletins/draft")):
        desk.open(f"/duty/{page}/")
        key = desk.page.locator(f"form[action$='/{form}/'] button")
        if key.count():
            key.click()
            desk.page.wait_for_load_state("load")


def examples(incident: str, screens: Open) -> Iterator[tuple[str, str]]:
    """Every page with an address that can be opened."""
    do_duty(screens)
    for path in pages():
        if any(one in path for one in LINKED):
            yield path, linked(path, screens)
        else:
            filled = path.replace("{incident_id}", incident).replace("{kind}", "incident")
            filled = filled.replace("{code}", "folding_bed").replace("{upward_id}", UPWARD)
            filled = filled.replace("{instruction_id}", CAME).replace("{record_id}", CAME)
            filled = filled.replace("{record}", incident).replace("{unit}", UNIT)
            yield path, filled.replace("{name}", "incidents")


def overflow(screen: Screen) -> int:
    """How many pixels the page is wider than its window."""
    wide: int = screen.page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return wide


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_no_page_has_anything_wrong_at(
    screens: Open, incident: str, width: int, height: int
) -> None:
    windows: dict[str, Screen] = {}
    size = {"viewport": {"width": width, "height": height}}
    wrong: list[str] = []
    for path, address in examples(incident, screens):
        who = OPENED_BY.get(path, "zhiban1")
        if who not in windows:
            windows[who] = screens(who, **size)
        window = windows[who]
        window.open(address)
        window.page.wait_for_load_state("networkidle" if "map" in path else "load")
        wrong += window.wrong()
        if (wide := overflow(window)) > 0:
            wrong.append(f"{address} is {wide} px too wide at {width}")
    assert not wrong, "\n".join(wrong)
    with quiet(*windows.values()):
        pass


# what the house itself says; names of people, places and what was typed stay as they are
OWN_WORDS = (
    "button:not([lang]):not([value=zh-hans]), label > span, th, .rail a, legend, h2, summary"
)


def chinese(screen: Screen) -> list[str]:
    """What the house says in Chinese on this page."""
    said: list[str] = screen.page.locator(OWN_WORDS).all_inner_texts()
    return [
        text
        for text in said
        if text != PLACE and any("\u4e00" <= char <= "\u9fff" for char in text)
    ]


def test_an_english_reader_gets_every_page_in_english(screens: Open, incident: str) -> None:
    windows = {who: screens(who) for who in {"", "zhiban1", *OPENED_BY.values()}}
    for window in windows.values():
        window.page.context.add_cookies(
            [{"name": "django_language", "value": "en", "url": window.address}]
        )
    found: dict[str, list[str]] = {}
    for path, address in examples(incident, screens):
        window = windows[OPENED_BY.get(path, "zhiban1")]
        window.open(address)
        assert window.page.locator("html").get_attribute("lang") == "en", address
        # on the wall of phones nearly everything is what somebody is called or would say
        if path != "/phones/" and (texts := chinese(window)):
            found[address] = texts
    assert not found
