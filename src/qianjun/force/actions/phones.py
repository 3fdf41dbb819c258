"""Which telephone may stand here: real ones in earnest, made-up ones elsewhere. 电话"""

import re
from typing import Final

from django.conf import settings

from qianjun.force.actions.held import fault
from qianjun.kernel.text import clean
from qianjun.kernel.words import noop as _

MOBILE, LAND = re.compile(r"1[3-9]\d{9}"), re.compile(r"0\d{2,3}-?[2-9]\d{6,7}")
SYNTHETIC: Final = re.compile(r"100\d{8}")


def phone_said(text: str, *, field: str, mobile: bool) -> str:
    """The number without spaces, empty when there is none, or a refusal. 校验电话"""
    number = re.sub(r"[\s.]", "", clean(text).text)
    if not number:
        return ""
    if settings.REALM != "live":
        if not SYNTHETIC.fullmatch(number):
            zh = _("演示和演练环境只收 100 开头的虚构号码。")
            raise fault(field, "not_synthetic", zh)
    elif not MOBILE.fullmatch(number) and (mobile or not LAND.fullmatch(number)):
        raise fault(field, "not_a_phone", _("不是电话号码。"))
    return number
