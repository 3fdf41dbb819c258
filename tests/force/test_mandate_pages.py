"""A mandate for further waves, for programs and on the board: given, shown, taken back, refused."""

import json
from typing import Any

import pytest
from django.test import Client

from qianjun.force.models import Called, CallOut, Mandate, Volunteer
from qianjun.message.models import Message
from tests import cast
from tests.force.calls import Calls

pytestmark = pytest.mark.django_db
BODY: dict[str, Any] = {
    "need": 1,
    "skills": [],
    "by": "2026-06-01T15:05:00+08:00",
    "lon": 109.4116,
    "lat": 24.3147,
}


def ask(client: Client, path: str, body: dict[str, Any], **headers: str) -> Any:
    """Status and answer of a POST."""
    reply = client.post(f"/api/v1/{path}", json.dumps(body), "application/json", headers=headers)
    return reply.status_code, json.loads(reply.content)


def test_programs_give_see_and_withdraw_it(calls: Calls) -> None:
    desk = cast.client_for("duty_officer")
    said = {"max_people": 30, "until": "2026-06-01T14:45:00+08:00"}
    body = BODY | {"confirm": True, "auto": said}
    path = f"incidents/{calls.incident.pk}/callouts"
    key = {"Idempotency-Key": "mandate-0001"}
    status, made = ask(desk, path, body, **key)
    assert status == 201
    assert (status, made) == ask(desk, path, body, **key)
    told = made["auto"]
    assert (told["state"], told["max_people"], told["left"]) == (
        *("in_force", 30),
        30 - made["disturbed"],
    )
    assert told["until"].startswith("2026-06-01T06:45:00")
    assert Mandate.objects.count() == 1
    for _again in range(2):
        status, now = ask(desk, f"callouts/{made['id']}/withdraw", {})
        assert (status, now["auto"]["state"], now["auto"]["left"]) == (200, "ended", 0)
    assert now["auto"]["ended_why"] == "withdrawn"
    assert now["version"] == made["version"] + 1
    reader = cast.client_for("commander")
    assert ask(reader, f"callouts/{made['id']}/withdraw", {})[0] == 403
    assert ask(desk, "callouts/77/withdraw", {})[0] == 404


def test_a_confirming_program_gives_it_or_forbids_it(calls: Calls) -> None:
    desk = cast.client_for("duty_officer")
    said = {"max_people": 30, "until": "2026-06-01T14:45:00+08:00"}
    path = f"incidents/{calls.incident.pk}/callouts"
    first = ask(desk, path, BODY | {"auto": said})[1]
    assert first["auto"]["state"] == "asked"
    assert first["auto"]["given_by_masked"] is None
    confirm = f"callouts/{first['id']}/confirm"
    assert ask(desk, confirm, {"wave": 1, "auto": None})[1]["auto"]["state"] == "ended"
    Volunteer.objects.update(busy_until=None)
    second = ask(desk, path, BODY)[1]
    assert second["auto"] is None
    confirm = f"callouts/{second['id']}/confirm"
    assert ask(desk, confirm, {"wave": 1, "auto": said})[1]["auto"]["state"] == "in_force"


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"max_people": 30, "until": "2026-06-01T14:00:00+08:00"}, "auto.until"),
        ({"max_people": 30, "until": "2026-06-01T14:45:00"}, "auto.until"),
        ({"max_people": 30, "until": "soon"}, "auto.until"),
        ({"max_people": 30, "until": "9999-12-31T23:59:59Z"}, "auto.until"),
        ({"max_people": 30}, "auto.until"),
        ({"max_people": 3, "until": "2026-06-01T14:45:00+08:00"}, "auto.max_people"),
        ({"max_people": 0, "until": "2026-06-01T14:45:00+08:00"}, "auto.max_people"),
        ({"max_people": -4, "until": "2026-06-01T14:45:00+08:00"}, "auto.max_people"),
        ({"max_people": 10**12, "until": "2026-06-01T14:45:00+08:00"}, "auto.max_people"),
        ({"max_people": "30", "until": "2026-06-01T14:45:00+08:00"}, "auto.max_people"),
        ({"max_people": 30.5, "until": "2026-06-01T14:45:00+08:00"}, "auto.max_people"),
        ({"max_people": True, "until": "2026-06-01T14:45:00+08:00"}, "auto.max_people"),
        ({"until": "2026-06-01T14:45:00+08:00"}, "auto.max_people"),
        ([], "auto"),
        ("yes", "auto"),
    ],
)
@pytest.mark.parametrize("confirm", [True, False])
def test_a_wrong_mandate_is_422_with_its_field_and_calls_nobody(
    calls: Calls, said: Any, field: str, confirm: bool
) -> None:
    desk = cast.client_for("duty_officer")
    path = f"incidents/{calls.incident.pk}/callouts"
    status, told = ask(desk, path, BODY | {"confirm": confirm, "auto": said})
    assert status == 422, told
    assert field in [one["field"] for one in told["errors"]]
    assert not CallOut.objects.exists()
    assert not Message.objects.exists()


def composed(**changed: str) -> dict[str, str]:
    """What an officer types."""
    usual = {"need": "1", "by": "2026-06-01T15:05", "place": "静兰小学", "lon": "109.4116"}
    return usual | {"lat": "24.3147", "probability": "0.95"} | changed


@pytest.mark.django_db(transaction=True)
def test_the_board_asks_for_it_shows_it_and_takes_it_back(calls: Calls) -> None:
    desk = cast.signed_in(cast.XIAOWANG)
    path = f"/incidents/{calls.incident.pk}/callouts/"
    until = {"auto_until": "2026-06-01T14:45"}
    assert (
        "max_people_below_wave"
        in desk.get(f"{path}look/", composed(auto_people="1", **until)).content.decode()
    )
    page = desk.post(f"{path}start/", composed(auto_people="30")).content.decode()
    assert "bad_time" in page
    assert "自动续召到几点" in page
    assert not CallOut.objects.exists()
    assert desk.post(f"{path}start/", composed(auto_people="30", **until)).status_code == 302
    row = CallOut.objects.get()
    page = desk.get(path).content.decode()
    assert "确认这一批的人就是授权人" in page
    assert 'name="auto_until" value="2026-06-01T14:45"' in page
    typed = {"wave": "1", "version": "1", "auto_people": "2", **until}
    assert (
        "max_people_below_wave"
        in desk.post(f"/callouts/{row.pk}/confirm/", typed, follow=True).content.decode()
    )
    assert not Message.objects.exists()
    desk.post(f"/callouts/{row.pk}/confirm/", typed | {"auto_people": "30"})
    left = 30 - Called.objects.filter(callout=row).count()
    page = desk.get(f"{path}live/").content.decode()
    assert f"系统自动续召中：值**** 授权，总共最多 30 人，还剩 {left} 人，到 14:45" in page
    reader = cast.signed_in(cast.ZHIHUI)
    seen = reader.get(path).content.decode()
    assert f"还剩 {left} 人" in seen
    assert "收回授权" not in seen
    assert "收回授权" in page
    desk.post(f"/callouts/{row.pk}/withdraw/")
    page = desk.get(path).content.decode()
    assert "自动续召已停（值**** 授权，14:05 授权已收回）" in page
    assert Mandate.objects.get().ended_why == "withdrawn"
    assert not Called.objects.filter(callout=row, sent_at__isnull=True).exists()
