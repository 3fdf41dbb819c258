"""Addresses of lists that leave the house. 清单导出路由"""

from django.urls import URLPattern, path

from qianjun.org.listing import pages

urlpatterns: list[URLPattern] = [
    path("lists/<slug:name>/excel/", pages.excel, name="list_excel"),
]
