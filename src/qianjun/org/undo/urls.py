"""The address of undoing. 撤销路由"""

from django.urls import URLPattern, path

from qianjun.org.undo import pages

urlpatterns: list[URLPattern] = [path("undo/", pages.undo, name="undo")]
