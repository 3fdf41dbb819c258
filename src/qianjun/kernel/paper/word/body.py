"""The body: passages, numbered headings, tables, and what is attached. 正文"""

from collections.abc import Iterable, Iterator
from typing import Final

from qianjun.kernel.paper.model import Block, Facts, Heading, NewPage, Table, Text
from qianjun.kernel.paper.word import page
from qianjun.kernel.paper.word.marks import Element, Layout, Lettering, paragraph, run
from qianjun.kernel.paper.word.tables import facts, table
from qianjun.kernel.paper.wording import lines_of, numbered, one_line

PLAIN: Final = Lettering(font=page.FANGSONG)


class _Counters:
    """The number of the last heading on each level."""

    def __init__(self) -> None:
        self.last = [0, 0, 0, 0]

    def next(self, heading: Heading) -> str:
        """Its number; what lies below starts again."""
        at = heading.level - 1
        self.last[at:] = [self.last[at] + 1] + [0] * (3 - at)
        return numbered(heading.level, number=self.last[at])


def body_of(blocks: Iterable[Block], *, width: int = page.BLOCK_WIDTH) -> Iterator[Element]:
    """All blocks in their order; ``width`` is that of the text block, in twips."""
    counters = _Counters()
    new_page = False
    for block in blocks:
        if isinstance(block, NewPage):
            new_page = True
            continue
        made = list(_block(block, counters=counters, width=width))
        if made and new_page:
            made = [paragraph(page.ANCHOR, how=Layout(new_page=True, keep_next=True)), *made]
        new_page = new_page and not made
        yield from made


def _block(
    block: Text | Heading | Facts | Table, *, counters: _Counters, width: int
) -> Iterator[Element]:
    if isinstance(block, Text):
        style = page.BODY if block.indented else page.FLUSH
        yield from (paragraph(style, run(line)) for line in lines_of(block.text))
    elif isinstance(block, Heading):
        yield from _heading(block, counters=counters)
    elif isinstance(block, Facts):
        yield from facts(block, width=width)
    else:
        yield from table(block, width=width)


def _heading(heading: Heading, *, counters: _Counters) -> Iterator[Element]:
    first, *rest = lines_of(heading.then) or ("",)
    number = counters.next(heading) if heading.numbered else ""
    runs = [run(number + one_line(heading.text))]
    if first:
        runs.append(run(first, PLAIN))
    yield paragraph(page.HEADINGS[heading.level - 1], *runs)
    yield from (paragraph(page.BODY, run(line)) for line in rest)


def attached(titles: Iterable[str]) -> Iterator[Element]:
    """附件：1. …, one below the other; further lines stand under the title's first character."""
    said = [title for title in map(one_line, titles) if title]
    for at, title in enumerate(said):
        number = f"{at + 1}. " if len(said) > 1 else ""
        opening = "附件：" if at == 0 else ""
        hang = 2 + 3 + len(number) / 2
        first = 2 if opening else 5
        how = Layout(
            before=page.LINE if at == 0 else 0,
            left=round(hang * page.CHARACTER),
            hanging=round((hang - first) * page.CHARACTER),
        )
        yield paragraph(page.FLUSH, run(f"{opening}{number}{title}"), how=how)
