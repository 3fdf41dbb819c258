"""The communities of the district, as they are today. 社区"""

from qianjun.force.rules.covering import Community
from qianjun.place.queries import divisions


def communities() -> list[Community]:
    """Every community and village with its street and point, by code. 社区"""
    rows = list(divisions().filter(inside=True))
    streets = {row.code: row.short_name for row in rows if row.level == "street"}
    return [
        Community(
            code=row.code,
            name=row.short_name,
            street=streets.get(row.parent_code, ""),
            lon=row.lon,
            lat=row.lat,
        )
        for row in rows
        if row.level == "community" and row.lon is not None and row.lat is not None
    ]


def names_of_communities() -> dict[str, str]:
    """The short name of each by its code; one statement. 社区名"""
    rows = divisions().filter(inside=True, level="community")
    return dict(rows.values_list("code", "short_name"))
