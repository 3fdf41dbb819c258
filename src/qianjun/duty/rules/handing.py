"""What is handed over, what has changed since, who may sign. 交接班规则"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any, Final

from qianjun.kernel.words import noop as _

NOTE_MOST: Final = 5_000
WHY_MOST: Final = 500
# somebody whose shift ended by the clock still signs for it this long, and who comes a little early
# begins his own
SIGNS_WITHIN: Final = timedelta(hours=12)
# in the order in which the next one asks
SECTIONS: Final[dict[str, str]] = {
    "incidents": _("在办事件"),
    "responses": _("运行中的响应"),
    "undecided": _("待批的响应"),
    "upward": _("应报未报"),
    "instructions": _("上级来文来电"),
    "tasks": _("超时的任务"),
    "teams": _("在外的队伍"),
    "confirmations": _("叫应中"),
    "unreached": _("未送达的人"),
    "firsts": _("待转警"),
    "letters": _("待分拣来信"),
    "unconfirmed": _("待确认的归并"),
    "cards": _("没有办成的后台作业"),
}
Snapshot = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Change:
    """What came and what was settled in one section between two looks. 变化"""

    section: str
    came: tuple[str, ...]
    went: tuple[str, ...]


def changes(before: Snapshot, after: Snapshot) -> list[Change]:
    """What differs between two snapshots, in the order of the sections. 两次之间的变化"""
    found = list[Change]()
    for code in SECTIONS:
        old, new = (_numbers(one, code) for one in (before, after))
        came = tuple(new[key] for key in new if key not in old)
        went = tuple(old[key] for key in old if key not in new)
        if came or went:
            found.append(Change(section=code, came=came, went=went))
    return found


def _numbers(snapshot: Snapshot, code: str) -> dict[str, str]:
    rows: Sequence[Mapping[str, str]] = snapshot.get("sections", {}).get(code, ())
    return {row["key"]: row.get("number") or row["key"] for row in rows}


def digest_of(*, post: str, outgoing: int, snapshot: Snapshot) -> str:
    """What a signature stands for: SHA-256 over who, which post and everything open. 摘要"""
    told = {"post": post, "outgoing": outgoing, "snapshot": snapshot}
    return sha256(json.dumps(told, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
