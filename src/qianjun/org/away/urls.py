"""Addresses of absences. 外出路由"""

from django.urls import URLPattern, path

from qianjun.org.away import pages

urlpatterns: list[URLPattern] = [
    path("absences/", pages.absences, name="absences"),
    path("absences/report/", pages.report, name="absence_report"),
    path("absences/<int:absence>/end/", pages.end, name="absence_end"),
    path("posts/<slug:post>/deputies/", pages.deputies, name="post_deputies"),
]
