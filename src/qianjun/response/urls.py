"""Routes of intake and incident room. 接报与事件室路由"""

from django.urls import URLPattern, path

from qianjun.response.pages import handling, incidents, intake, leaving, maps, records, room, sorting

urlpatterns: list[URLPattern] = [
    path("intake/", intake.intake, name="intake"),
    path("intake/look/", intake.look, name="intake_look"),
    path("intake/keep/", intake.keep, name="intake_keep"),
    path("intake/clear/", intake.clear, name="intake_clear"),
    path("map/<slug:name>/", maps.map_layer, name="map_layer"),
    path("incidents/", incidents.incidents, name="incidents"),
    path("incidents/<slug:incident_id>/", maps.with_map(room.incident), name="incident"),
    path("incidents/<slug:incident_id>/live/", room.live, name="incident_live"),
    path("incidents/<slug:incident_id>/notes/", room.note, name="incident_note"),
    path("incidents/<slug:incident_id>/figures/", room.figure, name="incident_figure"),
    path("incidents/<slug:incident_id>/grade/", handling.grade, name="incident_grade"),
    path("incidents/<slug:incident_id>/facts/", handling.facts, name="incident_facts"),
    path("incidents/<slug:incident_id>/facts/undo/", handling.undo_facts, name="facts_undo"),
    path("incidents/<slug:incident_id>/tasks/", handling.open_task, name="task_open"),
    path(
        "incidents/<slug:incident_id>/tasks/<slug:task_id>/done/",
        handling.finish_task,
        name="task_done",
    ),
    path(
        "incidents/<slug:incident_id>/tasks/<slug:task_id>/drop/",
        handling.drop_task,
        name="task_drop",
    ),
    path(
        "incidents/<slug:incident_id>/entries/<slug:entry_id>/correct/",
        handling.correct,
        name="incident_correct",
    ),
    path("incidents/<slug:incident_id>/close/", room.close, name="incident_close"),
    path("incidents/<slug:incident_id>/reopen/", room.reopen, name="incident_reopen"),
    path("reports/", sorting.sorting, name="sorting"),
    path("reports/group/", sorting.group, name="sorting_group"),
    path("reports/sort/", sorting.sort, name="sorting_act"),
    path("reports/undo/", sorting.undo, name="sorting_undo"),
    path("reports/<slug:report_id>/told/", sorting.told, name="report_told"),
    path("reports/<slug:report_id>/caller/", room.caller, name="report_caller"),
    path("reports/<slug:report_id>/confirm/", room.confirm, name="report_confirm"),
    path("reports/<slug:report_id>/split/", room.split, name="report_split"),
    path("reports/<slug:report_id>/join/", room.join, name="report_join"),
    path("records/", records.find, name="records"),
    path("records/<slug:kind>/<slug:record_id>/", records.record, name="record"),
    path("records/<slug:kind>/<slug:record_id>/mark/", records.mark, name="record_mark"),
    path("records/<slug:kind>/<slug:record_id>/erase/", records.erase, name="record_erase"),
    path("leaving/print/", leaving.printed, name="leave_print"),
    path("leaving/entries/<slug:entry_id>/", leaving.entry, name="leave_entry"),
    path("incidents/<slug:incident_id>/advice/", leaving.advice, name="leave_advice"),
    path("incidents/<slug:incident_id>/link/", leaving.link, name="leave_link"),
]
