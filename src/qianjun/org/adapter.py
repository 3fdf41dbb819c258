"""Log-in by password, with delays of our own and no sign-up. 登录"""

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from qianjun.journal.bus import emit
from qianjun.journal.locks import one_at_a_time
from qianjun.org import delays
from qianjun.org.events import FACTORS, SecondFactorChanged
from qianjun.org.models import Person
from qianjun.org.people import actor_for_user
from qianjun.org.seeding import DEMO_PASSWORD


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is not typed
    """How people of this house sign in. 登录方式"""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002  # allauth's name
        """Accounts are made by the administrators."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: object) -> None:
        """Nothing: the library's own limits need a cache and lock people out."""

    def authenticate(self, request: HttpRequest, **credentials: object) -> AbstractBaseUser | None:
        """The user, or None; within a delay a sentence with the seconds, even if right.

        Tries of one account, and of one network, take turns: a burst is as slow as a row.
        """
        username = str(credentials.get("username") or "")
        door = delays.door_of(username, request.META.get("REMOTE_ADDR", ""))
        user = None
        with transaction.atomic():
            one_at_a_time(*door.keys)
            counted = delays.counted_at(door)
            waiting_s = delays.waiting_s(counted)
            if not waiting_s:
                user = self._try(request, **credentials)
                if user is None:
                    delays.note_failure(counted)
                else:
                    delays.note_success(door)
        if waiting_s:
            raise ValidationError(_wait(waiting_s), code="wait")
        return user

    def _try(self, request: HttpRequest, **credentials: object) -> AbstractBaseUser | None:
        if settings.REALM != "demo" and credentials.get("password") == DEMO_PASSWORD:
            return None  # everybody can read it in the source
        user: AbstractBaseUser | None = super().authenticate(request, **credentials)
        return user

    def send_notification_mail(
        self, template_prefix: str, user: User, *_rest: object, **_more: object
    ) -> None:
        """No mail: a change of the second proof is a line of the journal. 记入事件簿"""
        factor, _underline, change = template_prefix.rpartition("/")[2].rpartition("_")
        person = Person.objects.filter(user=user.pk).first()
        if person is None or factor not in FACTORS:
            return
        event = SecondFactorChanged(person_id=person.pk, factor=factor, change=change)
        about = ("person", str(person.pk))
        with transaction.atomic():
            emit(event, by=actor_for_user(user.pk), about=about, body=person.name)

    def clean_password(self, password: str, user: object = None) -> str:
        """A new password, unless it is the one that everybody can read in the source."""
        if password == DEMO_PASSWORD:
            raise ValidationError(_("这是演示用的密码，请换一个。"), code="demo_password")
        return str(super().clean_password(password, user))


def _wait(seconds: int) -> str:
    return _("密码连续输错，请等待 %(seconds)s 秒后再试。") % {"seconds": seconds}
