"""Addresses of the pages of tokens and reads. 令牌页路由"""

from django.urls import URLPattern, path

from qianjun.org.keys import pages

urlpatterns: list[URLPattern] = [
    path("reads/", pages.reads, name="reads"),
    path("tokens/", pages.tokens, name="tokens"),
    path("tokens/<int:token>/revoke/", pages.revoke, name="token_revoke"),
]
