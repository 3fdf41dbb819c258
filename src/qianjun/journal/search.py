"""The one search column: any module's table has it, any list asks it. 检索列

A table declares what it is found by and nothing more:

    search = SearchField(names=("name",), texts=("text",), numbers=("number",))

with ``search_index("place")`` among its indexes. The words are computed whenever a row is written
by ``save`` or ``bulk_create``; a writer that names its fields names ``search`` beside them, one
that writes SQL takes ``SearchField.terms_of``. Lists are narrowed by ``matching(rows, q)``.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeVar

from django.apps import apps
from django.contrib.postgres.indexes import GinIndex
from django.db import connection
from django.db.models import Case, Field, IntegerField, Lookup, Model, Q, QuerySet, Value, When

from qianjun.kernel.search import OPEN, open_ends, search_questions, search_terms

FILLED_AT_ONCE: Final = 1_000
NAME: Final = "search"
Row = TypeVar("Row", bound=Model)
Columns = tuple[str, ...]
Bound = tuple[str | int, ...]
if TYPE_CHECKING:
    AnyField = Field[Any, Any]
    TextLookup = Lookup[str]
else:
    AnyField, TextLookup = Field, Lookup


class SearchField(AnyField):
    """The words of a row as a ``tsvector``; never read back, null when not yet computed. 检索列

    ``names`` are found by characters and initials, ``texts`` by characters, ``numbers`` by any
    piece.
    """

    description = "检索词"

    def __init__(
        self,
        *,
        names: Columns = (),
        texts: Columns = (),
        numbers: Columns = (),
        **options: Any,  # noqa: ANN401 - what Django hands on
    ) -> None:
        self.sources: dict[str, Columns] = {"names": names, "texts": texts, "numbers": numbers}
        options |= {"null": True, "editable": False, "default": None}
        options.setdefault("verbose_name", self.description)
        super().__init__(**options)

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        """What it is computed from is no matter of the table."""
        name, path, args, options = super().deconstruct()
        for told in ("null", "editable", "default"):
            options.pop(told, None)
        return name, path, args, options

    def db_type(self, connection: Any) -> str:  # noqa: ANN401, ARG002
        """One word list; without positions, for words are asked for one by one."""
        return "tsvector"

    def get_internal_type(self) -> str:
        """Written as text, which PostgreSQL reads; so many rows go in with one statement."""
        return "TextField"

    def select_format(self, compiler: Any, sql: str, params: Any) -> tuple[str, Any]:  # noqa: ANN401, ARG002
        """Rows are read without it: nobody looks at the words of a row."""
        return "NULL", ()

    def pre_save(self, model_instance: Model, add: bool) -> str:  # noqa: ARG002
        """The words of the row as it is about to be written."""
        return self.words_in(model_instance)

    def words_in(self, row: Model) -> str:
        """The words of a row as it stands."""
        return self.words_of({column: getattr(row, column) for column in self.columns})

    def words_of(self, row: Mapping[str, Any]) -> str:
        """The words of a row given by its columns."""
        told = {
            kind: [row[column] for column in columns if row.get(column)]
            for kind, columns in self.sources.items()
        }
        return " ".join(search_terms(**told))

    @property
    def columns(self) -> Columns:
        """Everything that it is computed from."""
        return tuple(column for columns in self.sources.values() for column in columns)


@SearchField.register_lookup
class Matches(TextLookup):
    """``search__matches`` takes one question of ``kernel.search``."""

    lookup_name = "matches"

    def get_prep_lookup(self) -> str:
        """The question is text; the field would have words."""
        return str(self.rhs)

    def get_db_prep_lookup(self, value: Any, connection: Any) -> tuple[str, Bound]:  # noqa: ANN401, ARG002
        """Bound as it is."""
        return "%s", (value,)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Bound]:  # noqa: ANN401
        """By the index."""
        lhs, before = self.process_lhs(compiler, connection)
        rhs, after = self.process_rhs(compiler, connection)
        return f"{lhs} @@ {rhs}::tsquery", (*before, *after)


def put_words(row: Row) -> Row:
    """Compute the words of a row that ``bulk_update`` will write; return it. 写检索词"""
    for field in row._meta.concrete_fields:
        if isinstance(field, SearchField):
            setattr(row, field.attname, field.words_in(row))
    return row


def words_of(model: type[Model], *, counted: str = "", **columns: str) -> str:
    """The words of a row that SQL will write, for the place of ``search_sql``. 检索词

    ``counted`` is what stands before the count in a number that only the database will know.
    """
    (field,) = (f for f in model._meta.concrete_fields if isinstance(f, SearchField))
    return " ".join([field.words_of(columns), *open_ends(counted)])


def search_sql(words: str, *, number: str) -> str:
    """SQL for the column from ``words_of``, when the count is the last part of this number."""
    count = f"split_part({number}, '-', -1)"
    return f"""(SELECT (replace({words}, '{OPEN}', n) || ' ' || right(n, 3) || ' ' || right(n, 2)
      || ' ' || right(n, 1))::tsvector FROM {count} AS n)"""  # noqa: S608


def search_index(table: str) -> GinIndex:
    """The index that goes with the column. 检索索引"""
    return GinIndex(fields=[NAME], name=f"{table}_search")


def matching(rows: QuerySet[Row], q: str) -> QuerySet[Row]:
    """The rows that every word of ``q`` matches; all rows when nothing is asked. 检索"""
    for asked in search_questions(q) or ():
        rows = rows.filter(**{f"{NAME}__matches": asked})
    return rows


def closest(rows: QuerySet[Row], q: str, *, name: str = "name") -> QuerySet[Row]:
    """``matching``: those called so first, then those beginning so, by ``sort_key``. 按名检索"""
    words = q.strip()
    called, begins = (
        When(Q(**{name: words}), then=0),
        When(Q(**{f"{name}__startswith": words}), then=1),
    )
    near = Case(called, begins, default=Value(2), output_field=IntegerField())
    return matching(rows, q).order_by(near, "sort_key", "pk")


# --- rows without words ---------------------------------------------------------------------------


def searched() -> Iterator[tuple[type[Model], SearchField]]:
    """Every table that has the column."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, SearchField):
                yield model, field


def fill_search(*, anew: bool = False) -> int:
    """Give words to rows that have none, or to all; return to how many. 补检索词

    In pieces that commit one by one, so that it may be interrupted and go on later.
    """
    return sum(_fill(model, field, anew=anew) for model, field in searched())


def _fill(model: type[Model], field: SearchField, *, anew: bool) -> int:
    rows: QuerySet[Any] = model._default_manager.order_by("pk")
    if not anew:
        rows = rows.filter(**{f"{field.name}__isnull": True})
    filled, last = 0, 0
    while piece := list(rows.filter(pk__gt=last).values("pk", *field.columns)[:FILLED_AT_ONCE]):
        _write(model, field, piece)
        filled, last = filled + len(piece), piece[-1]["pk"]
    return filled


_WRITE = """
UPDATE {table} SET {column} = w.words::tsvector
FROM unnest(%s::bigint[], %s::text[]) AS w(pk, words) WHERE {table}.{key} = w.pk
"""


def _write(model: type[Model], field: SearchField, rows: list[dict[str, Any]]) -> None:
    meta = model._meta
    sql = _WRITE.format(table=meta.db_table, column=field.column, key=meta.pk.column)
    words = [field.words_of(row) for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(sql, [[row["pk"] for row in rows], words])
