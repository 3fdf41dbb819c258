"""The words of resumable uploads (tus 1.0) and what stands in their headers. 断点续传"""

import re
from base64 import b64decode
from dataclasses import dataclass
from typing import Final

VERSION: Final = "1.0.0"
EXTENSIONS: Final = "creation,expiration,termination,checksum"
ALGORITHMS: Final = ("sha256", "sha1")
PIECE_TYPE: Final = "application/offset+octet-stream"
MOST_METADATA_CHARACTERS: Final = 8_000
PURPOSES: Final = ("s", "t")  # links that may send: the reporter's and the task's
_NUMBER: Final = re.compile(r"\d{1,15}")
_KEY: Final = re.compile(r"[!-+\--~]{1,64}")


class Unreadable(Exception):
    """A header that is not written as the protocol says."""


@dataclass(frozen=True, kw_only=True)
class Checksum:
    """What the sender has computed over a piece. 校验和"""

    algorithm: str
    digest: bytes


def number(header: str | None) -> int:
    """A non-negative integer; Unreadable for anything else."""
    if header is None or not _NUMBER.fullmatch(header):
        raise Unreadable(header)
    return int(header)


def metadata(header: str) -> dict[str, bytes]:
    """The pairs of Upload-Metadata; Unreadable when a key repeats or a value is no base64."""
    found: dict[str, bytes] = {}
    if len(header) > MOST_METADATA_CHARACTERS:
        raise Unreadable("too long")
    for pair in filter(None, (part.strip() for part in header.split(","))):
        key, _space, value = pair.partition(" ")
        if not _KEY.fullmatch(key) or key in found:
            raise Unreadable(key)
        found[key] = _bytes(value.strip())
    return found


def checksum(header: str | None) -> Checksum | None:
    """The checksum of a piece; Unreadable for an algorithm that is not offered."""
    if header is None:
        return None
    algorithm, _space, value = header.partition(" ")
    if algorithm not in ALGORITHMS or not value:
        raise Unreadable(algorithm)
    return Checksum(algorithm=algorithm, digest=_bytes(value.strip()))


def _bytes(value: str) -> bytes:
    try:
        return b64decode(value, validate=True)
    except ValueError as fault:
        raise Unreadable(value) from fault
