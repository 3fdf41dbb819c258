"""Calling people from the room. 事件室叫应"""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from qianjun.confirm.rules import WAIT_S, Step
from qianjun.kernel.errors import Refused
from qianjun.org.actor import Actor
from qianjun.org.pages import done, failed, only_once, page, sent_before
from qianjun.response.actions import call_about
from qianjun.response.pages.room import or_404


@require_POST
@page("confirm.call")
def start(request: HttpRequest, *, by: Actor, incident_id: str) -> HttpResponse:
    """Call the chosen at once, the others five minutes later when they stay silent. 发起叫应"""
    first, later = _chosen(request, "people"), _chosen(request, "later")
    steps = [Step(after_s=WAIT_S, people=tuple(later))] if later else []
    told = {name: request.POST.get(name, "") for name in ("text", "question")}
    words: dict[str, Any] = {"incident_id": incident_id, "people": first, "steps": steps, **told}
    try:
        replayed = only_once(request, lambda: call_about(by=by, **words))
    except Refused as refused:
        failed(request, or_404(refused))
    else:
        done(request, sent_before() if replayed else gettext("已叫出，5 分钟没有应答会升级。"))
    return HttpResponseRedirect(reverse("incident", args=[incident_id]))


def _chosen(request: HttpRequest, name: str) -> list[int]:
    told = request.POST.getlist(name)
    return [int(one) for one in told if one.isascii() and one.isdigit() and len(one) <= 18]
