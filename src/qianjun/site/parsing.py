"""Read a JSON body strictly: what enters the house is UTF-8, finite, shallow text. 请求解析"""

import json
import math
from collections.abc import Iterator
from typing import Any, NoReturn

from django.http import HttpRequest
from ninja.parser import Parser

from qianjun.kernel.errors import FieldError, Refused
from qianjun.kernel.words import noop as _
from qianjun.site.faults import NOT_JSON
from qianjun.site.problems import plain

DEPTH = 32
INTEGER_DIGITS = 18  # what fits a BIGINT


class StrictParser(Parser):
    """The parser of every API body. 严格解析"""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        """The body as values, or a refusal that says what is wrong with it."""
        _check_type(request)
        found = parse(request.body)
        if not isinstance(found, dict):
            # ninja would read its attributes and find every optional field absent
            raise Refused("not_an_object", _("请求内容须为 JSON 对象，即 {…}。"))
        return found


def _check_type(request: HttpRequest) -> None:
    charset = (request.content_params or {}).get("charset", "utf-8").lower()
    if request.content_type != "application/json" or charset not in ("utf-8", "utf8"):
        raise plain(415)


def parse(body: bytes) -> object:
    """JSON to values: 400 for what is not JSON, 422 for values that nothing can store."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused("not_utf8", _("请求内容不是 UTF-8 文字。"), status=400) from None
    try:
        found = json.loads(text, parse_constant=_no_number, parse_float=_float, parse_int=_integer)
    except RecursionError:
        raise _too_deep() from None
    except ValueError:
        raise Refused(*NOT_JSON, status=400) from None
    for where, words in _texts(found):
        _check_text(where, words)
    return found


def _no_number(written: str) -> NoReturn:
    raise _bad_number(written)


def _float(written: str) -> float:
    value = float(written)
    if not math.isfinite(value):
        raise _bad_number(written)
    return value


def _integer(written: str) -> int:
    if len(written.lstrip("-")) > INTEGER_DIGITS:
        raise _bad_number(written)
    return int(written)


def _bad_number(written: str) -> Refused:
    return Refused("bad_number", _("有一个数值太大或不是数：%(n)s。"), words={"n": written[:20]})


def _too_deep() -> Refused:
    return Refused("too_deep", _("JSON 嵌套太深。"), status=400)


def _texts(found: object) -> Iterator[tuple[str, str]]:
    """Every text with its place; walks without recursion."""
    waiting: list[tuple[str, object, int]] = [("", found, 0)]
    while waiting:
        where, value, depth = waiting.pop()
        if depth > DEPTH:
            raise _too_deep()
        if isinstance(value, str):
            yield where, value
        elif isinstance(value, dict):
            yield from ((where, key) for key in value)
            waiting += [(_below(where, key), one, depth + 1) for key, one in value.items()]
        elif isinstance(value, list):
            waiting += [(_below(where, n), one, depth + 1) for n, one in enumerate(value)]


def _below(where: str, key: object) -> str:
    return f"{where}.{key}" if where else str(key)


def _check_text(where: str, words: str) -> None:
    if "\x00" in words or any("\ud800" <= sign <= "\udfff" for sign in words):
        zh = _("含有不能使用的字符（空字符或残缺的代理字符）。")
        named = where.encode("utf-8", "replace").decode().replace("\x00", "?")[:80]
        raise Refused(
            "bad_character",
            zh,
            fields=(FieldError(field=named, code="bad_character", zh=zh),),
        )
