"""Teams and volunteers that a test needs, made with few statements. 测试用力量"""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from qianjun.force.models import CoveredCommunity, Team, TeamMember, Volunteer
from qianjun.kernel.geometry import cell, moved
from qianjun.org.models import Address, Person
from tests import cast

HERE = (109.4116, 24.3147)
NOW = datetime(2026, 6, 1, 6, 5, tzinfo=UTC)
AGREED = "演示：同意被邀请参加应急志愿服务。"


def team(name: str = "演示龙城社区响应队", **told: Any) -> Team:
    """A community team at the usual point."""
    lon, lat = told.pop("at", HERE)
    covers = told.pop("covers", ())
    fields: dict[str, Any] = {"kind": "community", "way": "order", "part_time": 12} | told
    unit = fields.pop("unit", None) or cast.unit(cast.STREET)
    made = Team.objects.create(
        name=name, unit=unit, lon=lon, lat=lat, cell=cell(lon, lat), sort_key=name, **fields
    )
    CoveredCommunity.objects.bulk_create(CoveredCommunity(team=made, code=code) for code in covers)
    return made


def member(of: Team, part: cast.Part = cast.AQIANG, role: str = "leader") -> TeamMember:
    """Somebody of the cast in the team."""
    return TeamMember.objects.create(
        team=of,
        person=cast.person(part, phone="10000000077"),
        role=role,
        employment="part_time",
        joined_at=NOW - timedelta(days=30),
    )


def volunteer(
    number: int = 1, *, east_m: float = 0, reachable: bool = True, **told: Any
) -> Volunteer:
    """A grown-up, insured, consenting volunteer so many metres east of the usual point."""
    lon, lat = moved(*HERE, east_m=east_m, north_m=0)
    person = Person.objects.create(
        name=f"演示志愿{number}", unit=told.pop("unit", None) or cast.unit(cast.STREET), sort_key=""
    )
    Address.objects.create(
        person=person,
        channel="sms",
        value=f"1000009{number:04d}",
        consent_at=NOW if reachable else None,
        consent_text=AGREED if reachable else "",
        is_synthetic=True,
    )
    fields: dict[str, Any] = {
        "source": "own_sign_up",
        "consent_at": NOW - timedelta(days=90),
        "consent_text": AGREED,
        "adult_from": date(2010, 1, 1),
        "insured_until": date(2027, 1, 1),
        "counted_year": 2026,
        "registered_at": NOW - timedelta(days=90),
    } | told
    return Volunteer.objects.create(person=person, lon=lon, lat=lat, cell=cell(lon, lat), **fields)
