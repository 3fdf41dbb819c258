"""Routes of copies and originals. 媒体路由"""

from django.urls import URLPattern, path

from qianjun.media import pages

urlpatterns: list[URLPattern] = [
    path("<str:file_id>/thumb", pages.thumb, name="media_thumb"),
    path("<str:file_id>/shown", pages.shown, name="media_shown"),
    path("<str:file_id>/original", pages.original, name="media_original"),
]
