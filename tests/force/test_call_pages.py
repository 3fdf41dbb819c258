"""The phone page of somebody called, and the board of the desk."""

import json
import re
from datetime import timedelta

import pytest
from django.test import Client

from qianjun.force.actions import enough
from qianjun.force.models import Called, CallOut, Wave
from qianjun.kernel import clock
from qianjun.org.links import revoke_links
from tests import cast
from tests.force.calls import Calls, again, path_of, people, pressed

pytestmark = pytest.mark.django_db
BROWSER = {"accept": "text/html"}
PHONE = {
    *("kind", "state", "need", "what_zh", "place", "lon", "lat", "by", "risk_zh", "kit_zh"),
    *("asked_by", "insured", "my", "acts", "message_zh"),
}


def told(one: Called) -> dict[str, object]:
    """The page as a program reads it."""
    reply = Client().get(path_of(one), headers={"accept": "application/json"})
    assert reply.status_code == 200
    found: dict[str, object] = json.loads(reply.content)
    return found


def test_looking_changes_nothing_and_says_what_he_must_know(running: CallOut) -> None:
    one = people(running)[0]
    found = told(one)
    assert set(found) >= PHONE
    assert (found["kind"], found["state"], found["need"]) == ("callout", "running", 3)
    assert found["insured"] is True
    assert found["acts"] == ["opened", "accept", "late", "decline"]
    reply = Client().get(path_of(one), headers=BROWSER)
    page = reply.content.decode()
    assert len(reply.content) < 100_000
    for words in ("静兰小学体育馆", "低，离火场 900 米", "我能到", "不能", "晚点到", "tel:119"):
        assert words in page
    assert "演示涂料厂" not in page
    assert 'data-open="yes"' in page
    assert again(one).read_at is None
    english = Client().get(f"{path_of(one)}?lang=en", headers=BROWSER).content.decode()
    assert "I can come" in english
    assert "我能到" not in english


def test_a_form_without_scripts_is_sent_and_comes_back(running: CallOut) -> None:
    one = people(running)[0]
    fields = {"act": "accept", "act_id": "7f7a3a54-52f1-4a5e-9f0c-1f3f1c0b7a11"}
    reply = Client().post(f"{path_of(one)}/acts", fields, headers=BROWSER)
    assert (reply.status_code, reply.headers["Location"]) == (303, path_of(one))
    assert again(one).accepted_at is not None
    page = Client().get(path_of(one), headers=BROWSER).content.decode()
    assert "您答应来" in page
    assert 'data-open="yes"' not in page


def test_after_enough_the_page_says_so(calls: Calls, running: CallOut) -> None:
    one = people(running)[0]
    enough(by=calls.by, callout_id=running.pk)
    found = told(one)
    assert found["acts"] == ["opened"]
    assert "不用来了" in str(found["message_zh"])
    assert "不用来了" in Client().get(path_of(one), headers=BROWSER).content.decode()


def test_a_link_that_is_altered_revoked_or_of_somebody_else_opens_nothing(
    running: CallOut,
) -> None:
    one = people(running)[0]
    path = path_of(one)
    assert Client().get(path[:-1] + ("a" if path[-1] != "a" else "b")).status_code == 404
    revoke_links(("callout", str(running.pk)))
    assert Client().get(path).status_code == 404


@pytest.fixture
def desk(calls: Calls) -> Client:
    """值班员小王 at his screen."""
    assert calls
    return cast.signed_in(cast.XIAOWANG)


def composed(**changed: str) -> dict[str, str]:
    """What an officer types."""
    by = clock.in_beijing(clock.now() + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M")
    usual = {"need": "3", "by": by, "place": "静兰小学", "lon": "109.4116", "lat": "24.3147"}
    return usual | {"probability": "0.95", "skill1": "", "count1": ""} | changed


def test_the_composer_shows_the_price_before_anything_is_proposed(
    calls: Calls, desk: Client
) -> None:
    path = f"/incidents/{calls.incident.pk}/callouts/"
    page = desk.get(path).content.decode()
    assert "还没有召集" in page
    line = desk.get(f"{path}look/", composed()).content.decode()
    assert "邀请" in line
    assert "→" in line
    assert "请改成那里的" not in line, "the point is another one"
    calls.incident.place_name = "演示涂料厂"
    calls.incident.save()
    point = {"lon": f"{calls.incident.lon}", "lat": f"{calls.incident.lat}"}
    line = desk.get(f"{path}look/", composed(**point)).content.decode()
    assert "请改成那里的" in line, "the place has another name and the incident's point"
    assert "bad_number" in desk.get(f"{path}look/", composed(need="x")).content.decode()
    assert not CallOut.objects.exists()


def test_the_desk_proposes_confirms_watches_and_stops(calls: Calls, desk: Client) -> None:
    path = f"/incidents/{calls.incident.pk}/callouts/"
    assert desk.post(f"{path}start/", composed(risk="低")).status_code == 302
    row = CallOut.objects.get()
    count = Wave.objects.get().count
    assert f"确认，通知 {count} 人" in desk.get(path).content.decode()
    sent = {"wave": "1", "version": "1"}
    desk.post(f"/callouts/{row.pk}/confirm/", sent)
    pressed(people(row)[-1], "accept")
    page = desk.get(f"{path}live/").content.decode()
    assert "会到 1 人" in page
    assert "还差 2 人" in page
    names = page[page.index("<tbody>") :]
    assert names.index("接受") < names.index("未达"), "who comes stands first"
    assert 'hx-swap-oob="true"' in page
    desk.post(f"/callouts/{row.pk}/again/")
    assert Wave.objects.count() == 2
    desk.post(f"/callouts/{row.pk}/enough/")
    assert "够了·已停召" in desk.get(path).content.decode()
    desk.post(f"/callouts/{row.pk}/end/", {"reason": "已问到"})
    row.refresh_from_db()
    assert row.state == "ended"


@pytest.mark.django_db(transaction=True)
def test_what_will_not_do_is_said_with_what_was_typed(calls: Calls, desk: Client) -> None:
    path = f"/incidents/{calls.incident.pk}/callouts/start/"
    page = desk.post(path, composed(need="0", kit="雨衣")).content.decode()
    assert "out_of_range" in page
    assert "雨衣" in page
    assert "unknown_skill" in desk.post(path, composed(skill1="fly", count1="1")).content.decode()
    assert not CallOut.objects.exists()


def test_readers_watch_and_call_nobody(calls: Calls) -> None:
    running = calls.running()
    reader = cast.signed_in(cast.ZHIHUI)
    page = reader.get(f"/incidents/{calls.incident.pk}/callouts/").content.decode()
    assert "够了·停召" not in page
    assert reader.post(f"/callouts/{running.pk}/enough/").status_code == 403
    assert cast.signed_in(cast.XIAOWANG).post(f"/callouts/{running.pk}/fly/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_a_composer_that_is_sent_twice_proposes_once(calls: Calls, desk: Client) -> None:
    path = f"/incidents/{calls.incident.pk}/callouts/"
    (key,) = re.findall(r'name="key" value="([^"]+)"', desk.get(path).content.decode())
    for _click in range(2):
        assert desk.post(f"{path}start/", composed(key=key)).status_code == 302
    assert CallOut.objects.count() == 1
    assert "没有重复记录" in desk.get(path).content.decode()
    page = desk.post(f"{path}start/", composed(key=key, need="5")).content.decode()
    assert "key_reused" in page
    assert f'name="key" value="{key}"' not in page, "a used key is not sent again"
    assert CallOut.objects.count() == 1
