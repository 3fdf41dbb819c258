"""The loop that plays a show; where it stands is in the database. 演示循环"""

from threading import Event

from django.conf import settings

from qianjun.drill.actions import play_step
from qianjun.drill.verbs import HOUSE
from qianjun.journal.loops import Chore, beat, run_loop

BEAT_S = 1.0


def run_show(stop: Event) -> None:
    """Play what is due until told to stop; only in the realm demo. 演示循环"""
    if settings.REALM != "demo":
        return
    chores: list[Chore] = [(BEAT_S, lambda: beat("show"))]
    run_loop("show", show_turn, chores=chores, hears=("show", "clock"), stop=stop)


def show_turn() -> bool:
    """One look at the show; whether a step was played."""
    return play_step(by=HOUSE)
