"""Who sees which file, and how its bytes leave the house."""

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from qianjun.media import store
from qianjun.media.models import File
from qianjun.media.queries import file_json, files_about, files_of, fit_to_show
from qianjun.org.models import Read
from tests import cast
from tests.media.pictures import PDF, photo
from tests.media.senders import by_link, incident, officer

pytestmark = pytest.mark.django_db
FORMS = ("thumb", "shown", "original")
NOWHERE = "999999999"


def body(reply: object) -> bytes:
    """The bytes of an answer, streamed or not."""
    streamed = getattr(reply, "streaming_content", None)
    return b"".join(streamed) if streamed else reply.content  # type: ignore[attr-defined]


@pytest.mark.parametrize("form", ["thumb", "shown"])
def test_a_copy_is_served_as_a_picture_and_nothing_else(form: str) -> None:
    phone = officer()
    file = phone.sent(incident=str(incident().pk))
    reply = phone.ask("GET", f"/media/{file.pk}/{form}")
    assert reply.status_code == 200
    side_px = 320 if form == "thumb" else 1600
    assert reply.content == store.copy_of(file.sha256, side_px=side_px).read_bytes()
    told = {name: reply.headers[name] for name in reply.headers}
    assert told["Content-Type"] == "image/jpeg"
    assert told["X-Content-Type-Options"] == "nosniff"
    assert told["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert told["Cache-Control"] == "private, no-cache"
    assert "Content-Disposition" not in told


def test_a_copy_that_is_known_is_not_sent_again_but_asked_for_again() -> None:
    phone = officer()
    file = phone.sent(incident=str(incident().pk))
    mark = phone.ask("GET", f"/media/{file.pk}/shown").headers["ETag"]
    again = phone.ask("GET", f"/media/{file.pk}/shown", If_None_Match=mark)
    assert (again.status_code, again.content) == (304, b"")
    stranger = officer("volunteer")
    assert stranger.ask("GET", f"/media/{file.pk}/shown", If_None_Match=mark).status_code == 404


def test_an_original_is_something_to_keep_and_its_reading_is_noted() -> None:
    phone = officer()
    content = photo()
    file = phone.sent(content, filename='现场"照片".exe', incident=str(incident().pk))
    reply = phone.client.get(f"/media/{file.pk}/original")
    assert reply.status_code == 200
    assert body(reply) == content
    assert reply.headers["Content-Type"] == "application/octet-stream"
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert reply.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert reply.headers["Cache-Control"] == "private, no-store"
    said = reply.headers["Content-Disposition"]
    assert said.startswith("attachment; filename*=utf-8''")
    assert said.endswith(".exe.jpg")
    noted = Read.objects.get()
    assert (noted.what, noted.about_kind, noted.about_id) == (
        "media.original",
        "file",
        str(file.pk),
    )
    assert (noted.by_kind, noted.by_role) == ("token", "duty_officer")


@pytest.mark.parametrize("role", ["bureau_leader", "commander", "volunteer", "audit_admin"])
def test_an_original_needs_its_own_permission_and_tells_nothing_without(role: str) -> None:
    file = officer().sent(incident=str(incident().pk))
    other = officer(role)
    there = other.ask("GET", f"/media/{file.pk}/original")
    nowhere = other.ask("GET", f"/media/{NOWHERE}/original")
    assert (there.status_code, there.content) == (nowhere.status_code, nowhere.content)
    assert there.status_code == 403
    assert not Read.objects.exists()


@pytest.mark.parametrize(
    ("role", "sees"),
    [
        ("duty_officer", True),
        ("bureau_leader", True),
        ("commander", True),
        ("community_worker", False),
        ("volunteer", False),
        ("system_admin", False),
        ("audit_admin", False),
    ],
)
def test_who_reads_the_incident_sees_its_files(role: str, sees: bool) -> None:
    file = officer().sent(incident=str(incident().pk))
    reply = officer(role).ask("GET", f"/media/{file.pk}/shown")
    assert reply.status_code == (200 if sees else 404)


def test_who_sent_it_sees_it_and_nobody_else_below_the_desk() -> None:
    phone = officer("volunteer")
    file = phone.sent()
    assert phone.ask("GET", f"/media/{file.pk}/shown").status_code == 200
    assert phone.ask("GET", f"/api/v1/files/{file.pk}").status_code == 200
    assert officer("volunteer").ask("GET", f"/media/{file.pk}/shown").status_code == 404
    assert officer("volunteer").ask("GET", f"/api/v1/files/{file.pk}").status_code == 404
    assert officer("commander").ask("GET", f"/media/{file.pk}/shown").status_code == 404
    assert officer().ask("GET", f"/media/{file.pk}/shown").status_code == 200


def test_a_street_sees_the_files_of_its_own_streets_incidents() -> None:
    inside, outside = incident(), incident("450202-20260601-0002", division="450202002001")
    near = officer().sent(incident=str(inside.pk))
    far = officer().sent(incident=str(outside.pk))
    street = cast.token_for("commander", unit=cast.unit(cast.STREET))
    client = Client(headers={"Authorization": f"Bearer {street}"})
    assert client.get(f"/media/{near.pk}/shown").status_code == 200
    assert client.get(f"/media/{far.pk}/shown").status_code == 404
    assert client.get("/api/v1/files", {"incident": outside.pk}).status_code == 404


def test_unknown_and_forbidden_look_the_same() -> None:
    file = officer().sent(incident=str(incident().pk))
    stranger = officer("volunteer")
    for form in ("thumb", "shown"):
        there = stranger.ask("GET", f"/media/{file.pk}/{form}")
        nowhere = stranger.ask("GET", f"/media/{NOWHERE}/{form}")
        assert (there.status_code, there.content) == (404, nowhere.content)
    for path in ("0", "-1", "x", "9" * 30, "1%00", "..%2f..%2fetc"):
        assert stranger.ask("GET", f"/media/{path}/shown").status_code in (400, 404)


@pytest.mark.parametrize("form", FORMS)
def test_a_stranger_is_led_to_the_door(form: str) -> None:
    file = officer().sent()
    reply = Client().get(f"/media/{file.pk}/{form}")
    assert (reply.status_code, reply.headers["Location"][:16]) == (302, "/accounts/login/")
    assert Client().post(f"/media/{file.pk}/{form}").status_code == 405


def test_who_has_signed_in_sees_files_on_his_pages() -> None:
    file = officer().sent(incident=str(incident().pk))
    client = cast.signed_in(cast.JUZHANG)
    assert client.get(reverse("media_thumb", args=[file.pk])).status_code == 200
    assert client.get(reverse("media_shown", args=[file.pk])).status_code == 200
    assert client.get(reverse("media_original", args=[file.pk])).status_code == 403


def test_what_is_not_a_picture_has_no_copy_and_keeps_its_original() -> None:
    phone = officer()
    file = phone.sent(PDF, filename="方案.pdf")
    assert phone.ask("GET", f"/media/{file.pk}/shown").status_code == 404
    assert body(phone.client.get(f"/media/{file.pk}/original")) == PDF


def test_the_files_of_an_incident_are_listed_the_newest_first() -> None:
    row, phone = incident(), officer()
    first = phone.sent(filename="一.jpg", incident=str(row.pk))
    second = by_link(("incident", str(row.pk))).send(b"MZ" + bytes(99), filename="二.jpg")
    phone.sent(PDF)
    listed = phone.ask("GET", f"/api/v1/files?incident={row.pk}").json()  # type: ignore[attr-defined]
    assert [one["id"] for one in listed["items"]] == [str(second.pk), str(first.pk)]
    assert listed["next"] is None
    kept_back, shown = listed["items"]
    assert (kept_back["state"], kept_back["why"], kept_back["shown"]) == (
        "quarantined",
        "program",
        None,
    )
    assert shown == {
        "id": str(first.pk),
        "kind": "image",
        "sha256": first.sha256,
        "verified": False,
        "name": "一.jpg",
        "media_type": "image/jpeg",
        "bytes": first.bytes,
        "width": 640,
        "height": 480,
        "state": "ready",
        "why": None,
        "why_zh": None,
        "about": {"kind": "incident", "id": str(row.pk)},
        "incident": str(row.pk),
        "via": "token",
        "received_at": "2026-06-01T14:05:00+08:00",
        "verified_at": None,
        "taken_at_claimed": None,
        "lon_claimed": None,
        "lat_claimed": None,
        "thumb": f"/media/{first.pk}/thumb",
        "shown": f"/media/{first.pk}/shown",
    }


@pytest.mark.parametrize(
    ("role", "query", "status"),
    [
        ("duty_officer", "", 422),
        ("duty_officer", f"?incident={NOWHERE}", 404),
        ("duty_officer", "?incident=x", 404),
        ("duty_officer", "?state=ready", 422),
        ("duty_officer", "?state=quarantined&limit=0", 422),
        ("bureau_leader", "?state=quarantined", 403),
        ("volunteer", f"?incident={NOWHERE}", 403),
        ("system_admin", "", 403),
    ],
)
def test_a_list_that_may_not_be_is_refused(role: str, query: str, status: int) -> None:
    assert officer(role).ask("GET", f"/api/v1/files{query}").status_code == status


def test_lines_of_a_timeline_get_their_files_in_one_question(
    django_assert_num_queries: object,
) -> None:
    row, phone = incident(), officer()
    file = phone.sent(incident=str(row.pk))
    wanted = [("file", str(file.pk)), ("incident", str(row.pk)), ("report", "1"), ("", "")]
    with django_assert_num_queries(1):  # type: ignore[operator]
        found = files_about(wanted)
    assert [[one["id"] for one in found[about]] for about in wanted[:2]] == [[str(file.pk)]] * 2
    assert len(found) == 2
    assert files_about([]) == {}


def test_only_what_an_officer_has_confirmed_is_fit_for_the_wall() -> None:
    row, phone = incident(), officer()
    first, second = phone.sent(incident=str(row.pk)), phone.sent(PDF, incident=str(row.pk))
    for file in (first, second):
        assert phone.ask("POST", f"/api/v1/files/{file.pk}/confirm").status_code == 200
    phone.sent(photo(100, 100), incident=str(row.pk))
    rows = files_of(seen_by=cast.actor_for("duty_officer"), incident=row.pk)
    assert rows.count() == 3
    assert list(fit_to_show(rows)) == [first]
    assert File.objects.count() == 3


def test_a_photo_stands_beside_its_line_of_the_timeline() -> None:
    row, phone = incident(), officer()
    file = phone.sent(incident=str(row.pk))
    line = phone.ask("GET", f"/api/v1/incidents/{row.pk}/timeline").json()["items"][0]  # type: ignore[attr-defined]
    (beside,) = line["files"]
    wanted = {"id": str(file.pk), "kind": "image", "sha256": file.sha256, "verified": False}
    assert wanted.items() <= beside.items()
    assert line["about"] == {"kind": "file", "id": str(file.pk)}


def test_a_file_on_a_page_says_that_it_is_not_confirmed_and_why_it_is_kept_back() -> None:
    phone = officer()
    file, kept_back = phone.sent(filename="<b>.jpg"), phone.send(b"MZ" + bytes(99))
    html = render_to_string("media/file.html", {"file": file_json(file)})
    assert f'src="/media/{file.pk}/thumb"' in html
    assert "未核实" in html
    assert "_b_.jpg" in html
    kept = render_to_string("media/file.html", {"file": file_json(kept_back)})
    assert "程序文件不收。" in kept
    assert "<img" not in kept
    phone.ask("POST", f"/api/v1/files/{file.pk}/confirm")
    file.refresh_from_db()
    html = render_to_string("media/file.html", {"file": file_json(file)})
    assert "未核实" not in html
