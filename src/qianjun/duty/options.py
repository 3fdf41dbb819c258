"""What the module lets an administrator choose: until when the bulletin is issued. 值班可设项"""

from typing import Final

from qianjun.kernel.option import Option
from qianjun.kernel.words import noop as _

TITLE: Final = _("值班信息")
OPTIONS: Final = (
    Option(
        name="bulletin_within_min",
        kind="int",
        title=_("每日值班信息自 8 时起多久内签发"),
        help=_("过了时限，今日应报里显示超时。"),
        default=60,
        least=5,
        most=720,
        unit=_("分钟"),
    ),
)
