"""Routes of the roster. 值班表路由"""

from django.urls import URLPattern, path

from qianjun.duty.shifts import pages

urlpatterns: list[URLPattern] = [
    path("duty/roster/", pages.shifts, name="roster"),
    path("duty/roster/enter/", pages.enter, name="shift_enter"),
    path("duty/roster/<str:shift_id>/change/", pages.change, name="shift_change"),
    path("duty/roster/<str:shift_id>/act/", pages.act, name="shift_act"),
]
