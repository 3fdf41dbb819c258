"""The photos and files of an incident: a part that the room fetches, and a page."""

import pytest
from django.test import Client

from qianjun.kernel import clock
from qianjun.media.models import File
from tests import cast
from tests.pages.reading import html_of, take_in, text_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def room(officer: Client) -> str:
    """The path of a fire."""
    return take_in(officer, "民房起火", category="12G00")


def photo(incident: int, name: str, **changed: object) -> File:
    """A photo of the scene, looked at and redrawn, confirmed by nobody."""
    usual = {
        "sha256": "0" * 64,
        "kind": "image",
        "media_type": "image/jpeg",
        "bytes": 1_000,
        "width": 10,
        "height": 10,
        "name": name,
        "about_kind": "incident",
        "about_id": str(incident),
        "incident": incident,
        "by_kind": "person",
        "by_id": "1",
        "via": "desk",
        "received_at": clock.now(),
        "state": "ready",
    }
    return File.objects.create(**(usual | changed))


def test_the_room_fetches_its_photos_and_says_when_there_are_none(
    officer: Client, room: str
) -> None:
    assert f'hx-get="{room}media/"' in html_of(officer.get(room))
    part = {"HX-Request": "true"}
    assert "还没有照片和文件" in text_of(officer.get(f"{room}media/", headers=part))
    incident = int(room.strip("/").rsplit("/", 1)[-1])
    made = photo(incident, "现场.jpg")
    photo(incident + 1, "别处.jpg")
    fetched = officer.get(f"{room}media/", headers=part)
    assert "<html" not in html_of(fetched)
    assert f'src="/media/{made.pk}/thumb"' in html_of(fetched)
    assert "未核实" in text_of(fetched)
    assert "别处" not in text_of(fetched)
    whole = officer.get(f"{room}media/")
    assert "<html" in html_of(whole)
    assert "现场.jpg" in text_of(whole)


def test_only_the_newest_are_listed_and_who_may_not_sees_none(officer: Client, room: str) -> None:
    incident = int(room.strip("/").rsplit("/", 1)[-1])
    for n in range(201):
        photo(incident, f"第{n}张.jpg")
    shown = text_of(officer.get(f"{room}media/"))
    assert "只列最新的 200 个。" in shown
    assert "第200张.jpg" in shown
    assert "第0张.jpg" not in shown
    assert officer.get("/incidents/999/media/").status_code == 404
    assert cast.signed_in(cast.XIAOCHEN).get(f"{room}media/").status_code == 403
