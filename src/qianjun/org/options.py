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
    Option(
        name="duty_phone",
        kind="text",
        title=_("值班室电话"),
        help=_("显示在手机页面上，链接失效时供对方拨打。留空时只显示 110、119、120。"),
        longest=40,
    ),
    Option(
        name="second_factor",
        kind="choice",
        title=_("登录保护（动态码或安全密钥）"),
        help=_("只在正式环境强制；演示和演练里谁都可以自愿开启。"),
        default="admins",
        choices={
            "offered": _("自愿"),
            "admins": _("三类管理员必须"),
            "everyone": _("所有人必须"),
        },
    ),
    Option(
        name="backup_days",
        kind="int",
        title=_("备份最多隔几天"),
        help=_("最近一次备份比这更早，体检（qianjun doctor）和这一页就提醒。"),
        default=2,
        least=1,
        most=60,
        unit=_("天"),
    ),
    Option(
        name="check_days",
        kind="int",
        title=_("多久没有核对，就问一次“这个号码还对吗”"),
        help=_("在“通讯录”的“核对号码”里逐个问。"),
        default=30,
        least=7,
        most=366,
        unit=_("天"),
    ),
)
