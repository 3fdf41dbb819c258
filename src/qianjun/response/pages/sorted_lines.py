"""Groups and reports as lines of the sorting page. 分拣页面的行"""

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext

from qianjun.incident.models import Report
from qianjun.kernel.text import mask_phones_in, masked_phone
from qianjun.org.rules import masked_name
from qianjun.response.queries.groups import Row
from qianjun.response.queries.marks import Standing
from qianjun.response.rules import CHANNELS, SOURCES
from qianjun.response.rules.grouping import Link

Line = dict[str, Any]
SOURCES_SHOWN = 3
REASONS_SHOWN = 6


def row_lines(rows: Iterable[Row]) -> list[Line]:
    """What a group's line says. 组"""
    return [_row(row) for row in rows]


def _row(row: Row) -> Line:
    main, links = row.main, row.group.links
    numbers = {one.pk: one.number for one in row.incidents}
    return {
        "row": row,
        "key": str(main.pk),
        "main": main,
        "others": [one for one in row.incidents if one.pk != main.pk],
        "incidents": " ".join(str(one.pk) for one in row.incidents),
        "sources": [_source(*one) for one in row.sources[:SOURCES_SHOWN]],
        "more_sources": max(0, len(row.sources) - SOURCES_SHOWN),
        "why": why(min(links, key=lambda one: one.probability)) if links else "",
        "reasons": [
            (numbers[one.incident], one.probability, why(one)) for one in links[:REASONS_SHOWN]
        ],
        "more_reasons": max(0, len(links) - REASONS_SHOWN),
        "probability": row.group.probability,
        "one_time": row.first == row.last,
    }


def _source(source: str, channel: str, count: int) -> tuple[str, int]:
    said = SOURCES.get(source) or CHANNELS.get(channel, channel)
    return gettext(said), count


def why(link: Link) -> str:
    """Why an incident stands in a group, in words. 归组理由"""
    words = {
        "minutes": round(link.minutes),
        "metres": None if link.distance_m is None else round(link.distance_m),
        "probability": f"{link.probability:.2f}",
    }
    kinds = {
        True: gettext("类型相同"),
        False: gettext("类型不同"),
        None: gettext("有一方类型不明"),
    }[link.same_kind]
    if words["metres"] is None:
        near = gettext("没有位置，前后 %(minutes)s 分钟") % words
    else:
        near = gettext("相距 %(metres)s 米，前后 %(minutes)s 分钟") % words
    return f"{near} · {kinds}"


def report_lines(found: Iterable[tuple[Report, Standing]]) -> Iterator[Line]:
    """What a report's line says, names and telephones masked. 接报"""
    for row, standing in found:
        reply = standing.reply
        yield {
            "id": row.pk,
            "mark": standing.mark,
            "number": row.number,
            "text": mask_phones_in(row.text),
            "source": SOURCES.get(row.source) or CHANNELS.get(row.channel, ""),
            "caller": masked_name(row.caller_name) if row.caller_name else "",
            "phone": masked_phone(row.caller_phone) if row.caller_phone else "",
            "place": row.place_name,
            "received_at": row.received_at,
            "incident": row.incident,
            "joined": row.joined,
            "probability": row.join_probability,
            "waits": row.joined == Report.Joined.AUTO and row.confirmed_at is None,
            "task": standing.task,
            "reply": reply,
            "to_call": reply is not None and reply.way == "phone" and reply.told_at is None,
        }
