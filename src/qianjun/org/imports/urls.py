"""Addresses of the import pages. 导入页路由"""

from django.urls import URLPattern, path

from qianjun.org.imports import pages

urlpatterns: list[URLPattern] = [
    path("import/", pages.imports, name="imports"),
    path("import/<int:run>/", pages.one, name="import"),
    path("import/<int:run>/columns/", pages.columns, name="import_columns"),
    path("import/<int:run>/drop/", pages.drop, name="import_drop"),
    path("import/<int:run>/take/", pages.take, name="import_take"),
    path("import/<int:run>/undo/", pages.undo, name="import_undo"),
]
