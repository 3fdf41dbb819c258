"""Hostile files: kept back with a reason and served to nobody, or drawn anew without the harm."""

import io
from datetime import UTC, datetime

import pytest
from PIL import Image

from qianjun.media import store
from qianjun.media.models import File
from qianjun.media.rules import limits
from tests.media import pictures
from tests.media.pictures import photo
from tests.media.senders import Phone, incident, looked_at, officer

pytestmark = pytest.mark.django_db
TRUNCATED = photo(1200, 900)[:3000]
GIF_SCRIPT = b"GIF89a/*" + b"<script>x()</script>*/=1;" + bytes(100)


def shown(file: File, side_px: int = limits.SHOWN_SIDE_PX) -> bytes:
    """The copy that people look at."""
    return store.copy_of(file.sha256, side_px=side_px).read_bytes()


def sent_as(phone: Phone, content: bytes, name: str = "照片.jpg") -> File:
    return phone.sent(content, filename=name, filetype="image/jpeg")


@pytest.mark.parametrize(
    ("content", "name", "why"),
    [
        (pictures.png_bomb(50_000, 50_000), "bomb.png", "too_many_pixels"),
        (pictures.png_bomb(10_000, 5_001), "bomb.png", "too_many_pixels"),
        (pictures.png_bomb(8_000, 6_000), "torn.png", "broken_image"),
        (pictures.png_bomb(0, 0), "none.png", "broken_image"),
        (pictures.webp_bomb(), "bomb.webp", "too_many_pixels"),
        (pictures.gif_of_nothing(limits.MOST_FRAMES + 1), "many.gif", "too_many_frames"),
        (pictures.animation(limits.MOST_FRAMES + 20, "PNG"), "many.png", "too_many_frames"),
        (pictures.gif_of_nothing(1)[:30], "torn.gif", "broken_image"),
        (TRUNCATED, "torn.jpg", "broken_image"),
        (b"\xff\xd8\xff" + bytes(5000), "empty.jpg", "broken_image"),
        (b"\x89PNG\r\n\x1a\n", "head.png", "broken_image"),
        (GIF_SCRIPT, "script.gif", "too_many_pixels"),
        (pictures.SVG, "logo.jpg", "svg"),
        (pictures.HTML, "photo.jpg", "html"),
        (pictures.HEIC, "IMG_0001.HEIC", "heic"),
        (b"MZ" + bytes(500), "photo.jpg", "program"),
        (pictures.office("AndroidManifest.xml"), "报告.docx", "archive"),
        (pictures.office(parts={"word/vbaProject.bin": b"x"}), "报告.docx", "macros"),
        (pictures.office(parts={"payload.EXE": b"MZ"}), "报告.docx", "macros"),
        (pictures.office()[:-30], "报告.docx", "broken_document"),
        (pictures.crowd_of_entries(limits.MOST_ENTRIES + 1), "报告.docx", "archive_bomb"),
        (b"%PDF-1.4 cut off", "报告.pdf", "broken_document"),
        (b"a" * 5000 + b"\x00" * 10, "记录.txt", "unknown"),
        (b"a" * 5000 + b"\xff\xff\xff", "记录.txt", "unknown"),
    ],
    ids=lambda value: value if isinstance(value, str) else len(value),
)
def test_a_hostile_file_is_kept_back_with_a_reason(content: bytes, name: str, why: str) -> None:
    phone = officer()
    file = sent_as(phone, content, name)
    assert (file.state, file.why) == ("quarantined", why)
    assert not any(copy.exists() for copy in store.copies_of(file.sha256))
    for form in ("thumb", "shown", "original"):
        assert phone.ask("GET", f"/media/{file.pk}/{form}").status_code == 404
    listed = phone.ask("GET", "/api/v1/files?state=quarantined").json()  # type: ignore[attr-defined]
    assert [one["why"] for one in listed["items"]] == [why]
    assert listed["items"][0]["why_zh"].endswith("。")


def test_a_package_that_would_fill_the_disk_is_not_unpacked() -> None:
    file = sent_as(officer(), pictures.zip_bomb(), "报告.docx")
    assert (file.state, file.why) == ("quarantined", "archive_bomb")


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (pictures.office(), "wordprocessingml.document"),
        (pictures.office("xl/workbook.xml"), "spreadsheetml.sheet"),
        (pictures.office("ppt/presentation.xml"), "presentationml.presentation"),
        (pictures.office("OFD.xml"), "application/ofd"),
        (pictures.PDF, "application/pdf"),
        ("值班记录\n".encode("gb18030") * 10_000, "text/plain"),
        ("值班记录\n".encode("utf-16") * 10_000, "text/plain"),
    ],
)
def test_a_decent_document_is_kept_as_it_is(content: bytes, media_type: str) -> None:
    file = sent_as(officer(), content, "报告")
    assert (file.state, file.kind) == ("ready", "document")
    assert file.media_type.endswith(media_type)


@pytest.mark.parametrize("content", [pictures.MP4, pictures.WEBM, pictures.OGG, pictures.M4A])
def test_film_and_sound_are_ready_at_once_and_have_no_copies(content: bytes) -> None:
    file = officer().send(content)
    assert file.state == "ready"
    assert officer().ask("GET", f"/media/{file.pk}/shown").status_code == 404


@pytest.mark.parametrize("form", ["PNG", "WEBP", "GIF"])
def test_a_picture_with_the_wrong_ending_is_taken_by_its_content(form: str) -> None:
    file = sent_as(officer(), photo(form=form))
    assert (file.state, file.media_type) == ("ready", f"image/{form.lower()}")
    with Image.open(io.BytesIO(shown(file))) as copy:
        assert (copy.format, copy.size) == ("JPEG", (640, 480))


def test_a_page_hidden_in_a_photo_does_not_get_into_the_copies() -> None:
    evil = photo(comment=pictures.HTML) + pictures.HTML + pictures.office()
    assert evil.count(pictures.HTML) == 2
    file = sent_as(officer(), evil)
    assert file.state == "ready"
    for side_px in (limits.SHOWN_SIDE_PX, limits.THUMB_SIDE_PX):
        assert b"<" + b"script" not in shown(file, side_px)
        assert b"PK\x03\x04" not in shown(file, side_px)


def test_where_and_when_a_photo_was_taken_is_noted_and_is_not_in_the_copies() -> None:
    words = pictures.exif(taken="2026:06:01 13:58:03", gps=True)
    file = sent_as(officer(), photo(exif=words))
    assert file.taken_at_claimed == datetime(2026, 6, 1, 5, 58, 3, tzinfo=UTC)
    assert (file.lon_claimed, file.lat_claimed) == (109.44, 24.33)
    assert not file.verified
    for side_px in (limits.SHOWN_SIDE_PX, limits.THUMB_SIDE_PX):
        with Image.open(io.BytesIO(shown(file, side_px))) as copy:
            assert not copy.getexif()
            assert set(copy.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


@pytest.mark.parametrize(
    ("orientation", "corner"),
    [(1, (5, 5)), (3, (-5, -5)), (6, (-5, 5)), (8, (5, -5))],
)
def test_a_photo_is_shown_upright(orientation: int, corner: tuple[int, int]) -> None:
    content = photo(2400, 1200, exif=pictures.exif(orientation=orientation))
    file = sent_as(officer(), content)
    turned = orientation in (6, 8)
    assert (file.width, file.height) == ((1200, 2400) if turned else (2400, 1200))
    with Image.open(io.BytesIO(shown(file))) as copy:
        assert copy.size == ((800, 1600) if turned else (1600, 800))
        x, y = (side % length for side, length in zip(corner, copy.size, strict=True))
        pixel = copy.convert("RGB").getpixel((x, y))
    assert isinstance(pixel, tuple)
    assert min(pixel) > 230
    with Image.open(io.BytesIO(shown(file, limits.THUMB_SIDE_PX))) as small:
        assert max(small.size) == 320


def test_a_transparent_picture_is_shown_on_white() -> None:
    file = sent_as(officer(), photo(form="PNG", colour=(0, 0, 0, 0)))
    with Image.open(io.BytesIO(shown(file))) as copy:
        pixel = copy.getpixel((600, 400))
    assert pixel == (255, 255, 255)


def test_a_large_photo_of_a_telephone_is_drawn_within_the_limits() -> None:
    file = sent_as(officer(), photo(8160, 6120))  # 50 megapixels but a little
    assert file.state == "ready"
    assert (file.width, file.height) == (8160, 6120)


@pytest.mark.parametrize("form", ["PNG", "WEBP", "GIF"])
def test_of_a_picture_that_moves_the_first_frame_is_shown(form: str) -> None:
    file = sent_as(officer(), pictures.animation(20, form, side_px=400))
    assert file.state == "ready"
    with Image.open(io.BytesIO(shown(file))) as copy:
        assert (copy.format, copy.size) == ("JPEG", (400, 400))


def test_a_child_that_takes_too_long_is_ended_and_the_file_is_kept_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wide = photo(6000, 6000, form="PNG")
    phone = officer()
    file = phone.send(wide, filetype="image/png")
    monkeypatch.setattr(limits, "CHILD_WALL_S", 0.05)
    assert (looked_at(file).state, file.why) == ("quarantined", "decoder_time")


def test_a_photo_over_twenty_megabytes_is_kept_back_whatever_it_called_itself() -> None:
    large = photo() + bytes(limits.PHOTO_BYTES)
    file = officer().send(large, filetype="video/mp4", piece_bytes=8 << 20)
    assert (file.state, file.why) == ("quarantined", "too_large")


def test_names_are_cleaned_on_the_way_in() -> None:
    phone, row = officer(), incident()
    told = "..\\..\\现场\x00照片.jpg".encode("gb18030")
    file = phone.send(photo(), filename=told, incident=str(row.pk))
    assert file.name == "现场照片.jpg"
