"""The runs, and what a sheet that is being looked at would do. 导入查询"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext

from qianjun.kernel.errors import Refused
from qianjun.kernel.sheets import Column, Heading, Problem, Sheet
from qianjun.kernel.sheets.values import written
from qianjun.kernel.text import mask_phones_in, masked_phone
from qianjun.org.actor import Actor, not_found, require
from qianjun.org.imports import looking
from qianjun.org.imports.kinds import Found, Kind, kind_of, kinds
from qianjun.org.imports.rules import Looked, problems_first
from qianjun.org.models import ImportRun
from qianjun.org.queries import said_within

RUNS_SHOWN: Final = 50
ROWS_A_PAGE: Final = 50
CELL_CHARACTERS: Final = 40
# what stands between the digits of a number, and what is nothing but one
_GAPS: Final = re.compile(r"[\s()（）·]+")
_NUMBER: Final = re.compile(r"[+＋]?[0-9０-９][0-9０-９./、，,;；－-]{5,}")


@dataclass(frozen=True, kw_only=True)
class ShownRow:
    """One row as the preview shows it: what the sheet said, what becomes of it. 预检行"""

    number: int
    outcome: str
    cells: tuple[str, ...]
    said: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ShownColumn:
    """One column of the sheet with the field that it is. 预检列"""

    heading: Heading
    field: str
    sample: str


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What a run would do; ``refused`` is why it can do nothing as a whole. 预检"""

    run: ImportRun
    kind: Kind
    columns: tuple[ShownColumn, ...]
    notes: tuple[str, ...]
    titles: tuple[str, ...] = ()
    rows: tuple[ShownRow, ...] = ()
    counts: dict[str, int] | None = None
    page: int = 1
    pages: int = 1
    refused: Refused | None = None


def kinds_for(seen_by: Actor) -> list[Kind]:
    """What this actor may bring in. 可导入的种类"""
    return [kind for kind in kinds() if seen_by.may(kind.permission)]


def runs(*, seen_by: Actor) -> list[ImportRun]:
    """The latest runs of these kinds by people of the asker's tree. 导入记录"""
    require(seen_by, "import.take")
    allowed = [kind.name for kind in kinds_for(seen_by)]
    found = said_within(ImportRun.objects.filter(kind__in=allowed), seen_by.scope)
    return list(found.defer("content").order_by("-pk")[:RUNS_SHOWN])


def run_of(ident: int, *, seen_by: Actor) -> ImportRun:
    """One run; what is not his does not exist. 一次导入"""
    require(seen_by, "import.take")
    found = said_within(ImportRun.objects.filter(pk=ident), seen_by.scope).first()
    if found is None or not seen_by.may(kind_of(found.kind).permission):
        raise not_found()
    return found


def preview_of(run: ImportRun, *, page: int) -> Preview:
    """A page of the rows, those with problems first. 预检页"""
    kind = kind_of(run.kind)
    sheet = looking.sheet_of_run(run, kind=kind)
    mapping = looking.mapping_of_run(run, sheet, kind=kind)
    columns = tuple(_columns(run, sheet, kind=kind))
    notes = tuple(_said(note.zh, note.words) for note in sheet.notes)
    try:
        looked = looking.look(sheet, kind=kind, mapping=mapping)
    except Refused as refused:
        return Preview(run=run, kind=kind, columns=columns, notes=notes, refused=refused)
    pages = max(1, -(-len(looked.rows) // ROWS_A_PAGE))
    page = min(max(1, page), pages)
    return Preview(
        run=run,
        kind=kind,
        columns=columns,
        notes=notes,
        titles=tuple(gettext(kind.table.by_field[name].zh) for name in mapping.headings),
        rows=tuple(_rows(looked, sheet, kind=kind, page=page)),
        counts=looked.counts,
        page=page,
        pages=pages,
    )


def _columns(run: ImportRun, sheet: Sheet, *, kind: Kind) -> Iterator[ShownColumn]:
    fields = {index: name for name, index in run.mapping.items()}
    for heading in sheet.headings:
        field = fields.get(heading.index, "")
        filled = (_cell(row.cells, heading.index) for row in sheet.rows[:ROWS_A_PAGE])
        sample = next((said for said in filled if said), "")
        column = kind.table.by_field.get(field)
        yield ShownColumn(heading=heading, field=field, sample=_masked(sample, column=column))


def _rows(looked: Looked, sheet: Sheet, *, kind: Kind, page: int) -> Iterator[ShownRow]:
    first = (page - 1) * ROWS_A_PAGE
    here = problems_first(looked.rows)[first : first + ROWS_A_PAGE]
    wanted = {row.row_number for row in here}
    cells = {row.number: row.cells for row in sheet.rows if row.number in wanted}
    for row in here:
        yield ShownRow(
            number=row.row_number,
            outcome=row.outcome,
            cells=tuple(
                _masked(
                    _cell(cells[row.row_number], heading.index), column=kind.table.by_field[name]
                )
                for name, heading in looked.mapping.headings.items()
            ),
            said=tuple(_complaints(row)),
        )


def _masked(said: str, *, column: Column | None) -> str:
    """Numbers masked, then cut; a column of telephones shows nothing else whole. 脱敏

    Numbers written with gaps or brackets are found in any column; what the sheet says beside them
    is kept.
    """
    shown, bare = mask_phones_in(said), _GAPS.sub("", said)
    if shown == said and _NUMBER.fullmatch(bare):
        shown = mask_phones_in(bare)
    if column is not None and column.kind == "phone" and "*" not in shown and _NUMBER.search(bare):
        shown = masked_phone(bare)
    return shown if len(shown) <= CELL_CHARACTERS else f"{shown[:CELL_CHARACTERS]}…"


def _complaints(row: Found) -> Iterator[str]:
    for problem in row.problems:
        column = gettext(problem.column) if problem.column else ""
        yield f"{column}：{_sentence(problem)}" if column else _sentence(problem)


def _sentence(problem: Problem) -> str:
    return _said(problem.zh, problem.words)


def _said(zh: str, words: Any) -> str:  # noqa: ANN401 - a mapping of whatever fills the sentence
    said = gettext(zh)
    return said % words if words else said


def _cell(cells: tuple[Any, ...], index: int) -> str:
    return written(cells[index]) if index < len(cells) else ""
