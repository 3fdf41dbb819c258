"""Commands that only calculate: a document in, a document out, no database. 计算命令"""

import argparse
import json
import sys
import time
from pathlib import Path
from typing import NoReturn

from qianjun.kernel.errors import Refused
from qianjun.site.output import result_json

GOOD = 0


def callout(chosen: argparse.Namespace) -> int:
    """Whom to call out now, by a file that says the need and the people. 召集建议"""
    document = _document(chosen.file)
    start = time.perf_counter()
    from qianjun.solve.callout_file import answer

    said = answer(document)
    result_json({**said, "seconds": round(time.perf_counter() - start, 4)})
    return GOOD


def _document(file: Path) -> object:
    """The JSON in a file, or on stdin for ``-``; what is no JSON is refused with its line."""
    try:
        read = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as fault:
        raise Refused("unreadable", "读不了文件 %(file)s。", words={"file": file}) from fault
    try:
        return json.loads(read.decode("utf-8-sig"), parse_constant=_no_number)
    except UnicodeDecodeError as fault:
        raise Refused("not_utf8", "文件 %(file)s 不是 UTF-8。", words={"file": file}) from fault
    except json.JSONDecodeError as fault:
        zh = "文件 %(file)s 不是有效的 JSON：第 %(line)s 行。"
        raise Refused("not_json", zh, words={"file": file, "line": fault.lineno}) from fault
    except RecursionError as fault:
        raise Refused("too_deep", "JSON 嵌套太深。") from fault


def _no_number(written: str) -> NoReturn:
    raise Refused("bad_number", "有一个数值不是数：%(n)s。", words={"n": written})
