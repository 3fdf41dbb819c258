"""Routes of the desk. 值班台路由"""

from django.urls import URLPattern, path

from qianjun.duty import pages
from qianjun.duty.bulletins.urls import urlpatterns as bulletins
from qianjun.duty.handing.urls import urlpatterns as handing
from qianjun.duty.log.urls import urlpatterns as log
from qianjun.duty.shifts.urls import urlpatterns as shifts

urlpatterns: list[URLPattern] = [
    path("", pages.desk, name="desk"),
    path("desk/live/", pages.live, name="desk_live"),
    path("desk/columns/", pages.columns, name="desk_columns"),
    path("desk/cards/<int:card>/retry/", pages.retry_card, name="card_retry"),
    path("desk/cards/<int:card>/drop/", pages.drop_card, name="card_drop"),
    path("desk/letters/<int:letter>/take/", pages.take_letter, name="letter_take"),
    path("desk/letters/<int:letter>/aside/", pages.drop_letter, name="letter_aside"),
    path("desk/messages/<int:message>/retry/", pages.retry_message, name="message_retry"),
    path("desk/messages/<int:message>/drop/", pages.drop_message, name="message_drop"),
    *shifts,
    *log,
    *handing,
    *bulletins,
]
