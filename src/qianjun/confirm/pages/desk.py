"""What the desk does about a call: note an answer, send somebody, end it. 值班台按键"""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from qianjun.confirm import actions
from qianjun.org.actor import Actor
from qianjun.org.pages import attempt, back, done, page


@require_POST
@page("confirm.call")
def answer(request: HttpRequest, *, by: Actor, confirmation_id: str) -> HttpResponse:
    """He has said it on the telephone. 电话已答应"""
    told = {"person": request.POST.get("person", ""), "text": request.POST.get("text", "")}
    if attempt(request, by, actions.answer_for, confirmation_id=confirmation_id, **told):
        done(request, gettext("已记下应答。"))
    return back(request)


@require_POST
@page("confirm.call")
def knock(request: HttpRequest, *, by: Actor, confirmation_id: str) -> HttpResponse:
    """Somebody goes to his door. 已派人"""
    told = {"person": request.POST.get("person", ""), "goes": request.POST.get("goes", "")}
    if attempt(request, by, actions.send_knock, confirmation_id=confirmation_id, **told):
        done(request, gettext("已记下派人上门。应答了，请再按“电话已答应”。"))
    return back(request)


@require_POST
@page("confirm.call")
def end(request: HttpRequest, *, by: Actor, confirmation_id: str) -> HttpResponse:
    """Nobody need answer any more. 结束叫应"""
    why = request.POST.get("why", "")
    if attempt(request, by, actions.end_confirmation, confirmation_id=confirmation_id, why=why):
        done(request, gettext("叫应已结束，理由已记下。"))
    return back(request)
