"""What keeps an incident from closing, and what one does about it. 结案前须了结的事"""

from typing import Final

from qianjun.kernel.words import noop as _

RESPONSES: Final = "responses"  # counted from the responses themselves; the others are rows of Hold
HOLDS: Final[dict[str, str]] = {
    "people": _("人员未撤离"),
    "supplies": _("物资未了结"),
    "final_report": _("未报终报"),
    "tasks": _("任务未办结"),
    "command_post": _("指挥部未撤销"),
    RESPONSES: _("响应未终止"),
}
