"""Where reports come from and how they arrive; a new one as values. 报告的来源与渠道"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from qianjun.kernel.words import noop as _

CHANNELS: Final[dict[str, str]] = {
    "phone": _("电话"),
    "wechat": _("微信"),
    "sms": _("短信"),
    "link": _("链接"),
    "partner": _("联动系统"),
    "sensor": _("感知设备"),
    "walk_in": _("来访"),
    "other": _("其他"),
}
SOURCES: Final[dict[str, str]] = {
    "public": _("群众"),
    "119": "119",
    "110": "110",
    "120": "120",
    "122": "122",
    "12345": "12345",
    "12350": "12350",
    "sub_district": _("街道、社区"),
    "enterprise": _("企业"),
    "department": _("部门"),
    "above": _("上级"),
    "media": _("媒体"),
    "sensor": _("感知设备"),
}
SOMEBODY: Final = _("报告人")
JOINED: Final[dict[str, str]] = {
    "new": _("立案"),
    "auto": _("自动归并，待确认"),
    "chosen": _("人工归并"),
}


@dataclass(frozen=True, kw_only=True)
class Spot:
    """Where a report points; ``placed`` none means nowhere. 位置

    ``answer`` is what locating said: found, unsure, none, elsewhere. ``division`` is the code of
    the community around the point, ``crs`` the system that coordinates came in.
    """

    placed: str = "none"
    answer: str = "none"
    name: str = ""
    code: str = ""
    division: str = ""
    lon: float | None = None
    lat: float | None = None
    radius_m: float | None = None
    crs: str = ""


@dataclass(frozen=True, kw_only=True)
class NewReport:
    """A report that has been read and judged and may be written down. 待录入的报告"""

    text: str
    title: str
    incident_title: str
    channel: str
    source: str
    caller_name: str
    caller_phone: str
    category: str
    category_given: bool
    spot: Spot
    occurred_at: datetime | None
    received_at: datetime
    removed_bidi: int = 0
    figures: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Join:
    """An open incident that a report goes to: ``auto`` with its probability, or ``chosen``. 归并"""

    incident: int
    how: str
    probability: float | None


@dataclass(frozen=True, kw_only=True)
class Stored:
    """A report that stands, and what its incident knows now. 已录入

    ``figures`` are the standing numbers of the incident, ``waiting`` the kinds that this report
    would have moved by a jump; ``deadlines`` are kind and due time.
    """

    report_id: int
    number: str
    incident_id: int
    incident_number: str
    joined: str
    probability: float | None
    deadlines: tuple[tuple[str, datetime], ...]
    category: str
    figures: Mapping[str, int]
    waiting: tuple[str, ...]
