"""Forty telephones, one fire, one moment: forty reports, one incident, one call."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from qianjun.incident.models import Incident, Report
from qianjun.message.models import Message
from tests.hostile.bodies import REPORT
from tests.hostile.examples import API, Asker, furnish
from tests.worker import run_jobs

pytestmark = pytest.mark.django_db(transaction=True)
PHONES = 40
# the same house, as forty people point at it: within a few metres
FIRE = REPORT | {"join": "auto", "figures": {}}


def told_by(number: int) -> dict[str, Any]:
    """What one of the forty says."""
    caller = {"name": f"演示群众{number}", "phone": f"100{number:08d}"}
    lon = FIRE["lon"] + (number % 5) * 0.00002
    return FIRE | {"caller": caller, "lon": round(lon, 6)}


def test_forty_reports_of_one_fire_are_forty_rows_and_one_incident() -> None:
    furnish()
    officer = Asker(role="duty_officer")
    together = threading.Barrier(PHONES)

    def phone(number: int) -> dict[str, Any]:
        try:
            together.wait()
            return officer.report(**told_by(number))
        finally:
            connection.close()

    with ThreadPoolExecutor(PHONES) as phones:
        taken = list(phones.map(phone, range(PHONES)))
    run_jobs()

    assert Report.objects.count() == PHONES
    assert Incident.objects.count() == 1
    assert sorted(one["joined"] for one in taken) == ["auto"] * (PHONES - 1) + ["new"]
    assert len({one["number"] for one in taken}) == PHONES
    assert all(one["join_probability"] >= 0.95 for one in taken if one["joined"] == "auto")
    assert [message.purpose for message in Message.objects.all()] == ["report"]
    card = officer.send("GET", f"{API}incidents/{taken[0]['incident']['id']}")
    assert card.status_code == 200
    assert b'"reports": 40' in card.content
