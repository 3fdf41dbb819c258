"""The paper pack of a shift: what is needed when power, network and road fail. 交班纸质包"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils import translation

from qianjun.duty.handing.open import open_now, snapshot_of
from qianjun.duty.papers import LIVE, NAME_TOP_MM, bureau_name, stamp_of
from qianjun.duty.rules.roster import GAP_DAYS
from qianjun.duty.shifts.queries import shifts_between
from qianjun.force.queries.teams import rows_of, teams
from qianjun.kernel import clock
from qianjun.kernel.paper import Cell, Head, Heading, NewPage, Paper, Row, Table, Text, write
from qianjun.kernel.text import masked_phone
from qianjun.org.actor import Actor, require
from qianjun.org.contact_models import Contact
from qianjun.org.leaving import record_leaving
from qianjun.org.models import Address, Unit
from qianjun.org.queries import within
from qianjun.org.reads import record_read
from qianjun.supply.queries.stock import supplies, unit_word, word

MOST: Final = 300
NOTHING: Final = "无。"
REVEAL: Final = "person.reveal"
# what is written by hand while nothing runs, and entered afterwards as 补录
FORMS: Final[dict[str, tuple[str, ...]]] = {
    "接报记录单": (
        *("接报时间", "报告人和电话", "发生时间", "地点", "什么事", "伤亡、被困、失联"),
        *("已采取措施", "转告谁、几时、谁接的", "记录人"),
    ),
    "电话记录单": ("时间", "来电单位和人", "电话", "内容", "办理", "记录人"),
}
Block = Heading | Text | Table | NewPage


@transaction.atomic(savepoint=False)
def take_pack_out(*, by: Actor) -> tuple[str, bytes]:
    """File name and content of the pack in Word; noted as taken out. 导出纸质包

    Telephones are whole for whoever may reveal them, and that he had them is kept; else masked.
    """
    require(by, "shift.hand_over")
    now = clock.now()
    called = f"交班纸质包 {clock.in_beijing(now):%Y-%m-%d %H%M}"
    record_leaving(by=by, what=called, kind="print", about=("shift_pack", ""))
    if by.may(REVEAL):
        record_read(by=by, what="phone.reveal", about=("shift_pack", ""), why=called)
    with translation.override("zh-hans"):
        return f"{called}.docx", write(_paper(by))


def _paper(by: Actor) -> Paper:
    sections = open_now(seen_by=by)
    journal = str(snapshot_of(sections)["journal"]) or "–"
    told = list[Block]()
    for one in sections:
        told.append(Heading(text=f"{one.title}（{len(one.matters)}）", level=2))
        told += [Text(text=f"{row.number} {row.text}".strip()) for row in one.matters[:MOST]]
    return Paper(
        title="交班纸质包",
        made_at=clock.now(),
        made_by=bureau_name(),
        head=Head(mark="内部", name_top_mm=NAME_TOP_MM),
        body=(
            Text(text=f"停电、断网、断路时用。恢复后把手写的内容补录进系统。事件簿：{journal}"),
            Heading(text="值班表"),
            _table(("岗位", "姓名", "起止"), (2, 3, 5), _roster()),
            Heading(text="未了事项"),
            *(told or [Text(text=NOTHING)]),
            Heading(text="电话"),
            _table(("单位", "姓名", "电话"), (4, 3, 4), _phones(by)),
            Heading(text="队伍"),
            _table(("队伍", "队长", "人数", "覆盖"), (4, 3, 1.5, 5), _forces(by)),
            Heading(text="物资"),
            _table(("品名", "库存", "可用", "单位"), (5, 2, 2, 2), _goods(by)),
            *_forms(),
        ),
        stamp=stamp_of(by, number=journal[:16]),
        drill=settings.REALM != LIVE,
    )


def _table(
    head: tuple[str, ...], shares: tuple[float, ...], rows: Iterable[Sequence[str]]
) -> Table | Text:
    told = [Row(cells=tuple(row)) for row in rows]
    if not told:
        return Text(text=NOTHING)
    first = Row(cells=tuple(Cell(text=one, label=True) for one in head))
    return Table(shares=shares, rows=(first, *told), head_rows=1, points=12)


def _roster() -> list[tuple[str, str, str]]:
    now = clock.now()
    rows = shifts_between(now, now + timedelta(days=GAP_DAYS))[:MOST]
    return [
        (row.post.name, row.person.name, f"{_said(row.since)} – {_said(row.until)}") for row in rows
    ]


def _said(at: datetime) -> str:
    return f"{clock.in_beijing(at):%m-%d %H:%M}"


def _phones(by: Actor) -> list[tuple[str, str, str]]:
    """Who answers for each unit, in order, with his first number."""
    if not by.may("contact.read"):
        return []
    units = within(Unit.objects.exclude(level=Unit.Level.ENTERPRISE), by.scope, "path")
    rows = Contact.objects.filter(unit__in=units).select_related("unit", "person")
    found = list(rows.order_by("unit__path", "rank", "pk")[:MOST])
    ways = Address.objects.filter(person__in=[one.person_id for one in found], channel="sms")
    first = ways.order_by("person_id", "rank", "pk").distinct("person_id")
    numbers = {one.person_id: one.value for one in first}
    whole = by.may(REVEAL)
    return [
        (
            one.unit.short_name,
            one.person.name,
            number if whole or not number else masked_phone(number),
        )
        for one in found
        for number in (numbers.get(one.person_id, ""),)
    ]


def _forces(by: Actor) -> list[tuple[str, ...]]:
    rows = rows_of(teams(seen_by=by)[:MOST]) if by.may("force.read") else []
    return [
        (row.team.name, row.leader or "–", f"{row.headcount}", "、".join(row.covers[:6]) or "–")
        for row in rows
    ]


def _goods(by: Actor) -> list[tuple[str, ...]]:
    rows = supplies(seen_by=by)[:MOST] if by.may("supply.read") else []
    return [
        (word(row.article), f"{row.on_hand}", f"{row.free}", unit_word(row.article)) for row in rows
    ]


def _forms() -> list[Block]:
    """Blank forms, each on its page, with room to write."""
    blocks = list[Block]()
    for title, labels in FORMS.items():
        rows = tuple(Row(cells=(Cell(text=one, label=True), ""), least_mm=16) for one in labels)
        blocks += [NewPage(), Heading(text=title, numbered=False)]
        blocks.append(Table(shares=(1, 3), rows=rows))
    return blocks
