"""What a leader is told on the telephone when an incident is opened. 值班规则"""

from datetime import datetime
from typing import Final

from qianjun.kernel.clock import in_beijing

# posts in the order in which the desk names them
POSTS: Final = ("leader_in_charge", "duty_officer")
LEADER: Final = "leader_in_charge"
PLACE_UNKNOWN: Final = "地点待核"
KIND_UNKNOWN: Final = "类型待核"
PLACE_MOST: Final = 30


def call_text(*, number: str, place: str, kind: str, received_at: datetime) -> str:
    """What is read out: when, number, where, what; nobody's name or telephone. 叫应内容"""
    where = place[:PLACE_MOST] or PLACE_UNKNOWN
    at = in_beijing(received_at)
    what = f"{at:%H:%M} {where}，{kind or KIND_UNKNOWN}"
    return f"【接报】{what}。事件 {number}，请回复收到或回电值班室。"
