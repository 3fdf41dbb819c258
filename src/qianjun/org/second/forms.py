"""The code that is typed: by our clock, by our delays, good once. 验证码表单"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as given
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as given_totp
from allauth.mfa.webauthn import forms as given_key
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext

from qianjun.journal.locks import one_at_a_time
from qianjun.kernel import clock
from qianjun.org import delays
from qianjun.org.second import rules

MOST = 40


class Guarded:
    """A wrong code makes waiting longer, as a wrong password does; tries take turns."""

    user: Any
    cleaned_data: dict[str, Any]

    def accepted(self, code: str) -> bool:
        """Whether the code is right."""
        raise NotImplementedError

    def clean_code(self) -> str:
        """The code, or a sentence; within a delay even the right one waits."""
        code = rules.typed(str(self.cleaned_data["code"]))[:MOST]
        address = context.request.META.get("REMOTE_ADDR", "")
        door = delays.door_of(f"second:{self.user.pk}", address)
        right = False
        with transaction.atomic():
            one_at_a_time(*door.keys)
            counted = delays.counted_at(door)
            waiting_s = delays.waiting_s(counted)
            if not waiting_s:
                right = self.accepted(code)
                if right:
                    delays.note_success(door)
                else:
                    delays.note_failure(counted)
        if waiting_s:
            said = gettext("验证码连续输错，请等待 %(seconds)s 秒后再试。")
            raise ValidationError(said % {"seconds": waiting_s}, code="wait")
        if not right:
            raise get_adapter().validation_error("incorrect_code")
        return code


class _ByAny(Guarded):
    authenticator: Authenticator

    def accepted(self, code: str) -> bool:
        """A code of his phone that was not used before, or one of his recovery codes."""
        rows = Authenticator.objects.select_for_update().filter(user=self.user)
        for row in rows.exclude(type=Authenticator.Type.WEBAUTHN).order_by("pk"):
            if row.type == Authenticator.Type.TOTP:
                right = _by_phone(row, code)
            else:
                right = bool(row.wrap().validate_code(code))
            if right:
                row.user = self.user
                self.authenticator = row
                return True
        return False


def _by_phone(row: Authenticator, code: str) -> bool:
    secret, used = get_adapter().decrypt(row.data["secret"]), int(row.data.get("step", -1))
    step = rules.matching_step(secret, code, now=clock.real(), after=used)
    if step is None:
        return False
    row.data.update(step=step)
    row.save(update_fields=["data"])
    return True


class AuthenticateForm(_ByAny, given.AuthenticateForm):  # type: ignore[misc]
    """The step of the log-in."""


class ReauthenticateForm(_ByAny, given.ReauthenticateForm):  # type: ignore[misc]
    """Once more, before the protection itself is changed."""


class ActivateForm(Guarded, given_totp.ActivateTOTPForm):  # type: ignore[misc]
    """The first code of a new phone shows that it has the secret."""

    def accepted(self, code: str) -> bool:
        """Whether the phone shows what we expect."""
        return rules.matching_step(self.secret, code, now=clock.real()) is not None


MALFORMED = (KeyError, TypeError, ValueError, AttributeError, IndexError)


class _ByKey:
    """What a browser says of a security key; anybody can send anything in its place."""

    def clean_credential(self) -> Any:  # noqa: ANN401 - the library's row, or what was sent
        """What was sent, or one sentence: never a fault of the server."""
        with _refusing():
            return super().clean_credential()  # type: ignore[misc]


class AuthenticateKeyForm(_ByKey, given_key.AuthenticateWebAuthnForm):  # type: ignore[misc]
    """The step of the log-in by a security key."""


class ReauthenticateKeyForm(_ByKey, given_key.ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """Once more, by a security key."""


class AddKeyForm(given_key.AddWebAuthnForm):  # type: ignore[misc]
    """A new security key."""

    def clean(self) -> dict[str, Any]:
        """What was sent, or one sentence."""
        with _refusing():
            told: dict[str, Any] = super().clean()
            return told


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except MALFORMED as fault:
        raise get_adapter().validation_error("incorrect_code") from fault
