"""Files of every kind, honest and hostile, made when they are needed. 样例文件"""

import io
import struct
import zipfile
import zlib
from typing import Any

from PIL import Image

GPS = {1: "N", 2: (24.0, 19.0, 48.0), 3: "E", 4: (109.0, 26.0, 24.0)}


def photo(
    width: int = 640,
    height: int = 480,
    *,
    form: str = "JPEG",
    colour: tuple[int, ...] = (200, 60, 20),
    **words: Any,
) -> bytes:
    """A picture of one colour, with a white left upper corner."""
    picture = Image.new("RGB" if len(colour) == 3 else "RGBA", (width, height), colour)
    picture.paste((255,) * len(colour), (0, 0, max(width // 4, 1), max(height // 4, 1)))
    written = io.BytesIO()
    picture.save(written, form, **words)
    return written.getvalue()


def exif(*, orientation: int = 1, taken: str = "", offset: str = "", gps: bool = False) -> bytes:
    """What a camera writes beside the pixels."""
    found = Image.Exif()
    found[0x0112] = orientation
    part: dict[int, Any] = {0x9003: taken, 0x9011: offset}
    found[0x8769] = {key: value for key, value in part.items() if value}
    if gps:
        found[0x8825] = GPS
    return found.tobytes()


def animation(frames: int, form: str = "GIF", side_px: int = 16) -> bytes:
    """A picture that moves; no two frames are equal."""
    drawn = [Image.new("RGB", (side_px, side_px), (n % 256, n // 256, 7)) for n in range(frames)]
    written = io.BytesIO()
    drawn[0].save(written, form, save_all=True, append_images=drawn[1:], duration=20)
    return written.getvalue()


def chunk(name: bytes, content: bytes) -> bytes:
    """A piece of a PNG."""
    body = name + content
    return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))


def png_bomb(width: int, height: int) -> bytes:
    """A PNG that says it is so large, with hardly anything in it."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(1_000_000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def webp_bomb(side_px: int = 16383) -> bytes:
    """A WebP that announces a huge canvas."""
    size = (side_px - 1).to_bytes(3, "little")
    body = b"WEBPVP8X" + struct.pack("<I", 10) + bytes(4) + size + size
    return b"RIFF" + struct.pack("<I", len(body)) + body


def gif_of_nothing(frames: int) -> bytes:
    """A GIF of very many frames of one pixel."""
    frame = b",\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00"
    return b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff" + frame * frames + b";"


def office(main: str = "word/document.xml", parts: dict[str, bytes] | None = None) -> bytes:
    """An office document as a package of parts."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(main, "<document>演示</document>")
        for name, content in (parts or {}).items():
            archive.writestr(name, content)
    return written.getvalue()


def zip_bomb(megabytes: int = 600) -> bytes:
    """A package named like a document that would fill the disk."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("word/document.xml", "x")
        with archive.open("word/media/image1.bmp", "w", force_zip64=True) as part:
            for _part in range(megabytes):
                part.write(bytes(1 << 20))
    return written.getvalue()


def crowd_of_entries(count: int) -> bytes:
    """A package of very many empty parts."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("word/document.xml", "x")
        for number in range(count):
            archive.writestr(f"a{number}", b"")
    return written.getvalue()


PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>x()</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"
MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(200)
MOV = b"\x00\x00\x00\x14ftypqt  \x00\x00\x02\x00qt  " + bytes(200)
M4A = b"\x00\x00\x00\x18ftypM4A \x00\x00\x00\x00M4A mp42" + bytes(200)
THREE_GP = b"\x00\x00\x00\x18ftyp3gp5\x00\x00\x00\x00isom3gp4" + bytes(200)
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(200)
WEBM = b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\xf7\x81\x01\x42\x82\x84webm" + bytes(200)
OGG = b"OggS\x00\x02" + bytes(22) + b"\x01\x13OpusHead" + bytes(100)
OGV = b"OggS\x00\x02" + bytes(22) + b"\x01\x2a\x80theora" + bytes(100)
