"""Whose numbers these are. 编号"""

from datetime import date
from typing import Final

DISTRICT: Final = "450202"  # 柳州市城中区


def series(day: date) -> tuple[str, str]:
    """The counters of incidents and of reports of a day in Beijing. 编号序列"""
    return f"incident:{day:%Y%m%d}", f"report:{day:%Y%m%d}"
