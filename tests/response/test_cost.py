"""What taking a report in costs: statements and commits, through the real address."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import cast
from tests.incident.fires import FIRE, LAT

pytestmark = pytest.mark.django_db(transaction=True)
MOST = 16
HEALTH_CHECK = 1  # asked for a connection that a server keeps; a test's connection is fresh
PLACES = 500


def report(client: Client, number: int, **changed: Any) -> tuple[list[str], dict[str, Any]]:
    """The statements of one report, and its answer."""
    body = {"text": FIRE, "channel": "phone", "lon": 109.0 + number * 0.002, "lat": LAT} | changed
    headers = {"Idempotency-Key": f"report-{number:08d}"}
    with CaptureQueriesContext(connection) as seen:
        reply = client.post(
            "/api/v1/reports", json.dumps(body), content_type="application/json", headers=headers
        )
    assert reply.status_code == 201
    return [str(one["sql"]) for one in seen], json.loads(reply.content)


def cost_of(statements: list[str]) -> int:
    """How many statements, BEGIN and COMMIT not counted."""
    return HEALTH_CHECK + sum(one not in ("BEGIN", "COMMIT") for one in statements)


def test_a_new_incident_with_figures_costs_at_most_sixteen_statements_and_one_commit() -> None:
    client = cast.client_for("duty_officer")
    report(client, 0)  # the first in a process reads tables
    statements, answer = report(client, 1, figures={"dead": 0, "injured": 2}, source="119")
    assert answer["joined"] == "new"
    assert cost_of(statements) <= MOST
    assert statements.count("COMMIT") == 1


def test_a_joined_report_with_figures_costs_at_most_sixteen_statements_and_one_commit() -> None:
    client = cast.client_for("duty_officer")
    report(client, 0)
    statements, answer = report(client, 1, lon=109.0, figures={"injured": 2})
    assert answer["joined"] == "auto"
    assert cost_of(statements) <= MOST
    assert statements.count("COMMIT") == 1


def test_over_five_hundred_places_the_mean_stays_below_sixteen() -> None:
    client = cast.client_for("duty_officer")
    told = [report(client, number)[0] for number in range(PLACES)]
    assert sum(map(cost_of, told)) / PLACES <= MOST
    assert all(one.count("COMMIT") == 1 for one in told[1:])
