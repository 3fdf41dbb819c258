"""What the pages' scripts tell and ask when something leaves: print, copy, link. 带出"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from qianjun.org.actor import Actor
from qianjun.org.pages import page
from qianjun.response.actions.leaving import copy_advice, copy_entry, copy_link, note_print

TITLE_MOST = 200


@require_POST
@page("signed_in")
def printed(request: HttpRequest, *, by: Actor) -> HttpResponse:
    """A page is about to be printed. 打印"""
    path = request.POST.get("path", "").replace("\0", "")
    note_print(by=by, title=request.POST.get("title", "").replace("\0", "")[:TITLE_MOST], path=path)
    return HttpResponse(status=204)


@require_POST
@page("incident.read")
def advice(request: HttpRequest, *, by: Actor, incident_id: str) -> HttpResponse:  # noqa: ARG001
    """The public advice, to be copied. 复制公众提示"""
    return _text(lambda: copy_advice(by=by, incident_id=incident_id))


@require_POST
@page("record.mark")
def entry(request: HttpRequest, *, by: Actor, entry_id: str) -> HttpResponse:  # noqa: ARG001
    """The words of a public line, to be copied. 复制公开条目"""
    return _text(lambda: copy_entry(by=by, entry=entry_id))


@require_POST
@page("incident.read")
def link(request: HttpRequest, *, by: Actor, incident_id: str) -> HttpResponse:
    """A link that opens after signing in. 复制链接"""
    address = request.build_absolute_uri(reverse("incident", args=[incident_id]))
    return _text(lambda: copy_link(by=by, incident_id=incident_id, address=address))


def _text(made: Callable[[], str]) -> HttpResponse:
    return JsonResponse({"text": made()}, json_dumps_params={"ensure_ascii": False})
