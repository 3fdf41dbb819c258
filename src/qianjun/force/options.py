"""What the module lets an administrator choose: how much is asked of one volunteer. 力量可设项"""

from typing import Final

from qianjun.kernel.option import Option
from qianjun.kernel.words import noop as _

TITLE: Final = _("志愿者召集")
OPTIONS: Final = (
    Option(
        name="calls_a_year",
        kind="int",
        title=_("每人每年召集次数上限"),
        help=_("满了就不再召集，避免总是找同一批人。"),
        default=3,
        least=1,
        most=366,
    ),
    Option(
        name="hours_a_year",
        kind="int",
        title=_("每人每年服务时长上限"),
        help=_("满了就不再召集。"),
        default=200,
        least=1,
        most=8_760,
        unit=_("小时"),
    ),
)
