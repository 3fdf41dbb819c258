"""What a file is called on screens and in downloads; never where it is kept. 文件名"""

import re
import unicodedata
from typing import Final

from qianjun.kernel.text import BIDI_CONTROLS
from qianjun.kernel.words import noop as _
from qianjun.media.rules.kinds import SUFFIXES

MOST_CHARACTERS: Final = 120
SUFFIX_CHARACTERS: Final = 10
NAMELESS = _("未命名")
_FORBIDDEN: Final = re.compile(r'[<>:"|?*]')
_SPACES: Final = re.compile(r"\s+")
# names that old systems take for devices
_DEVICES: Final = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")


def written(raw: bytes) -> str:
    """The name behind these bytes: UTF-8, else GB 18030, else what can be read of it."""
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8", errors="ignore")


def cleaned(name: str) -> str:
    """The last part of the name without what deceives or breaks, at most 120 characters. 清洗

    A name of nothing else is empty; the end of a long one stays readable.
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    shown = "".join(c for c in last if c not in BIDI_CONTROLS and unicodedata.category(c)[0] != "C")
    plain = _SPACES.sub(" ", _FORBIDDEN.sub("_", shown)).strip(" .")
    if _DEVICES.fullmatch(plain):
        plain = f"_{plain}"
    return _shortened(plain)


def _shortened(name: str) -> str:
    if len(name) <= MOST_CHARACTERS:
        return name
    stem, dot, suffix = name.rpartition(".")
    if not dot or len(suffix) > SUFFIX_CHARACTERS:
        return name[:MOST_CHARACTERS]
    return f"{stem[: MOST_CHARACTERS - len(suffix) - 1]}.{suffix}"


def download_name(name: str, *, media_type: str) -> str:
    """The name with the ending that its content deserves: ``x.exe`` becomes ``x.exe.jpg``."""
    suffixes = SUFFIXES.get(media_type, (".bin",))
    if name.lower().endswith(suffixes):
        return name
    return f"{name}{suffixes[0]}"
