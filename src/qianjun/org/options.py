"""What the organisation lets an administrator choose. 机构可设项"""

from typing import Final

from qianjun.kernel.option import Option
from qianjun.kernel.words import noop as _

TITLE: Final = _("机构")
OPTIONS: Final = (
    Option(
        name="bureau_name",
        kind="text",
        title=_("机构名称"),
        help=_("显示在登录页和每页顶栏。留空时顶栏显示本人单位。"),
        longest=40,
    ),
)
