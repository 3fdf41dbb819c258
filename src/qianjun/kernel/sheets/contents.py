"""What a file is, by its content and never by its name. 按内容识别"""

import re

from qianjun.kernel.sheets import archives
from qianjun.kernel.sheets.archives import Inspected
from qianjun.kernel.sheets.limits import Limits
from qianjun.kernel.sheets.refusals import refuse
from qianjun.kernel.words import noop as _

ZIP = b"PK\x03\x04"
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the old container of Office
# longest first where one begins like another
OTHERS = {
    b"\x89PNG": _("图片"),
    b"\xff\xd8\xff": _("图片"),
    b"GIF8": _("图片"),
    b"BM": _("图片"),
    b"%PDF": "PDF",
    b"{\\rtf": _("文档"),
    b"Rar!": _("压缩包"),
    b"7z\xbc\xaf": _("压缩包"),
    b"\x1f\x8b": _("压缩包"),
    b"PK\x05\x06": _("空的压缩包"),
    b"MZ": _("程序"),
    b"\x7fELF": _("程序"),
    b"SQLite format 3": _("数据库"),
}
_PAGE = re.compile(
    r"\s*(?:<\?xml|<!doctype|<html|<head|<body|<table|<meta|<style|<script|<!--|MIME-Version:)",
    re.IGNORECASE,
)


def inspect(content: bytes, *, limits: Limits) -> Inspected:
    """Whether it is ``xlsx``, ``ods``, ``xls`` or ``text``; else, or when hostile, refused."""
    if not content.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise refuse("sheet_empty")
    if len(content) > limits.file_bytes:
        raise refuse("sheet_file_too_large", limit=limits.file_bytes // 1_000_000)
    if content.startswith(ZIP):
        return archives.inspect(content, limits=limits)
    if content.startswith(COMPOUND):
        return Inspected(kind=_compound(content))
    for start, what in OTHERS.items():
        if content.startswith(start) and not (len(start) == 2 and _reads_as_text(content)):
            raise refuse("sheet_not_a_sheet", what=what)
    return Inspected(kind="text")


def refuse_pages(text: str) -> None:
    """Refuse text that is a web page or an XML document."""
    if _PAGE.match(text[:200]):
        raise refuse("sheet_is_page")


def _reads_as_text(content: bytes) -> bool:
    """Whether the beginning has no control characters: a list may begin with BM or MZ."""
    return not re.search(rb"[\x00-\x08\x0e-\x1f]", content[:2_000])


def _compound(content: bytes) -> str:
    """``xls`` when the directory of the container holds a workbook and nothing that runs."""

    def holds(name: str) -> bool:
        return name.encode("utf-16-le") in content

    if holds("EncryptedPackage"):
        raise refuse("sheet_encrypted")
    if holds("_VBA_PROJECT"):
        raise refuse("sheet_macros")
    if holds("\x01Ole10Native") or re.search(rb"M\0B\0D\0(?:[0-9A-F]\0){8}", content):
        raise refuse("sheet_embedded")
    if not holds("Workbook") and not holds("Book"):
        raise refuse("sheet_not_a_sheet", what=_("文档"))
    return "xls"
