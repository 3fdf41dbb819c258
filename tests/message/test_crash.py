"""Pumps and carrier are killed with -9 in the middle of a wave: each message leaves once."""

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.models import Count

from qianjun.message.actions import send, send_many
from qianjun.message.models import CarrierRow, Message
from qianjun.message.queries import outbox_waiting
from qianjun.site import database
from tests.message.cast import HOUSE, crowd, person
from tests.settings import FOLDER

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.running_clock,
    pytest.mark.crash,
]
KILLS, MOST_KILLS, WAVE, SETTLED_S = 8, 40, 4000, 60
WORK = """
import django
django.setup()
from threading import Event, Thread
from qianjun.message.carrier import run_carrier
from qianjun.message.pump import run_pump
stop = Event()
Thread(target=run_carrier, args=(stop,)).start()
Thread(target=run_pump, args=(stop,), kwargs={"urgent": False}).start()
run_pump(stop, urgent=True)
"""


@contextmanager
def working(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Both pumps and the carrier in a process of their own, on this test's database."""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "qianjun.site.settings",
        "DATABASE_URL": database.dsn(FOLDER, str(connection.settings_dict["NAME"])),
        "QIANJUN_REALM": "demo",
        "QIANJUN_DATA": str(folder),
    }
    worker = subprocess.Popen([sys.executable, "-c", WORK], env=environment)
    try:
        yield worker
    finally:
        worker.kill()
        worker.wait()


def test_killed_in_the_middle_nothing_is_lost_and_nothing_leaves_twice(tmp_path: Path) -> None:
    call: dict[str, Any] = {"by": HOUSE, "text": "演示涂料厂起火", "incident": 1}
    seed = random.Random(7)
    send_many(**call, purpose="callout", matter="c:1", rank=2, people=crowd(WAVE))
    leader = person(phone="10012345678")
    kills, hit = 0, set[int]()
    # on a busy machine eight kills may all fall between two batches: then it is killed again
    while kills < KILLS or not hit:
        assert kills < MOST_KILLS, "no kill hit anything"
        send(**call, purpose="report", matter=f"incident:{kills}", rank=0, person=leader.pk)
        with working(tmp_path):
            _wait_until(_something_leaves(), seconds=SETTLED_S)
            time.sleep(seed.uniform(0, 0.15))
        kills += 1
        hit |= _in_hand()
    with working(tmp_path):
        _wait_until(lambda: not outbox_waiting(), seconds=SETTLED_S)
        _wait_until(_all_delivered, seconds=SETTLED_S)
    assert Message.objects.filter(pk__in=hit, sent_at__isnull=False).count() == len(hit)
    copies = CarrierRow.objects.values("key").annotate(n=Count("id")).filter(n__gt=1)
    assert list(copies) == []
    assert CarrierRow.objects.filter(resend=True).count() == 0
    assert CarrierRow.objects.count() == Message.objects.count() == WAVE + kills


def _in_hand() -> set[int]:
    """What a killed pump had in hand: claimed, and not a word since.

    It may have got through all the same; then its receipt tells, and it is not tried again.
    """
    taken = Message.objects.filter(attempts__gt=0, sent_at__isnull=True, failed_at__isnull=True)
    return set(taken.filter(lease_until__isnull=False).values_list("pk", flat=True))


def _something_leaves() -> Any:
    before = CarrierRow.objects.count()
    return lambda: CarrierRow.objects.count() > before or not outbox_waiting()


def _all_delivered() -> bool:
    return not Message.objects.filter(delivered_at__isnull=True).exists()


def _wait_until(holds: Any, *, seconds: float) -> None:
    ends = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < ends
        time.sleep(0.01)
