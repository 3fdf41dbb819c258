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


@dataclass(frozen=True, kw_only=True)
class ImportTaken(Event):
    """A sheet was brought in; the body is the name of its file. 已导入"""

    name: ClassVar[str] = "org.import_taken"
    says: ClassVar[str] = _(
        "导入了 %(rows)s 行：新增 %(made)s，更新 %(changed)s，"
        "未变 %(unchanged)s，未采用 %(refused)s"
    )
    on_desk: ClassVar[bool] = False
    run_id: int
    import_kind: Code
    rows: int
    made: int
    changed: int
    unchanged: int
    refused: int


@dataclass(frozen=True, kw_only=True)
class ImportUndone(Event):
    """What a sheet had brought in was taken back. 已撤销导入"""

    name: ClassVar[str] = "org.import_undone"
    says: ClassVar[str] = _("撤销了第 %(run_id)s 次导入，恢复了 %(rows)s 行")
    on_desk: ClassVar[bool] = False
    run_id: int
    import_kind: Code
    rows: int


@dataclass(frozen=True, kw_only=True)
class AddressPreferred(Event):
    """One of a person's addresses is tried first from now on. 首选联系方式"""

    name: ClassVar[str] = "org.address_preferred"
    says: ClassVar[str] = _("1 人的首选联系方式已更改")
    on_desk: ClassVar[bool] = False
    person_id: int
    address_id: int


@dataclass(frozen=True, kw_only=True)
class ConsentGiven(Event):
    """Somebody agrees to be reached at an address; the body says to what. 同意"""

    name: ClassVar[str] = "org.consent_given"
    says: ClassVar[str] = _("1 人同意接收通知")
    on_desk: ClassVar[bool] = False
    address_id: int


@dataclass(frozen=True, kw_only=True)
class ConsentWithdrawn(Event):
    """Somebody agrees no longer to be reached at an address. 撤回同意"""

    name: ClassVar[str] = "org.consent_withdrawn"
    says: ClassVar[str] = _("1 人撤回了接收通知的同意")
    on_desk: ClassVar[bool] = False
    address_id: int
