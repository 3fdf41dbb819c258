"""What is told of a command post: ids and codes; names and reasons are in the body. 指挥部事件"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext

from qianjun.incident.rules.commanding import COMMANDS, SEATS
from qianjun.journal.bus import Event
from qianjun.journal.rules import Code
from qianjun.kernel.words import noop as _


@dataclass(frozen=True, kw_only=True)
class CommandPostSetUp(Event):
    """A command post stands. 成立指挥部"""

    name: ClassVar[str] = "incident.command_post_set_up"
    says: ClassVar[str] = _("成立现场指挥部")
    kind: ClassVar[str] = "order"
    incident_id: int
    post_id: int


@dataclass(frozen=True, kw_only=True)
class _OfSeat:
    """Something about one seat; the body says who."""

    incident_id: int
    post_id: int
    seat: Code

    def words(self) -> Mapping[str, object]:
        """The seat in words."""
        known = SEATS.get(self.seat)
        return {"seat": gettext(known.zh) if known else self.seat}


@dataclass(frozen=True, kw_only=True)
class SceneHandedOver(_OfSeat, Event):
    """Somebody else commands on scene. 现场总指挥交接"""

    name: ClassVar[str] = "incident.scene_handed_over"
    says: ClassVar[str] = _("%(seat)s交接")
    kind: ClassVar[str] = "order"


@dataclass(frozen=True, kw_only=True)
class SeatFilled(_OfSeat, Event):
    """Somebody has a seat. 指挥职务就位"""

    name: ClassVar[str] = "incident.command_seat_filled"
    says: ClassVar[str] = _("指挥部%(seat)s")
    kind: ClassVar[str] = "order"


@dataclass(frozen=True, kw_only=True)
class SeatVacated(_OfSeat, Event):
    """Nobody has this seat any more. 指挥职务空缺"""

    name: ClassVar[str] = "incident.command_seat_vacated"
    says: ClassVar[str] = _("指挥部撤下%(seat)s")
    kind: ClassVar[str] = "order"


@dataclass(frozen=True, kw_only=True)
class CommandTransferred(Event):
    """Command went to the city, or came back. 指挥权移交"""

    name: ClassVar[str] = "incident.command_transferred"
    says: ClassVar[str] = _("指挥权移交%(to)s，清单 %(matters)s 项")
    kind: ClassVar[str] = "order"
    incident_id: int
    post_id: int
    transfer_id: int
    to: Code
    matters: int

    def words(self) -> Mapping[str, object]:
        """Who commands from now on, in words."""
        to = gettext(COMMANDS.get(self.to, self.to))
        return {"to": to, "matters": self.matters}


@dataclass(frozen=True, kw_only=True)
class CommandPostStoodDown(Event):
    """A command post is no more. 撤销指挥部"""

    name: ClassVar[str] = "incident.command_post_stood_down"
    says: ClassVar[str] = _("撤销现场指挥部")
    kind: ClassVar[str] = "order"
    incident_id: int
    post_id: int
