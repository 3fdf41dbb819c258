"""The links that the machine opens: for whoever sits at it may do everything anyway. 开链接"""

from datetime import datetime

from django.db import transaction

from qianjun.journal.bus import emit
from qianjun.kernel.errors import Refused
from qianjun.kernel.words import noop as _
from qianjun.org.actor import system
from qianjun.org.enrolling.actions import Opened, invite_administrator, open_link
from qianjun.org.enrolling.queries import PASSWORD, missing_administrators, open_until
from qianjun.org.events import PasswordLinkMade
from qianjun.org.models import Person
from qianjun.org.queries import people_of_role
from qianjun.org.roles import ADMINISTRATORS

INIT = "init"


def invite_missing() -> list[Opened]:
    """A link for every administrator that is missing and has no living one. 补开链接"""
    by = system(name=INIT)
    return [invite_administrator(by=by, role=role) for role in missing_and_closed()]


def missing_and_closed() -> list[str]:
    """The administrators that are missing and cannot even enrol."""
    return [role for role in missing_administrators() if open_until(role) is None]


def waiting() -> list[tuple[str, datetime]]:
    """The administrators that may still enrol, and until when."""
    until = [(role, open_until(role)) for role in missing_administrators()]
    return [(role, ends_at) for role, ends_at in until if ends_at is not None]


def invite_one(*, role: str, login: str = "") -> Opened:
    """A new link for one that was lost; with ``login`` for a forgotten password. 重开链接"""
    if not login:
        return invite_administrator(by=system(name=INIT), role=role)
    person = people_of_role(role).filter(user__username=login).first()
    if person is None or role not in ADMINISTRATORS:
        zh = _("没有账号为“%(login)s”的这种管理员。")
        raise Refused("unknown_login", zh, status=404, words={"login": login})
    return _password_link(person, role)


@transaction.atomic(savepoint=False)
def _password_link(person: Person, role: str) -> Opened:
    path, ends_at = open_link((PASSWORD, str(person.pk)), person=person.pk)
    said = PasswordLinkMade(person_id=person.pk)
    emit(said, by=system(name=INIT), about=("person", str(person.pk)), body=person.name)
    return Opened(role=role, path=path, ends_at=ends_at)
