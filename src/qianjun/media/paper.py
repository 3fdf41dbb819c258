"""Look at a document: what it is inside, and whether it would burst or run. 文档

Runs in the child only; nothing is unpacked, nothing is drawn.
"""

import codecs
import struct
import zipfile
from pathlib import Path
from typing import Any, Final

from qianjun.media.rules import kinds, limits
from qianjun.media.rules.reasons import KeptBack

Json = dict[str, Any]
BLOCK_CHARACTERS: Final = 1 << 16
TAIL_BYTES: Final = 70_000
PDF_TAIL_BYTES: Final = 4_096
END_OF_ARCHIVE: Final = b"PK\x05\x06"
MAIN_PARTS: Final = {
    "word/document.xml": kinds.DOCX,
    "xl/workbook.xml": kinds.XLSX,
    "ppt/presentation.xml": kinds.PPTX,
    "OFD.xml": kinds.OFD,
}
# what brings a program along, whatever the file is called
RUNS: Final = ("vbaproject.bin", "activex", "macrosheets/", ".exe", ".dll", ".js", ".vbs", ".bat")


def look_at(original: Path, *, media_type: str) -> Json:
    """The exact media type, or KeptBack."""
    if media_type == kinds.ZIP:
        return {"media_type": _office(original)}
    if media_type == kinds.PLAIN:
        _judge_text(original)
    elif media_type == "application/pdf":
        _judge_pdf(original)
    return {"media_type": media_type}


def _judge_pdf(original: Path) -> None:
    with original.open("rb") as source:
        source.seek(max(0, original.stat().st_size - PDF_TAIL_BYTES))
        if b"startxref" not in source.read():
            raise KeptBack("broken_document")


def _judge_text(original: Path) -> None:
    with original.open("rb") as source:
        encodings = kinds.candidates(source.read(4))
    if not any(_reads_as(original, encoding) for encoding in encodings):
        raise KeptBack("unknown")


def _reads_as(original: Path, encoding: str) -> bool:
    try:
        with codecs.open(str(original), encoding=encoding) as source:
            while block := source.read(BLOCK_CHARACTERS):
                if kinds.has_controls(block):
                    return False
    except UnicodeError:
        return False
    return True


def _office(original: Path) -> str:
    """Which kind of office document an archive is; the directory is judged before it is read."""
    if _announced_entries(original) > limits.MOST_ENTRIES:
        raise KeptBack("archive_bomb")
    try:
        with zipfile.ZipFile(original) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, struct.error) as fault:
        raise KeptBack("broken_document") from fault
    _judge_sizes(entries, original.stat().st_size)
    return _judge_parts([entry.filename for entry in entries])


def _announced_entries(original: Path) -> int:
    with original.open("rb") as source:
        source.seek(max(0, original.stat().st_size - TAIL_BYTES))
        tail = source.read()
    at = tail.rfind(END_OF_ARCHIVE)
    if at < 0 or len(tail) < at + 12:
        raise KeptBack("broken_document")
    return int(struct.unpack_from("<H", tail, at + 10)[0])


def _judge_sizes(entries: list[zipfile.ZipInfo], size_bytes: int) -> None:
    packed = sum(entry.compress_size for entry in entries)
    unpacked = sum(entry.file_size for entry in entries)
    bursts = unpacked > limits.RATIO_COUNTS_FROM_BYTES and (
        unpacked > limits.MOST_UNPACKED_BYTES or unpacked > size_bytes * limits.MOST_RATIO
    )
    overlapping = packed > size_bytes
    if len(entries) > limits.MOST_ENTRIES or bursts or overlapping:
        raise KeptBack("archive_bomb")


def _judge_parts(names: list[str]) -> str:
    found = next((kind for part, kind in MAIN_PARTS.items() if part in names), None)
    if found is None:
        raise KeptBack("archive")
    lower = [name.lower() for name in names]
    if any(name.endswith(RUNS) or "/activex/" in name or "/macrosheets/" in name for name in lower):
        raise KeptBack("macros")
    return found
