"""What the module lets an administrator choose: how soon an order is signed for. 事件可设项"""

from typing import Final

from qianjun.kernel.option import Option
from qianjun.kernel.words import noop as _

TITLE: Final = _("任务签收")
OPTIONS: Final = (
    Option(
        name="sign_within_min",
        kind="int",
        title=_("多久没有签收，就叫下一位联系人"),
        help=_("按单位通讯录的次序叫；都没有签收，值班台派人上门。"),
        default=5,
        least=1,
        most=120,
        unit=_("分钟"),
    ),
)
