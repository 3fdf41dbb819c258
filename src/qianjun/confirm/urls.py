"""Addresses of calling. 叫应路由"""

from django.urls import URLPattern, path

from qianjun.confirm.pages import desk, phone

urlpatterns: list[URLPattern] = [
    path("c/<slug:link>", phone.shown, name="confirm_phone"),
    path("c/<slug:link>/acts", phone.act, name="confirm_act"),
    path("confirmations/<slug:confirmation_id>/answers/", desk.answer, name="confirm_answer"),
    path("confirmations/<slug:confirmation_id>/knocks/", desk.knock, name="confirm_knock"),
    path("confirmations/<slug:confirmation_id>/end/", desk.end, name="confirm_end"),
]
