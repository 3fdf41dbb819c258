"""What a phone page of a call-out or a team says beside its act. 手机操作内容"""

from typing import Any

from qianjun.force.rules.answering import HEADCOUNT_MOST, LATE_MOST_MIN
from qianjun.org.linked import Act


def said_by(act: Act) -> dict[str, Any]:
    """The fields of ``Did``; 422 naming the one that is out of its range. 操作内容"""
    headcount = act.number("headcount", least=1, most=HEADCOUNT_MOST)
    return {
        "act": act.name,
        "act_id": act.act_id,
        "happened_at": act.happened_at,
        "claimed_at": act.claimed_at,
        "device": act.device,
        "eta_min": act.number("eta_min", least=0, most=LATE_MOST_MIN),
        "lon": act.number("lon", least=-180, most=180),
        "lat": act.number("lat", least=-90, most=90),
        "headcount": int(headcount) if headcount is not None else None,
    }
