"""Log-in, log-out, one's own password and second proof; nothing else of the library. 登录路由"""

from allauth.account import views
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("again/", views.reauthenticate, name="account_reauthenticate"),
    path("second/", include("qianjun.org.second.urls")),
    path("password/change/", views.password_change, name="account_change_password"),
    # an account that never had one: the library sends it here from the page above
    path("password/set/", views.password_set, name="account_set_password"),
]
