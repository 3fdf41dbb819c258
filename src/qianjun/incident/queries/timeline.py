"""What happened in an incident, as people read it. 时间线"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django.db.models import Q

from qianjun.incident.queries.seen import incident_seen
from qianjun.journal import queries as journal
from qianjun.journal.queries import Line
from qianjun.kernel.text import mask_phones_in
from qianjun.media.queries import files_about
from qianjun.org.actor import Actor
from qianjun.org.queries import names_of

KINDS: Final = ("fact", "order", "feedback", "system")


def timeline(
    *,
    seen_by: Actor,
    incident_id: str | int,
    after: str | None = None,
    kind: str | None = None,
    as_of: datetime | None = None,
    limit: int = 50,
    newest_first: bool = False,
    but: Q | None = None,
) -> tuple[list[dict[str, Any]], str | None]:
    """The lines of contract 6 and where to go on; telephones are masked. 时间线

    ``but`` leaves entries out.
    """
    incident = incident_seen(seen_by=seen_by, incident_id=incident_id)
    lines, more = journal.timeline(
        incident=incident.pk,
        after=after,
        kind=kind,
        as_of=as_of,
        limit=limit,
        newest_first=newest_first,
        but=but,
    )
    names = names_of((line.by_kind, line.by_id) for line in lines)
    files = files_about((line.about_kind, line.about_id) for line in lines if _has_files(line))
    return [
        line_json(
            line,
            names[line.by_kind, line.by_id],
            files=files.get((line.about_kind, line.about_id), []),
        )
        for line in lines
    ], more


def _has_files(line: Line) -> bool:
    """Whether files stand beside it; what is about the whole incident would repeat them all."""
    return line.about_kind in ("file", "report")


def line_json(
    line: Line,
    name_masked: str,
    *,
    files: Sequence[dict[str, Any]] = (),
) -> dict[str, Any]:
    """One line as in contract 6, which line has corrected it, how it may be handled."""
    about = {"kind": line.about_kind, "id": line.about_id} if line.about_kind else None
    return {
        "id": line.id,
        "seq": line.seq,
        "at": line.at.isoformat(),
        "happened_at": line.happened_at.isoformat(),
        "recorded_at": line.recorded_at.isoformat(),
        "late_entry": line.late_entry,
        "name": line.name,
        "kind": line.kind,
        "by": {"kind": line.by_kind, "name_masked": name_masked, "role": line.by_role},
        "text_zh": mask_phones_in(line.text_zh),
        "text_en": mask_phones_in(line.text_en),
        "erased": line.erased,
        "corrects": line.corrects,
        "corrected_by": line.corrected_by,
        "mark": line.mark,
        "about": about,
        "files": list(files),
    }
