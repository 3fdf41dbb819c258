"""What a house holds, as numbers to compare: each table's rows, each file's bytes. 校验和"""

import hashlib
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

TABLES = """
SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename
"""
# whatever the order of the rows, and without a row leaving the database
SUM = """
SELECT count(*) || ':' || coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) FROM {} t
"""
SEQUENCES = """
SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public' ORDER BY 1
"""


def table_sums(url: str) -> dict[str, str]:
    """Rows and checksum of every table, and where every sequence stands."""
    with psycopg.connect(url) as books:
        names = [str(row[0]) for row in books.execute(TABLES)]
        found = {name: _one(books, name) for name in names}
        return found | {f"{name} (next)": str(last) for name, last in books.execute(SEQUENCES)}


def _one(books: psycopg.Connection[Any], name: str) -> str:
    row = books.execute(sql.SQL(SUM).format(sql.Identifier(name))).fetchone()
    assert row is not None
    return str(row[0])


def file_sums(folder: Path) -> dict[str, str]:
    """The hash of every file below a folder, by its path there."""
    found: dict[str, str] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            with path.open("rb") as source:
                digest = hashlib.file_digest(source, "sha256").hexdigest()
            found[path.relative_to(folder).as_posix()] = digest
    return found
