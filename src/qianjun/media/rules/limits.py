"""How much is let in, before anything is decoded. 限额

Sizes are bytes; a day of quotas is real time. The numbers are read when they are needed, so a test
makes them small.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

KIB: Final = 1024
MIB: Final = 1024 * KIB
GIB: Final = 1024 * MIB

PIECE_BYTES = 8 * MIB
PHOTO_BYTES = 20 * MIB
FILE_BYTES = 50 * MIB
CLIP_BYTES = 500 * MIB

UPLOAD_LIVES = timedelta(hours=48)
UPLOAD_REMEMBERED = timedelta(days=7)  # an expired one is told from an unknown one this long
DAY = timedelta(hours=24)
KEEP_FREE_BYTES = 1 * GIB  # the database needs room more than a clip does
DISK_RETRY_S = 60

# --- pictures ---
MOST_PIXELS = 50_000_000
MOST_FRAMES = 300
SHOWN_SIDE_PX: Final = 1600
THUMB_SIDE_PX: Final = 320
COPY_BYTES: Final = 8 * MIB

# --- documents that are archives ---
MOST_ENTRIES = 5_000
MOST_UNPACKED_BYTES = 500 * MIB
MOST_RATIO = 150
RATIO_COUNTS_FROM_BYTES = 10 * MIB

# --- the child that decodes ---
CHILD_MEMORY_BYTES = 1 * GIB
CHILD_CPU_S = 10
CHILD_WALL_S = 20.0
CHILD_WRITES_BYTES = 16 * MIB


@dataclass(frozen=True, kw_only=True)
class Quota:
    """How many files, and how many bytes together. 配额"""

    files: int
    total_bytes: int

    def spent_by(self, *, files: int, total_bytes: int, more_bytes: int) -> str:
        """What one more file of this size would break: ``files``, ``bytes`` or nothing."""
        if files + 1 > self.files:
            return "files"
        return "bytes" if total_bytes + more_bytes > self.total_bytes else ""


LINK_QUOTA = Quota(files=40, total_bytes=1536 * MIB)  # of one link, as long as it lives
PERSON_QUOTA = Quota(files=400, total_bytes=6 * GIB)  # of a person or token, in 24 hours
INCIDENT_QUOTA = Quota(files=3_000, total_bytes=60 * GIB)  # of an incident, for ever


def limit_of_claimed(media_type: str) -> int:
    """How large a file may become that calls itself so; its content is judged when it is there."""
    family = media_type.partition("/")[0].strip().lower()
    if family == "image":
        return PHOTO_BYTES
    return CLIP_BYTES if family in ("video", "audio") else FILE_BYTES


def limit_of_kind(kind: str) -> int:
    """How large a file of this kind may be."""
    return {"image": PHOTO_BYTES, "video": CLIP_BYTES, "audio": CLIP_BYTES}.get(kind, FILE_BYTES)


def fits(*, free_bytes: int, length_bytes: int) -> bool:
    """Whether the disk has room for it and keeps what the house needs."""
    return free_bytes - length_bytes >= KEEP_FREE_BYTES
