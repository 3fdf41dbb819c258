"""The page behind a one-time link: the link is the credential, no session is read. 登记页"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from qianjun.kernel.errors import Refused
from qianjun.org.enrolling.actions import enrol
from qianjun.org.enrolling.queries import Invitation, invitation_of
from qianjun.org.pages import faults, sentence

FIELDS = ("name", "login", "password", "again")


# no cookie is needed and none is believed: whoever has the link is who acts
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def enrolment(request: HttpRequest, link: str) -> HttpResponse:
    """Looking changes nothing; the form uses the link up. 登记"""
    try:
        invitation = invitation_of(link)
        if request.method != "POST":
            return _form(request, invitation)
        return _enrolled(request, invitation)
    except Refused as refused:
        told = {"said": sentence(refused)}
        return _answer(request, "org/enrolling/over.html", told, status=refused.status)


def _enrolled(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    wanted = {name: request.POST.get(name, "") for name in FIELDS}
    try:
        login = enrol(by=invitation.actor, wanted=wanted)
    except Refused as refused:
        if refused.status != 422:
            raise
        return _form(request, invitation, refused=refused)
    return _answer(request, "org/enrolling/done.html", {"login": login, "of": invitation})


def _form(
    request: HttpRequest, invitation: Invitation, *, refused: Refused | None = None
) -> HttpResponse:
    told = {
        "of": invitation,
        "typed": request.POST if refused else {},
        "said": sentence(refused) if refused else "",
        "wrong": faults(refused) if refused else {},
    }
    status = refused.status if refused else 200
    return _answer(request, "org/enrolling/form.html", told, status=status)


def _answer(
    request: HttpRequest, template: str, told: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page that no cache keeps, no index names and no other site hears of."""
    response = render(request, template, told, status=status)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
