"""Look into an archive before anything unpacks it: names, real sizes, what it holds. 压缩包检查

A declared size is only a claim: every entry is unpacked once here, in pieces that are counted and
thrown away, so that what the reader meets later is known.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from qianjun.kernel.sheets.limits import RATIO_FROM_BYTES, Limits
from qianjun.kernel.sheets.refusals import refuse
from qianjun.kernel.words import noop as _

PIECE_BYTES = 1 << 20
OVERLAP_BYTES = 300  # a tag cut by the end of a piece is seen in the next
LOCAL_HEADER_BYTES = 30
ENCRYPTED_BIT = 0x1

MACROS = re.compile(r"vbaproject|/macrosheets/|^basic/|^scripts/", re.IGNORECASE)
LINKS = re.compile(r"/externallinks/|/connections\.xml$|/querytables/|/webextensions/", re.I)
EMBEDDED = re.compile(r"/embeddings/|/activex/|^object \d+$", re.IGNORECASE)
PICTURES = re.compile(r"^(?:xl/media|pictures|thumbnails)/", re.IGNORECASE)
WORD = re.compile(r"^(?:word|ppt|visio)/")
ODS_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"

# as every program writes them; written otherwise, the limits of the child remain
_FAR_COLUMN = re.compile(rb' r="([A-Z]{2,})[0-9]')
_FAR_ROW = re.compile(rb' r="[A-Z]*([0-9]{6,})"')
_ERROR = b' t="e"'
_UNCOUNTED = re.compile(rb"<f(?:\s[^<>]*)?(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v></v>|</c>)")
_ENTITY = re.compile(rb"<!ENTITY", re.IGNORECASE)
_OUTSIDE = re.compile(
    rb"""relationships/(?:oleObject|externalLinkPath|attachedTemplate|frame)["'][^<>]*External"""
)
_ENCRYPTED_ODS = re.compile(rb"<(?:\w+:)?encryption-data")
_DDE = re.compile(rb"<(?:\w+:)?dde-(?:link|source)|<(?:\w+:)?table-source\b")


@dataclass(frozen=True, kw_only=True)
class Inspected:
    """What a file is and what was seen on the way. 检查结果"""

    kind: str
    notes: frozenset[str] = frozenset()


def inspect(content: bytes, *, limits: Limits) -> Inspected:
    """Refuse what is no sheet, too large or dangerous; else its kind and the codes of notes."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as wrong:
        raise refuse("sheet_damaged") from wrong
    if len(entries) > limits.entries:
        raise refuse("sheet_bomb")
    names = [entry.filename for entry in entries]
    if len(set(names)) < len(names):
        raise refuse("sheet_damaged")
    kind = _kind(content, entries=entries)
    _refuse_by_names(names)
    return Inspected(kind=kind, notes=_scan_all(content, entries=entries, kind=kind, limits=limits))


def _kind(content: bytes, *, entries: list[zipfile.ZipInfo]) -> str:
    names = {entry.filename for entry in entries}
    if any(entry.flag_bits & ENCRYPTED_BIT for entry in entries):
        raise refuse("sheet_encrypted")
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "mimetype" in names and ODS_TYPE in content[:200]:
        return "ods"
    if "xl/workbook.bin" in names:
        raise refuse("sheet_not_a_sheet", what=".xlsb")
    if any(WORD.match(name) for name in names):
        raise refuse("sheet_not_a_sheet", what=_("文档"))
    raise refuse("sheet_not_a_sheet", what=_("压缩包"))


def _refuse_by_names(names: list[str]) -> None:
    for code, pattern in (
        ("sheet_macros", MACROS),
        ("sheet_external_links", LINKS),
        ("sheet_embedded", EMBEDDED),
    ):
        if any(pattern.search(name) for name in names):
            raise refuse(code)


def _scan_all(
    content: bytes, *, entries: list[zipfile.ZipInfo], kind: str, limits: Limits
) -> frozenset[str]:
    declared = sum(entry.file_size for entry in entries)
    if declared > limits.unpacked_bytes:
        raise refuse("sheet_bomb")
    left, notes = limits.unpacked_bytes, set[str]()
    for entry in entries:
        real = 0
        for piece in _unpacked(content, entry=entry):
            real += len(piece) - OVERLAP_BYTES
            _refuse_bombs(entry, real=real, left=left, limits=limits)
            if not PICTURES.match(entry.filename):
                notes |= _seen(piece, kind=kind, limits=limits)
        if real != entry.file_size:
            raise refuse("sheet_damaged")
        left -= real
    return frozenset(notes)


def _refuse_bombs(entry: zipfile.ZipInfo, *, real: int, left: int, limits: Limits) -> None:
    ratio = real / max(1, entry.compress_size)
    if real > left or (real > RATIO_FROM_BYTES and ratio > limits.entry_ratio):
        raise refuse("sheet_bomb")


def _unpacked(content: bytes, *, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """The entry piece by piece, each with the end of the one before (spaces at first)."""
    head = entry.header_offset
    names_at = head + LOCAL_HEADER_BYTES - 4
    name_bytes = int.from_bytes(content[names_at : names_at + 2], "little")
    extra_bytes = int.from_bytes(content[names_at + 2 : names_at + 4], "little")
    start = head + LOCAL_HEADER_BYTES + name_bytes + extra_bytes
    packed = content[start : start + entry.compress_size]
    before = b" " * OVERLAP_BYTES
    for piece in _pieces(packed, method=entry.compress_type):
        yield before + piece
        before = (before + piece)[-OVERLAP_BYTES:]


def _pieces(packed: bytes, *, method: int) -> Iterator[bytes]:
    if method == zipfile.ZIP_STORED:
        for at in range(0, len(packed), PIECE_BYTES):
            yield packed[at : at + PIECE_BYTES]
        return
    if method != zipfile.ZIP_DEFLATED:
        raise refuse("sheet_damaged")
    inflating = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        while packed and not inflating.eof:
            yield inflating.decompress(packed, PIECE_BYTES)
            packed = inflating.unconsumed_tail
        if not inflating.eof:
            yield inflating.flush()
    except zlib.error as wrong:
        raise refuse("sheet_damaged") from wrong


def _seen(piece: bytes, *, kind: str, limits: Limits) -> set[str]:
    """Codes of notes on this piece; refused when it points outside or far beyond the limits."""
    if _ENTITY.search(piece):
        raise refuse("sheet_bomb")
    if kind == "ods":
        _refuse_ods(piece)
        return set()
    if _OUTSIDE.search(piece):
        raise refuse("sheet_external_links")
    _refuse_far(piece, limits=limits)
    found = set()
    if _ERROR in piece:
        found.add("error_cells")
    if _UNCOUNTED.search(piece):
        found.add("uncounted_formulas")
    return found


def _refuse_ods(piece: bytes) -> None:
    if _ENCRYPTED_ODS.search(piece):
        raise refuse("sheet_encrypted")
    if _DDE.search(piece):
        raise refuse("sheet_external_links")


def _refuse_far(piece: bytes, *, limits: Limits) -> None:
    for found in _FAR_COLUMN.finditer(piece):
        if _column(found[1]) > limits.columns:
            raise refuse("sheet_too_many_columns", limit=limits.columns)
    for found in _FAR_ROW.finditer(piece):
        if int(found[1][:9]) > limits.rows:
            raise refuse("sheet_too_many_rows", limit=limits.rows)


def _column(letters: bytes) -> int:
    """AA is 27; four letters and more are far enough."""
    number = 0
    for letter in letters[:4]:
        number = number * 26 + letter - 64
    return number
