"""What a file is, by its first bytes; neither name nor claimed type is asked. 内容识别"""

import re
from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["image", "video", "audio", "document", "other"]
HEAD_BYTES: Final = 4096


@dataclass(frozen=True, kw_only=True)
class Found:
    """What the content says; ``why`` is a code of ``reasons.REASONS`` when it is kept back."""

    kind: Kind
    media_type: str
    why: str = ""


OCTETS: Final = "application/octet-stream"
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PPTX: Final = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
OFD: Final = "application/ofd"
ZIP: Final = "application/zip"
PLAIN: Final = "text/plain"

# how the name of a download ends; everything that is ready is one of these
SUFFIXES: Final[dict[str, tuple[str, ...]]] = {
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
    "image/gif": (".gif",),
    "image/webp": (".webp",),
    "video/mp4": (".mp4", ".m4v"),
    "video/quicktime": (".mov",),
    "video/3gpp": (".3gp", ".3g2"),
    "video/webm": (".webm",),
    "video/ogg": (".ogv",),
    "audio/ogg": (".ogg", ".oga", ".opus"),
    "audio/mp4": (".m4a",),
    "audio/mpeg": (".mp3",),
    "audio/wav": (".wav",),
    "audio/amr": (".amr",),
    "application/pdf": (".pdf",),
    DOCX: (".docx",),
    XLSX: (".xlsx",),
    PPTX: (".pptx",),
    OFD: (".ofd",),
    PLAIN: (".txt", ".csv", ".log"),
}

_SIGNS: Final[tuple[tuple[bytes, Found], ...]] = (
    (b"\xff\xd8\xff", Found(kind="image", media_type="image/jpeg")),
    (b"\x89PNG\r\n\x1a\n", Found(kind="image", media_type="image/png")),
    (b"GIF87a", Found(kind="image", media_type="image/gif")),
    (b"GIF89a", Found(kind="image", media_type="image/gif")),
    (b"II*\x00", Found(kind="image", media_type="image/tiff", why="old_image")),
    (b"MM\x00*", Found(kind="image", media_type="image/tiff", why="old_image")),
    (b"%PDF-", Found(kind="document", media_type="application/pdf")),
    (b"PK\x03\x04", Found(kind="document", media_type=ZIP)),  # which one, its entries say
    (b"OggS", Found(kind="audio", media_type="audio/ogg")),
    (b"#!AMR", Found(kind="audio", media_type="audio/amr")),
    (b"ID3", Found(kind="audio", media_type="audio/mpeg")),
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        Found(kind="document", media_type=OCTETS, why="old_office"),
    ),
    (b"{\\rtf", Found(kind="document", media_type=OCTETS, why="old_office")),
)
_ARCHIVES: Final = (
    *(b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00"),
    *(b"\x28\xb5\x2f\xfd", b"MSCF", b"PK\x05\x06", b"PK\x07\x08"),
)
_PROGRAMS: Final = (
    *(b"MZ", b"\x7fELF", b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xce\xfa\xed\xfe"),
    *(b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"dex\n", b"\x00asm", b"L\x00\x00\x00\x01\x14\x02"),
)
_MPEG_FRAME: Final = re.compile(rb"\xff[\xf2\xf3\xfa\xfb]")
_MOVIES: Final = {
    **dict.fromkeys((b"qt  ",), "video/quicktime"),
    **dict.fromkeys((b"3gp", b"3g2", b"3ge", b"3gs"), "video/3gpp"),
    **dict.fromkeys((b"M4A ", b"M4B "), "audio/mp4"),
    **dict.fromkeys(
        (b"iso", b"mp4", b"avc1", b"M4V", b"MSNV", b"mmp4", b"dash", b"f4v"), "video/mp4"
    ),
}
_HEIC: Final = (b"hei", b"hev", b"mif1", b"msf1", b"avif", b"avis")
_OLD_MOVIE: Final = (b"moov", b"mdat", b"wide")
_SVG: Final = re.compile(rb"<svg[\s>/:]", re.IGNORECASE)
_HTML: Final = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|script|iframe|object|embed|meta|img|a\s|\?xml)[\s>/]?",
    re.IGNORECASE,
)
_SCRIPT: Final = re.compile(rb"\s*(?:#!|<\?php|<%|@echo\s+off)", re.IGNORECASE)
_MHTML: Final = re.compile(rb"\s*(?:mime-version|content-type):", re.IGNORECASE)
_BOMS: Final = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")


def found_in(head: bytes) -> Found:
    """What begins with these bytes (4096 are enough); a text is only supposed to be one. 识别"""
    for sign, found in _SIGNS:
        if head.startswith(sign):
            return _ogg(head) if found.media_type == "audio/ogg" else found
    for look in (_riff, _movie, _matroska, _harmful, _sound, _text):
        if kept := look(head):
            return kept
    return Found(kind="other", media_type=OCTETS, why="unknown")


def _ogg(head: bytes) -> Found:
    if b"\x80theora" in head:
        return Found(kind="video", media_type="video/ogg")
    return Found(kind="audio", media_type="audio/ogg")


def _riff(head: bytes) -> Found | None:
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return Found(kind="image", media_type="image/webp")
    if head.startswith(b"RIFF") and head[8:12] == b"WAVE":
        return Found(kind="audio", media_type="audio/wav")
    return None


def _movie(head: bytes) -> Found | None:
    if head[4:8] in _OLD_MOVIE:
        return Found(kind="video", media_type="video/quicktime")
    if head[4:8] != b"ftyp":
        return None
    brand = head[8:12]
    if brand.startswith(_HEIC):
        return Found(kind="image", media_type="image/heic", why="heic")
    media_type = next((t for sign, t in _MOVIES.items() if brand.startswith(sign)), "")
    if not media_type:
        return None
    return Found(kind="audio" if media_type == "audio/mp4" else "video", media_type=media_type)


def _matroska(head: bytes) -> Found | None:
    if head.startswith(b"\x1a\x45\xdf\xa3") and b"\x42\x82\x84webm" in head[:64]:
        return Found(kind="video", media_type="video/webm")
    return None


def _harmful(head: bytes) -> Found | None:
    if head.startswith(_ARCHIVES) or head[257:262] == b"ustar":
        return Found(kind="other", media_type=OCTETS, why="archive")
    if head.startswith(_PROGRAMS):
        return Found(kind="other", media_type=OCTETS, why="program")
    if head.startswith(b"BM") and head[6:10] == b"\x00\x00\x00\x00":
        return Found(kind="image", media_type="image/bmp", why="old_image")
    return None


def _sound(head: bytes) -> Found | None:
    if _MPEG_FRAME.match(head):
        return Found(kind="audio", media_type="audio/mpeg")
    return None


def _text(head: bytes) -> Found | None:
    """Plain text, or one of the texts that a browser or a shell would run."""
    written = (
        head.decode(encoding_of(head), errors="replace").encode() if head[:2] in _BOMS else head
    )
    for pattern, why in ((_SCRIPT, "script"), (_MHTML, "html")):
        if pattern.match(written.removeprefix(b"\xef\xbb\xbf")):
            return Found(kind="other", media_type=OCTETS, why=why)
    if _SVG.search(written):
        return Found(kind="other", media_type="image/svg+xml", why="svg")
    if _HTML.search(written):
        return Found(kind="other", media_type="text/html", why="html")
    for encoding in candidates(head):
        text = _cut(head, encoding)
        if text is not None and not has_controls(text):
            return Found(kind="document", media_type=PLAIN)
    return None


def encoding_of(head: bytes) -> str:
    """What a mark at the start says, else UTF-8."""
    return next((name for mark, name in _BOMS.items() if head.startswith(mark)), "utf-8")


def candidates(head: bytes) -> tuple[str, ...]:
    """The encodings that a text with this beginning may have, the likelier first."""
    marked = encoding_of(head)
    return (marked,) if head[:2] in _BOMS else (marked, "gb18030")


def has_controls(text: str) -> bool:
    """Whether something stands in it that no text has."""
    return _CONTROLS.search(text) is not None


def _cut(head: bytes, encoding: str) -> str | None:
    """The head as text; its last character may be cut in half."""
    for shorter in range(4):
        try:
            return head[: len(head) - shorter].decode(encoding)
        except UnicodeDecodeError as fault:
            if fault.start < len(head) - 8:
                return None
    return None
