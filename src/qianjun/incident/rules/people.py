"""How many people an incident needs, who is on the way, who is on scene: values alone. 人数"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

WHOLE_PERCENT = 100


@dataclass(frozen=True, kw_only=True)
class People:
    """Persons wanted, coming and there; ``of`` names whom, as a catalogue word, ``at`` where. 人数

    Whoever has left counts no more, whoever was told to turn back comes no more. ``soonest`` is
    when the first of those coming said that he would be there.
    """

    need: int = 0
    coming: int = 0
    on_scene: int = 0
    of: str = ""
    at: str = ""
    soonest: datetime | None = None

    @property
    def gap(self) -> int:
        """How many are still missing when all who come have arrived. 缺"""
        return max(0, self.need - self.coming - self.on_scene)

    @property
    def bar(self) -> tuple[int, int]:
        """Per cent of the bar that are there, and on their way; together at most the whole. 条"""
        whole = max(self.need, self.coming + self.on_scene, 1)
        here = self.on_scene * WHOLE_PERCENT // whole
        return here, (self.on_scene + self.coming) * WHOLE_PERCENT // whole - here

    def counts(self) -> dict[str, int]:
        """As the card of contract 5 has them."""
        return {"need": self.need, "coming": self.coming, "on_scene": self.on_scene}


def together(lines: Iterable[People]) -> People:
    """The sums of these. 合计"""
    known = list(lines)
    return People(
        need=sum(one.need for one in known),
        coming=sum(one.coming for one in known),
        on_scene=sum(one.on_scene for one in known),
    )
