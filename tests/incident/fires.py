"""Reports for tests: a fire at a point, told by somebody. 示例报告"""

from typing import Any

from qianjun.incident.models import Incident, Report
from qianjun.kernel.geometry import moved
from qianjun.org.actor import Actor
from qianjun.response.actions import take_in_report
from qianjun.response.rules import Taken, Told

LON, LAT = 109.4412, 24.3301
FAR = {"lon": 109.40, "lat": 24.32}
FIRE = "民房着火，有浓烟"
CRASH = "两车相撞，堵了"


def told(**changed: Any) -> Told:
    """A fire at the usual point by telephone, with some things told otherwise."""
    usual: dict[str, Any] = {"text": FIRE, "channel": "phone", "lon": LON, "lat": LAT}
    return Told(**(usual | changed))


def taken(by: Actor, **changed: Any) -> Taken:
    """The same, taken in."""
    return take_in_report(by=by, told=told(**changed))


def nearby(metres: float) -> dict[str, float]:
    """A point so far east of the usual one."""
    lon, lat = moved(LON, LAT, east_m=metres, north_m=0)
    return {"lon": lon, "lat": lat}


def incident_of(one: Taken) -> Incident:
    """The incident that a report is in now."""
    return report_of(one).incident


def report_of(one: Taken) -> Report:
    """The row of a report."""
    return Report.objects.select_related("incident").get(pk=one.stored.report_id)
