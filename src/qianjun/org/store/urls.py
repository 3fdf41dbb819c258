"""Address of the settings page. 设置页路由"""

from django.urls import URLPattern, path

from qianjun.org.store import pages

urlpatterns: list[URLPattern] = [
    path("settings/", pages.settings_page, name="settings"),
    path("settings/<slug:module>/", pages.change, name="settings_change"),
]
