"""What stands above the body: marks, agency, number, red line, title, recipients. 版头和标题"""

from collections.abc import Iterator
from math import ceil
from typing import Final

from qianjun.kernel.paper.model import Head, Paper
from qianjun.kernel.paper.word import page
from qianjun.kernel.paper.word.marks import (
    TWIPS_PER_POINT,
    Element,
    Layout,
    Lettering,
    line_end,
    mm,
    paragraph,
    run,
    tab,
)
from qianjun.kernel.paper.wording import (
    DRILL,
    for_drill,
    lines_of,
    one_line,
    title_lines,
    width,
    written_date,
)

LARGEST_POINTS, SMALLEST_POINTS = 52, 26
NAME_SHARE: Final = 0.9  # of the line
SPREAD_BELOW: Final = 6  # a name of fewer characters is set wider
LINE_TO_RULE_MM: Final = 4
TITLE_CHARACTERS: Final = 19  # in one line
SIDE: Final = round(page.CHARACTER)
KAI: Final = Lettering(font=page.KAITI)


def head_of(paper: Paper) -> Iterator[Element]:
    """All that stands before the body."""
    if paper.head:
        yield from _head(paper.head)
    yield from _title(paper)
    to = "，".join(filter(None, map(one_line, paper.to)))
    if to:
        yield paragraph(page.FLUSH, run(f"{to}："), how=Layout(before=page.LINE))
    elif paper.body:
        # the line between title and body
        yield paragraph(page.FLUSH)


def _head(head: Head) -> Iterator[Element]:
    marks = [m for m in map(one_line, (head.copy_number, head.mark, head.urgency)) if m]
    yield from (paragraph(page.MARK, run(mark)) for mark in marks)
    name = one_line(head.name)
    if name:
        before = mm(head.name_top_mm) - len(marks) * page.LINE
        yield _name(name, before=max(0, before))
    if under := one_line(head.under):
        how = Layout(align="center", keep_next=True, before=page.LINE // 2)
        yield paragraph(page.FLUSH, run(under), how=how)
    yield from _lines(head, room=0 if not name else page.LINE if under else 2 * page.LINE)
    if name:
        yield paragraph(page.RULE, how=Layout(line=mm(LINE_TO_RULE_MM)))


def _name(name: str, *, before: int) -> Element:
    """As large as fits one line, and never so large that it is loud."""
    points = max(
        SMALLEST_POINTS, min(LARGEST_POINTS, NAME_SHARE * page.BLOCK_WIDTH / 20 / width(name))
    )
    spread = points / 2 if width(name) < SPREAD_BELOW else 0
    how = Lettering(points=int(points), spread_points=spread)
    line = round(points * 1.25 * TWIPS_PER_POINT)
    return paragraph(page.AGENCY, run(name, how), how=Layout(before=before, line=line))


def _lines(head: Head, *, room: int) -> Iterator[Element]:
    """Number and signer, issuer and date: each pair in a line, left and right."""
    signer = [run("签发人："), run(one_line(head.signer), KAI)] if one_line(head.signer) else []
    issued = [run(written_date(head.issued))] if head.issued else []
    for left, right in ((head.number, signer), (head.issuer, issued)):
        words = [run(one_line(left))] if one_line(left) else []
        if not words and not right:
            continue
        if right:
            how = Layout(left=SIDE, right_tab=page.BLOCK_WIDTH - SIDE, before=room, keep_next=True)
            yield paragraph(page.FLUSH, *words, tab(), *right, how=how)
        else:
            how = Layout(align="center", before=room, keep_next=True)
            yield paragraph(page.FLUSH, *words, how=how)
        room = 0


def _title(paper: Paper) -> Iterator[Element]:
    lines = _title_lines(paper)
    if not lines:
        return
    runs = [run(lines[0])]
    for line in lines[1:]:
        runs += [line_end(), run(line)]
    side = _side(lines[0]) if len(lines) == 1 else None
    red = paper.head is not None and one_line(paper.head.name)
    how = Layout(before=2 * page.LINE if red else 0, left=side, right=side)
    yield paragraph(page.TITLE, *runs, how=how)


def _title_lines(paper: Paper) -> tuple[str, ...]:
    """As the caller has broken them; one long line by its phrases."""
    lines = lines_of(for_drill(paper.title) if paper.drill else paper.title)
    if len(lines) != 1 or width(lines[0]) <= TITLE_CHARACTERS:
        return lines
    title = lines[0].removeprefix(DRILL)
    broken = title_lines(title, most=TITLE_CHARACTERS)
    return (DRILL, *broken) if title != lines[0] else broken


def _side(title: str) -> int | None:
    """Room on both sides that makes the lines of a long title about as long as each other."""
    rows = ceil(width(title) / TITLE_CHARACTERS)
    if rows < 2:
        return None
    longest = min(TITLE_CHARACTERS, ceil(width(title) / rows) + 1)
    return (page.BLOCK_WIDTH - longest * page.TITLE_POINTS * TWIPS_PER_POINT) // 2
