"""A loop that sees to it that the next bulletin is awaited, whatever happened before. 值守定时"""

from threading import Event
from typing import Final

from django.db import connections, transaction

from qianjun.duty.bulletins.actions import await_bulletin

EVERY_S: Final = 600.0


def run_bulletins(stop: Event) -> None:
    """Await the next bulletin now and every ten minutes; between, no connection is held. 循环"""
    while True:
        try:
            with transaction.atomic():
                await_bulletin()
        finally:
            connections.close_all()
        if stop.wait(EVERY_S):
            return
