"""What somebody typed as a person's name. 姓名"""

from typing import Final

from qianjun.kernel.errors import Refused
from qianjun.kernel.text import clean
from qianjun.kernel.words import noop as _

NAME_MOST: Final = 60


def name_said(text: str) -> str:
    """The name in one line without controls, or a refusal. 校验姓名"""
    name = " ".join(clean(text).text.split())
    if 0 < len(name) <= NAME_MOST:
        return name
    raise Refused("bad_name", _("请填写姓名（60 字以内）。"))
