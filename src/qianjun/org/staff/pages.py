"""People with their accounts, addresses and roles; grants and changes for the auditor. 人员页"""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qianjun.kernel.errors import Refused
from qianjun.org.actions import reveal_phone
from qianjun.org.actor import Actor, not_found
from qianjun.org.addresses import give_consent, prefer_address, withdraw_consent
from qianjun.org.enrolling.actions import Opened
from qianjun.org.models import Person
from qianjun.org.pages import attempt, done, failed, faults, page, sentence
from qianjun.org.roles import ROLES
from qianjun.org.second.queries import has_second
from qianjun.org.staff import actions, queries

DIGITS_MOST = 9


def _whole(said: str) -> int:
    """A number that was sent; -1 is never a version, a page or a key."""
    return int(said) if said.isascii() and said.isdigit() and len(said) <= DIGITS_MOST else -1


# --- the list -----------------------------------------------------------------------------------


@require_safe
@page("person.list")
def people(request: HttpRequest, *, by: Actor) -> HttpResponse:
    """Everybody in the reader's tree. 人员"""
    return _list(request, by)


@require_POST
@page("person.manage")
def add(request: HttpRequest, *, by: Actor) -> HttpResponse:
    """Somebody new; his own page follows. 新增"""
    form = request.POST
    try:
        made = actions.add_person(by=by, name=form.get("name", ""), unit=form.get("unit", ""))
    except Refused as refused:
        if refused.status in (403, 404):
            raise
        return _list(request, by, refused=refused)
    done(request, _("已新增。"))
    return HttpResponseRedirect(reverse("person", args=[made.pk]))


def _list(request: HttpRequest, by: Actor, *, refused: Refused | None = None) -> HttpResponse:
    q, unit = request.GET.get("q", ""), request.GET.get("unit", "")
    shown = queries.people(
        seen_by=by, q=q, unit=unit, page=max(1, _whole(request.GET.get("page", "")))
    )
    units = queries.units_seen(by)
    told = {
        "shown": shown,
        "units": units,
        "own_unit": next((one.code for one, _gap in units if one.pk == by.unit), ""),
        "q": q[: queries.Q_MOST],
        "unit": unit,
        "may_manage": by.may("person.manage"),
        "typed": request.POST if refused else {},
        "said": sentence(refused) if refused else "",
        "wrong": faults(refused) if refused else {},
    }
    return render(request, "org/staff/people.html", told, status=refused.status if refused else 200)


# --- one person ---------------------------------------------------------------------------------


@require_safe
@page("person.list")
def person(request: HttpRequest, *, by: Actor, person: int) -> HttpResponse:
    """Everything about one person that the reader may do something about. 一个人"""
    return _person(request, by, person)


def _person(
    request: HttpRequest,
    by: Actor,
    ident: int,
    *,
    link: Opened | None = None,
    shown: dict[int, str] | None = None,
    refused: Refused | None = None,
) -> HttpResponse:
    found = queries.person_seen(ident, seen_by=by)
    may = {name: by.may(f"person.{name}") for name in ("manage", "contact", "reveal")}
    may |= {"grant": by.may("role.grant") and by.person != found.pk}
    told = {
        "person": found,
        "stands": queries.stands(found),
        "grants": queries.in_force(found.grants.all()).order_by("pk"),
        "ways": _ways(found, shown or {}) if may["contact"] else [],
        "changes": queries.changes_of(found, seen_by=by)
        if may["manage"] or by.may("role.list")
        else [],
        "units": queries.units_seen(by) if may["manage"] or may["grant"] else [],
        "roles": ROLES,
        "may": may,
        "himself": by.person == found.pk,
        "has_second": may["grant"] and has_second(found.user_id),
        "link": request.build_absolute_uri(link.path) if link else "",
        "until": link.ends_at if link else None,
        "typed": request.POST if refused else {},
        "said": sentence(refused) if refused else "",
    }
    status = refused.status if refused else 200
    return render(request, "org/staff/person.html", told, status=status)


def _ways(found: Person, shown: dict[int, str]) -> list[dict[str, Any]]:
    return [{"way": way, "whole": shown.get(way.address.pk, "")} for way in queries.ways_of(found)]


def _there(ident: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("person", args=[ident]))


def _version(request: HttpRequest) -> int:
    return _whole(request.POST.get("version", ""))


@require_POST
@page("person.manage")
def change(request: HttpRequest, *, by: Actor, person: int) -> HttpResponse:
    """Another name or unit. 修改"""
    form = request.POST
    wanted = {"name": form.get("name", ""), "unit": form.get("unit", "")}
    words = {"person": person, "version": _version(request), **wanted}
    if attempt(request, by, actions.change_person, **words):
        done(request, _("已保存。"))
    return _there(person)


@require_POST
@page("person.manage")
def account(request: HttpRequest, *, by: Actor, person: int) -> HttpResponse:
    """Stop the account, or let it be used again. 停用启用"""
    on = request.POST.get("on") == "1"
    words = {"person": person, "version": _version(request), "on": on}
    if attempt(request, by, actions.switch_account, **words):
        done(request, _("账号已启用。") if on else _("账号已停用，已登录的页面立即失效。"))
    return _there(person)


@require_POST
@page("person.manage")
def link(request: HttpRequest, *, by: Actor, person: int) -> HttpResponse:
    """A one-time link for his password, shown on this answer only. 密码链接"""
    made: list[Opened] = []

    def invite(*, by: Actor) -> None:
        made.append(actions.invite_person(by=by, person=person, version=_version(request)))

    if not attempt(request, by, invite):
        return _there(person)
    return _person(request, by, person, link=made[0])


# --- roles --------------------------------------------------------------------------------------


@require_POST
@page("role.grant")
def grant(request: HttpRequest, *, by: Actor, person: int) -> HttpResponse:
    """Give him a role. 授予"""
    form = request.POST
    wanted = {"role": form.get("role", ""), "unit": form.get("unit", "")}
    try:
        actions.grant_role(by=by, person=person, version=_version(request), **wanted)
    except Refused as refused:
        if refused.status == 404:
            raise
        if refused.status == 422:
            return _person(request, by, person, refused=refused)
        failed(request, sentence(refused))
        return _there(person)
    done(request, _("已授予，他下一次点击页面时生效。"))
    return _there(person)


@require_POST
@page("role.grant")
def end(request: HttpRequest, *, by: Actor, person: int, grant: int) -> HttpResponse:
    """Take a role back. 收回"""
    words = {"person": person, "grant": grant, "version": _version(request)}
    if attempt(request, by, actions.end_role, **words):
        done(request, _("已收回，立即生效。"))
    return _there(person)


@require_POST
@page("role.grant")
def second(request: HttpRequest, *, by: Actor, person: int) -> HttpResponse:
    """Take his second proof away, so that he can get a new one. 重置登录保护"""
    words = {"person": person, "version": _version(request)}
    if attempt(request, by, actions.reset_second_factor, **words):
        done(request, _("已重置，他下次只用密码登录，请他重新开启登录保护。"))
    return _there(person)


@require_safe
@page("role.list")
def roles(request: HttpRequest, *, by: Actor) -> HttpResponse:
    """Grants and what was changed, to look at. 角色与变更"""
    asked = request.GET
    ended, role = asked.get("ended") == "1", asked.get("role", "")
    role = role if role in ROLES else ""
    before, earlier = (_whole(asked.get(name, "")) for name in ("before", "earlier"))
    rows = queries.grants(seen_by=by, ended=ended, role=role, before=before if before > 0 else None)
    said = queries.changes(seen_by=by, before=earlier if earlier > 0 else None)
    most = queries.ROWS_A_PAGE
    told = {
        "grants": rows[:most],
        "more": rows[most - 1].pk if len(rows) > most else None,
        "changes": said[:most],
        "earlier": said[most - 1].line.id if len(said) > most else None,
        "ended": ended,
        "role": role,
        "roles": ROLES,
        "may_open": by.may("person.list"),
    }
    return render(request, "org/staff/roles.html", told)


# --- addresses ----------------------------------------------------------------------------------


@require_POST
@page("person.contact")
def first(request: HttpRequest, *, by: Actor, person: int, address: int) -> HttpResponse:
    """Try this address first. 首选"""
    if attempt(request, by, prefer_address, person=person, address=address):
        done(request, _("以后先用这个联系方式。"))
    return _there(person)


@require_POST
@page("person.contact")
def consent(request: HttpRequest, *, by: Actor, person: int, address: int) -> HttpResponse:
    """Note consent, or that it was taken back. 同意"""
    _his(by, person, address)
    text = request.POST.get("text", "")
    if "withdraw" in request.POST:
        if attempt(request, by, withdraw_consent, address=address):
            done(request, _("已撤回，不再往这里发送。"))
    elif attempt(request, by, give_consent, address=address, text=text):
        done(request, _("已记下同意。"))
    return _there(person)


@require_POST
@page("person.reveal")
def reveal(request: HttpRequest, *, by: Actor, person: int, address: int) -> HttpResponse:
    """The whole address on this answer only; who saw it and why is kept. 显示号码"""
    _his(by, person, address)
    seen: dict[int, str] = {}

    def show(*, by: Actor) -> None:
        seen[address] = reveal_phone(by=by, address=address, why=request.POST.get("why", ""))

    if not attempt(request, by, show):
        return _there(person)
    return _person(request, by, person, shown=seen)


def _his(by: Actor, person: int, address: int) -> None:
    found = queries.person_seen(person, seen_by=by)
    if not found.addresses.filter(pk=address).exists():
        raise not_found()
