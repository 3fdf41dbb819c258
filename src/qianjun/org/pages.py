"""The door of every page: who is it, may he, and how a refusal looks. 页面入口"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django_htmx.http import HttpResponseClientRedirect

from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.org.actor import Actor, require
from qianjun.org.http import actor_of, once_for_form
from qianjun.org.second.queries import must_enrol

View = Callable[..., HttpResponse]
SIGNED_IN = "signed_in"


def page(permission: str) -> Callable[[View], View]:
    """The view is called with ``by`` when who asks has signed in and has the permission. 页面

    A stranger is sent to the log-in and comes back; ``signed_in`` asks for no permission. The
    answer carries the clock, and is kept by no cache.
    """

    def around(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            if not request.user.is_authenticated:
                return _to_the_door(request)
            by = actor_of(request)
            if must_enrol(request, by):
                return _to_enrol(request)
            if permission != SIGNED_IN:
                require(by, permission)
            return _with_clock(view(request, *args, by=by, **kwargs))

        return answer

    return around


def _to_the_door(request: HttpRequest) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return HttpResponseClientRedirect("/accounts/login/")
    wanted = request.get_full_path() if request.method == "GET" else "/"
    return redirect_to_login(wanted)


def _to_enrol(request: HttpRequest) -> HttpResponse:
    there = reverse("mfa_index")
    if request.headers.get("HX-Request"):
        return HttpResponseClientRedirect(there)
    return HttpResponseRedirect(there)


def _with_clock(response: HttpResponse) -> HttpResponse:
    response.headers["Qianjun-Now"] = clock.now().isoformat()
    response.headers["Qianjun-Speed"] = str(clock.speed())
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def sentence(refused: Refused) -> str:
    """The refusal as one sentence with its code, in the reader's language. 拒绝语"""
    said = gettext(refused.zh)
    said = said % refused.words if refused.words else said
    return f"{said} ({refused.code})"


def faults(refused: Refused) -> dict[str, str]:
    """What is wrong with which field."""
    return {one.field: gettext(one.zh) for one in refused.fields}


def done(request: HttpRequest, said: str, *, undo: str = "") -> None:
    """Say what was just done on the page that follows; ``undo`` offers to take it back. 办妥提示"""
    messages.success(request, said, extra_tags=undo)


def failed(request: HttpRequest, said: str) -> None:
    """Say on the page that follows why something was not done. 未办提示"""
    messages.error(request, said)


def back(request: HttpRequest) -> HttpResponse:
    """To the page of this site that the form names, else to the desk. 返回"""
    wanted = request.POST.get("next", "")
    inside = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return HttpResponseRedirect(wanted if inside else "/")


def attempt(request: HttpRequest, by: Actor, verb: Callable[..., object], **words: object) -> bool:
    """Carry out a verb for a page; a refusal becomes a banner on the page that follows. 执行"""
    try:
        verb(by=by, **words)
    except Refused as refused:
        if refused.status == 404:
            raise
        failed(request, sentence(refused))
        return False
    return True


def only_once(request: HttpRequest, act: Callable[[], object]) -> bool:
    """Do what a form asks unless its key says that it was done; whether it was. 只办一次

    A second click and a sending again after a lost answer are one; without a key nothing is kept.
    """
    key = request.POST.get("key", "")
    if not key:
        act()
        return False

    def run() -> tuple[int, dict[str, Any]]:
        act()
        return 201, {}

    return once_for_form(request, run, key=key)[2]


def sent_before() -> str:
    """What is told whoever sent the same form a second time."""
    return gettext("刚才已经收到这一张，没有重复记录。")
