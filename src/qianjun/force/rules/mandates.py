"""How far the house may go on calling by itself, once an officer has said so. 续召授权"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from qianjun.force.rules.wanting import LONGEST
from qianjun.kernel.errors import FieldError, Refused
from qianjun.kernel.words import noop as _

PEOPLE_MOST: Final = 100_000
# an answer takes minutes: no sooner, however little time is left
LOOK: Final = timedelta(minutes=3)
LOOK_LEAST: Final = timedelta(seconds=30)
# why a mandate ended; stored, so a word is never used again for something else
ENDS: Final[dict[str, str]] = {
    "withdrawn": _("授权已收回"),
    "replaced": _("换成新的授权"),
    "spent": _("人数用完"),
    "until": _("期限已到"),
    "by": _("到场时限已到"),
    "enough": _("够了·已停召"),
    "stood_down": _("已解除"),
    "ended": _("召集已结束"),
    "closed": _("事件已结案"),
}


@dataclass(frozen=True, kw_only=True)
class Auto:
    """At most so many invited in all, counted from the first wave, and until then. 授权范围"""

    max_people: int
    until: datetime


def check_auto(auto: Auto, *, now: datetime, invited: int) -> None:
    """Refuse with 422 and every wrong field what cannot be given when so many are invited. 核对"""
    wrong = []
    if not 1 <= auto.max_people <= PEOPLE_MOST:
        zh = _("总人数须在 1 到 100000 之间。")
        wrong.append(FieldError(field="auto.max_people", code="out_of_range", zh=zh))
    elif auto.max_people < invited:
        zh = _("总人数不能少于已邀请的和这一批的人数。")
        wrong.append(FieldError(field="auto.max_people", code="max_people_below_wave", zh=zh))
    if auto.until <= now:
        zh = _("自动续召的期限已经过去，请改成以后的时刻。")
        wrong.append(FieldError(field="auto.until", code="until_in_the_past", zh=zh))
    elif auto.until > now + LONGEST:
        zh = _("自动续召的期限最多在三天之内。")
        wrong.append(FieldError(field="auto.until", code="until_too_far", zh=zh))
    if wrong:
        raise Refused(wrong[0].code, wrong[0].zh, fields=tuple(wrong))


def next_look(*, now: datetime, needed_by: datetime, until: datetime) -> datetime:
    """When the answers are looked at again: sooner when time is short, last when it ends. 再看"""
    wait = max(min(LOOK, (needed_by - now) / 4), LOOK_LEAST)
    return min(now + wait, needed_by, until)
