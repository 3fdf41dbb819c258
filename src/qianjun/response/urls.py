"""Routes of intake and incident room. 接报与事件室路由"""

from django.urls import URLPattern, path

from qianjun.response.pages import incidents, intake, room

urlpatterns: list[URLPattern] = [
    path("intake/", intake.intake, name="intake"),
    path("intake/look/", intake.look, name="intake_look"),
    path("intake/keep/", intake.keep, name="intake_keep"),
    path("intake/clear/", intake.clear, name="intake_clear"),
    path("incidents/", incidents.incidents, name="incidents"),
    path("incidents/<slug:incident_id>/", room.incident, name="incident"),
    path("incidents/<slug:incident_id>/live/", room.live, name="incident_live"),
    path("incidents/<slug:incident_id>/notes/", room.note, name="incident_note"),
    path("incidents/<slug:incident_id>/figures/", room.figure, name="incident_figure"),
    path("incidents/<slug:incident_id>/close/", room.close, name="incident_close"),
    path("incidents/<slug:incident_id>/reopen/", room.reopen, name="incident_reopen"),
    path("reports/<slug:report_id>/caller/", room.caller, name="report_caller"),
    path("reports/<slug:report_id>/confirm/", room.confirm, name="report_confirm"),
    path("reports/<slug:report_id>/split/", room.split, name="report_split"),
    path("reports/<slug:report_id>/join/", room.join, name="report_join"),
]
