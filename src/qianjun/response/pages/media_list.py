"""The photos and files of an incident, part of its room and a page of their own. 事件媒体"""

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from qianjun.incident.queries import incident_card
from qianjun.media.queries import brief_json, files_of
from qianjun.org.actor import Actor
from qianjun.org.pages import page

FILES_MOST: Final = 200


@require_GET
@page("media.read")
def media(request: HttpRequest, *, by: Actor, incident_id: str) -> HttpResponse:
    """The files, the newest first; the room fetches them as a part, with statements of its own."""
    rows = files_of(seen_by=by, incident=incident_id)
    files = [(row.received_at, brief_json(row)) for row in rows[: FILES_MOST + 1]]
    shown: dict[str, Any] = {
        "files": files[:FILES_MOST],
        "beyond": len(files) > FILES_MOST,
        "may": {"mark": by.may("record.mark")},
    }
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "response/room/media.html", shown)
    shown["card"] = incident_card(seen_by=by, incident_id=incident_id)
    return render(request, "response/room/media_page.html", shown)
