"""What the command line asks of this module. 命令行定位"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from qianjun.place.queries import locate
from qianjun.place.rules import Answer


def locate_lines(lines: Iterable[str]) -> Iterator[Answer]:
    """One answer a line, in order, an empty line included: it is answered ``none``. 逐行定位"""
    for line in lines:
        yield locate(line)


def lines_of(file: Path) -> list[str]:
    """The lines of a UTF-8 file, ended by newlines alone; raises OSError, UnicodeDecodeError."""
    text = file.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    return text.removesuffix("\n").split("\n") if text else []
