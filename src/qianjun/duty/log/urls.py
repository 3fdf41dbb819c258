"""Routes of the duty log. 值班日志路由"""

from django.urls import URLPattern, path

from qianjun.duty.log import pages

urlpatterns: list[URLPattern] = [
    path("duty/log/", pages.duty_log, name="duty_log"),
    path("duty/log/note/", pages.note, name="duty_note"),
    path("duty/log/<str:entry_id>/correct/", pages.correct, name="duty_note_correct"),
]
