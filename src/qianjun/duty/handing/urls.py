"""Routes of the hand-over. 交接班路由"""

from django.urls import URLPattern, path

from qianjun.duty.handing import pages

urlpatterns: list[URLPattern] = [
    path("duty/hand-over/", pages.hand_over, name="hand_over"),
    path("duty/hand-over/sign/", pages.sign_out, name="hand_over_sign"),
    path("duty/hand-over/sign-for/", pages.sign_out_for, name="hand_over_sign_for"),
    path("duty/hand-over/pack/", pages.pack, name="shift_pack"),
    path("duty/hand-over/<str:hand_over_id>/", pages.sheet, name="hand_over_sheet"),
    path("duty/hand-over/<str:hand_over_id>/act/", pages.act, name="hand_over_act"),
    path("duty/hand-over/<str:hand_over_id>/word/", pages.word, name="hand_over_word"),
]
