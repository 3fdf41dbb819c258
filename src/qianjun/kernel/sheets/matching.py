"""Which column of a sheet is which field: told, remembered, alike, or asked. 列对应

Nothing ambiguous is guessed: two columns for one field, or two fields for one column, are listed
for a person. How a column was found is said with it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from qianjun.kernel.sheets.model import Cell, Heading, Row
from qianjun.kernel.sheets.problems import Wrong
from qianjun.kernel.sheets.tables import Column, Table
from qianjun.kernel.sheets.values import Read, reader_of
from qianjun.kernel.sheets.wording import bare_key, title_key

How = Literal["remembered", "exact", "normalised", "fuzzy", "content"]

FUZZY_SCORE = 72.0  # of rapidfuzz's ratio: three of four characters
FUZZY_MARGIN = 12.0  # ahead of the next field
SAMPLE_ROWS = 60
LEAST_SAMPLE = 3
SPEAKS_FOR = 0.9  # of the sample reads as the kind
SPEAKS_AGAINST = 0.4
TELLING_KINDS = frozenset(["phone", "date", "instant", "int", "decimal", "choice", "bool"])
ALONE_TELLING_KINDS = frozenset(["phone", "date"])
MOBILE_DIGITS = 11
IGNORED = ""  # remembered for a column that nobody wants


@dataclass(frozen=True, kw_only=True)
class Unsure:
    """Columns and fields that could belong together in more than one way. 待确认"""

    headings: tuple[Heading, ...]
    fields: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ColumnMapping:
    """Column by field, how each was found, and what is left. 列对应"""

    headings: Mapping[str, Heading]
    how: Mapping[str, How]
    unknown: tuple[Heading, ...] = ()
    unsure: tuple[Unsure, ...] = ()
    missing: tuple[str, ...] = ()
    ignored: tuple[Heading, ...] = ()

    def as_json(self) -> dict[str, str]:
        """``{column: field}`` as the contract shows it."""
        names = defaultdict[str, int](int)
        for heading in self.headings.values():
            names[heading.name] += 1
        return {
            h.name if names[h.name] == 1 else f"{h.name}（{h.letter}）": name
            for name, h in self.headings.items()
        }

    def to_remember(self) -> dict[str, str]:
        """Folded title to field, for the next sheet of this kind."""
        kept = {_key(heading): name for name, heading in self.headings.items() if heading.title}
        return kept | {_key(heading): IGNORED for heading in self.ignored if heading.title}


def match_columns(
    headings: Sequence[Heading],
    *,
    table: Table,
    remembered: Mapping[str, str] | None = None,
    sample: Sequence[Row] = (),
) -> ColumnMapping:
    """Columns for the fields of the table; ``sample`` are rows whose content may decide. 匹配列"""
    matching = _Matching(headings=headings, table=table, rows=sample[:SAMPLE_ROWS])
    told = dict(remembered or {})
    ignored = tuple(h for h in headings if h.title and told.get(_key(h)) == IGNORED)
    matching.free = [h for h in headings if h not in ignored]
    matching.settle(matching.by_memory(told), how="remembered")
    matching.settle(matching.by_title(exact=True), how="exact")
    matching.settle(matching.by_title(exact=False), how="normalised")
    matching.settle(matching.by_likeness(), how="fuzzy")
    matching.settle(matching.by_content(), how="content")
    needed = [column.field for column in table.columns if column.required]
    return ColumnMapping(
        headings={f: matching.found[f] for f in table.by_field if f in matching.found},
        how=matching.how,
        unknown=tuple(matching.free),
        unsure=tuple(matching.unsure),
        missing=tuple(name for name in needed if name not in matching.found),
        ignored=ignored,
    )


def _key(heading: Heading) -> str:
    return title_key(heading.title)


def _names(heading: Heading) -> list[str]:
    """What a column may be called: all lines of its title together, the last, the last two."""
    parts = heading.parts
    return ["".join(parts), *([parts[-1], "".join(parts[-2:])] if len(parts) > 1 else [])]


Claims = dict[str, list[Heading]]  # by field


@dataclass(kw_only=True)
class _Matching:
    """The state of one matching: what is still free, what is found, what stays open."""

    headings: Sequence[Heading]
    table: Table
    rows: Sequence[Row]
    free: list[Heading] = field(default_factory=list)
    found: dict[str, Heading] = field(default_factory=dict)
    how: dict[str, How] = field(default_factory=dict)
    unsure: list[Unsure] = field(default_factory=list)

    def settle(self, claims: Claims, *, how: How) -> None:
        """Give each field its only column; what is claimed twice stays open."""
        claimed = defaultdict[int, list[str]](list)
        for name, headings in claims.items():
            for heading in headings:
                claimed[heading.index].append(name)
        for name, headings in claims.items():
            likely = self._likely(headings, column=self.table.by_field[name])
            if len(likely) == 1 and len(claimed[likely[0].index]) == 1:
                self.found[name], self.how[name] = likely[0], how
            else:
                fields = sorted({f for h in headings for f in claimed[h.index]})
                open_question = Unsure(headings=tuple(headings), fields=tuple(fields))
                if open_question not in self.unsure:
                    self.unsure.append(open_question)
        taken = {heading.index for heading in self.found.values()}
        open_ones = {heading.index for one in self.unsure for heading in one.headings}
        self.free = [h for h in self.free if h.index not in taken | open_ones]

    def _likely(self, headings: list[Heading], *, column: Column) -> list[Heading]:
        """Where several columns are called alike, those whose content is not against it."""
        if len(headings) == 1:
            return headings
        filled = [h for h in headings if not self.rows or self._cells(h)]
        return [h for h in filled if not self._against(h, column=column)]

    def _open_columns(self) -> list[Column]:
        asked = {name for one in self.unsure for name in one.fields}
        return [c for c in self.table.columns if c.field not in self.found and c.field not in asked]

    def by_memory(self, told: Mapping[str, str]) -> Claims:
        """Columns that a person has once matched."""
        claims = defaultdict[str, list[Heading]](list)
        for heading in self.free:
            name = told.get(_key(heading)) if heading.title else None
            if name in self.table.by_field:
                claims[name].append(heading)
        return claims

    def by_title(self, *, exact: bool) -> Claims:
        """Columns called as declared: to the letter, or without spaces, signs and brackets."""
        claims = defaultdict[str, list[Heading]](list)
        for column in self._open_columns():
            titles = {column.zh, *column.titles}
            for heading in self.free:
                if exact:
                    met = not titles.isdisjoint(_names(heading))
                else:
                    met = any({title_key(n), bare_key(n)} & column.keys for n in _names(heading))
                if met:
                    claims[column.field].append(heading)
        return claims

    def by_likeness(self) -> Claims:
        """Columns called nearly so, well ahead of the next field, with fitting content."""
        from rapidfuzz import fuzz

        claims = defaultdict[str, list[Heading]](list)
        columns = self._open_columns()
        for heading in self.free:
            names = [key for key in map(bare_key, _names(heading)) if key]
            scored = sorted(
                (max((fuzz.ratio(n, k) for n in names for k in c.keys), default=0.0), c.field)
                for c in columns
            )
            if not scored or scored[-1][0] < FUZZY_SCORE:
                continue
            near = [f for score, f in scored if score > scored[-1][0] - FUZZY_MARGIN]
            for name in near:
                if not self._against(heading, column=self.table.by_field[name]):
                    claims[name].append(heading)
        return claims

    def by_content(self) -> Claims:
        """The only open column full of telephones, or of dates, for the only such field."""
        claims = defaultdict[str, list[Heading]](list)
        columns = self._open_columns()
        for kind in sorted(ALONE_TELLING_KINDS):
            alike = [c for c in columns if c.kind == kind]
            if len(alike) != 1:
                continue
            full = [h for h in self.free if self._share(h, column=alike[0]) >= SPEAKS_FOR]
            if len(full) == 1:
                claims[alike[0].field] = full
        return claims

    def _against(self, heading: Heading, *, column: Column) -> bool:
        if column.kind not in TELLING_KINDS or len(self._cells(heading)) < LEAST_SAMPLE:
            return False
        return _readable(self._cells(heading), read=reader_of(column)) < SPEAKS_AGAINST

    def _share(self, heading: Heading, *, column: Column) -> float:
        """How much of the column can be nothing else than the kind; 0 when there is too little."""
        cells = self._cells(heading)
        if len(cells) < LEAST_SAMPLE:
            return 0.0
        telling = [c for c in cells if _tells(c, kind=column.kind)]
        return _readable(telling, read=reader_of(column)) * len(telling) / len(cells)

    def _cells(self, heading: Heading) -> list[Cell]:
        n = heading.index
        return [r.cells[n] for r in self.rows if n < len(r.cells) and r.cells[n] is not None]


def _tells(cell: Cell, *, kind: str) -> bool:
    """Whether the cell can hardly be anything else: eleven digits, a day with its marks."""
    if kind == "phone":
        text = str(int(cell)) if isinstance(cell, float) else str(cell)
        return sum(c.isdigit() for c in text) >= MOBILE_DIGITS and len(text) < 2 * MOBILE_DIGITS
    return not isinstance(cell, int | float) and any(c in str(cell) for c in "-/.年")


def _readable(cells: Iterable[Cell], *, read: Read) -> float:
    outcomes = [_reads(cell, read=read) for cell in cells]
    return sum(outcomes) / max(1, len(outcomes))


def _reads(cell: Cell, *, read: Read) -> bool:
    try:
        read(cell, [])
    except Wrong:
        return False
    return True
