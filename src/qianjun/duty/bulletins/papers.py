"""The bulletin as a document in Word; whoever takes it out is written down. 值班信息公文"""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import translation

from qianjun.duty.bulletins.queries import Seen, about, issuer_of, seen_of
from qianjun.duty.models import Bulletin
from qianjun.duty.papers import LIVE, NAME_TOP_MM, bureau_name, stamp_of
from qianjun.duty.rules.bulletin import PARTS
from qianjun.kernel import clock
from qianjun.kernel.paper import Foot, Head, Heading, Paper, Signature, Text, write
from qianjun.org.actor import Actor, key_of, not_found, require
from qianjun.org.leaving import record_leaving
from qianjun.org.models import Unit
from qianjun.response.queries.upward import upward_rules


@transaction.atomic(savepoint=False)
def take_bulletin_out(*, by: Actor, bulletin_id: str | int) -> tuple[str, bytes]:
    """File name and content of a bulletin in Word; a draft says that it is one. 导出值班信息"""
    require(by, "bulletin.read")
    row = Bulletin.objects.filter(pk=key_of(bulletin_id)).first()
    if row is None:
        raise not_found()
    called = row.number or f"值班信息 {row.day:%Y-%m-%d} 草稿"
    record_leaving(by=by, what=called, kind="export", about=about(row))
    with translation.override("zh-hans"):
        return f"{called}.docx", write(_paper(seen_of(row), by=by))


def _paper(seen: Seen, *, by: Actor) -> Paper:
    row, at = seen.row, seen.row.issued_at or clock.now()
    names = dict(Unit.objects.filter(code__in=upward_rules().units).values_list("code", "name"))
    units = tuple(names.get(one, one) for one in upward_rules().units)
    bureau = bureau_name()
    heads = tuple(Heading(text=f"{PARTS[one.code]}：", then=one.text) for one in seen.lines)
    return Paper(
        title=f"{row.day.year}年{row.day.month}月{row.day.day}日值班信息",
        made_at=at,
        made_by=bureau,
        head=Head(
            name="每日值班信息",
            under=f"第{row.issue}期" if row.issue else "（草稿）",
            number=row.number,
            signer=issuer_of(row),
            mark="内部",
            name_top_mm=NAME_TOP_MM,
        ),
        to=units,
        body=(
            Text(text=f"{_said(row.since)}至{_said(row.until)}值班情况如下："),
            *(heads or (Text(text=row.text),)),
            *((Text(text=row.closing),) if row.closing else ()),
        ),
        signature=Signature(by=bureau, on=clock.in_beijing(at).date()),
        foot=Foot(report=units),
        stamp=stamp_of(by, number=seen.digest[:16]),
        drill=settings.REALM != LIVE,
    )


def _said(at: datetime) -> str:
    local = clock.in_beijing(at)
    return f"{local.month}月{local.day}日{local.hour}时"
