"""How much is asked of one volunteer in a year, as an administrator has chosen. 年度上限"""

from qianjun.force.rules.calling import Limits
from qianjun.org.store import setting


def limits() -> Limits:
    """Hours and calls a year. 上限"""
    return Limits(hours_a_year=_whole("hours_a_year"), calls_a_year=_whole("calls_a_year"))


def _whole(name: str) -> int:
    value = setting("force", name)
    assert isinstance(value, int)
    return value
