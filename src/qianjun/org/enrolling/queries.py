"""What a link of enrolment is for, and which administrators a house has. 登记查询"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor, Scope
from qianjun.org.links import find_link
from qianjun.org.models import Grant, Link, Person
from qianjun.org.roles import ADMINISTRATORS, ROLES
from qianjun.org.staff.rules import mixed

ROLE, PASSWORD = "role", "password"
UNKNOWN: Final = _(
    "这个链接不完整或有误。请把收到的链接整条复制到地址栏；仍打不开，请让给您链接的人重新开一个。"
)
USED: Final = _(
    "这个链接已经用过或已作废。已设好密码的，请直接登录；没有设好的，请重新要一个链接。"
)
EXPIRED: Final = _("这个链接已过期。请让给您链接的人重新开一个。")
TAKEN: Final = _("这个岗位已有人登记。要增加管理员，请找安全管理员授予角色。")
STOPPED: Final = _("这个账号已停用，不能设置密码。请找系统管理员。")


@dataclass(frozen=True, kw_only=True)
class Invitation:
    """What a living link is for: an administrator's place, or the password of a person. 邀请"""

    link: Link
    role: str = ""
    person: Person | None = None

    @property
    def login(self) -> str:
        """The name of the account that is there already."""
        user = self.person.user if self.person else None
        return user.get_username() if user else ""

    @property
    def actor(self) -> Actor:
        """Who comes by it: built from the link alone, with no role and no permission."""
        return Actor(
            kind="link",
            ident=str(self.link.pk),
            person=self.person.pk if self.person else None,
            scope=Scope(kind="about", about=(self.link.about_kind, self.link.about_id)),
            via="link:e",
        )


def invitation_of(text: str) -> Invitation:
    """What this link is for; 404 for an altered one, 410 for one that is over. 查邀请"""
    link = find_link("e", text)
    if link is None:
        raise Refused("link_unknown", UNKNOWN, status=404)
    return judged(link)


def judged(link: Link) -> Invitation:
    """The invitation of this row, unless it is over. 校验邀请"""
    if link.revoked_at is not None:
        raise Refused("link_used", USED, status=410)
    if link.ends_at is not None and link.ends_at <= clock.real():
        raise Refused("link_expired", EXPIRED, status=410)
    if link.about_kind == ROLE:
        if standing(link.about_id).exists():
            raise Refused("place_taken", TAKEN, status=410)
        return Invitation(link=link, role=link.about_id)
    person = Person.objects.select_related("user").get(pk=int(link.about_id))
    if person.user is not None and not person.user.is_active:
        raise Refused("account_stopped", STOPPED, status=410)
    return Invitation(link=link, person=person)


def roles_to_come(person: Person) -> list[str]:
    """His roles that have not ended, also those that begin later. 现有与将有的角色"""
    ends = Q(until__isnull=True) | Q(until__gt=clock.real())
    return list(
        Grant.objects.filter(ends, person=person).order_by("pk").values_list("role", flat=True)
    )


def must_be_apart(person: Person) -> None:
    """Refuse an account to who is an administrator and something else. 三员分立"""
    found = mixed(roles_to_come(person))
    if found is None:
        return
    zh = _(
        "三员分立：这个人同时有“%(role)s”和“%(other)s”两种角色，不能开账号。"
        "请安全管理员先收回其中一种。"
    )
    words = {"role": gettext(ROLES[found[0]]), "other": gettext(ROLES.get(found[1], found[1]))}
    raise Refused("kept_apart", zh, words=words)


def standing(role: str) -> QuerySet[Person]:
    """Who has this role over the whole district today and can sign in with a password. 在任"""
    real = clock.real()
    ends = Q(grants__until__isnull=True) | Q(grants__until__gt=real)
    held = Q(grants__role=role, grants__unit__isnull=True, grants__since__lte=real) & ends
    found = Person.objects.filter(held, user__is_active=True)
    return found.exclude(user__password__startswith=UNUSABLE_PASSWORD_PREFIX).distinct()


def missing_administrators() -> list[str]:
    """The kinds of administrators that nobody is who could sign in; one statement. 缺哪些"""
    there = set(_standing_roles())
    return [role for role in ADMINISTRATORS if role not in there]


def _standing_roles() -> QuerySet[Grant, str]:
    real = clock.real()
    ends = Q(until__isnull=True) | Q(until__gt=real)
    rows = Grant.objects.filter(ends, since__lte=real, unit__isnull=True, role__in=ADMINISTRATORS)
    rows = rows.filter(person__user__is_active=True)
    rows = rows.exclude(person__user__password__startswith=UNUSABLE_PASSWORD_PREFIX)
    return rows.values_list("role", flat=True).distinct()


def open_until(role: str) -> datetime | None:
    """When the living link for this role ends; None when there is none. 现有链接"""
    alive = Link.objects.filter(purpose="e", about_kind=ROLE, about_id=role)
    alive = alive.filter(revoked_at__isnull=True, ends_at__gt=clock.real())
    return alive.order_by("-ends_at").values_list("ends_at", flat=True).first()
