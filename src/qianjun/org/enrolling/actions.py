"""Invite an administrator or a person, and become an account by the link. 登记动作"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction

from qianjun.journal.bus import emit
from qianjun.journal.locks import one_at_a_time
from qianjun.kernel import clock
from qianjun.kernel.errors import FieldError, Refused
from qianjun.kernel.text import sort_key
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor, not_found
from qianjun.org.adapter import Adapter
from qianjun.org.enrolling.queries import (
    PASSWORD,
    ROLE,
    TAKEN,
    UNKNOWN,
    Invitation,
    judged,
    must_be_apart,
    standing,
)
from qianjun.org.events import AdministratorEnrolled, AdministratorInvited, PasswordSet
from qianjun.org.links import make_link, revoke_links
from qianjun.org.models import Grant, Link, Person, Unit
from qianjun.org.naming import name_said
from qianjun.org.roles import ADMINISTRATORS

LASTS: Final = timedelta(hours=72)
# accounts are made one after another, so that two cannot be called the same
TURN: Final = "org.accounts"


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A link that was just made; nobody sees it again. 新开的链接"""

    role: str
    path: str
    ends_at: datetime


@transaction.atomic(savepoint=False)
def invite_administrator(*, by: Actor, role: str) -> Opened:
    """A link by which the administrator of this kind enrols; links made before end. 邀请管理员

    Only from the machine itself; 409 when there is one who can sign in.
    """
    if by.kind != "system" or role not in ADMINISTRATORS:
        raise not_found()
    one_at_a_time(TURN)
    if standing(role).exists():
        raise Refused("place_taken", TAKEN, status=409)
    path, ends_at = open_link((ROLE, role))
    emit(AdministratorInvited(role=role), by=by, about=(ROLE, role))
    return Opened(role=role, path=path, ends_at=ends_at)


def open_link(about: tuple[str, str], *, person: int | None = None) -> tuple[str, datetime]:
    """The path of a new link and when it ends; what was made before for this ends now. 开链接"""
    revoke_links(about)
    ends_at = clock.real() + LASTS
    return make_link(purpose="e", about=about, person=person, ends_at=ends_at), ends_at


@transaction.atomic(savepoint=False)
def enrol(*, by: Actor, wanted: Mapping[str, str]) -> str:
    """Use up the link by which ``by`` comes; the name to sign in with. 登记

    ``wanted`` holds name, login, password and again. 410 for a link that is over, 422 with every
    field that will not do.
    """
    one_at_a_time(TURN)
    invitation = _invitation(by)
    if invitation.person is not None:
        must_be_apart(invitation.person)
    faults: list[FieldError] = []
    name = _name(wanted, invitation, faults)
    user = _user(wanted, invitation, faults)
    if faults:
        raise Refused("not_enrolled", _("有一项填得不对，账号还没有设好。"), fields=tuple(faults))
    is_first = user.pk is None or not user.has_usable_password()
    user.set_password(wanted.get("password", ""))
    user.save()
    person = _person(invitation, user, name)
    _end(invitation.link, person)
    _tell(by, invitation, person, is_first=is_first)
    return user.get_username()


def _invitation(by: Actor) -> Invitation:
    link = Link.objects.filter(pk=int(by.ident), purpose="e").first() if by.kind == "link" else None
    if link is None:
        raise Refused("link_unknown", UNKNOWN, status=404)
    return judged(link)


def _name(wanted: Mapping[str, str], invitation: Invitation, faults: list[FieldError]) -> str:
    if invitation.person is not None:
        return invitation.person.name
    try:
        return name_said(wanted.get("name", ""))
    except Refused as refused:
        faults.append(FieldError(field="name", code=refused.code, zh=refused.zh))
        return ""


def _user(wanted: Mapping[str, str], invitation: Invitation, faults: list[FieldError]) -> User:
    """The account, not yet saved, after its name and password were judged."""
    known = invitation.person.user if invitation.person else None
    login = wanted.get("login", "").strip()
    user = known or User(username=login)
    rules = Adapter()
    password = wanted.get("password", "")
    try:
        if known is None:
            rules.clean_username(login)
    except ValidationError as fault:
        faults.append(_fault("login", fault))
    try:
        rules.clean_password(password, user)
    except ValidationError as fault:
        faults.append(_fault("password", fault))
    if password != wanted.get("again", ""):
        zh = _("两次输入的密码不一样。")
        faults.append(FieldError(field="again", code="not_the_same", zh=zh))
    return user


def _fault(field: str, fault: ValidationError) -> FieldError:
    """What the validators of accounts say, in the reader's language already."""
    code = fault.error_list[0].code or field
    return FieldError(field=field, code=code, zh=" ".join(fault.messages))


def _person(invitation: Invitation, user: User, name: str) -> Person:
    if invitation.person is not None:
        person = invitation.person
        if person.user_id is None:
            person.user, person.version = user, person.version + 1
            person.save(update_fields=["user", "version"])
        return person
    person = Person.objects.create(name=name, unit=_house(), user=user, sort_key=sort_key(name))
    Grant.objects.create(person=person, role=invitation.role, since=clock.real())
    return person


def _house() -> Unit:
    """The bureau itself: the root of the district's units; city units stand beside it."""
    roots = Unit.objects.filter(parent__isnull=True, level=Unit.Level.DISTRICT)
    root = roots.order_by("pk").first()
    if root is None:
        raise Refused(
            "no_unit", _("系统里还没有单位。请先在服务器上运行 qianjun init。"), status=409
        )
    return root


def _end(link: Link, person: Person) -> None:
    link.person, link.revoked_at = person, clock.real()
    link.save(update_fields=["person", "revoked_at"])


def _tell(by: Actor, invitation: Invitation, person: Person, *, is_first: bool) -> None:
    about = ("person", str(person.pk))
    if invitation.link.about_kind == PASSWORD:
        said = PasswordSet(person_id=person.pk, first=is_first)
        emit(said, by=by, about=about, body=person.name)
        return
    enrolled = AdministratorEnrolled(person_id=person.pk, role=invitation.role)
    emit(enrolled, by=by, about=about, body=person.name)
