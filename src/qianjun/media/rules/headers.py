"""How large a picture says it is, and how many frames it holds, without decoding it. 图片头

PNG, GIF and WebP say it in fixed places; of JPEG the decoder reads the size before any pixel.
"""

import struct
from typing import IO, Final

Size = tuple[int, int]
MOST_CHUNKS: Final = 200_000


class Broken(Exception):
    """The file ends, or says something impossible, where its structure should be."""


def size_of(head: bytes, media_type: str) -> Size | None:
    """Width and height in pixels as announced; None where only the decoder knows."""
    try:
        if media_type == "image/png":
            return struct.unpack(">II", head[16:24])
        if media_type == "image/gif":
            return struct.unpack("<HH", head[6:10])
        return _webp_size(head) if media_type == "image/webp" else None
    except struct.error as fault:
        raise Broken from fault


def _webp_size(head: bytes) -> Size | None:
    form, body = head[12:16], head[20:]
    if form == b"VP8X":
        return _three(body[4:7]) + 1, _three(body[7:10]) + 1
    if form == b"VP8L":
        bits = struct.unpack("<I", body[1:5])[0]
        return (bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1
    if form == b"VP8 ":
        width, height = struct.unpack("<HH", body[6:10])
        return width & 0x3FFF, height & 0x3FFF
    raise Broken(form)


def _three(number: bytes) -> int:
    if len(number) != 3:
        raise Broken
    return int.from_bytes(number, "little")


def frames_of(source: IO[bytes], media_type: str, *, most: int) -> int:
    """How many frames; counting ends one above ``most``."""
    if media_type == "image/gif":
        return _gif_frames(source, most)
    if media_type == "image/png":
        return _png_frames(source)
    return _webp_frames(source, most) if media_type == "image/webp" else 1


def _gif_frames(source: IO[bytes], most: int) -> int:
    _skip_table(source, _take(source, 13)[10])
    frames = 0
    while frames <= most:
        mark = source.read(1)
        if mark == b"!":
            _take(source, 1)
            _skip_blocks(source)
        elif mark == b",":
            frames += 1
            _skip_table(source, _take(source, 9)[8])
            _take(source, 1)
            _skip_blocks(source)
        else:  # the end, or something that the decoder will not take either
            break
    return frames


def _skip_table(source: IO[bytes], flags: int) -> None:
    if flags & 0x80:
        _take(source, 3 << ((flags & 7) + 1))


def _skip_blocks(source: IO[bytes]) -> None:
    for _block in range(MOST_CHUNKS):
        if not (length := _take(source, 1)[0]):
            return
        _take(source, length)
    raise Broken


def _png_frames(source: IO[bytes]) -> int:
    """An animation says its frames before the first pixel, or is none."""
    _take(source, 8)
    for _chunk in range(MOST_CHUNKS):
        length, name = struct.unpack(">I4s", _take(source, 8))
        if name == b"acTL":
            return int.from_bytes(_take(source, 4), "big")
        if name in (b"IDAT", b"IEND"):
            return 1
        source.seek(length + 4, 1)
    raise Broken


def _webp_frames(source: IO[bytes], most: int) -> int:
    _take(source, 12)
    frames = 0
    for _chunk in range(MOST_CHUNKS):
        head = source.read(8)
        if len(head) < 8 or frames > most:
            return max(frames, 1)
        name, length = struct.unpack("<4sI", head)
        frames += name == b"ANMF"
        source.seek(length + length % 2, 1)
    raise Broken


def _take(source: IO[bytes], length: int) -> bytes:
    taken = source.read(length)
    if len(taken) < length:
        raise Broken
    return taken
