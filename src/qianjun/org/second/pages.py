"""What of the library's pages behaves otherwise here. 登录保护页面"""

from typing import Any, ClassVar

from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn.views import RemoveWebAuthnView
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from qianjun.org.pages import failed


class RemoveKey(RemoveWebAuthnView):  # type: ignore[misc]  # allauth is not typed
    """Take a security key away, unless the role needs one; only by the form. 移除安全密钥"""

    http_method_names: ClassVar = ["get", "head", "post", "options"]

    def form_valid(self, form: Any) -> HttpResponse:  # noqa: ANN401
        """The last proof of somebody who must have one stays."""
        if not get_adapter().can_delete_authenticator(self.get_object()):
            failed(self.request, _("您的角色必须有登录保护；请先加另一个。"))
            return HttpResponseRedirect(reverse("mfa_index"))
        gone: HttpResponse = super().form_valid(form)
        return gone


remove = RemoveKey.as_view()
