"""Routes of the bulletins. 值班信息路由"""

from django.urls import URLPattern, path

from qianjun.duty.bulletins import pages

urlpatterns: list[URLPattern] = [
    path("duty/dues/", pages.dues, name="dues"),
    path("duty/bulletins/", pages.bulletins, name="bulletins"),
    path("duty/bulletins/draft/", pages.draft, name="bulletin_draft"),
    path("duty/bulletins/<str:bulletin_id>/", pages.bulletin, name="bulletin"),
    path("duty/bulletins/<str:bulletin_id>/closing/", pages.closing, name="bulletin_closing"),
    path("duty/bulletins/<str:bulletin_id>/issue/", pages.issue, name="bulletin_issue"),
    path("duty/bulletins/<str:bulletin_id>/word/", pages.word, name="bulletin_word"),
]
