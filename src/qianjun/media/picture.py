"""Look at a picture: limits first, then decode, turn upright, write copies of bare pixels. 图片

Runs in the child only. What stands beside the pixels (claims, comments, profiles, hidden trailers)
does not get into a copy.
"""

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from PIL import Image, ImageOps, UnidentifiedImageError

from qianjun.media.rules import headers, limits
from qianjun.media.rules.reasons import KeptBack

Json = dict[str, Any]
FORMATS: Final = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/gif": "GIF",
    "image/webp": "WEBP",
}
QUALITY: Final = 82
SIDEWAYS: Final = (5, 6, 7, 8)
ORIENTATION, EXIF_PART, GPS_PART = 0x0112, 0x8769, 0x8825
TAKEN, TAKEN_ORIGINAL, OFFSET_ORIGINAL = 0x0132, 0x9003, 0x9011
WHITE: Final = (255, 255, 255)


def look_at(original: Path, folder: Path, *, media_type: str) -> Json:
    """Write ``1600.jpg`` and ``320.jpg`` into the folder; what the picture is and claims."""
    wanted = FORMATS.get(media_type)
    if wanted is None:
        raise KeptBack("old_image")
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    Image.MAX_IMAGE_PIXELS = limits.MOST_PIXELS
    _judge_header(original, media_type)
    try:
        with Image.open(original, formats=[wanted]) as picture:
            return _copied(picture, folder)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as fault:
        raise KeptBack("too_many_pixels") from fault
    except (OSError, UnidentifiedImageError, SyntaxError, ValueError, TypeError) as fault:
        raise KeptBack("broken_image") from fault
    except (ArithmeticError, LookupError, AttributeError, RuntimeError, EOFError) as fault:
        raise KeptBack("broken_image") from fault


def _judge_header(original: Path, media_type: str) -> None:
    """Pixels and frames as the file announces them, before any of it is decoded."""
    with original.open("rb") as source:
        try:
            size = headers.size_of(source.read(64), media_type)
            source.seek(0)
            frames = headers.frames_of(source, media_type, most=limits.MOST_FRAMES)
        except headers.Broken as fault:
            raise KeptBack("broken_image") from fault
    if size is not None and size[0] * size[1] > limits.MOST_PIXELS:
        raise KeptBack("too_many_pixels")
    if frames > limits.MOST_FRAMES:
        raise KeptBack("too_many_frames")


def _copied(picture: Image.Image, folder: Path) -> Json:
    width, height = picture.size
    if width * height > limits.MOST_PIXELS:
        raise KeptBack("too_many_pixels")
    claimed = _claims(picture)
    turned = claimed.pop("orientation", 1) in SIDEWAYS
    picture.draft("RGB", (limits.SHOWN_SIDE_PX * 2, limits.SHOWN_SIDE_PX * 2))
    picture.load()  # a picture that breaks off says so here
    picture = _eight_bits(picture)
    for side_px in (limits.SHOWN_SIDE_PX, limits.THUMB_SIDE_PX):
        picture.thumbnail((side_px, side_px), reducing_gap=2.0)
        _bare(ImageOps.exif_transpose(picture)).save(
            folder / f"{side_px}.jpg", "JPEG", quality=QUALITY, optimize=True
        )
    size = (height, width) if turned else (width, height)
    return claimed | {"width": size[0], "height": size[1]}


def _eight_bits(picture: Image.Image) -> Image.Image:
    """A grey picture of 16 bits as one of 8; resizing knows no other."""
    if not picture.mode.startswith("I"):
        return picture
    return picture.convert("I").point(lambda grey: grey * (1 / 256)).convert("L")


def _bare(picture: Image.Image) -> Image.Image:
    """The pixels on white, and nothing else: a new picture remembers no comment or profile."""
    bare = Image.new("RGB", picture.size, WHITE)
    if picture.has_transparency_data:
        seen = picture.convert("RGBA")
        bare.paste(seen, mask=seen.getchannel("A"))
    else:
        bare.paste(picture.convert("RGB"))
    return bare


def _claims(picture: Image.Image) -> Json:
    """What it says of itself; a broken claim is none."""
    try:
        exif = picture.getexif()
        part, gps = exif.get_ifd(EXIF_PART), exif.get_ifd(GPS_PART)
    except Exception:  # a claim must not keep a picture back
        return {}
    found: Json = {}
    _try(found, "orientation", lambda: int(exif.get(ORIENTATION, 1)))
    _try(found, "taken", lambda: str(part.get(TAKEN_ORIGINAL) or exif.get(TAKEN) or "")[:40])
    _try(found, "offset", lambda: str(part.get(OFFSET_ORIGINAL) or "")[:10])
    if gps:
        _try(found, "place", lambda: [_floats(gps[2]), str(gps[1]), _floats(gps[4]), str(gps[3])])
    return found


def _try(found: Json, name: str, read: Callable[[], object]) -> None:
    try:
        found[name] = read()
    except (ValueError, TypeError, ArithmeticError, LookupError):
        return


def _floats(parts: Any) -> list[float]:  # noqa: ANN401
    return [float(part) for part in parts][:3]
