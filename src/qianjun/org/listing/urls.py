"""Addresses of lists that leave the house. 清单导出路由"""

from django.urls import URLPattern, path

from qianjun.org.listing import pages

urlpatterns: list[URLPattern] = [
    path("lists/<slug:name>/", pages.sheet, name="list_sheet"),
    path("lists/<slug:name>/excel/", pages.excel, name="list_excel"),
    path("lists/<slug:name>/word/", pages.word, name="list_word"),
    path("records/<slug:name>/<str:ident>/word/", pages.record, name="record_word"),
]
