"""Tasks in the room: give, sign for somebody, remind, hand on, end. 事件室任务"""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from qianjun.incident import actions
from qianjun.incident.queries.tasks import task_seen
from qianjun.kernel.errors import Refused
from qianjun.org.actor import Actor
from qianjun.org.pages import attempt, back, done, failed, page
from qianjun.org.undo.offers import offer
from qianjun.response.pages.room import or_404, sent
from qianjun.response.pages.room_forms import TaskForm


def _to_room(incident_id: str) -> HttpResponse:
    return HttpResponseRedirect(reverse("incident", args=[incident_id]))


@require_POST
@page("incident.task")
def open_task(request: HttpRequest, *, by: Actor, incident_id: str) -> HttpResponse:
    """Give a task. 下达任务"""
    return sent(
        request,
        by,
        incident_id,
        "task",
        form=TaskForm(request.POST),
        act=lambda said: actions.open_task(
            by=by,
            incident_id=incident_id,
            title=said["title"],
            lead=said["lead"],
            supporting=said["supporting"],
            person=said["person"],
            post=said["post"],
            due_at=said["due"],
            order=said["order"],
        ),
        told=gettext("任务已下达。"),
        undo=lambda row: offer(by, "task", incident_id=row.incident_id, task_id=row.pk),
    )


@require_POST
@page("incident.task")
def accept_task(request: HttpRequest, *, by: Actor, incident_id: str, task_id: str) -> HttpResponse:
    """Somebody has signed by telephone. 代记签收"""
    words = {"incident_id": incident_id, "task_id": task_id}
    if attempt(request, by, actions.accept_task, **words):
        done(request, gettext("已代记签收。"))
    return _to_room(incident_id)


@require_POST
@page("incident.task")
def remind(request: HttpRequest, *, by: Actor, incident_id: str) -> HttpResponse:
    """Remind everybody who has not signed, or those of one task. 催办"""
    wanted = request.POST.get("task") or None
    try:
        rows, count = actions.remind_unsigned(by=by, incident_id=incident_id, task_id=wanted)
    except Refused as refused:
        failed(request, or_404(refused))
        return back(request) if request.POST.get("next") else _to_room(incident_id)
    said = gettext("已催办 %(tasks)s 项，发出 %(count)s 条。")
    done(request, said % {"tasks": len(rows), "count": count})
    return back(request) if request.POST.get("next") else _to_room(incident_id)


@require_POST
@page("incident.task")
def reassign(request: HttpRequest, *, by: Actor, incident_id: str, task_id: str) -> HttpResponse:
    """Give a task to somebody else. 转交"""
    words = {"incident_id": incident_id, "task_id": task_id}
    to = {name: request.POST.get(name, "") for name in ("lead", "person", "post", "why")}
    was = task_seen(seen_by=by, **words)
    before = {
        "lead": was.lead.code if was.lead else "",
        "person": was.person_id or "",
        "post": was.post,
    }
    if attempt(request, by, actions.reassign_task, **words, **to):
        undo = offer(by, "task_moved", **words, **before) if any(before.values()) else ""
        done(request, gettext("任务已转交，双方都会收到通知。"), undo=undo)
    return _to_room(incident_id)


@require_POST
@page("incident.task")
def finish_task(request: HttpRequest, *, by: Actor, incident_id: str, task_id: str) -> HttpResponse:
    """A task is done. 办结"""
    words = {"incident_id": incident_id, "task_id": task_id}
    result = request.POST.get("result", "")
    if attempt(request, by, actions.finish_task, result=result, **words):
        done(request, gettext("任务已办结。"), undo=offer(by, "task_done", **words))
    return _to_room(incident_id)


@require_POST
@page("incident.task")
def drop_task(request: HttpRequest, *, by: Actor, incident_id: str, task_id: str) -> HttpResponse:
    """A task need not be done. 撤销任务"""
    words = {"incident_id": incident_id, "task_id": task_id}
    reason = request.POST.get("reason", "")
    if attempt(request, by, actions.drop_task, reason=reason, **words):
        done(request, gettext("任务已撤销，理由已记下。"))
    return _to_room(incident_id)
