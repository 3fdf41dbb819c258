"""What the organisation tells: ids and codes. 领域事件"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final

from django.utils.translation import gettext

from qianjun.journal.bus import Event
from qianjun.journal.rules import Code
from qianjun.kernel.words import noop as _
from qianjun.org.roles import ROLES


def _role(code: str) -> dict[str, str]:
    return {"role": gettext(ROLES.get(code, code))}


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


@dataclass(frozen=True, kw_only=True)
class AdministratorInvited(Event):
    """A link was made by which the first administrator of a kind enrols. 已开登记链接"""

    name: ClassVar[str] = "org.administrator_invited"
    says: ClassVar[str] = _("为%(role)s开了一次性登记链接")
    on_desk: ClassVar[bool] = False
    role: Code

    def words(self) -> Mapping[str, object]:
        """The role as people call it."""
        return _role(self.role)


@dataclass(frozen=True, kw_only=True)
class AdministratorEnrolled(Event):
    """Somebody has enrolled by that link; the body is his name. 管理员已登记"""

    name: ClassVar[str] = "org.administrator_enrolled"
    says: ClassVar[str] = _("%(role)s用一次性链接登记")
    on_desk: ClassVar[bool] = False
    person_id: int
    role: Code

    def words(self) -> Mapping[str, object]:
        """The role as people call it."""
        return _role(self.role)


@dataclass(frozen=True, kw_only=True)
class PasswordLinkMade(Event):
    """A link was made by which one person sets his password; the body is his name. 密码链接"""

    name: ClassVar[str] = "org.password_link_made"
    says: ClassVar[str] = _("开了设置密码的一次性链接")
    on_desk: ClassVar[bool] = False
    person_id: int


@dataclass(frozen=True, kw_only=True)
class PasswordSet(Event):
    """Somebody has set his password by such a link; the body is his name. 已设密码"""

    name: ClassVar[str] = "org.password_set"
    says: ClassVar[str] = _("用一次性链接设置了密码")
    on_desk: ClassVar[bool] = False
    person_id: int
    first: bool


@dataclass(frozen=True, kw_only=True)
class PersonAdded(Event):
    """A person is known from now on; the body is his name. 新增人员"""

    name: ClassVar[str] = "org.person_added"
    says: ClassVar[str] = _("新增人员")
    on_desk: ClassVar[bool] = False
    person_id: int
    unit_id: int


@dataclass(frozen=True, kw_only=True)
class PersonChanged(Event):
    """Name or unit of a person are others; the body says old and new. 人员已改"""

    name: ClassVar[str] = "org.person_changed"
    says: ClassVar[str] = _("修改人员")
    on_desk: ClassVar[bool] = False
    person_id: int
    unit_id: int
    number: int


@dataclass(frozen=True, kw_only=True)
class AccountStopped(Event):
    """A person cannot sign in any more; the body is his name. 账号已停用"""

    name: ClassVar[str] = "org.account_stopped"
    says: ClassVar[str] = _("停用账号")
    on_desk: ClassVar[bool] = False
    person_id: int


@dataclass(frozen=True, kw_only=True)
class AccountReopened(Event):
    """A person may sign in again; the body is his name. 账号已启用"""

    name: ClassVar[str] = "org.account_reopened"
    says: ClassVar[str] = _("启用账号")
    on_desk: ClassVar[bool] = False
    person_id: int


@dataclass(frozen=True, kw_only=True)
class RoleGranted(Event):
    """A person has a role from now on; the body is his name and the unit. 已授角色"""

    name: ClassVar[str] = "org.role_granted"
    says: ClassVar[str] = _("授予角色“%(role)s”")
    on_desk: ClassVar[bool] = False
    person_id: int
    grant_id: int
    role: Code
    unit_id: int | None

    def words(self) -> Mapping[str, object]:
        """The role as people call it."""
        return _role(self.role)


@dataclass(frozen=True, kw_only=True)
class RoleEnded(Event):
    """A person has a role no more; the body is his name and the unit. 已收回角色"""

    name: ClassVar[str] = "org.role_ended"
    says: ClassVar[str] = _("收回角色“%(role)s”")
    on_desk: ClassVar[bool] = False
    person_id: int
    grant_id: int
    role: Code
    unit_id: int | None

    def words(self) -> Mapping[str, object]:
        """The role as people call it."""
        return _role(self.role)


@dataclass(frozen=True, kw_only=True)
class ContactSet(Event):
    """Somebody answers for a unit, at this place; the body is unit and name. 设联系人"""

    name: ClassVar[str] = "org.contact_set"
    says: ClassVar[str] = _("设为单位联系人，次序 %(rank)s")
    on_desk: ClassVar[bool] = False
    unit_id: int
    person_id: int
    rank: int


@dataclass(frozen=True, kw_only=True)
class ContactDropped(Event):
    """Somebody answers for a unit no more; the body is unit and name. 撤联系人"""

    name: ClassVar[str] = "org.contact_dropped"
    says: ClassVar[str] = _("不再是单位联系人")
    on_desk: ClassVar[bool] = False
    unit_id: int
    person_id: int


@dataclass(frozen=True, kw_only=True)
class OfficeSet(Event):
    """An office of a unit was entered or changed; the body is unit, office and name. 设职务"""

    name: ClassVar[str] = "org.office_set"
    says: ClassVar[str] = _("登记了职务")
    on_desk: ClassVar[bool] = False
    office_id: int
    unit_id: int
    person_id: int | None
    deputy_id: int | None
    number: int


@dataclass(frozen=True, kw_only=True)
class OfficeDropped(Event):
    """A unit has an office no more; the body is unit and office. 撤职务"""

    name: ClassVar[str] = "org.office_dropped"
    says: ClassVar[str] = _("撤下了职务")
    on_desk: ClassVar[bool] = False
    office_id: int
    unit_id: int


@dataclass(frozen=True, kw_only=True)
class NumberAdded(Event):
    """A telephone was entered; the body is unit and number, masked. 加号码"""

    name: ClassVar[str] = "org.number_added"
    says: ClassVar[str] = _("登记了号码")
    on_desk: ClassVar[bool] = False
    number_id: int
    unit_id: int
    number_kind: Code


@dataclass(frozen=True, kw_only=True)
class NumberChanged(Event):
    """A telephone is another one now; the body says both, masked. 改号码"""

    name: ClassVar[str] = "org.number_changed"
    says: ClassVar[str] = _("改了号码")
    on_desk: ClassVar[bool] = False
    about_kind: Code
    about_id: int
    unit_id: int


@dataclass(frozen=True, kw_only=True)
class NumberStopped(Event):
    """Nobody is reached on a telephone any more; the body says which, masked. 停用号码"""

    name: ClassVar[str] = "org.number_stopped"
    says: ClassVar[str] = _("停用了号码")
    on_desk: ClassVar[bool] = False
    about_kind: Code
    about_id: int
    unit_id: int


@dataclass(frozen=True, kw_only=True)
class AbsenceReported(Event):
    """Somebody is away for a time; the body is he and who stands in. 已报备外出"""

    name: ClassVar[str] = "org.absence_reported"
    says: ClassVar[str] = _("报备外出")
    absence_id: int
    person_id: int
    stand_in_id: int | None
    since: datetime
    until: datetime
    where: Code


@dataclass(frozen=True, kw_only=True)
class AbsenceEnded(Event):
    """He is back, or did not go; the body is his name. 外出已结束"""

    name: ClassVar[str] = "org.absence_ended"
    says: ClassVar[str] = _("外出结束")
    absence_id: int
    person_id: int


@dataclass(frozen=True, kw_only=True)
class StandInCalled(Event):
    """Somebody was away, so his stand-in was called; the body names both. 改叫代班人"""

    name: ClassVar[str] = "org.stand_in_called"
    says: ClassVar[str] = _("外出中，改叫代班人")
    person_id: int
    stand_in_id: int


@dataclass(frozen=True, kw_only=True)
class PostDeputiesSet(Event):
    """Who comes after a post was set anew; the body names them. 设岗位代理人"""

    name: ClassVar[str] = "org.post_deputies_set"
    says: ClassVar[str] = _("设了岗位代理人")
    on_desk: ClassVar[bool] = False
    post_id: int
    people: tuple[int, ...]


FACTORS: Final = {
    "totp": _("动态码"),
    "webauthn": _("安全密钥"),
    "recovery_codes": _("恢复码"),
    "all": _("全部"),
}
CHANGED: Final = {
    "activated": _("开启"),
    "deactivated": _("关闭"),
    "added": _("添加"),
    "removed": _("移除"),
    "generated": _("重新生成"),
    "reset": _("由安全管理员重置"),
}


@dataclass(frozen=True, kw_only=True)
class SecondFactorChanged(Event):
    """Somebody's second proof at the log-in was added, removed or reset. 登录保护已改"""

    name: ClassVar[str] = "org.second_factor_changed"
    says: ClassVar[str] = _("登录保护：%(factor)s %(change)s")
    on_desk: ClassVar[bool] = False
    person_id: int
    factor: Code
    change: Code

    def words(self) -> Mapping[str, object]:
        """Both as people call them."""
        factor = FACTORS.get(self.factor, self.factor)
        change = CHANGED.get(self.change, self.change)
        return {"factor": gettext(factor), "change": gettext(change)}
