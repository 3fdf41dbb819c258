"""Throw away what is kept no longer: answers, delays, sessions. 定时清理"""

from threading import Event

from django.contrib.sessions.backends.db import SessionStore
from django.db import connections

from qianjun.org.delays import forget_old_delays
from qianjun.org.http import forget_old_answers
from qianjun.org.imports.keeping import forget_old_imports

EVERY_S = 3600.0


def sweep() -> None:
    """Sweep once."""
    forget_old_answers()
    forget_old_delays()
    forget_old_imports()
    SessionStore.clear_expired()


def run_sweeper(stop: Event) -> None:
    """Sweep now and every hour until told to stop; between, no connection is held. 清理循环"""
    while True:
        try:
            sweep()
        finally:
            connections.close_all()
        if stop.wait(EVERY_S):
            return
