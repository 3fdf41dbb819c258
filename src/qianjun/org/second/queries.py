"""Who has a second proof, and who must get one before he goes on. 查登录保护"""

from typing import Any, Final

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest

from qianjun.kernel.errors import Refused
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor
from qianjun.org.second import rules
from qianjun.org.store import text_setting

SEEN: Final = "second.seen"  # in the session: he has one, so nobody asks again
PROOFS: Final = ("totp", "webauthn")


def has_second(user: int | None) -> bool:
    """Whether this account asks for a second proof. 已开启"""
    if user is None:
        return False
    return bool(Authenticator.objects.filter(user=user, type__in=PROOFS).exists())


def must_enrol(request: HttpRequest, by: Actor) -> bool:
    """Whether he must get a second proof before anything else; asks once a session. 须先开启"""
    if settings.REALM != rules.LIVE:  # asks the store nothing
        return False
    chosen = text_setting("org", "second_factor")
    if not rules.must_have(by.role, chosen=chosen, realm=settings.REALM):
        return False
    session: Any = request.session
    if not session.get(SEEN):
        session[SEEN] = has_second(request.user.pk)
    return not session[SEEN]


def refuse_unenrolled(request: HttpRequest, by: Actor) -> None:
    """403 for a program that uses the session of somebody who must enrol first."""
    if must_enrol(request, by):
        zh = _("您的角色要先开启登录保护：请打开页面右上角的“登录保护”。")
        raise Refused("second_factor_needed", zh, status=403)
