"""Walk the chain and name the first thing that is wrong. 核验"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from django.db import connection

from qianjun.journal.bus import digest_of
from qianjun.journal.events import BodyErased
from qianjun.journal.models import Entry, Seal
from qianjun.journal.rules import GENESIS, algorithm_of, chained
from qianjun.journal.sealing import COLUMNS, Row, as_columns
from qianjun.kernel.errors import Refused
from qianjun.kernel.words import noop as _

CHUNK = 5_000
HEAD = re.compile(r"(\d{1,18}):((?:sm3:)?[0-9a-f]{64})\Z")
BadKind = Literal["altered", "missing", "reordered", "body_missing"]
BodyState = Literal["as sealed", "gone", "altered"]

_WALK = """
SELECT s.seq, s.entry_id, s.prev, s.hash, b.salt, b.text, COLUMNS
FROM journal_seal s
LEFT JOIN journal_entry e ON e.id = s.entry_id
LEFT JOIN journal_body b ON b.entry_id = s.entry_id
WHERE s.seq > %s ORDER BY s.seq LIMIT %s
""".replace("COLUMNS", ", ".join(f"e.{name}" for name in COLUMNS))


@dataclass(frozen=True, kw_only=True)
class Bad:
    """The first place that is not as it was sealed. 第一处不符"""

    seq: int
    entry: int | None
    kind: BadKind


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What verifying found. 核验结果"""

    entries: int
    sealed: int
    seq: int
    hash: str
    first_bad: Bad | None

    @property
    def ok(self) -> bool:
        """Whether everything sealed is as it was."""
        return self.first_bad is None

    def as_json(self) -> dict[str, Any]:
        """As the contract writes it."""
        bad = self.first_bad
        return {
            "ok": self.ok,
            "entries": self.entries,
            "sealed": self.sealed,
            "head": {"seq": self.seq, "hash": self.hash},
            "first_bad": bad and {"seq": bad.seq, "entry": bad.entry, "kind": bad.kind},
        }


@dataclass(frozen=True, kw_only=True)
class _Link:
    """One seal with what it seals; ``columns`` is None when the entry is gone."""

    seq: int
    entry: int
    prev: str
    hash: str
    body: BodyState
    columns: Row | None

    def fits(self, prev: str) -> bool:
        """Whether entry and hash belong together behind this previous hash."""
        if self.columns is None:
            return False
        return chained(prev, self.columns, algorithm=algorithm_of(self.hash)) == self.hash


def verify(head: str | None = None, *, last: int | None = None) -> Verdict:
    """Walk the chain in chunks; name the first bad row. 核验

    ``head`` is a head written down earlier, ``SEQ:HASH``: then a chain that was cut or made anew
    is seen too. ``last`` walks only so many seals, the newest. Raises Refused 422 ``bad_head``. One
    reading of these entries, memory bounded.
    """
    known = _known(head)
    seq, hash_ = _start(last)
    bad = _known_wrong(known, before=seq)
    for links in () if bad else _chunks(seq):
        seq, hash_, bad = _walk(links, seq, hash_, known)
        if bad:
            break
    if bad is None and known and seq < known[0]:
        bad = Bad(seq=seq + 1, entry=None, kind="missing")
    return Verdict(
        entries=Entry.objects.count(),
        sealed=Seal.objects.count(),
        seq=seq,
        hash=hash_,
        first_bad=bad,
    )


def _known(head: str | None) -> tuple[int, str] | None:
    if head is None:
        return None
    match = HEAD.match(head.strip())
    if match is None:
        raise Refused("bad_head", _("链首应写作 序号:摘要，例如 12:ab34…（64 位十六进制）。"))
    return int(match[1]), match[2]


def _start(last: int | None) -> tuple[int, str]:
    """Number and hash of the seal before the first to walk."""
    top = Seal.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
    before = max(0, top - last) if last is not None else 0
    if not before:
        return 0, GENESIS
    found = Seal.objects.filter(seq=before).values_list("hash", flat=True).first()
    return before, found or ""


def _known_wrong(known: tuple[int, str] | None, *, before: int) -> Bad | None:
    """Whether the head that is known lies before what is walked and is not what it was."""
    if known is None or not 0 < known[0] <= before:
        return None
    seal = Seal.objects.filter(seq=known[0]).first()
    if seal and seal.hash == known[1]:
        return None
    kind: BadKind = "altered" if seal else "missing"
    return Bad(seq=known[0], entry=seal.entry_id if seal else None, kind=kind)


def _chunks(last: int = 0) -> Iterator[list[_Link]]:
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_WALK, [last, CHUNK])
            links = [_link(*row) for row in cursor.fetchall()]
        if not links:
            return
        yield links
        last = links[-1].seq


def _link(
    seq: int, entry: int, prev: str, hash_: str, salt: str | None, text: str | None, *values: object
) -> _Link:
    columns = as_columns(values) if values[0] is not None else None
    body = _body(columns["digest"] if columns else "", salt or "", text or "")
    return _Link(seq=seq, entry=entry, prev=prev, hash=hash_, body=body, columns=columns)


def _body(digest: str, salt: str, text: str) -> BodyState:
    if not salt and not text:
        return "gone" if digest else "as sealed"
    return "as sealed" if digest_of(salt, text) == digest else "altered"


def _walk(
    links: list[_Link], seq: int, hash_: str, known: tuple[int, str] | None
) -> tuple[int, str, Bad | None]:
    erased = _erased([link for link in links if link.body == "gone"])
    for link in links:
        kind = _wrong(link, seq + 1, hash_) or _body_wrong(link, erased)
        if kind is None and known and link.seq == known[0] and link.hash != known[1]:
            kind = "altered"
        if kind:
            gap = link.seq != seq + 1
            return seq, hash_, Bad(seq=seq + 1, entry=None if gap else link.entry, kind=kind)
        seq, hash_ = link.seq, link.hash
    return seq, hash_, None


def _erased(links: list[_Link]) -> set[int]:
    """Those of these whose body was erased by a verb, which is an entry itself."""
    asked = [str(link.entry) for link in links]
    said = Entry.objects.filter(name=BodyErased.name, about_kind="entry", about_id__in=asked)
    return {int(ident) for ident in said.values_list("about_id", flat=True)} if asked else set()


def _body_wrong(link: _Link, erased: set[int]) -> BadKind | None:
    if link.body == "gone":
        return None if link.entry in erased else "body_missing"
    return "altered" if link.body == "altered" else None


def _wrong(link: _Link, seq: int, prev: str) -> BadKind | None:
    if link.seq != seq:
        return "reordered" if _elsewhere(prev=prev) else "missing"
    if link.columns is None:
        return "missing"
    if link.prev == prev:
        if link.fits(prev):
            return None
        return "reordered" if _fits_elsewhere(link) else "altered"
    if not link.fits(link.prev):
        return "altered"
    return "reordered" if _elsewhere(prev=prev) or _elsewhere(hash=link.prev) else "missing"


def _elsewhere(**place: str) -> bool:
    """Whether some seal has this previous hash, or this hash: the neighbour is only moved."""
    return Seal.objects.filter(**place).exists()


def _fits_elsewhere(link: _Link) -> bool:
    """Whether this entry is genuine, but under another entry's seal."""
    assert link.columns is not None
    for links in _chunks():
        for other in links:
            algorithm = algorithm_of(other.hash)
            if chained(other.prev, link.columns, algorithm=algorithm) == other.hash:
                return True
    return False
