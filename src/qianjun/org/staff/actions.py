"""Add and change people, stop accounts, give and end roles. 人员与角色动作"""

from datetime import timedelta
from typing import Final

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext

from qianjun.journal.bus import Event, emit
from qianjun.journal.locks import one_at_a_time
from qianjun.kernel import clock
from qianjun.kernel.errors import FieldError, Refused
from qianjun.kernel.text import sort_key
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor, not_found, require
from qianjun.org.enrolling.actions import TURN, Opened, open_link
from qianjun.org.enrolling.queries import PASSWORD, must_be_apart, roles_to_come, standing
from qianjun.org.events import (
    AccountReopened,
    AccountStopped,
    PasswordLinkMade,
    PersonAdded,
    PersonChanged,
    RoleEnded,
    RoleGranted,
    SecondFactorChanged,
)
from qianjun.org.links import revoke_links
from qianjun.org.models import Grant, Person, Unit
from qianjun.org.naming import name_said
from qianjun.org.queries import sees, unit_by_code, within
from qianjun.org.roles import ADMINISTRATORS, ROLES
from qianjun.org.staff.queries import in_force
from qianjun.org.staff.rules import excluded_by

A_MOMENT: Final = timedelta(microseconds=1)


@transaction.atomic(savepoint=False)
def add_person(*, by: Actor, name: str, unit: str) -> Person:
    """Somebody new in a unit of the actor's tree, without account and role. 新增人员"""
    require(by, "person.manage")
    said, where = _name(name), _unit(by, unit)
    person = Person.objects.create(name=said, unit=where, sort_key=sort_key(said))
    _tell(by, PersonAdded(person_id=person.pk, unit_id=where.pk), person)
    return person


@transaction.atomic(savepoint=False)
def change_person(*, by: Actor, person: int, version: int, name: str, unit: str) -> Person:
    """Another name or unit; as it was is no change. 修改人员"""
    require(by, "person.manage")
    row = _held(by, person, version)
    said, where = _name(name), _unit(by, unit)
    if (said, where.pk) == (row.name, row.unit_id):
        return row
    before = f"{row.name}（{row.unit.short_name}）"
    row.name, row.unit, row.sort_key = said, where, sort_key(said)
    row.version += 1
    row.save(update_fields=["name", "unit", "sort_key", "search", "version"])
    emit(
        PersonChanged(person_id=row.pk, unit_id=where.pk, number=row.version),
        by=by,
        about=("person", str(row.pk)),
        body=f"{before} → {row.name}（{where.short_name}）",
    )
    return row


@transaction.atomic(savepoint=False)
def switch_account(*, by: Actor, person: int, version: int, on: bool) -> Person:
    """Let somebody sign in no more, or again; nobody himself, nor the last of a kind. 停用启用"""
    require(by, "person.manage")
    one_at_a_time(TURN)
    row = _held(by, person, version)
    user = row.user
    if user is None:
        raise Refused("no_account", _("这个人还没有账号。"), status=409)
    if user.is_active == on:
        return row
    if not on:
        _not_himself(by, row)
        _check_not_last(row, [grant.role for grant in _held_roles(row)])
        revoke_links((PASSWORD, str(row.pk)))
    user.is_active = on
    user.save(update_fields=["is_active"])
    said = AccountReopened(person_id=row.pk) if on else AccountStopped(person_id=row.pk)
    return _next(by, row, said)


@transaction.atomic(savepoint=False)
def invite_person(*, by: Actor, person: int, version: int) -> Opened:
    """A one-time link by which he sets his password, and names his account. 开密码链接

    Not for an administrator who has a password: who could set it could act as him.
    """
    require(by, "person.manage")
    row = _held(by, person, version)
    user, roles = row.user, [grant.role for grant in _held_roles(row)]
    must_be_apart(row)
    if user is not None and not user.is_active:
        raise Refused("account_stopped", _("账号已停用；先启用，再开链接。"), status=409)
    kept = next((role for role in roles if role in ADMINISTRATORS), "")
    if kept and user is not None and user.has_usable_password():
        raise _on_the_machine(kept, user)
    path, ends_at = open_link((PASSWORD, str(row.pk)), person=row.pk)
    _tell(by, PasswordLinkMade(person_id=row.pk), row)
    return Opened(role="", path=path, ends_at=ends_at)


def _on_the_machine(role: str, user: User) -> Refused:
    zh = _(
        "管理员的密码不能在页面上重设（三员分立）。"
        "请在服务器上运行 qianjun init --relink %(role)s --login %(login)s。"
    )
    words = {"role": role, "login": user.get_username()}
    return Refused("set_on_the_machine", zh, status=409, words=words)


@transaction.atomic(savepoint=False)
def grant_role(*, by: Actor, person: int, version: int, role: str, unit: str = "") -> Grant:
    """Give somebody else a role over the tree of a unit, or over the whole district. 授予角色

    422 ``kept_apart`` for an administrator who would be something else too, now or later.
    """
    require(by, "role.grant")
    one_at_a_time(TURN)
    row = _held(by, person, version)
    _not_himself(by, row)
    if role not in ROLES:
        raise _fault("role", "unknown_role", _("请选一个角色。"))
    where = _unit(by, unit) if unit else None
    if where is None and by.scope.kind != "all":
        raise _fault("unit", "unknown_unit", _("请选您管辖范围内的单位。"))
    _check_apart(row, role, where)
    grant = Grant.objects.create(person=row, role=role, unit=where, since=clock.real())
    if role in ADMINISTRATORS:
        revoke_links((PASSWORD, str(row.pk)))  # whoever made one could become him
    _next(by, row, _said(RoleGranted, grant), where=where)
    return grant


@transaction.atomic(savepoint=False)
def end_role(*, by: Actor, person: int, version: int, grant: int) -> Grant:
    """Take a role back; not that of the last administrator of a kind. 收回角色"""
    require(by, "role.grant")
    one_at_a_time(TURN)
    row = _held(by, person, version)
    found = _held_roles(row).filter(pk=grant).first()
    if found is None:
        raise not_found()
    if found.unit_id is None:
        _check_not_last(row, [found.role])
    found.until = max(clock.real(), found.since + A_MOMENT)
    found.save(update_fields=["until"])
    _next(by, row, _said(RoleEnded, found), where=found.unit)
    return found


@transaction.atomic(savepoint=False)
def reset_second_factor(*, by: Actor, person: int, version: int) -> Person:
    """He has lost phone and codes: the next log-in goes by password alone. 重置登录保护

    409 when there is nothing to reset; nobody resets his own.
    """
    require(by, "role.grant")
    row = _held(by, person, version)
    _not_himself(by, row)
    known = Authenticator.objects.filter(user=row.user_id)
    if row.user_id is None or not known.exists():
        raise Refused("no_second", _("这个账号没有开启登录保护。"), status=409)
    known.delete()
    return _next(by, row, SecondFactorChanged(person_id=row.pk, factor="all", change="reset"))


# --- judging ------------------------------------------------------------------------------------


def _held(by: Actor, person: int, version: int) -> Person:
    """Him, locked; 404 outside the actor's tree, 409 with how he stands when he was changed."""
    rows = Person.objects.select_related("unit", "user").filter(pk=person)
    row = within(rows, by.scope, "unit__path").select_for_update(of=("self",), no_key=True).first()
    if row is None:
        raise not_found()
    if row.version != version:
        zh = _("别人刚改过这个人，请看现在的内容再决定。")
        raise Refused("stale", zh, status=409, extra={"current": _as_he_is(row)})
    return row


def _as_he_is(row: Person) -> dict[str, object]:
    return {
        "id": str(row.pk),
        "version": row.version,
        "name": row.name,
        "unit": row.unit.code,
        "active": bool(row.user and row.user.is_active),
        "roles": [grant.role for grant in _held_roles(row)],
    }


def _held_roles(row: Person) -> QuerySet[Grant]:
    return in_force(Grant.objects.filter(person=row)).order_by("pk")


def _name(text: str) -> str:
    try:
        return name_said(text)
    except Refused as refused:
        raise _fault("name", refused.code, refused.zh) from refused


def _unit(by: Actor, code: str) -> Unit:
    found = unit_by_code(code)
    if found is None or not sees(by, found.path):
        raise _fault("unit", "unknown_unit", _("请选您管辖范围内的单位。"))
    return found


def _fault(field: str, code: str, zh: str) -> Refused:
    return Refused(code, zh, fields=(FieldError(field=field, code=code, zh=zh),))


def _not_himself(by: Actor, row: Person) -> None:
    if by.person == row.pk:
        zh = _("不能给自己授予角色，也不能停用自己的账号；请找另一位管理员。")
        raise Refused("not_yourself", zh, status=403)


def _check_apart(row: Person, role: str, unit: Unit | None) -> None:
    # a role that ends or begins later still overlaps with one that is given without an end
    if other := excluded_by(role, roles_to_come(row)):
        zh = _(
            "三员分立：管理员只担任这一种角色，不能兼任其他管理员或业务角色；"
            "他已有角色“%(other)s”（含尚未到期的），先收回再授予。"
        )
        words = {"other": gettext(ROLES[other])}
        fault = FieldError(field="role", code="kept_apart", zh=zh)
        raise Refused("kept_apart", zh, words=words, fields=(fault,))
    same = (role, unit.pk if unit else None)
    if same in [(grant.role, grant.unit_id) for grant in _held_roles(row)]:
        raise Refused("granted_already", _("他已经有这个角色。"), status=409)


def _check_not_last(row: Person, roles: list[str]) -> None:
    for role in [role for role in roles if role in ADMINISTRATORS]:
        there = set(standing(role).values_list("pk", flat=True))
        if there == {row.pk}:
            zh = _("他是最后一位能登录的%(role)s，不能收回或停用；请先让另一人担任。")
            words = {"role": gettext(ROLES[role])}
            raise Refused("last_administrator", zh, status=409, words=words)


# --- writing ------------------------------------------------------------------------------------


def _said(kind: type[RoleGranted] | type[RoleEnded], grant: Grant) -> Event:
    return kind(
        person_id=grant.person_id, grant_id=grant.pk, role=grant.role, unit_id=grant.unit_id
    )


def _next(by: Actor, row: Person, said: Event, *, where: Unit | None = None) -> Person:
    row.version += 1
    row.save(update_fields=["version"])
    _tell(by, said, row, where=where)
    return row


def _tell(by: Actor, said: Event, row: Person, *, where: Unit | None = None) -> None:
    body = f"{row.name}（{where.short_name}）" if where else row.name
    emit(said, by=by, about=("person", str(row.pk)), body=body)
