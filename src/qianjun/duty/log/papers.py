"""The duty log as a document in Word; whoever takes it out is written down. 值班日志公文"""

from typing import Final

from django.conf import settings
from django.utils import translation

from qianjun.duty.log.queries import Asked, LogLine, entries_of, every_line
from qianjun.duty.rules.log import GROUPS, SPANS
from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.kernel.paper import Cell, Facts, Head, Paper, Row, Stamp, Table, Text, write
from qianjun.kernel.text import mask_phones_in
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor, require
from qianjun.org.contacts import BUREAU
from qianjun.org.leaving import record_leaving
from qianjun.org.models import Unit
from qianjun.org.rules import masked_name

WORD_MOST: Final = 1_000
LIVE: Final = "live"
NAME_TOP_MM: Final = 10
TOO_MANY = _("这一天有 %(count)s 行，Word 最多 %(most)s 行：请先按类别筛选，或导出 Excel。")


def take_log_out(*, by: Actor, asked: Asked) -> tuple[str, bytes]:
    """File name and content of that part of the log in Word; noted as taken out. 导出日志

    422 ``too_many_rows`` for more than 1,000 lines: Excel takes 20,000.
    """
    require(by, "duty_log.read")
    count = entries_of(asked, seen_by=by).count()
    if count > WORD_MOST:
        raise Refused("too_many_rows", TOO_MANY, words={"count": count, "most": WORD_MOST})
    title = f"值班日志 {asked.day:%Y-%m-%d}"
    record_leaving(by=by, what=title, kind="export", about=("duty_day", asked.day.isoformat()))
    lines = list(every_line(asked, seen_by=by, most=WORD_MOST))
    with translation.override("zh-hans"):
        return f"{title}.docx", write(_paper(asked, lines, by=by))


def bureau_name() -> str:
    """What the bureau is called on its papers. 本局名称"""
    return str(Unit.objects.filter(code=BUREAU).values_list("name", flat=True).first() or "")


def stamp_of(by: Actor, *, number: str = "") -> Stamp:
    """Who had it made and when. 打印信息"""
    return Stamp(by=masked_name(by.name) if by.name else by.kind, at=clock.now(), number=number)


def _paper(asked: Asked, lines: list[LogLine], *, by: Actor) -> Paper:
    bureau = bureau_name()
    day = f"{asked.day.year}年{asked.day.month}月{asked.day.day}日"
    kind = GROUPS[asked.group][0] if asked.group else "全部"
    facts = (("日期", day), ("起止", SPANS[asked.span]), ("类别", kind), ("行数", f"{len(lines)}"))
    return Paper(
        title="值班日志",
        made_at=clock.now(),
        made_by=bureau,
        head=Head(mark="内部", name_top_mm=NAME_TOP_MM),
        body=(Facts(rows=facts), _table(lines) if lines else Text(text="这一天没有记录。")),
        stamp=stamp_of(by),
        watermark=f"内部 {masked_name(by.name)}" if by.name else "内部",
        drill=settings.REALM != LIVE,
    )


def _table(lines: list[LogLine]) -> Table:
    words = ("时间", "内容", "事件编号", "记录人")
    head = Row(cells=tuple(Cell(text=one, label=True) for one in words))
    return Table(
        shares=(2, 8, 3, 2),
        rows=(head, *(_row(one) for one in lines)),
        head_rows=1,
        points=12,
    )


def _row(one: LogLine) -> Row:
    at = clock.in_beijing(one.line.happened_at)
    said = mask_phones_in(one.line.text_zh)
    if one.line.corrected_by:
        said = f"（已更正）{said}"
    elif one.line.corrects:
        said = f"（更正）{said}"
    elif one.line.late_entry:
        said = f"（补录，{clock.in_beijing(one.line.at):%m-%d %H:%M} 记）{said}"
    return Row(cells=(f"{at:%m-%d %H:%M}", said, one.number or "–", one.who))
