"""The sheet of a hand-over in Word; whoever takes it out is written down. 交接班单"""

from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils import translation

from qianjun.duty.handing.queries import (
    hand_over_seen,
    notes_of,
    reasons_of,
    sections_in,
    titles_of,
)
from qianjun.duty.models import ShiftHandOver
from qianjun.duty.papers import LIVE, NAME_TOP_MM, bureau_name, stamp_of
from qianjun.duty.rules.handing import SECTIONS, changes
from qianjun.kernel import clock
from qianjun.kernel.paper import Facts, Head, Heading, Paper, Text, write
from qianjun.org.actor import Actor, require
from qianjun.org.leaving import record_leaving

NOTHING: Final = "无。"


@transaction.atomic(savepoint=False)
def take_hand_over_out(*, by: Actor, hand_over_id: str | int) -> tuple[str, bytes]:
    """File name and content of the sheet of a hand-over; noted as taken out. 导出交接班单"""
    require(by, "shift.hand_over")
    row = hand_over_seen(seen_by=by, hand_over_id=hand_over_id)
    at = clock.in_beijing(row.signed_out_at)
    with translation.override("zh-hans"):
        title = f"交接班单 {at:%Y-%m-%d %H%M} {row.post.name}"
        content = write(_paper(row, by=by))
    record_leaving(by=by, what=title, kind="export", about=("shift_hand_over", str(row.pk)))
    return f"{title}.docx", content


def _paper(row: ShiftHandOver, *, by: Actor) -> Paper:
    note = notes_of([row]).get(row.pk, "")
    return Paper(
        title=f"{row.post.name}交接班单",
        made_at=row.signed_in_at or row.signed_out_at,
        made_by=bureau_name(),
        head=Head(mark="内部", name_top_mm=NAME_TOP_MM),
        body=(
            Facts(rows=_signatures(row)),
            Heading(text="未了事项"),
            *_open(row, by=by),
            Heading(text="交班说明"),
            Text(text=note or NOTHING),
            Heading(text="两次签字之间的变化"),
            Text(text=_changed(row)),
        ),
        stamp=stamp_of(by, number=row.digest[:16]),
        drill=settings.REALM != LIVE,
    )


def _signatures(row: ShiftHandOver) -> tuple[tuple[str, str], ...]:
    def when(at: object) -> str:
        return f"{clock.in_beijing(at):%Y-%m-%d %H:%M}" if at else "未签"  # type: ignore[arg-type]  # None is 未签

    left = f"{row.outgoing.name}  {when(row.signed_out_at)}"
    instead: tuple[tuple[str, str], ...] = ()
    if row.signed_for is not None:
        left = f"{row.outgoing.name}（不能签字）"
        instead = (
            ("带班领导代签", f"{row.signed_for.name}  {when(row.signed_out_at)}"),
            ("代签理由", reasons_of([row]).get(row.pk, "") or "–"),
        )
    return (
        ("岗位", row.post.name),
        ("交班人", left),
        *instead,
        ("接班人", f"{row.incoming.name if row.incoming else '–'}  {when(row.signed_in_at)}"),
        ("事件簿", str(row.snapshot.get("journal") or "–")[:40]),
    )


def _open(row: ShiftHandOver, *, by: Actor) -> list[Heading]:
    titles, found = titles_of(row, seen_by=by), sections_in(row.snapshot)
    lines = list[Heading]()
    for code, word in SECTIONS.items():
        rows = found.get(code, [])
        told = [f"{one['number']} {titles.get(one['number'], '')}".strip() for one in rows]
        said = "；".join(sorted({one for one in told if one}))
        then = f"{len(rows)} 项。{said}" if rows else NOTHING
        lines.append(Heading(text=f"{word}：", level=2, then=then))
    return lines


def _changed(row: ShiftHandOver) -> str:
    found = changes(row.snapshot, row.taken) if row.taken else []
    lines = [
        f"{SECTIONS[one.section]}：新增 {len(one.came)} 项，了结 {len(one.went)} 项"
        for one in found
    ]
    return "\n".join(lines) or NOTHING
