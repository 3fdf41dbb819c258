"""The ground everything stands on: the embedded database answers and keeps the settings."""

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db


def test_the_embedded_database_answers_as_postgresql() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        row = cursor.fetchone()
    assert row is not None
    assert int(row[0]) >= 150000
