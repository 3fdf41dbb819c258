"""Where the passphrase comes from: a file, the environment, else whoever sits there. 口令"""

import getpass
import os
import sys
from pathlib import Path

from qianjun.site.output import say

VARIABLE = "QIANJUN_PASSPHRASE"
SHORT_CHARACTERS = 12


class Unusable(Exception):
    """What was given cannot be used; the text says what to give, in Chinese. 输入不可用"""


def passphrase(file: Path | None, *, twice: bool) -> str:
    """The first line of the file, else of the environment, else typed (twice for a new one)."""
    if file is not None:
        return _of_file(file)
    if given := os.environ.get(VARIABLE, ""):
        return given
    if not sys.stdin.isatty():
        raise Unusable(f"没有口令：请用 --pass-file 文件，或设置环境变量 {VARIABLE}。")
    return _typed(twice=twice)


def warn_short(word: str) -> None:
    """Say that a passphrase can be guessed; nobody is kept from a backup for it."""
    if len(word) < SHORT_CHARACTERS:
        say(f"口令只有 {len(word)} 个字符，容易被猜出；建议不少于 {SHORT_CHARACTERS} 个。")


def _of_file(file: Path) -> str:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except OSError as fault:
        raise Unusable(f"读不了口令文件 {file}：{fault.strerror}。") from None
    except UnicodeDecodeError:
        raise Unusable(f"口令文件 {file} 不是 UTF-8 文本。") from None
    if not lines or not lines[0]:
        raise Unusable(f"口令文件 {file} 的第一行是空的。")
    return lines[0]


def _typed(*, twice: bool) -> str:
    word = getpass.getpass("备份口令：", sys.stderr)
    if not word:
        raise Unusable("口令不能为空。")
    if twice and getpass.getpass("再输一次：", sys.stderr) != word:
        raise Unusable("两次输入的口令不一样。")
    return word
