"""The pages of forces: teams, gaps, one team, volunteers. 力量页"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qianjun.force import actions, queries
from qianjun.force.queries.communities import communities
from qianjun.force.queries.teams import EMPLOYMENTS, KINDS, ROLES, STATES, WAYS, readiness_of
from qianjun.force.rules.moving import WAYS as ALLOWED
from qianjun.force.skills import skills
from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.org.actor import Actor
from qianjun.org.pages import attempt, done, page
from qianjun.org.undo.offers import offer

Q_MOST: Final = 60
NUMBER_DIGITS: Final = 9
PAUSES: Final = {"30": 30, "90": 90, "365": 365}


@require_safe
@page("force.read")
def forces(request: HttpRequest, *, by: Actor) -> HttpResponse:
    """Teams by kind, and the communities that have none. 力量"""
    kind, q = request.GET.get("kind", ""), request.GET.get("q", "")[:Q_MOST]
    kind = kind if kind in KINDS else ""
    rows = queries.rows_of(queries.teams(seen_by=by, kind=kind, q=q))
    covered = queries.coverage(seen_by=by)
    told = {
        "rows": rows,
        "kinds": KINDS,
        "kind": kind,
        "q": q,
        "gap": [one for one in covered if not one.teams],
        "communities": len(covered),
        "full_time": sum(row.team.full_time for row in rows),
        "part_time": sum(row.team.part_time for row in rows),
        "may_import": by.may("import.force") and by.may("import.take"),
    }
    return render(request, "force/forces.html", told)


@require_safe
@page("force.read")
def team(request: HttpRequest, *, by: Actor, team_id: str) -> HttpResponse:
    """One team. 队伍"""
    return _team(request, by, team_id)


def _team(
    request: HttpRequest, by: Actor, ident: str, *, shown: Mapping[str, str] | None = None
) -> HttpResponse:
    found = queries.team_seen(ident, seen_by=by)
    told = {
        "whole": queries.whole(found),
        "team": found,
        "states": STATES,
        "ways": {way: WAYS[way] for way in ALLOWED[found.kind]},
        "roles": ROLES,
        "employments": EMPLOYMENTS,
        "skills": skills(),
        "communities": communities(),
        "shown": dict(shown or {}),
        "may": {
            "change": by.may("force.change"),
            "ready": by.may("force.readiness"),
            "reveal": by.may("person.reveal"),
        },
    }
    return render(request, "force/team.html", told)


@require_POST
@page("force.change")
def change(request: HttpRequest, *, by: Actor, team_id: str) -> HttpResponse:
    """What stands about a team. 修改"""
    form = request.POST

    def edit(*, by: Actor) -> None:
        actions.edit_team(
            by=by,
            team_id=team_id,
            version=_whole(form, "version"),
            name=form.get("name", ""),
            way=form.get("way", ""),
            full_time=_whole(form, "full_time"),
            part_time=_whole(form, "part_time"),
            duty_phone="" if form.get("no_phone") == "1" else form.get("duty_phone") or None,
            insured_until=_day(form.get("insured_until", "")),
            skills=form.getlist("skills"),
            communities=form.getlist("communities"),
        )

    if attempt(request, by, edit):
        done(request, _("已保存。"))
    return _there(team_id)


@require_POST
@page("force.readiness")
def readiness(request: HttpRequest, *, by: Actor, team_id: str) -> HttpResponse:
    """Whether it can come. 备勤"""
    form = request.POST
    count = _whole(form, "headcount") if form.get("headcount", "").strip() else None
    words: dict[str, Any] = {"state": form.get("state", ""), "headcount": count}
    was = readiness_of(team_id)
    if attempt(request, by, actions.set_readiness, team_id=team_id, **words):
        row = readiness_of(team_id)
        back = {"state": was.state, "headcount": was.headcount} if was else {}
        told = row and back and row != was
        undo = offer(by, "readiness", team_id=team_id, row=row.pk, **back) if told and row else ""
        done(request, _("备勤状态已更新。"), undo=undo)
    return _there(team_id)


@require_POST
@page("force.change")
def add(request: HttpRequest, *, by: Actor, team_id: str) -> HttpResponse:
    """Take somebody in. 加入"""
    form = request.POST
    words = {name: form.get(name, "") for name in ("name", "phone", "role", "employment")}
    agrees = form.get("agrees") == "1"
    if attempt(request, by, actions.add_member, team_id=team_id, agrees=agrees, **words):
        done(request, _("已加入。"))
    return _there(team_id)


@require_POST
@page("force.change")
def remove(request: HttpRequest, *, by: Actor, team_id: str, member_id: str) -> HttpResponse:
    """Somebody leaves. 离队"""
    if attempt(request, by, actions.remove_member, team_id=team_id, member_id=member_id):
        done(request, _("已离队。"))
    return _there(team_id)


@require_POST
@page("person.reveal")
def reveal(request: HttpRequest, *, by: Actor, team_id: str) -> HttpResponse:
    """A whole telephone on this answer only; who saw it and why is kept. 显示号码"""
    address = request.POST.get("address") or None
    seen: dict[str, str] = {}

    def show(*, by: Actor) -> None:
        why = request.POST.get("why", "")
        whole = actions.reveal_team_phone(by=by, team_id=team_id, address=address, why=why)
        seen[address or "duty"] = whole

    if not attempt(request, by, show):
        return _there(team_id)
    return _team(request, by, team_id, shown=seen)


# --- volunteers -----------------------------------------------------------------------------------


@require_safe
@page("force.read")
def volunteers(request: HttpRequest, *, by: Actor) -> HttpResponse:
    """Volunteers in numbers, and single ones by name. 志愿者"""
    q = request.GET.get("q", "")[:Q_MOST]
    told = {
        "summary": queries.summary(seen_by=by),
        "q": q,
        "found": queries.volunteers_named(q, seen_by=by),
        "pauses": PAUSES,
        "may_change": by.may("force.change"),
        "may_import": by.may("import.force") and by.may("import.take"),
    }
    return render(request, "force/volunteers.html", told)


@require_POST
@page("force.change")
def pause(request: HttpRequest, *, by: Actor, volunteer_id: str) -> HttpResponse:
    """Call somebody no more for so many days. 暂停"""
    days = PAUSES.get(request.POST.get("days", ""), 0)
    until = _midnight_in(days)
    if attempt(request, by, actions.pause_volunteer, volunteer_id=volunteer_id, until=until):
        undo = offer(by, "volunteer_paused", volunteer_id=volunteer_id)
        done(request, _("已暂停召集。"), undo=undo)
    return _found(request)


@require_POST
@page("force.change")
def resume(request: HttpRequest, *, by: Actor, volunteer_id: str) -> HttpResponse:
    """Call somebody again. 恢复"""
    if attempt(request, by, actions.resume_volunteer, volunteer_id=volunteer_id):
        done(request, _("已恢复召集。"))
    return _found(request)


def _midnight_in(days: int) -> datetime:
    day = clock.in_beijing(clock.now()).date() + timedelta(days=days)
    return datetime.combine(day, time(), tzinfo=clock.BEIJING)


def _found(request: HttpRequest) -> HttpResponse:
    asked = QueryDict(mutable=True)
    asked["q"] = request.POST.get("q", "")[:Q_MOST]
    return HttpResponseRedirect(f"{reverse('volunteers')}?{asked.urlencode()}")


def _there(ident: str) -> HttpResponse:
    return HttpResponseRedirect(reverse("team", args=[ident]))


def _whole(form: Mapping[str, Any], name: str) -> int:
    """The number of a field; what is none is refused by the verb as out of bounds."""
    text = str(form.get(name, "")).strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= NUMBER_DIGITS else -1


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        zh = _("日期写成 2026-06-01 这样。")
        raise Refused("bad_date", zh) from None
