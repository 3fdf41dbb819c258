"""Read a sheet, match its columns, judge its rows; nothing is written. 核对"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from qianjun.kernel.errors import Refused
from qianjun.kernel.sheets import (
    ColumnMapping,
    RowOutcome,
    Sheet,
    check_rows,
    match_columns,
    read_safely,
)
from qianjun.kernel.words import noop as _
from qianjun.org.imports.kinds import Found, Kind
from qianjun.org.imports.rules import Looked, headings_digest, mapping_of
from qianjun.org.models import ImportRun, RememberedMapping

KEPT_SHEETS = 2
_kept: dict[str, Sheet] = {}  # the sheets that somebody is leafing through, by digest and kind


def content_of(file: Path) -> bytes:
    """The bytes of a file; one sentence when it cannot be read. 读文件"""
    try:
        return file.read_bytes()
    except OSError as fault:
        words = {"file": file}
        raise Refused("unreadable", _("读不了文件 %(file)s。"), words=words) from fault


def sheet_of(content: bytes, *, kind: Kind) -> Sheet:
    """The sheet in these foreign bytes, read in a child."""
    return read_safely(content, expected=kind.table.expected)


def sheet_of_run(run: ImportRun, *, kind: Kind) -> Sheet:
    """The sheet of a run that is being looked at; read once for all its pages. 预检的表"""
    key = f"{kind.name}:{run.sha256}"
    known = _kept.get(key)
    if known is None:
        known = sheet_of(bytes(run.content or b""), kind=kind)
        if len(_kept) >= KEPT_SHEETS:
            _kept.clear()
        _kept[key] = known
    return known


def forget(run: ImportRun) -> None:
    """Keep its sheet no longer."""
    _kept.pop(f"{run.kind}:{run.sha256}", None)


def mapping_for(sheet: Sheet, *, kind: Kind) -> ColumnMapping:
    """As a person once chose for these headings, else as the titles and contents say."""
    known = RememberedMapping.objects.filter(
        kind=kind.name, headings=headings_digest(sheet.headings)
    ).first()
    if known is not None:
        return mapping_of(sheet.headings, table=kind.table, kept=known.mapping)
    return match_columns(sheet.headings, table=kind.table, sample=sheet.rows)


def remember(sheet: Sheet, *, kind: Kind, kept: Mapping[str, int]) -> None:
    """Have the next sheet with these headings mapped alike. 记住"""
    RememberedMapping.objects.update_or_create(
        kind=kind.name,
        headings=headings_digest(sheet.headings),
        defaults={"mapping": dict(kept)},
    )


def look(sheet: Sheet, *, kind: Kind, mapping: ColumnMapping) -> Looked:
    """Every row judged against its table, the base and the others. 逐行核对"""
    preview = check_rows(sheet, table=kind.table, mapping=mapping)
    good = [row for row in preview.rows if row.status == "taken"]
    titles = {kind.table.by_field[name].zh: h.name for name, h in mapping.headings.items()}
    judged = {row.row_number: _titled(row, titles) for row in kind.judge(good)}
    rows = tuple(_joined(row, judged.get(row.row_number)) for row in preview.rows)
    return Looked(rows=rows, mapping=mapping)


def _titled(found: Found, titles: Mapping[str, str]) -> Found:
    """With its complaints about the columns as the sheet calls them."""
    if not found.problems:
        return found
    problems = tuple(replace(p, column=titles.get(p.column, p.column)) for p in found.problems)
    return replace(found, problems=problems)


def _joined(row: RowOutcome, found: Found | None) -> Found:
    """What was said of the cells, before what was said of the row."""
    if found is None:
        return Found(row_number=row.row_number, outcome="refused", problems=row.problems)
    if not row.problems:
        return found
    return replace(found, problems=(*row.problems, *found.problems))


def mapping_of_run(run: ImportRun, sheet: Sheet, *, kind: Kind) -> ColumnMapping:
    """The mapping that stands in the run."""
    return mapping_of(sheet.headings, table=kind.table, kept=run.mapping)
