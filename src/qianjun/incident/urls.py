"""Addresses of tasks: behind a link, and on a unit's sheet. 任务路由"""

from django.urls import URLPattern, path

from qianjun.incident import pages

urlpatterns: list[URLPattern] = [
    path("t/<str:link>", pages.task, name="task_link"),
    path("t/<str:link>/acts", pages.act, name="task_act"),
    path("incidents/<slug:incident_id>/tasks/sheet/<slug:unit>/", pages.sheet, name="task_sheet"),
]
