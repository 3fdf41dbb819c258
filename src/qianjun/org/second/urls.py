"""Addresses of the second proof, under /accounts/second/. 登录保护路由"""

from allauth.mfa.base import views
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import URLPattern, path

from qianjun.org.second.pages import remove

urlpatterns: list[URLPattern] = [
    path("", views.index, name="mfa_index"),
    path("code/", views.authenticate, name="mfa_authenticate"),
    path("again/", views.reauthenticate, name="mfa_reauthenticate"),
    path("phone/", totp.activate_totp, name="mfa_activate_totp"),
    path("phone/off/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("recovery/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("recovery/new/", recovery.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("keys/", views.index, name="mfa_list_webauthn"),
    path("keys/add/", webauthn.add_webauthn, name="mfa_add_webauthn"),
    path("keys/again/", webauthn.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("keys/<int:pk>/remove/", remove, name="mfa_remove_webauthn"),
]
