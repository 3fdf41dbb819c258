"""How records may be handled: rows that are only added, the last one counts. 标记"""

from collections.abc import Iterable

from django.db.models import Q

from qianjun.journal.bus import By, emit
from qianjun.journal.events import RecordMarked
from qianjun.journal.models import Mark
from qianjun.journal.rules import USUAL_MARK
from qianjun.kernel import clock

About = tuple[str, str]


def marks_of(abouts: Iterable[About]) -> dict[About, str]:
    """The mark of each of these records as it stands; one statement. 现行标记"""
    wanted = set(abouts)
    found = dict.fromkeys(wanted, USUAL_MARK)
    named = Q()
    for kind in sorted({kind for kind, _ident in wanted}):
        idents = sorted(ident for one, ident in wanted if one == kind)
        named |= Q(about_kind=kind, about_id__in=idents)
    if not wanted:
        return found
    rows = Mark.objects.filter(named).order_by("about_kind", "about_id", "-pk")
    last = rows.distinct("about_kind", "about_id")
    return found | {(row.about_kind, row.about_id): row.mark for row in last}


def mark_of(about: About) -> str:
    """The mark of one record."""
    return marks_of([about])[about]


def marks_before(about: About) -> list[Mark]:
    """Every mark that a record was given, the last first. 标记经过"""
    return list(Mark.objects.filter(about_kind=about[0], about_id=about[1]).order_by("-pk"))


def put_mark(
    *, by: By, about: About, mark: str, why: str, incident: int | None, says: bool = True
) -> Mark:
    """Add the row and say so, unless it goes with another; the verb above asks who may. 加标记"""
    row = Mark.objects.create(
        about_kind=about[0],
        about_id=about[1],
        mark=mark,
        at=clock.now(),
        by_kind=by.kind,
        by_id=by.ident,
        by_role=by.role,
        why=why,
    )
    if not says:
        return row
    said = RecordMarked(record_kind=about[0], record_id=about[1], mark=mark)
    emit(said, by=by, incident=incident, about=about, body=why)
    return row
