"""What a file is, its bytes say; what it is called and claims, nobody believes."""

from datetime import UTC, datetime, timedelta

import pytest

from qianjun.kernel.clock import BEIJING
from qianjun.media.rules import claims, kinds, limits, names
from qianjun.media.rules.reasons import REASONS
from tests.media import pictures
from tests.media.pictures import photo

RECEIVED = datetime(2026, 6, 1, 6, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("content", "kind", "media_type"),
    [
        (photo(), "image", "image/jpeg"),
        (photo(form="PNG"), "image", "image/png"),
        (photo(form="WEBP"), "image", "image/webp"),
        (pictures.animation(3), "image", "image/gif"),
        (pictures.MP4, "video", "video/mp4"),
        (pictures.MOV, "video", "video/quicktime"),
        (pictures.THREE_GP, "video", "video/3gpp"),
        (pictures.WEBM, "video", "video/webm"),
        (pictures.OGV, "video", "video/ogg"),
        (pictures.OGG, "audio", "audio/ogg"),
        (pictures.M4A, "audio", "audio/mp4"),
        (b"#!AMR\n" + bytes(20), "audio", "audio/amr"),
        (b"ID3\x03" + bytes(20), "audio", "audio/mpeg"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt ", "audio", "audio/wav"),
        (pictures.PDF, "document", "application/pdf"),
        (pictures.office(), "document", "application/zip"),
        ("14:05 值班记录\r\n".encode(), "document", "text/plain"),
        ("14:05 值班记录".encode("gb18030"), "document", "text/plain"),
        ("14:05 值班记录".encode("utf-16"), "document", "text/plain"),
        (("静" * 2000).encode()[: kinds.HEAD_BYTES], "document", "text/plain"),
        (("静" * 4000).encode("gb18030")[: kinds.HEAD_BYTES - 1], "document", "text/plain"),
    ],
)
def test_an_honest_file_is_known_by_its_first_bytes(
    content: bytes, kind: str, media_type: str
) -> None:
    found = kinds.found_in(content[: kinds.HEAD_BYTES])
    assert (found.kind, found.media_type, found.why) == (kind, media_type, "")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (pictures.HEIC, "heic"),
        (pictures.SVG, "svg"),
        (b"  <svg onload=alert(1)>", "svg"),
        (pictures.HTML, "html"),
        (b"\xef\xbb\xbf  <HTML>", "html"),
        (b"just words <script src=//x></script>", "html"),
        ("<!DOCTYPE html>".encode("utf-16"), "html"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "html"),
        (b"#!/bin/sh\nrm -rf /", "script"),
        (b"<?php system($_GET[0]);", "script"),
        (b"@echo off\r\n", "script"),
        (b"MZ\x90\x00", "program"),
        (b"\x7fELF\x02\x01", "program"),
        (b"\xca\xfe\xba\xbe", "program"),
        (b"Rar!\x1a\x07\x00", "archive"),
        (b"7z\xbc\xaf\x27\x1c", "archive"),
        (b"\x1f\x8b\x08", "archive"),
        (b"name" + bytes(253) + b"ustar\x00", "archive"),
        (b"BM\x36\x00\x0c\x00\x00\x00\x00\x00", "old_image"),
        (b"II*\x00\x08\x00\x00\x00", "old_image"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old_office"),
        (b"{\\rtf1\\ansi", "old_office"),
        (b"\x00\x01\x02\x03", "unknown"),
        (b"words\x00with a hole", "unknown"),
        (bytes(range(128, 256)), "unknown"),
    ],
)
def test_what_could_harm_or_is_not_known_is_kept_back(content: bytes, why: str) -> None:
    assert kinds.found_in(content).why == why
    assert REASONS[why].endswith("。")


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("现场 照片.jpg", "现场 照片.jpg"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\windows\\system.ini", "system.ini"),
        ("/absolute/路口.png", "路口.png"),
        ("D:\\相册\\王\\照片.jpg", "照片.jpg"),
        ("...", ""),
        ("", ""),
        ("a\x00b.jpg", "ab.jpg"),
        ("a\r\nSet-Cookie: x.jpg", "aSet-Cookie_ x.jpg"),
        ("gpj.\u202eexe", "gpj.exe"),
        ('<img src="x">.jpg', "_img src=_x__.jpg"),
        ("con.jpg", "_con.jpg"),
        ("  .hidden. ", "hidden"),
        ("a\u3000 b.jpg", "a b.jpg"),
        ("\ud800x.jpg", "x.jpg"),
    ],
)
def test_a_name_is_what_can_be_shown_of_it_and_no_path(told: str, shown: str) -> None:
    assert names.cleaned(told) == shown


def test_a_name_of_three_hundred_characters_keeps_its_ending() -> None:
    long = names.cleaned("静" * 300 + ".jpeg")
    assert (len(long), long[-6:]) == (120, "静.jpeg")
    assert names.cleaned("静" * 300) == "静" * 120
    assert len(names.cleaned("a." + "b" * 300)) == 120


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_name_may_come_in_either_encoding(encoding: str) -> None:
    assert names.written("现场照片.jpg".encode(encoding)) == "现场照片.jpg"


def test_bytes_that_are_no_name_give_what_can_be_read_of_them() -> None:
    assert names.cleaned(names.written(b"\xff\xfe\xffphoto.jpg")).endswith("photo.jpg")


@pytest.mark.parametrize(
    ("name", "media_type", "saved_as"),
    [
        ("照片.JPG", "image/jpeg", "照片.JPG"),
        ("照片.png", "image/jpeg", "照片.png.jpg"),
        ("run.bat", "text/plain", "run.bat.txt"),
        ("report", "application/pdf", "report.pdf"),
        ("x", "what/ever", "x.bin"),
    ],
)
def test_a_download_ends_as_its_content_deserves(name: str, media_type: str, saved_as: str) -> None:
    assert names.download_name(name, media_type=media_type) == saved_as


@pytest.mark.parametrize(
    ("words", "offset", "instant"),
    [
        ("2026:06:01 13:58:03", "", datetime(2026, 6, 1, 13, 58, 3, tzinfo=BEIJING)),
        ("2026:06:01 05:58:03", "+00:00", datetime(2026, 6, 1, 13, 58, 3, tzinfo=BEIJING)),
        ("2026-06-01 13:58:03", "rubbish", datetime(2026, 6, 1, 13, 58, 3, tzinfo=BEIJING)),
        ("2026:06:03 13:58:03", "", None),
        ("1970:01:01 00:00:00", "", None),
        ("0000:00:00 00:00:00", "", None),
        ("2026:13:41 25:61:61", "", None),
        ("yesterday", "", None),
        ("", "", None),
        ("9999:12:31 23:59:59", "-23:59", None),
        ("2026:06:01 13:58:03", "+99:99", None),
    ],
)
def test_a_time_is_believed_as_far_as_it_is_possible(
    words: str, offset: str, instant: datetime | None
) -> None:
    assert claims.taken_at(words, offset, received_at=RECEIVED) == instant
    assert RECEIVED - timedelta(days=1) > claims.OLDEST


@pytest.mark.parametrize(
    ("latitude", "longitude", "sides", "place"),
    [
        ((24.0, 19.0, 48.0), (109.0, 26.0, 24.0), ("N", "E"), (109.44, 24.33)),
        ((24.0, 0.0, 0.0), (109.0, 0.0, 0.0), ("S\x00", "w"), (-109.0, -24.0)),
        ((0.0, 0.0, 0.0), (0.0, 0.0, 0.0), ("N", "E"), None),
        ((91.0, 0.0, 0.0), (109.0, 0.0, 0.0), ("N", "E"), None),
        ((float("nan"), 0.0, 0.0), (109.0, 0.0, 0.0), ("N", "E"), None),
        ((24.0,), (109.0, 0.0, 0.0), ("N", "E"), None),
        ((float("inf"), 0.0, 0.0), (109.0, 0.0, 0.0), ("N", "E"), None),
    ],
)
def test_a_place_is_believed_as_far_as_it_is_one(
    latitude: tuple[float, ...],
    longitude: tuple[float, ...],
    sides: tuple[str, str],
    place: tuple[float, float] | None,
) -> None:
    assert claims.position(latitude, sides[0], longitude, sides[1]) == place


def test_limits_go_by_what_a_file_is() -> None:
    assert limits.limit_of_claimed("image/jpeg") == limits.limit_of_kind("image") == 20 << 20
    assert limits.limit_of_claimed("VIDEO/mp4") == limits.limit_of_kind("audio") == 500 << 20
    assert limits.limit_of_claimed("") == limits.limit_of_kind("document") == 50 << 20
    assert limits.fits(free_bytes=2 << 30, length_bytes=1 << 30)
    assert not limits.fits(free_bytes=2 << 30, length_bytes=(1 << 30) + 1)
