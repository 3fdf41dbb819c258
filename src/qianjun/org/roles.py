"""Who may do what: one table, one line per permission, route and verb. 角色与权限

Keep each table alphabetical, one entry a line; a guard test fails on a route or verb that is not
here. No administrator reads incidents.
"""

from collections.abc import Iterable
from typing import Final

from qianjun.kernel.words import noop as _

# the gravest say in an incident first: a person with several roles acts as the first of them
ROLES: Final[dict[str, str]] = {
    "leader_in_charge": _("带班领导"),
    "duty_officer": _("值班员"),
    "bureau_leader": _("局领导"),
    "commander": _("现场指挥"),
    "community_worker": _("街道/社区"),
    "inspector": _("检查员"),
    "partner": _("联动单位"),
    "team_leader": _("队长"),
    "volunteer": _("志愿者"),
    "safety_officer": _("企业安全员"),
    "keeper": _("仓库管理员"),
    "system_admin": _("系统管理员"),
    "security_admin": _("安全管理员"),
    "audit_admin": _("审计管理员"),
}

_DESK = ("duty_officer", "leader_in_charge")
_READERS = (*_DESK, "bureau_leader", "commander")
_OUTPOSTS = ("community_worker", "inspector", "partner")
_FIELD = ("keeper", "safety_officer", "team_leader", "volunteer")

PERMISSIONS: Final[dict[str, frozenset[str]]] = {
    "audit.verify": frozenset({"audit_admin"}),
    "body.erase": frozenset({"leader_in_charge", "security_admin"}),
    "card.settle": frozenset(_DESK),
    "clock.move": frozenset({"duty_officer", "system_admin"}),
    "clock.read": frozenset({*_DESK, "system_admin"}),
    "desk.read": frozenset(_READERS),
    "incident.close": frozenset(_DESK),
    "incident.figure": frozenset(_READERS),
    "incident.note": frozenset(_READERS),
    "incident.read": frozenset(_READERS),
    "incident.reopen": frozenset(_DESK),
    "incident.settle": frozenset(_DESK),
    "live.listen": frozenset(_READERS),
    "media.original": frozenset(_DESK),
    "media.read": frozenset(_READERS),
    "media.upload": frozenset({*_READERS, *_OUTPOSTS, *_FIELD}),
    "media.verify": frozenset(_DESK),
    "message.send": frozenset(_DESK),
    "person.reveal": frozenset(_DESK),
    "place.locate": frozenset(_READERS),
    "report.read": frozenset(_READERS),
    "report.read_own": frozenset({*_READERS, *_OUTPOSTS}),
    "report.sort": frozenset(_DESK),
    "report.take": frozenset({*_DESK, *_OUTPOSTS, *_FIELD}),
    "setting.change": frozenset({"system_admin"}),
    "setting.read": frozenset({"audit_admin", "security_admin", "system_admin"}),
    "simulator.use": frozenset({"duty_officer", "system_admin"}),
    "token.make": frozenset({"security_admin", "system_admin"}),
}

# a permission, or open (nobody is asked), link (the link is the credential), signed_in (anybody
# who is somebody; the verb behind it asks)
ROUTES: Final[dict[str, str]] = {
    "DELETE /api/v1/uploads/{upload_id}": "media.upload",
    "GET /": "signed_in",
    "GET /accounts/login/": "open",
    "GET /accounts/logout/": "open",
    "GET /accounts/password/change/": "signed_in",
    "GET /admin/settings/": "setting.read",
    "GET /api/v1/clock": "clock.read",
    "GET /api/v1/events": "live.listen",
    "GET /api/v1/files": "media.read",
    "GET /api/v1/files/{file_id}": "media.upload",
    "GET /api/v1/incidents": "incident.read",
    "GET /api/v1/incidents/{incident_id}": "incident.read",
    "GET /api/v1/incidents/{incident_id}/timeline": "incident.read",
    "GET /api/v1/openapi.json": "open",
    "GET /api/v1/reports/{report_id}": "report.read_own",
    "GET /api/v1/simulator/messages": "simulator.use",
    "GET /api/v1/uploads/{upload_id}": "media.upload",
    "GET /desk/live/": "desk.read",
    "GET /healthz": "open",
    "GET /incidents/": "incident.read",
    "GET /incidents/{incident_id}/": "incident.read",
    "GET /incidents/{incident_id}/live/": "incident.read",
    "GET /intake/": "report.take",
    "GET /media/{file_id}/original": "media.original",
    "GET /media/{file_id}/shown": "signed_in",
    "GET /media/{file_id}/thumb": "signed_in",
    "PATCH /api/v1/incidents/{incident_id}": "incident.settle",
    "PATCH /api/v1/uploads/{upload_id}": "media.upload",
    "POST /accounts/login/": "open",
    "POST /accounts/logout/": "open",
    "POST /accounts/password/change/": "signed_in",
    "POST /admin/settings/{module}/": "setting.change",
    "POST /api/v1/clock": "clock.move",
    "POST /api/v1/files/{file_id}/confirm": "media.verify",
    "POST /api/v1/incidents/{incident_id}/close": "incident.close",
    "POST /api/v1/incidents/{incident_id}/figures": "incident.figure",
    "POST /api/v1/incidents/{incident_id}/notes": "incident.note",
    "POST /api/v1/incidents/{incident_id}/reopen": "incident.reopen",
    "POST /api/v1/places/locate": "place.locate",
    "POST /api/v1/reports": "report.take",
    "POST /api/v1/reports/{report_id}/confirm": "report.sort",
    "POST /api/v1/reports/{report_id}/join": "report.sort",
    "POST /api/v1/reports/{report_id}/split": "report.sort",
    "POST /api/v1/simulator/carrier": "simulator.use",
    "POST /api/v1/uploads": "media.upload",
    "POST /api/v1/uploads/{upload_id}": "media.upload",
    "POST /desk/cards/{card}/drop/": "card.settle",
    "POST /desk/cards/{card}/retry/": "card.settle",
    "POST /desk/messages/{message}/drop/": "message.send",
    "POST /desk/messages/{message}/retry/": "message.send",
    "POST /incidents/{incident_id}/close/": "incident.close",
    "POST /incidents/{incident_id}/figures/": "incident.figure",
    "POST /incidents/{incident_id}/notes/": "incident.note",
    "POST /incidents/{incident_id}/reopen/": "incident.reopen",
    "POST /intake/": "report.take",
    "POST /intake/clear/": "report.take",
    "POST /intake/keep/": "report.take",
    "POST /intake/look/": "report.take",
    "POST /look/language/": "open",
    "POST /look/theme/": "open",
    "POST /reports/{report_id}/confirm/": "report.sort",
    "POST /reports/{report_id}/join/": "report.sort",
    "POST /reports/{report_id}/split/": "report.sort",
    "PUT /accounts/login/": "open",
    "PUT /accounts/password/change/": "signed_in",
}

VERBS: Final[dict[str, str]] = {
    "incident.actions.add_figure": "incident.figure",
    "incident.actions.add_note": "incident.note",
    "incident.actions.attach_report": "report.take",
    "incident.actions.close_incident": "incident.close",
    "incident.actions.confirm_join": "report.sort",
    "incident.actions.join_report": "report.sort",
    "incident.actions.open_incident": "report.take",
    "incident.actions.reopen_incident": "incident.reopen",
    "incident.actions.settle_facts": "incident.settle",
    "incident.actions.split_report": "report.sort",
    "journal.actions.drop_card": "card.settle",
    "journal.actions.move_clock": "clock.move",
    "journal.actions.retry_card": "card.settle",
    "media.actions.add_piece": "media.upload",
    "media.actions.attach": "media.upload",
    "media.actions.confirm_file": "media.verify",
    "media.actions.create_upload": "media.upload",
    "media.actions.drop_upload": "media.upload",
    "media.actions.erase_file": "body.erase",
    "media.actions.finish_upload": "media.upload",
    "media.actions.open_original": "media.original",
    "media.actions.quarantine": "media.verify",
    "media.actions.settle_look": "system",
    "message.actions.drop_message": "message.send",
    "message.actions.retry_message": "message.send",
    "message.actions.send": "message.send",
    "message.actions.send_many": "message.send",
    "message.actions.switch_carrier": "simulator.use",
    "org.actions.change_setting": "setting.change",
    "org.actions.change_settings": "setting.change",
    "org.actions.find_by_phone": "person.reveal",
    "org.actions.reveal_phone": "person.reveal",
    "org.actions.revoke_token": "token.make",
    "response.actions.take_in_report": "report.take",
}


def permissions_of(roles: Iterable[str]) -> frozenset[str]:
    """Everything that these roles together may do. 角色的权限"""
    wanted = frozenset(roles)
    return frozenset(p for p, holders in PERMISSIONS.items() if wanted & holders)
