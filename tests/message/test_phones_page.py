"""The wall of phones: what each shows, answering as its holder, the switches above."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from qianjun.kernel.clock import Held
from qianjun.media.models import File
from qianjun.message.actions import send
from qianjun.message.models import Carrier, CarrierReply, CarrierRow, Message, SimulatedPeople
from qianjun.org.models import Address, Person
from qianjun.org.roles import PERMISSIONS
from qianjun.org.seeding import PEOPLE, seed_demo_people, seed_posts, seed_units
from tests.media.pictures import photo
from tests.message.cast import HOUSE
from tests.message.phones import carry, pump

pytestmark = pytest.mark.django_db(transaction=True)
LEADER = "10000010003"


@pytest.fixture(autouse=True)
def house() -> None:
    """The demo's people with their phones."""
    for seed in (seed_units, seed_posts, seed_demo_people):
        seed()


def signed_in(login: str = "zhiban1") -> Client:
    client = Client(raise_request_exception=False)
    user = Person.objects.get(user__username=login).user
    assert user is not None
    client.force_login(user)
    return client


def called(text: str = "演示涂料厂起火") -> Message:
    leader = Address.objects.get(value=LEADER).person_id
    message = send(
        by=HOUSE,
        purpose="report",
        matter="incident:1",
        text=text,
        rank=0,
        incident=1,
        expects_answer=True,
        links=("/t/abc",),
        person=leader,
    )
    assert message is not None
    pump()
    return message


def page(client: Client, query: str = "") -> str:
    answer = client.get(f"/phones/{query}")
    assert answer.status_code == 200
    return str(answer.content.decode())


def reply(client: Client, **said: str) -> HttpResponse:
    body = {"channel": "sms", "from": LEADER, "next": "/phones/"} | said
    answer = client.post("/phones/reply/", body)
    assert isinstance(answer, HttpResponse)
    return answer


def test_each_phone_shows_its_holder_and_how_far_a_message_has_come(held_clock: Held) -> None:
    client = signed_in()
    called()
    shown = page(client)
    assert "演示李国强" in shown
    assert "带班领导" in shown
    assert (
        'href="/t/abc" target="_blank" rel="noopener" aria-label="打开手机页 演示李国强"' in shown
    )
    assert "在途" in shown
    held_clock.forward(timedelta(seconds=5))
    carry()
    row = CarrierRow.objects.get()
    assert "已达" in page(client)
    client.post(f"/phones/letters/{row.pk}/open/", {"next": "/phones/"})
    assert "已读" in page(client)
    assert reply(client, text="马上到").status_code == 302
    carry()
    shown = page(client)
    assert "马上到" in shown
    assert "已答" in shown
    assert Message.objects.get().state == "answered"


def test_a_hostile_text_is_shown_and_not_obeyed() -> None:
    client = signed_in()
    called("<script>alert(1)</script>{{ 7*7 }}")
    reply(client, text="<img src=x onerror=alert(1)>\u202e写反")
    shown = page(client)
    assert "<script>alert(1)" not in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7*7 }}" in shown
    assert "<img" not in shown
    assert "\u202e" not in shown


def test_the_page_is_sent_again_only_when_something_has_changed() -> None:
    client = signed_in()
    found = re.search(r"seen=(\w+)", page(client))
    assert found is not None
    live = f"/phones/live/?show=all&q=&skip=0&seen={found[1]}"
    assert client.get(live).status_code == 204
    called()
    answer = client.get(live)
    assert answer.status_code == 200
    assert "演示涂料厂起火" in answer.content.decode()
    assert "<html" not in answer.content.decode()


def test_phones_are_found_by_name_and_by_what_waits_for_an_answer() -> None:
    client = signed_in()
    assert page(client, "?q=国强").count('class="panel phone"') == 2
    assert "没有这样的电话" in page(client, "?show=open")
    called()
    assert page(client, "?show=open").count('class="panel phone"') == 1
    assert page(client, "?show=letters").count('class="panel phone"') == 1


def test_the_order_of_phones_does_not_follow_what_people_do() -> None:
    client, names = signed_in(), re.compile(r'id="name-(\d+)"')
    before = names.findall(page(client))
    called()
    reply(client, text="收到")
    carry()
    assert names.findall(page(client)) == before


def test_without_any_phone_the_page_says_what_would_be_here() -> None:
    Address.objects.all().delete()
    assert "还没有模拟电话" in page(signed_in())


def test_a_quick_answer_and_a_position_leave_the_phone() -> None:
    client = signed_in()
    reply(client, quick="收到", lon="109.4412", lat="24.3301")
    row = CarrierReply.objects.get()
    assert (row.text, row.lon, row.lat) == ("收到", 109.4412, 24.3301)
    assert "109.44120, 24.33010" in page(client)


@pytest.mark.parametrize(
    "said",
    [
        {"text": ""},
        {"text": "x", "from": "138" + "0" * 8},
        {"text": "x", "channel": "pigeon"},
        {"text": "x", "lon": "109"},
        {"text": "x", "lon": "nan", "lat": "24"},
        {"text": "x", "lon": "1e400", "lat": "24"},
        {"text": "x", "lon": "东", "lat": "24"},
        {"text": "\0"},
        {"text": "x", "lon": "181", "lat": "24"},
    ],
)
def test_what_cannot_be_sent_is_said_on_the_page(said: dict[str, str]) -> None:
    client = signed_in()
    assert reply(client, **said).status_code == 302
    assert not CarrierReply.objects.exists()
    assert 'class="banner" role="alert"' in page(client)


def test_the_switches_change_carrier_and_people() -> None:
    client = signed_in()
    client.post(
        "/phones/carrier/",
        {"channel": "sms", "down": "on", "delay_s": "3", "loss": "25", "repeat_receipts": "2"},
    )
    row = Carrier.objects.get()
    assert (row.down, row.delay_s, row.loss, row.repeat_receipts) == (True, 3, 0.25, 2)
    client.post("/phones/carrier/", {"channel": "sms", "delay_s": "", "loss": "", "x": "1"})
    row.refresh_from_db()
    assert (row.down, row.delay_s) == (False, 3)
    client.post("/phones/people/", {"accept_rate": "50", "delay_s": "20"})
    people = SimulatedPeople.objects.get()
    assert (people.auto, people.accept_rate, people.delay_s) == (False, 0.5, 20)
    leader = Address.objects.get(value=LEADER).person_id
    client.post(f"/phones/people/{leader}/silence/")
    assert SimulatedPeople.objects.get().silent == [leader]
    assert "恢复自动应答" in page(client)
    client.post(f"/phones/people/{leader}/silence/")
    assert SimulatedPeople.objects.get().silent == []


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("carrier/", {"channel": "sms", "loss": "101"}),
        ("carrier/", {"channel": "sms", "delay_s": "-1"}),
        ("carrier/", {"channel": "sms", "repeat_receipts": "11"}),
        ("carrier/", {"channel": "pigeon"}),
        ("people/", {"auto": "on", "delay_s": "0"}),
        ("people/", {"auto": "on", "accept_rate": "x"}),
        ("people/999999999/silence/", {}),
        (f"people/{10**30}/silence/", {}),
        ("letters/999999999/open/", {}),
        (f"letters/{10**30}/open/", {}),
    ],
)
def test_a_switch_out_of_bounds_changes_nothing(path: str, body: dict[str, str]) -> None:
    assert signed_in().post(f"/phones/{path}", body).status_code in (302, 404)
    assert not Carrier.objects.exists()
    assert not SimulatedPeople.objects.exists()


@pytest.mark.parametrize(
    "query", ["?skip=-1", "?skip=99999999", "?show=x", "?q=%25", "?q=" + "x" * 500]
)
def test_no_address_breaks_the_page(query: str) -> None:
    assert signed_in().get(f"/phones/{query}").status_code == 200


def test_only_who_may_use_the_simulator_sees_the_wall_and_the_way_to_it() -> None:
    for one in PEOPLE:
        if not one.login:
            continue
        allowed = one.role in PERMISSIONS["simulator.use"]
        client = signed_in(one.login)
        assert client.get("/phones/").status_code == (200 if allowed else 403), one.login
        assert reply(client, text="收到").status_code == (302 if allowed else 403), one.login
    assert CarrierReply.objects.count() == 3
    assert Client().get("/phones/").status_code == 302


def test_in_the_live_realm_there_is_no_wall(settings: Any) -> None:
    client = signed_in()
    assert 'href="/phones/"' in client.get("/incidents/").content.decode()
    settings.REALM = "live"
    for path in ("", "live/"):
        assert client.get(f"/phones/{path}").status_code == 404
    for path in ("reply/", "carrier/", "people/", "people/1/silence/", "letters/1/open/"):
        assert client.post(f"/phones/{path}").status_code == 404
    assert 'href="/phones/"' not in client.get("/incidents/").content.decode()


def test_a_photo_is_sent_from_the_wall_with_the_words() -> None:
    shot = SimpleUploadedFile("现场.jpg", photo(), content_type="image/jpeg")
    body = {"channel": "sms", "from": LEADER, "text": "在这里", "file": shot}
    assert signed_in().post("/phones/reply/", body).status_code == 302
    sent = CarrierReply.objects.get()
    assert sent.file is not None
    assert (sent.text, File.objects.get(pk=sent.file).name) == ("在这里", "现场.jpg")
    empty = SimpleUploadedFile("空.jpg", b"")
    client = signed_in()
    client.post("/phones/reply/", body | {"file": empty})
    assert "这个文件是空的" in client.get("/phones/").content.decode()
    assert CarrierReply.objects.count() == 1
