"""How the bulletin of a day reads: counts as sentences, nothing as 无. 每日值班信息规则"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from typing import Any, Final

from qianjun.duty.rules.roster import SHIFT_HOUR
from qianjun.kernel.clock import BEIJING
from qianjun.kernel.words import noop as _

CLOSING_MOST: Final = 3_000
CATCH_UP_DAYS: Final = 7
NOTHING: Final = "无。"
CHECKING: Final = "死亡情况正在核实"
NO_READING: Final = "八时没有有效读数。"
ZERO: Final = "本日零报告：无突发事件。"
# in the order in which they stand
PARTS: Final[dict[str, str]] = {
    "duty": _("值班情况"),
    "reports": _("接报情况"),
    "incidents": _("突发事件"),
    "hurt": _("人员伤亡和转移"),
    "responses": _("应急响应"),
    "upward": _("信息报送"),
    "gauges": _("水情天气"),
    "open": _("在办事件"),
}
GRADES: Final[dict[int, str]] = {1: "特别重大", 2: "重大", 3: "较大", 4: "一般"}
HURT: Final[dict[str, str]] = {
    "dead": "死亡",
    "missing": "失联",
    "serious": "重伤",
    "injured": "受伤",
    "evacuated": "转移",
}
DEAD: Final = "dead"


@dataclass(frozen=True, kw_only=True)
class Found:
    """What the rows say of 24 hours; keys name the rows that a number counts. 清点"""

    duty: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    reports: tuple[str, ...] = ()
    incidents: tuple[str, ...] = ()
    kinds: Mapping[str, int] = field(default_factory=dict)
    grades: Mapping[int | None, int] = field(default_factory=dict)
    operations: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()
    hurt: Mapping[str, int] = field(default_factory=dict)
    hurt_keys: tuple[str, ...] = ()
    dead_unchecked: bool = False
    started: tuple[str, ...] = ()
    running: tuple[str, ...] = ()
    upward: tuple[str, ...] = ()
    gauges: tuple[tuple[str, str], ...] = ()
    still_open: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Line:
    """One part of the bulletin and the rows behind its numbers. 一段"""

    code: str
    text: str
    keys: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """As it is frozen."""
        return {"code": self.code, "text": self.text, "keys": list(self.keys)}


def period_of(day: date) -> tuple[datetime, datetime]:
    """The 24 hours until eight o'clock of this day. 起止"""
    until = datetime.combine(day, time(SHIFT_HOUR), tzinfo=BEIJING)
    return (until - timedelta(days=1)).astimezone(UTC), until.astimezone(UTC)


def last_due(now: datetime) -> date:
    """The last day whose eight o'clock has come. 最近应出的一天"""
    local = now.astimezone(BEIJING)
    return local.date() if local.hour >= SHIFT_HOUR else local.date() - timedelta(days=1)


def days_missing(last: date | None, *, now: datetime) -> list[date]:
    """The days since the last bulletin that have none, at most 7, oldest first. 应补的各天"""
    until = last_due(now)
    first = until if last is None else max(last + timedelta(days=1), until - timedelta(days=6))
    return [first + timedelta(days=n) for n in range((until - first).days + 1)]


def lines_of(found: Found) -> tuple[Line, ...]:
    """The parts of the bulletin in order; what did not happen is said as 无. 各段"""
    told = {
        "duty": (_duty(found.duty), ()),
        "reports": (_counted("接报{n}份。", found.reports), found.reports),
        "incidents": (_incidents(found), (*found.incidents, *found.operations, *found.closed)),
        "hurt": (_hurt(found), found.hurt_keys),
        "responses": (_responses(found), (*found.started, *found.running)),
        "upward": (_counted("签发信息报送{n}份。", found.upward), found.upward),
        "gauges": (_gauges(found.gauges), tuple(key for _text, key in found.gauges)),
        "open": (_counted("截至八时在办{n}件。", found.still_open), found.still_open),
    }
    lines = (Line(code=code, text=told[code][0], keys=_once(told[code][1])) for code in PARTS)
    return tuple(lines)


def _once(keys: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(keys))


def _counted(sentence: str, keys: Sequence[str]) -> str:
    return sentence.format(n=len(keys)) if keys else NOTHING


def _duty(people: Mapping[str, tuple[str, ...]]) -> str:
    told = [
        f"{post}：{'、'.join(names) if names else '无人在岗'}" for post, names in people.items()
    ]
    return f"{'；'.join(told)}。" if told else NOTHING


def _gauges(told: Sequence[tuple[str, str]]) -> str:
    return f"{'；'.join(text.rstrip('。') for text, _key in told)}。" if told else NO_READING


def _incidents(found: Found) -> str:
    if not (found.incidents or found.operations or found.closed):
        return ZERO
    parts = []
    if found.incidents:
        kinds = "、".join(f"{name}{n}起" for name, n in sorted(found.kinds.items()))
        graded = [f"{GRADES[n]}{found.grades[n]}起" for n in GRADES if found.grades.get(n)]
        graded += [f"未定级{found.grades[None]}起"] if found.grades.get(None) else []
        parts.append(f"新发突发事件{len(found.incidents)}起（{kinds}；{'、'.join(graded)}）")
    else:
        parts.append("无新发突发事件")
    if found.operations:
        parts.append(f"开展行动{len(found.operations)}项")
    if found.closed:
        parts.append(f"结案{len(found.closed)}件")
    return f"{'，'.join(parts)}。"


def _hurt(found: Found) -> str:
    counted = [f"{word}{found.hurt[kind]}人" for kind, word in HURT.items() if found.hurt.get(kind)]
    counted += [CHECKING] if found.dead_unchecked else []
    return f"{'，'.join(counted)}。" if counted else NOTHING


def _responses(found: Found) -> str:
    parts = [f"启动响应{len(found.started)}次"] if found.started else []
    parts += [f"截至八时运行{len(found.running)}个"] if found.running else []
    return f"{'，'.join(parts)}。" if parts else NOTHING


def plain_text(lines: Sequence[Line], closing: str) -> str:
    """The whole as it is frozen. 全文"""
    said = [f"{PARTS[one.code]}：{one.text}" for one in lines]
    return "\n".join([*said, *([closing] if closing else [])])


def digest_of(day: date, lines: Sequence[Line], closing: str) -> str:
    """What a signature stands for: SHA-256 over day and text. 摘要"""
    told = [day.isoformat(), plain_text(lines, closing)]
    return sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()
