"""What the organisation tells: ids and codes. 领域事件"""

from dataclasses import dataclass
from typing import ClassVar

from qianjun.journal.bus import Event
from qianjun.journal.rules import Code
from qianjun.kernel.words import noop as _


@dataclass(frozen=True, kw_only=True)
class SettingChanged(Event):
    """A setting has another value; the body says old and new, of a secret nothing. 设置已改"""

    name: ClassVar[str] = "org.setting_changed"
    says: ClassVar[str] = _("修改了设置 %(module)s.%(setting)s")
    on_desk: ClassVar[bool] = False
    module: Code
    setting: Code
    number: int
    is_secret: bool
    cleared: bool
