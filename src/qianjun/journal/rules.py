"""What may stand in the journal, and how its chain is computed. 事件簿规则"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import UTC, date, datetime
from decimal import Decimal
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from qianjun.kernel.words import noop as _

# a code has no spaces and no Chinese; a mobile or identity number is not a code
CODE = re.compile(r"(?!1\d{10}\Z)(?!\d{17}[\dXx]\Z)[A-Za-z0-9][A-Za-z0-9_.:/+-]{0,95}\Z")
Code = Annotated[str, CODE]
PLAIN = (int, bool, datetime, date, Decimal, NoneType)
# words that would be free text, personal, or somebody's position, whatever their type
NEVER_NAMED = {"text", "words", "name", "phone", "mobile", "address", "position", "lon", "lat"}
PERSONAL = re.compile(r"""("[^"]*"|'[^']*'|\([^)]*\)|[^\x00-\x7f]|\d[\d -]{4,}|\S+@\S+)+""")
GAPS = re.compile(r"…(\s*…)+")
GENESIS = "0" * 64
SM3_MARK = "sm3:"
ATTEMPTS = 8
LATE_ENTRY_S = 60
# why a body may be erased; the code stands in the erasing entry
ARTICLES = {
    "erl_85": _("《突发事件应对法》第八十五条"),
    "pipl_47": _("《个人信息保护法》第四十七条"),
    "secrets": _("《保守国家秘密法》"),
}


# how a record may be handled; what may not be entered at all is hidden until it is erased
MARKS = {"public": _("公开"), "internal": _("内部"), "barred": _("不得录入")}
USUAL_MARK = "internal"
# what is due; a kind that is not here is shown by its code
DEADLINES = {
    "written_report": _("书面报告"),
    "phone_report": _("电话报告"),
    "follow_up": _("续报"),
    "task": _("任务"),
    "accident_notice": _("事故通报"),
    "instruction_reply": _("回复来文"),
    "referral": _("转办反馈"),
    "supplement": _("补报"),
    "casualty_watch": _("伤亡变化期"),
    "purge": _("个人信息到期"),
    "bulletin": _("每日值班信息"),
}
RECORDS = {"incident": _("事件"), "report": _("接报"), "entry": _("条目"), "file": _("文件")}


def payload_problems(event_class: type[Any]) -> list[str]:
    """What the fields of this event may not hold, one sentence each; empty when all is well.

    Allowed: ids and other integers, booleans, codes, instants, days, decimals, tuples of these.
    """
    hints = get_type_hints(event_class, include_extras=True)
    named = [f.name for f in fields(event_class)]
    return [
        *(f"{n}: never in a payload, put it into the body" for n in named if n in NEVER_NAMED),
        *(f"{n}: {p}" for n in named for p in _type_problems(hints[n])),
    ]


def _type_problems(hint: Any) -> Iterator[str]:  # noqa: ANN401
    origin = get_origin(hint)
    if hint in PLAIN or (origin is Annotated and _is_code(hint)):
        return
    if origin in (Union, UnionType, tuple):
        for part in get_args(hint):
            if part is not Ellipsis:
                yield from _type_problems(part)
    elif origin is Literal:
        yield from (f"{v!r} is not a code" for v in get_args(hint) if not is_plain(v))
    elif hint is str:
        yield "free text; use Code, a Literal, or the body"
    else:
        yield f"{hint} is neither id, number, code nor instant"


def _is_code(hint: Any) -> bool:  # noqa: ANN401
    kind, *marks = get_args(hint)
    return kind is str and any(isinstance(mark, re.Pattern) for mark in marks)


def is_plain(value: object) -> bool:
    """Whether a stored value is an id, a number, a code, an instant, or a list of such."""
    if isinstance(value, list | tuple):
        return all(is_plain(part) for part in value)
    if isinstance(value, str):
        return value == "" or CODE.match(value) is not None
    return value is None or isinstance(value, bool | int)


def canonical(columns: Mapping[str, Any]) -> bytes:
    """The one way to write an entry's columns: JSON, sorted, no spaces, instants in UTC."""
    return json.dumps(
        columns, default=_instant, sort_keys=True, ensure_ascii=False, separators=(",", ":")
    ).encode()


def _instant(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="microseconds")


def chained(prev: str, columns: Mapping[str, Any], *, algorithm: str = "sha256") -> str:
    """The hash of an entry in its place: over the previous hash and all committed columns.

    The place itself is implied by ``prev``, so a row moved elsewhere is told from one altered.
    Hashes by SM3 carry the mark ``sm3:``, so that a chain may change its algorithm.
    """
    mark = SM3_MARK if algorithm == "sm3" else ""
    words = prev.encode() + b"\n" + canonical(columns)
    return mark + hashlib.new(algorithm, words).hexdigest()


def algorithm_of(hash_: str) -> str:
    """By which algorithm this hash was made."""
    return "sm3" if hash_.startswith(SM3_MARK) else "sha256"


def back_off_s(attempts_before: int, chance: float) -> float:
    """How long to wait before the next attempt: doubling from 1 s, half to one and a half of it."""
    return float(2**attempts_before) * (0.5 + chance)


def without_personal(words: str) -> str:
    """An error's words without what could be about a person: quotes, Chinese, long numbers."""
    return GAPS.sub("…", PERSONAL.sub("…", words)).strip()
