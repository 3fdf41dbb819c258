"""Every sentence about a single cell or row of an import. 行内问题"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from qianjun.kernel.words import noop as _

PROBLEMS = {
    "missing": _("必填，但是空着。"),
    "too_long": _("超过 %(limit)s 字。"),
    "not_a_number": _("不是数字。"),
    "not_whole": _("应为整数。"),
    "out_of_range": _("应在 %(least)s 和 %(most)s 之间。"),
    "not_a_date": _("不是日期，请写成 2024-06-01。"),
    "no_day": _("日期没有写到日。"),
    "short_year": _("年份请写四位。"),
    "date_out_of_range": _("日期应在 1900 年和 2100 年之间。"),
    "date_order": _("按“月/日/年”理解，请核对。"),
    "not_an_instant": _("不是日期和时间，请写成 2024-06-01 14:05。"),
    "no_time": _("只有日期，没有时间。"),
    "not_a_phone": _("不是电话号码。"),
    "two_phones": _("写了不止一个号码，请只留一个。"),
    "damaged": _("号码被表格改成了科学计数法，位数已丢失；请把该列设为文本后重新填写。"),
    "not_a_code": _("格式不对。"),
    "not_a_choice": _("没有这一项；可填：%(choices)s。"),
    "near_choice": _("没有这一项，是不是“%(nearest)s”？"),
    "not_a_yes_or_no": _("请填“是”或“否”。"),
    "formula": _("以 = + - @ 开头，按文字保存，不会当公式执行。"),
    "duplicate": _("与第 %(row)s 行重复。"),
}
# said, but the row is taken all the same
ONLY_SAID = frozenset(["formula", "date_order"])


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """What is wrong in one cell; ``column`` is the title people see, empty for the row. 问题"""

    row: int
    column: str
    code: str
    words: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def zh(self) -> str:
        """The sentence, with places for the words."""
        return PROBLEMS[self.code]

    @property
    def detail_zh(self) -> str:
        """The sentence with its words."""
        return self.zh % self.words

    @property
    def refuses(self) -> bool:
        """Whether the row cannot be taken because of it."""
        return self.code not in ONLY_SAID

    def as_json(self) -> dict[str, str | int]:
        """As the contract shows it."""
        return {
            "row": self.row,
            "column": self.column,
            "code": self.code,
            "detail_zh": self.detail_zh,
        }


class Wrong(Exception):
    """A cell that does not read as its kind: code and words of the problem. 不合格"""

    def __init__(self, code: str, **words: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.words = words
