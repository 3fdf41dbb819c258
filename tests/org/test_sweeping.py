"""What is kept no longer goes away by itself."""

from datetime import timedelta
from threading import Event, Thread

import pytest
from django.contrib.sessions.models import Session

from qianjun.kernel import clock
from qianjun.org.models import Answered, KnownNetwork, LoginDelay
from qianjun.org.sweeping import run_sweeper


@pytest.mark.django_db(transaction=True)
def test_the_sweeper_sweeps_at_once_and_stops_when_told() -> None:
    old = clock.real() - timedelta(days=60)
    Answered.objects.create(slot="old", sha256="", at=old)
    Answered.objects.create(slot="new", sha256="", at=clock.real())
    LoginDelay.objects.create(key="old", failures=9, failed_at=old, open_at=old)
    KnownNetwork.objects.create(key="old", seen_at=old)
    Session.objects.create(session_key="old", session_data="", expire_date=old)
    stop = Event()
    stop.set()
    sweeper = Thread(target=run_sweeper, args=[stop])
    sweeper.start()
    sweeper.join(10)
    assert not sweeper.is_alive()
    assert list(Answered.objects.values_list("slot", flat=True)) == ["new"]
    for table in (LoginDelay, KnownNetwork, Session):
        assert not table.objects.exists()
