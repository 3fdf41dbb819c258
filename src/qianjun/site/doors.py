"""Who may listen to what: asked like any page, before a stream starts. 实时推送的门"""

import contextlib
import re

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from qianjun.incident.queries import incident_seen
from qianjun.kernel.errors import Refused
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor, require
from qianjun.org.http import signed_in

MOST_TOPICS = 20
INCIDENT = re.compile(r"incident:([0-9]{1,18})")


@require_safe
@csrf_exempt
def events(request: HttpRequest) -> HttpResponse:
    """200 with the topics when the asker may hear all of them; the stream itself is not here."""
    actor = signed_in(request)
    require(actor, "live.listen")
    wanted = [t for t in request.GET.get("topics", "").split(",") if t]
    if not 0 < len(wanted) <= MOST_TOPICS:
        raise Refused("bad_topics", _("topics 须写 1 到 20 个主题，用逗号隔开。"))
    for topic in wanted:
        _judge(actor, topic)
    return JsonResponse({"topics": wanted})


def _judge(actor: Actor, topic: str) -> None:
    """Refuse with 403, alike for what is unknown and what is forbidden."""
    if topic == "desk" and actor.may("desk.read"):
        return
    if named := INCIDENT.fullmatch(topic):
        with contextlib.suppress(Refused):
            incident_seen(seen_by=actor, incident_id=named[1])
            return
    raise Refused("topic_not_allowed", _("没有这个主题，或您无权收听。"), status=403)
