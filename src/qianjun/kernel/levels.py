"""What the levels of a response are called, 1 the gravest. 响应级别"""

from typing import Final

from qianjun.kernel.words import noop as _

# the law's own words; the numeral is for programs and for the shapes
LEVEL_WORDS: Final[dict[int, str]] = {1: _("一级"), 2: _("二级"), 3: _("三级"), 4: _("四级")}
