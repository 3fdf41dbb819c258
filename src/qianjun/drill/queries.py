"""Which shows there are, and where the one that runs stands. 演示查询"""

import re
import tomllib
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db.models import Q
from django.utils.translation import get_language

from qianjun.drill.models import OPEN, Show, ShowStep
from qianjun.drill.rules import Script, Step, Stop, script_of
from qianjun.kernel import clock
from qianjun.org.actor import Actor, not_found, require

SCRIPTS: Final = Path(__file__).parent / "scripts"
FIRE: Final = "fire"
CHINESE: Final = "zh"
AFTER: Final = timedelta(minutes=1)  # so long the last caption stands
NEEDS: Final = re.compile(r"\{(\w+)\}")


def must_be_demo() -> None:
    """Outside the realm demo there are no shows: 404."""
    if settings.REALM != "demo":
        raise not_found()


@cache
def script(code: str = FIRE) -> Script:
    """The script with this code. 剧本"""
    return script_of(tomllib.loads((SCRIPTS / f"{code}.toml").read_text("utf-8")))


def language() -> str:
    """The reader's language."""
    return get_language() or CHINESE


def page_of(step: Step, kept: dict[str, str]) -> str:
    """The address of a step's page; the desk while what it needs has not been made."""
    needed = NEEDS.findall(step.page)
    return step.page.format_map(kept) if set(needed) <= set(kept) else "/"


@dataclass(frozen=True, kw_only=True)
class Reached:
    """A stop as the page of shows lists it: where it is seen once it was reached. 看点"""

    stop: Stop
    page: str

    @property
    def said(self) -> str:
        """In the reader's language."""
        return self.stop.said.said_in(language())

    @property
    def without(self) -> str:
        """What of it is not there yet."""
        return self.stop.without.said_in(language()) if self.stop.without else ""


@dataclass(frozen=True, kw_only=True)
class Bar:
    """What stands above every page while a show runs. 演示条"""

    show: Show
    script: Script
    last: ShowStep | None

    @property
    def step(self) -> Step | None:
        """The step that was played last."""
        return self.script.steps[self.last.place] if self.last else None

    @property
    def said(self) -> str:
        """What happens."""
        return self.step.said.said_in(language()) if self.step else ""

    @property
    def why(self) -> str:
        """Why it matters."""
        return self.step.why.said_in(language()) if self.step else ""

    @property
    def seen(self) -> str:
        """What tells this state of the bar from any other."""
        return f"{self.show.pk}.{self.show.version}"

    @property
    def count(self) -> int:
        """How many steps the story has."""
        return len(self.script.steps)

    @property
    def number(self) -> int:
        """The step that was played last, counted from one."""
        return self.last.place + 1 if self.last else 0


def bar(*, seen_by: Actor) -> Bar | None:
    """Where the running show stands, and for a while the end of the last; else None. 演示条"""
    require(seen_by, "show.read")
    must_be_demo()
    row = Show.objects.filter(OPEN | Q(over_at__gt=clock.now() - AFTER)).order_by("-pk").first()
    if row is None or (row.over_at and row.place < len(script(row.script).steps)):
        return None
    last = row.steps.order_by("-place").first()
    return Bar(show=row, script=script(row.script), last=last)


def stops(*, seen_by: Actor) -> list[Reached]:
    """The stops of the story, with the pages of those that the last show reached. 看点"""
    require(seen_by, "show.read")
    must_be_demo()
    told, row = script(), Show.objects.order_by("-pk").first()
    played = {one.place: one.page for one in row.steps.all()} if row else {}
    return [Reached(stop=one, page=played.get(told.first_of(one.n), "")) for one in told.shown()]


def last_show(*, seen_by: Actor) -> tuple[Show | None, list[ShowStep]]:
    """The newest show, and the steps of it that did not work. 最近一场"""
    require(seen_by, "show.read")
    must_be_demo()
    row = Show.objects.order_by("-pk").first()
    return row, list(row.steps.exclude(refused="").order_by("place")) if row else []
