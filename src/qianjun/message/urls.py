"""Routes of the wall of phones. 手机墙路由"""

from django.urls import URLPattern, path

from qianjun.message import pages

urlpatterns: list[URLPattern] = [
    path("", pages.phones, name="phones"),
    path("live/", pages.phones_live, name="phones_live"),
    path("reply/", pages.phone_reply, name="phone_reply"),
    path("letters/<int:row>/open/", pages.phone_open, name="phone_open"),
    path("people/<int:person>/silence/", pages.phone_silence, name="phone_silence"),
    path("carrier/", pages.carrier_switch, name="carrier_switch"),
    path("people/", pages.people_switch, name="people_switch"),
]
