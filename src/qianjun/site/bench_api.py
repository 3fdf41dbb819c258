"""One durable row and nothing else: what the intake bench compares with. 度量对照

Wired only when QIANJUN_BENCH is 1; the bench makes the table.
"""

from django.db import connection
from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from qianjun.org.http import bearer

router = Router(auth=bearer, tags=["bench"])


class Row(Schema):
    """What is stored."""

    text: str = Field(max_length=5000)


class Stored(Schema):
    """Where it is."""

    id: str


@router.post("/bench/row", response={201: Stored})
def insert_row(request: HttpRequest, row: Row) -> Status[dict[str, str]]:  # noqa: ARG001
    """Store the text durably, by one statement and its commit. 写一行"""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO bench_row (text) VALUES (%s) RETURNING id", [row.text])
        (ident,) = cursor.fetchone() or (0,)
    return Status(201, {"id": str(ident)})
