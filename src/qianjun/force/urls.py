"""Addresses of the pages of forces. 力量页路由"""

from django.urls import URLPattern, path

from qianjun.force import pages
from qianjun.force import phone_pages as phone
from qianjun.force.callouts import pages as board
from qianjun.force.teaming import pages as teaming

urlpatterns: list[URLPattern] = [
    path("forces/", pages.forces, name="forces"),
    path("forces/teams/<str:team_id>/", pages.team, name="team"),
    path("forces/teams/<str:team_id>/change/", pages.change, name="team_change"),
    path("forces/teams/<str:team_id>/members/", pages.add, name="team_add"),
    path(
        "forces/teams/<str:team_id>/members/<str:member_id>/leave/",
        pages.remove,
        name="team_remove",
    ),
    path("forces/teams/<str:team_id>/readiness/", pages.readiness, name="team_readiness"),
    path("forces/teams/<str:team_id>/reveal/", pages.reveal, name="team_reveal"),
    path("forces/volunteers/", pages.volunteers, name="volunteers"),
    path("forces/volunteers/<str:volunteer_id>/pause/", pages.pause, name="volunteer_pause"),
    path("forces/volunteers/<str:volunteer_id>/resume/", pages.resume, name="volunteer_resume"),
    path("v/<slug:link>", phone.call, name="call"),
    path("v/<slug:link>/acts", phone.acts, name="call_acts"),
    path("incidents/<slug:incident_id>/callouts/", board.callouts, name="callouts"),
    path("incidents/<slug:incident_id>/callouts/live/", board.live, name="callouts_live"),
    path("incidents/<slug:incident_id>/callouts/look/", board.look, name="callout_look"),
    path("incidents/<slug:incident_id>/callouts/start/", board.start, name="callout_start"),
    path("callouts/<slug:callout_id>/<slug:verb>/", board.act, name="callout_act"),
    path("incidents/<slug:incident_id>/teams/", teaming.teams, name="teams"),
    path("incidents/<slug:incident_id>/teams/live/", teaming.live, name="teams_live"),
    path("incidents/<slug:incident_id>/teams/start/", teaming.start, name="teams_start"),
    path("incidents/<slug:incident_id>/teams/<slug:verb>/", teaming.every, name="teams_every"),
    path("team_calls/<slug:call_id>/<slug:verb>/", teaming.act, name="team_act"),
]
