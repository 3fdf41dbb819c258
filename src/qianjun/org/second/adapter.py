"""How the accounts library keeps secrets, draws the picture and calls a phone. 登录保护适配"""

import base64
from io import BytesIO

import segno
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.utils.translation import gettext, gettext_lazy

from qianjun.kernel.errors import Refused
from qianjun.kernel.words import noop as _
from qianjun.org.people import actor_for_user
from qianjun.org.second.queries import PROOFS
from qianjun.org.second.rules import must_have
from qianjun.org.store import text_setting
from qianjun.org.store.sealed import NoKey, NotOurs, seal, unseal

ABOUT = "org.second"
PIXELS = 5
NO_KEY = _("密钥文件读不出来，登录保护现在不能用；请系统管理员检查 keys/settings.key。")


class SecondAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth is not typed
    """Secrets are sealed by the key file; the picture is drawn here and loads nothing."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": gettext_lazy("验证码不对，请看现在的新码再输。"),
        "cannot_delete_authenticator": gettext_lazy("您的角色必须有登录保护；请先加另一个。"),
    }

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Not the last proof of somebody whose role needs one."""
        others = Authenticator.objects.filter(user=authenticator.user_id, type__in=PROOFS)
        if others.exclude(pk=authenticator.pk).exists():
            return True
        role = actor_for_user(authenticator.user_id).role
        chosen = text_setting("org", "second_factor")
        return not must_have(role, chosen=chosen, realm=settings.REALM)

    def encrypt(self, text: str) -> str:
        """Sealed, as text."""
        try:
            return base64.b64encode(seal(text, about=ABOUT)).decode("ascii")
        except NoKey as fault:
            raise Refused("no_key", NO_KEY, status=503) from fault

    def decrypt(self, encrypted_text: str) -> str:
        """The secret again."""
        try:
            return unseal(base64.b64decode(encrypted_text), about=ABOUT)
        except (NoKey, NotOurs, ValueError) as fault:
            raise Refused("no_key", NO_KEY, status=503) from fault

    def get_totp_issuer(self) -> str:
        """What the phone calls us: the bureau, with the realm when it is not live."""
        name = text_setting("org", "bureau_name") or gettext("千钧")
        return name if settings.REALM == "live" else f"{name} {settings.REALM}"

    def build_totp_svg(self, url: str) -> str:
        """The picture that a phone reads, as SVG without a word of its own."""
        drawn = BytesIO()
        segno.make(url, error="m").save(
            drawn, kind="svg", scale=PIXELS, border=3, xmldecl=False, svgns=True, light="#fff"
        )
        return drawn.getvalue().decode()
