"""The import as a command answers it. 导入命令"""

from pathlib import Path
from time import monotonic
from typing import Any

from qianjun.org.actor import system
from qianjun.org.imports import looking
from qianjun.org.imports.actions import import_sheet
from qianjun.org.imports.kinds import kind_of
from qianjun.org.imports.rules import Looked

PROBLEMS_SHOWN = 1_000


def run_import(*, kind: str, file: Path, dry_run: bool, partial: bool) -> dict[str, Any]:
    """Take the file in, or only look; the contract's document. 导入一个文件"""
    began = monotonic()
    asked = kind_of(kind)
    content = looking.content_of(file)
    sheet = looking.sheet_of(content, kind=asked)
    if dry_run:
        mapping = looking.mapping_for(sheet, kind=asked)
        looked, run = looking.look(sheet, kind=asked, mapping=mapping), None
    else:
        looked, made = import_sheet(
            by=system(name="cli"),
            kind=kind,
            file_name=file.name,
            content=content,
            sheet=sheet,
            partial=partial,
        )
        run = made.pk
    return _said(looked, kind=kind, run=run, partial=partial) | {
        "seconds": round(monotonic() - began, 3)
    }


def _said(looked: Looked, *, kind: str, run: int | None, partial: bool) -> dict[str, Any]:
    counts = looked.counts
    none = counts["refused"] > 0 and not partial
    return {
        "kind": kind,
        "rows": counts["rows"],
        "taken": 0 if none else counts["new"] + counts["changed"],
        "refused": counts["refused"],
        "unchanged": counts["unchanged"],
        "run": None if run is None else str(run),
        "problems": looked.problems(most=PROBLEMS_SHOWN),
        "mapping": looked.mapping.as_json(),
    }
