"""Log-in, log-out and one's own password; nothing else of the accounts library. 登录路由"""

from allauth.account import views
from django.urls import URLPattern, path

urlpatterns: list[URLPattern] = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("password/change/", views.password_change, name="account_change_password"),
    # an account that never had one: the library sends it here from the page above
    path("password/set/", views.password_set, name="account_set_password"),
]
