"""What every paper of the duty room carries: who made it, for which bureau. 值班公文"""

from typing import Final

from qianjun.kernel import clock
from qianjun.kernel.paper import Stamp
from qianjun.org.actor import Actor
from qianjun.org.contacts import BUREAU
from qianjun.org.models import Unit
from qianjun.org.rules import masked_name

LIVE: Final = "live"
NAME_TOP_MM: Final = 10


def bureau_name() -> str:
    """What the bureau is called on its papers. 本局名称"""
    return str(Unit.objects.filter(code=BUREAU).values_list("name", flat=True).first() or "")


def stamp_of(by: Actor, *, number: str = "") -> Stamp:
    """Who had it made and when. 打印信息"""
    return Stamp(by=masked_name(by.name) if by.name else by.kind, at=clock.now(), number=number)
