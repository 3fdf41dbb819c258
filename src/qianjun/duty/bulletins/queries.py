"""Bulletins: the draft as it counts now, the issued ones as they were frozen. 查值班信息"""

from dataclasses import dataclass
from typing import Any, Final

from django.db.models import QuerySet

from qianjun.duty.bulletins.counting import found_in
from qianjun.duty.models import Bulletin
from qianjun.duty.rules.bulletin import Line, digest_of, last_due, lines_of, plain_text
from qianjun.journal.deadlines import deadlines_of
from qianjun.journal.models import Deadline
from qianjun.kernel import clock
from qianjun.org.actor import Actor, key_of, not_found, require
from qianjun.org.queries import name_of

LIST_MOST: Final = 60
KIND: Final = "bulletin"
Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A bulletin as it reads: counted now while it is a draft. 值班信息"""

    row: Bulletin
    lines: tuple[Line, ...]
    due: Deadline | None

    @property
    def text(self) -> str:
        """The whole."""
        return self.row.text if self.row.issued_at else plain_text(self.lines, self.row.closing)

    @property
    def digest(self) -> str:
        """What a signature stands for."""
        if self.row.issued_at:
            return self.row.digest
        return digest_of(self.row.day, self.lines, self.row.closing)


def about(row: Bulletin) -> tuple[str, str]:
    """What deadlines and entries of a bulletin are about."""
    return ("bulletin", str(row.pk))


def bulletins(*, seen_by: Actor) -> QuerySet[Bulletin]:
    """All of them, the newest first. 历次值班信息"""
    require(seen_by, "bulletin.read")
    return Bulletin.objects.order_by("-day")


def bulletin_seen(*, seen_by: Actor, bulletin_id: str | int) -> Seen:
    """One bulletin; 404 for none. 一期"""
    row = bulletins(seen_by=seen_by).filter(pk=key_of(bulletin_id)).first()
    if row is None:
        raise not_found()
    return seen_of(row)


def seen_of(row: Bulletin) -> Seen:
    """How it reads: the frozen words, or what the rows say now."""
    mine = about(row)
    return Seen(row=row, lines=_lines(row), due=next(iter(deadlines_of(mine)[mine]), None))


def _lines(row: Bulletin) -> tuple[Line, ...]:
    if row.issued_at is None:
        return lines_of(found_in(row.since, row.until))
    return tuple(
        Line(code=one["code"], text=one["text"], keys=tuple(one["keys"])) for one in row.lines
    )


def is_missing() -> bool:
    """Whether the last day that should have one has none. 应有而没有"""
    return not Bulletin.objects.filter(day=last_due(clock.now())).exists()


def issuer_of(row: Bulletin) -> str:
    """Who issued it. 签发人"""
    return name_of(row.issuer_kind, row.issuer_id) if row.issuer_kind else ""


def bulletin_json(seen: Seen) -> Json:
    """A bulletin as programs read it. 值班信息"""
    row = seen.row
    return {
        "id": str(row.pk),
        "day": row.day.isoformat(),
        "since": row.since.isoformat(),
        "until": row.until.isoformat(),
        "number": row.number or None,
        "issue": row.issue,
        "lines": [one.as_json() for one in seen.lines],
        "closing": row.closing,
        "version": row.version,
        "digest": seen.digest,
        "issued_at": row.issued_at.isoformat() if row.issued_at else None,
        "due_at": seen.due.due_at.isoformat() if seen.due else None,
    }
