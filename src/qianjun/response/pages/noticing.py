"""Accident notices, from the room. 事故通报页面"""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from qianjun.kernel.errors import Refused
from qianjun.org.actor import Actor
from qianjun.org.pages import attempt, done, failed, page
from qianjun.response import actions
from qianjun.response.pages.room import or_404
from qianjun.response.rules.noticing import PHONE, RECEIVED, TOLD, WITHDRAWN

ALL = "all"
SAID = {
    PHONE: lambda: gettext("已记下电话通报。"),
    RECEIVED: lambda: gettext("回执已记下。"),
    WITHDRAWN: lambda: gettext("已撤回，这个单位仍待通报。"),
}


@require_POST
@page("notice.give")
def notice(request: HttpRequest, *, by: Actor, incident_id: str) -> HttpResponse:
    """Tell all that can be reached, or note what was done about one unit. 通报"""
    if request.POST.get("unit") == ALL:
        _all(request, by, incident_id)
    else:
        _one(request, by, incident_id)
    return HttpResponseRedirect(reverse("incident", args=[incident_id]))


def _all(request: HttpRequest, by: Actor, incident_id: str) -> None:
    try:
        sent, left = actions.notify_all(by=by, incident_id=incident_id)
    except Refused as refused:
        failed(request, or_404(refused))
        return
    said = gettext("已通报 %(sent)s 个单位，%(left)s 个要打电话。")
    done(request, said % {"sent": sent, "left": left})


def _one(request: HttpRequest, by: Actor, incident_id: str) -> None:
    act = request.POST.get("act", "")
    told = {name: request.POST.get(name, "") for name in ("unit", "taken_by")}
    by_phone = {"act": TOLD, "way": PHONE} if act == PHONE else {"act": act}
    if attempt(request, by, actions.notify, incident_id=incident_id, **told, **by_phone):
        done(request, SAID[act]() if act in SAID else gettext("已通报。"))
