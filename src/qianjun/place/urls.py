"""Routes of river and weather. 水情天气路由"""

from django.urls import URLPattern, path

from qianjun.place.gauges import pages

urlpatterns: list[URLPattern] = [
    path("river/", pages.river, name="river"),
    path("river/take/", pages.take, name="reading_take"),
    path("river/<str:reading_id>/correct/", pages.correct, name="reading_correct"),
]
