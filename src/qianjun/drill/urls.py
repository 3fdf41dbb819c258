"""Addresses of shows. 演示路由"""

from django.urls import URLPattern, path

from qianjun.drill import pages

urlpatterns: list[URLPattern] = [
    path("show/", pages.show, name="show"),
    path("show/bar/", pages.bar, name="show_bar"),
    path("show/start/", pages.start, name="show_start"),
    path("show/act/", pages.act, name="show_act"),
]
