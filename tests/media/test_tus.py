"""Resumable uploads by tus 1.0: what the protocol promises, one line each."""

from base64 import b64encode
from datetime import timedelta
from hashlib import sha1, sha256
from typing import Any

import pytest
from django.test import Client

from qianjun.kernel.clock import Held
from qianjun.media import store
from qianjun.media.models import File, Upload
from qianjun.media.rules import limits
from tests import cast
from tests.media.pictures import PDF, photo
from tests.media.senders import TUS, UPLOADS, by_link, incident, metadata, officer, rows, upload_at

pytestmark = pytest.mark.django_db


def test_whoever_asks_learns_what_the_server_can_do_without_a_token() -> None:
    reply = Client().options(UPLOADS)
    assert (reply.status_code, reply.content) == (204, b"")
    assert reply.headers["Tus-Version"] == reply.headers["Tus-Resumable"] == "1.0.0"
    assert reply.headers["Tus-Extension"] == "creation,expiration,termination,checksum"
    assert reply.headers["Tus-Max-Size"] == str(500 * 1024 * 1024)
    assert reply.headers["Tus-Checksum-Algorithm"] == "sha256,sha1"


def test_an_upload_is_made_filled_piece_by_piece_and_becomes_a_file() -> None:
    phone, content = officer(), photo()
    made = phone.begin(len(content), filename="现场.jpg", filetype="image/jpeg")
    assert made.status_code == 201
    assert made.headers["Tus-Resumable"] == "1.0.0"
    path = made.headers["Location"]
    assert phone.offset(path) == 0
    half = len(content) // 2
    first = phone.patch(path, content[:half], offset=0)
    assert (first.status_code, first.headers["Upload-Offset"]) == (204, str(half))
    assert "Upload-File" not in first.headers
    last = phone.patch(path, content[half:], offset=half)
    assert (last.status_code, last.headers["Upload-Offset"]) == (204, str(len(content)))
    file = File.objects.get(pk=int(last.headers["Upload-File"]))
    assert (file.name, file.bytes, file.sha256) == (
        "现场.jpg",
        len(content),
        sha256(content).hexdigest(),
    )
    assert store.original(file.sha256).read_bytes() == content
    assert store.original(file.sha256).stat().st_mode & 0o777 == 0o600


def test_who_missed_the_last_answer_learns_it_by_asking() -> None:
    phone, content = officer(), photo()
    file = phone.send(content)
    path = f"{UPLOADS}/{Upload.objects.get().ident}"
    asked = phone.ask("HEAD", path)
    assert asked.headers["Upload-Offset"] == asked.headers["Upload-Length"] == str(len(content))
    assert asked.headers["Upload-File"] == str(file.pk)
    assert asked.headers["Cache-Control"] == "no-store"
    assert asked.content == b""
    again = phone.patch(path, b"", offset=len(content))
    assert (again.status_code, again.headers["Upload-File"]) == (204, str(file.pk))


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"Tus_Resumable": "0.2.2"}, 412, "tus_version"),
        ({"Tus_Resumable": ""}, 412, "tus_version"),
        ({"Upload_Length": ""}, 400, "bad_header"),
        ({"Upload_Length": "-1"}, 400, "bad_header"),
        ({"Upload_Length": "1e3"}, 400, "bad_header"),
        ({"Upload_Length": "9" * 16}, 400, "bad_header"),
        ({"Upload_Length": "0"}, 422, "empty_file"),
        ({"Upload_Defer_Length": "1", "Upload_Length": ""}, 400, "bad_header"),
        ({"Upload_Metadata": "filename ***"}, 400, "bad_header"),
        ({"Upload_Metadata": "a YQ==,a YQ=="}, 400, "bad_header"),
        ({"Upload_Metadata": f"{'k' * 65} YQ=="}, 400, "bad_header"),
        ({"Upload_Metadata": metadata(incident="999999")}, 404, "not_found"),
        ({"Upload_Metadata": metadata(incident="x")}, 404, "not_found"),
        ({"Upload_Metadata": metadata(about="ghost:1")}, 404, "not_found"),
        ({"Upload_Length": str(limits.FILE_BYTES + 1)}, 413, "too_large"),
        (
            {"Upload_Length": "30000000", "Upload_Metadata": metadata(filetype="image/png")},
            413,
            "too_large",
        ),
    ],
)
def test_what_cannot_be_begun_is_refused_and_leaves_nothing(
    headers: dict[str, Any], status: int, code: str
) -> None:
    before = rows()
    reply = officer().ask("POST", UPLOADS, **({"Upload_Length": "10"} | headers))
    told = reply.json()  # type: ignore[attr-defined]
    assert (reply.status_code, told["code"]) == (status, code)
    assert told["detail_zh"].endswith("。")
    assert reply.headers["Tus-Resumable"] == "1.0.0"
    assert ("Tus-Version" in reply.headers) == (status == 412)
    assert rows() == before


def test_a_clip_may_be_larger_than_a_photo() -> None:
    assert officer().begin(limits.CLIP_BYTES, filetype="video/mp4").status_code == 201
    assert officer().begin(limits.CLIP_BYTES + 1, filetype="video/mp4").status_code == 413


@pytest.mark.parametrize(
    ("headers", "body", "status", "code"),
    [
        ({"Upload_Offset": "5"}, b"abc", 409, "wrong_offset"),
        ({"Upload_Offset": ""}, b"abc", 400, "bad_header"),
        ({"Upload_Offset": "x"}, b"abc", 400, "bad_header"),
        ({"Content-Type": "application/json"}, b"{}", 415, "unsupported_media_type"),
        ({"Content-Type": "image/jpeg"}, b"abc", 415, "unsupported_media_type"),
        ({"Tus_Resumable": "2.0.0"}, b"abc", 412, "tus_version"),
        ({}, b"a" * 101, 413, "too_long"),
        ({"Upload_Checksum": "md5 YQ=="}, b"abc", 400, "bad_header"),
        ({"Upload_Checksum": "sha1 ***"}, b"abc", 400, "bad_header"),
        ({"Upload_Checksum": "sha1 YQ=="}, b"abc", 460, "wrong_checksum"),
    ],
)
def test_a_piece_that_is_refused_leaves_nothing(
    headers: dict[str, Any], body: bytes, status: int, code: str
) -> None:
    phone = officer()
    path = phone.begun(100)
    reply = phone.ask("PATCH", path, body, **({"Upload_Offset": "0"} | headers))
    assert (reply.status_code, reply.json()["code"]) == (status, code)  # type: ignore[attr-defined]
    assert reply.headers["Tus-Resumable"] == "1.0.0"
    assert phone.offset(path) == 0
    assert store.held_bytes(upload_at(path).ident) == 0


def test_the_right_offset_is_told_to_who_has_a_wrong_one() -> None:
    phone = officer()
    path = phone.begun(100)
    phone.patch(path, b"a" * 40, offset=0)
    reply = phone.patch(path, b"a" * 40, offset=0)
    assert (reply.status_code, reply.json()["offset"]) == (409, 40)  # type: ignore[attr-defined]


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_a_piece_with_the_right_checksum_is_taken(algorithm: str) -> None:
    phone, body = officer(), b"abc" * 10
    made = {"sha1": sha1, "sha256": sha256}[algorithm](body).digest()
    header = f"{algorithm} {b64encode(made).decode()}"
    path = phone.begun(100)
    assert phone.patch(path, body, offset=0, Upload_Checksum=header).status_code == 204
    assert phone.offset(path) == len(body)


def test_a_piece_over_eight_megabytes_is_refused() -> None:
    phone = officer()
    path = phone.begun(20 << 20)
    reply = phone.patch(path, bytes(limits.PIECE_BYTES + 1), offset=0)
    assert (reply.status_code, reply.json()["code"]) == (413, "piece_too_large")  # type: ignore[attr-defined]
    assert phone.patch(path, bytes(limits.PIECE_BYTES), offset=0).status_code == 204


def test_an_upload_can_be_given_up_and_is_gone() -> None:
    phone = officer()
    path = phone.begun(100)
    ident = upload_at(path).ident
    phone.patch(path, b"abc", offset=0)
    assert phone.ask("DELETE", path).status_code == 204
    assert phone.ask("HEAD", path).status_code == 404
    assert phone.patch(path, b"abc", offset=3).status_code == 404
    assert not Upload.objects.filter(ident=ident).exists()


def test_a_finished_upload_cannot_be_given_up() -> None:
    phone = officer()
    phone.send(PDF)
    path = f"{UPLOADS}/{Upload.objects.get().ident}"
    assert phone.ask("DELETE", path).status_code == 409


def test_an_upload_expires_by_the_real_clock_and_says_when(held_clock: Held) -> None:
    phone = officer()
    path = phone.begun(100)
    asked = phone.ask("HEAD", path)
    assert asked.headers["Upload-Expires"] == "Wed, 03 Jun 2026 06:05:00 GMT"
    held_clock.forward(timedelta(hours=47))
    phone = officer()
    cast_off = by_link(("incident", str(incident().pk)))
    assert cast_off.ask("HEAD", path).status_code == 404


def test_an_expired_upload_is_gone_and_not_unknown(held_clock: Held) -> None:
    link = by_link(("incident", str(incident().pk)))
    path = link.begun(100)
    held_clock.forward(timedelta(hours=48))
    reply = link.ask("HEAD", path)
    assert (reply.status_code, reply.headers["Tus-Resumable"]) == (410, "1.0.0")
    assert link.patch(path, b"abc", offset=0).status_code == 410


def test_who_can_only_post_says_what_he_means_in_a_header() -> None:
    phone = officer()
    path = phone.begun(100)
    headers = {"Upload_Offset": "0", "Content-Type": "application/offset+octet-stream"}
    sent = phone.ask("POST", path, b"abc", X_HTTP_Method_Override="PATCH", **headers)
    assert (sent.status_code, sent.headers["Upload-Offset"]) == (204, "3")
    assert phone.ask("POST", path, X_HTTP_Method_Override="HEAD").headers["Upload-Offset"] == "3"
    assert phone.ask("POST", path).status_code == 400
    assert phone.ask("POST", path, X_HTTP_Method_Override="DELETE").status_code == 204


def test_the_same_key_begins_one_upload() -> None:
    phone = officer()
    headers: dict[str, Any] = {"Upload_Length": "100", "Idempotency_Key": "foto-0001"}
    first, second = phone.ask("POST", UPLOADS, **headers), phone.ask("POST", UPLOADS, **headers)
    assert first.headers["Location"] == second.headers["Location"]
    assert second.headers["Idempotent-Replay"] == "true"
    assert Upload.objects.count() == 1


def test_nobody_reaches_the_upload_of_somebody_else() -> None:
    path = officer().begun(100)
    other = officer("leader_in_charge")
    for reply in (
        other.ask("HEAD", path),
        other.patch(path, b"abc", offset=0),
        other.ask("DELETE", path),
        other.ask("HEAD", f"{UPLOADS}/{'a' * 16}"),
    ):
        assert reply.status_code == 404


@pytest.mark.parametrize("role", ["system_admin", "security_admin", "audit_admin"])
def test_an_administrator_sends_nothing(role: str) -> None:
    assert officer(role).begin(100).status_code == 403


def test_without_a_token_nothing_is_begun() -> None:
    reply = Client(headers=TUS).post(UPLOADS, headers={"Upload-Length": "10"})
    assert reply.status_code == 401
    assert reply.headers["Tus-Resumable"] == "1.0.0"


def test_a_page_sends_with_its_session_and_its_csrf_token() -> None:
    client = Client(enforce_csrf_checks=True)
    user = cast.person(cast.XIAOWANG).user
    assert user is not None
    client.force_login(user)
    headers = TUS | {"Upload-Length": "10"}
    assert client.post(UPLOADS, headers=headers).status_code == 403
    client.cookies["csrftoken"] = token = "a" * 32
    made = client.post(UPLOADS, headers=headers | {"X-CSRFToken": token})
    assert made.status_code == 201
    assert Upload.objects.get().via == "session"


def test_who_comes_by_a_link_sends_for_what_the_link_is_about() -> None:
    row = incident()
    phone = by_link(("incident", str(row.pk)))
    file = phone.send(photo(), incident="12345", filename="a.jpg")
    assert (file.incident, file.about_kind, file.about_id) == (row.pk, "incident", str(row.pk))
    assert (file.by_kind, file.via) == ("link", "link")


@pytest.mark.parametrize("purpose", ["v", "g"])
def test_a_link_for_something_else_sends_nothing(purpose: str) -> None:
    assert by_link(("incident", str(incident().pk)), purpose).begin(100).status_code == 403


def test_an_altered_link_is_unknown_and_no_session_stands_in_for_it() -> None:
    client = cast.signed_in(cast.XIAOWANG)
    headers = TUS | {"Upload-Length": "10", "Authorization": f"Link /s/{'a' * 42}"}
    assert client.post(UPLOADS, headers=headers).status_code == 404


def test_nothing_is_begun_when_the_disk_is_nearly_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "KEEP_FREE_BYTES", 1 << 60)
    before = rows()
    reply = officer().begin(100)
    assert (reply.status_code, reply.json()["code"]) == (503, "disk_full")  # type: ignore[attr-defined]
    assert reply.headers["Retry-After"] == "60"
    assert rows() == before
