"""A declared table: its columns, how they are called, what they hold. 表格声明

Declared once, it is what an import expects and what a list shows.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as default
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Literal

from qianjun.kernel.clock import in_beijing
from qianjun.kernel.sheets.wording import bare_key, title_key

Kind = Literal["text", "int", "decimal", "date", "instant", "phone", "code", "choice", "bool"]
Value = str | int | Decimal | bool | date | datetime | None
DASH = "–"


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column: ``zh`` is its title on screen, ``titles`` what other sheets call it. 列声明

    ``choices`` maps what people write to what is stored, the first word of a value is shown;
    ``pattern`` is the full form of a code; ``blank`` is shown where there is no value.
    """

    field: str
    zh: str
    kind: Kind = "text"
    titles: tuple[str, ...] = ()
    required: bool = False
    max_chars: int = 200
    choices: Mapping[str, str] = default(default_factory=dict)
    least: int | Decimal | None = None
    most: int | Decimal | None = None
    pattern: str = ""
    blank: str = DASH

    @cached_property
    def keys(self) -> frozenset[str]:
        """All its titles, folded."""
        return frozenset(title_key(title) for title in (self.zh, *self.titles))


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A table ready for screen or paper. 显示表"""

    header: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, kw_only=True)
class Table:
    """Columns in order; rows with the same values in the ``key`` fields are duplicates. 表声明"""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        fields = [column.field for column in self.columns]
        if len(set(fields)) < len(fields) or not set(self.key) <= set(fields):
            raise ValueError(f"{self.name}: a field twice, or a key that is no field")

    @cached_property
    def expected(self) -> frozenset[str]:
        """Folded titles of all columns, by which a reader finds the header."""
        titles = [title for column in self.columns for title in (column.zh, *column.titles)]
        return frozenset(key(title) for title in titles for key in (title_key, bare_key))

    @cached_property
    def by_field(self) -> dict[str, Column]:
        """The columns by field."""
        return {column.field: column for column in self.columns}

    def shown(self, rows: Iterable[object], *, masked: bool = True) -> Shown:
        """Header and cells; rows are mappings or objects, telephones are masked. 显示"""
        return Shown(
            header=tuple(column.zh for column in self.columns),
            cells=tuple(
                tuple(_cell(_of(row, c.field), column=c, masked=masked) for c in self.columns)
                for row in rows
            ),
        )


def plain_of(row: object, column: Column, *, masked: bool) -> object:
    """The value of a row in a column as it is, a telephone masked unless asked otherwise."""
    value = _of(row, column.field)
    return _cell(value, column=column, masked=masked) if column.kind == "phone" and value else value


def shown_of(value: object, column: Column) -> str:
    """A value as its column shows it. 显示"""
    return _cell(value, column=column, masked=False)


def _of(row: object, field: str) -> object:
    return row.get(field) if isinstance(row, Mapping) else getattr(row, field)


def _cell(value: object, *, column: Column, masked: bool) -> str:
    if value is None or value == "":
        return column.blank
    if column.kind == "choice":
        return next(
            (word for word, stored in column.choices.items() if stored == value), str(value)
        )
    if column.kind == "phone" and masked:
        from qianjun.kernel.text import masked_phone

        return masked_phone(str(value))
    return on_screen(value)


def on_screen(value: object) -> str:
    """Yes and no, instants in Beijing time to the minute, numbers with thousands, else the text."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return f"{in_beijing(value):%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float | Decimal):
        return f"{value:,}"
    return str(value)
