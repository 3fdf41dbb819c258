"""The teams of an incident: who is near, who is called, how far each is. 调队伍页"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from qianjun.confirm.queries import confirmations_about
from qianjun.force import actions
from qianjun.force.actions.team_acts import TeamDid
from qianjun.force.callouts.pages import typed_instant, typed_line, typed_number
from qianjun.force.queries.nearby import nearest_teams
from qianjun.force.queries.team_calls import TeamLine, lines_of, noted_by_desk, team_call_seen
from qianjun.force.queries.teams import KINDS, WAYS
from qianjun.force.rules.team_calls import ABOUT, REASON_MOST, Errand, TeamAsk
from qianjun.force.rules.wanting import LINE_MOST, WORDS_MOST
from qianjun.incident.queries import incident_card
from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.kernel.text import clean
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor, not_found
from qianjun.org.http import new_key
from qianjun.org.pages import attempt, done, only_once, page, sent_before, sentence

TYPED: Final = "%Y-%m-%dT%H:%M"
FIRST_LOOK: Final = timedelta(minutes=40)
NEAR_SHOWN: Final = 60
DONE: Final[dict[str, str]] = {
    "confirm": _("已通知这支队伍的队长。"),
    "stand_down": _("已解除，队长会收到通知。"),
    "note": _("已代记，时间线上标着“值班室代记”。"),
}


@require_GET
@page("callout.read")
def teams(request: HttpRequest, *, by: Actor, incident_id: str) -> HttpResponse:
    """Which teams are near, and every team that is called. 调队伍"""
    return render(request, "force/teaming/page.html", _board(request, by, incident_id))


@require_GET
@page("callout.read")
def live(request: HttpRequest, *, by: Actor, incident_id: str) -> HttpResponse:
    """The called teams alone, for the page that already stands. 刷新"""
    shown = {**_called(by, incident_id), "oob": True}
    return render(request, "force/teaming/called.html", shown)


def _board(
    request: HttpRequest, by: Actor, incident_id: str, typed: Mapping[str, str] | None = None
) -> dict[str, Any]:
    shown = _called(by, incident_id)
    kind = request.GET.get("kind", "")
    if not shown["open"]:
        return {**shown, "near": []}
    near = nearest_teams(seen_by=by, incident_id=incident_id, kind=kind if kind in KINDS else "")
    return {
        **shown,
        "near": near[:NEAR_SHOWN],
        "kinds": list(KINDS.items()),
        "kind": kind,
        "ways": list(WAYS.items()),
        "typed": _first(shown["card"]) | dict(typed or {}),
    }


def _called(by: Actor, incident_id: str) -> dict[str, Any]:
    card = incident_card(seen_by=by, incident_id=incident_id)
    lines = lines_of(int(card["id"]))
    abouts = {line.row.pk: (ABOUT, str(line.row.pk)) for line in lines if line.row.asked_at}
    calls = confirmations_about(seen_by=by, abouts=abouts.values())
    noted = noted_by_desk(list(abouts))
    may = by.may("callout.call") and card["state"] == "open"
    return {
        "card": card,
        "open": may,
        "may": may,
        "proposed": [line for line in lines if line.state == "proposed"],
        "lines": [
            {
                "is": line,
                "call": next(iter(calls.get(abouts[line.row.pk], ())), None),
                "noted": bool(noted.get(line.row.pk)),
            }
            for line in lines
            if line.row.asked_at is not None
        ],
        "missing": _missing(lines),
        "standing": any(not line.is_over and not line.row.stood_down_at for line in lines),
    }


def _missing(lines: list[TeamLine]) -> dict[str, int]:
    """How many people are missing of those wanted, and how many teams cannot come. 缺口"""
    asked = [one for one in lines if one.row.asked_at and not one.row.stood_down_at]
    return {
        "people": sum(one.gap for one in asked if not one.is_over),
        "declined": sum(one.state == "declined" for one in asked),
        "silent": sum(one.state in ("waiting", "read") for one in asked),
    }


def _first(card: Mapping[str, Any]) -> dict[str, str]:
    """What stands in an empty composer."""
    place = card["place"]
    return {
        "key": new_key(),
        "by": clock.in_beijing(clock.now() + FIRST_LOOK).strftime(TYPED),
        "place": place["name"] or "",
        "lon": "" if place["lon"] is None else f"{place['lon']:.6f}",
        "lat": "" if place["lat"] is None else f"{place['lat']:.6f}",
        "what": "",
        "risk": "",
    }


@require_POST
@page("callout.call")
def start(request: HttpRequest, *, by: Actor, incident_id: str) -> HttpResponse:
    """Propose the chosen teams; what will not do is said above the form as it was typed. 提出"""
    try:
        asks = [_ask(request.POST, key) for key in request.POST.getlist("team")]
        errand = _errand(request.POST)
        ask: dict[str, Any] = {"incident_id": incident_id, "asks": asks, "errand": errand}
        if only_once(request, lambda: actions.propose_teams(by=by, **ask)):
            done(request, sent_before())
    except Refused as refused:
        if refused.status == 404:
            raise
        typed = request.POST.dict()
        if refused.code == "key_reused":
            typed.pop("key")
        shown = _board(request, by, incident_id, typed=typed)
        told = {**shown, "fault": sentence(refused), "chosen": request.POST.getlist("team")}
        return render(request, "force/teaming/page.html", told, status=422)
    return _back(incident_id)


def _ask(form: Mapping[str, str], key: str) -> TeamAsk:
    heads = form.get(f"heads{key}", "")
    return TeamAsk(
        team=int(key) if key.isascii() and key.isdigit() and len(key) < 18 else 0,
        way=form.get(f"way{key}", ""),
        headcount=int(heads) if heads.isascii() and heads.isdigit() and len(heads) < 6 else 0,
    )


def _errand(form: Mapping[str, str]) -> Errand:
    return Errand(
        needed_by=typed_instant(form.get("by", "")),
        lon=typed_number(form.get("lon", ""), 180),
        lat=typed_number(form.get("lat", ""), 90),
        place=typed_line(form, "place", LINE_MOST),
        what=typed_line(form, "what", LINE_MOST),
        risk=typed_line(form, "risk", WORDS_MOST),
    )


@require_POST
@page("callout.call")
def every(request: HttpRequest, *, by: Actor, incident_id: str, verb: str) -> HttpResponse:
    """Confirm all that is proposed, or stand every team down. 全部确认、全部解除"""
    despite = request.POST.get("despite_busy") == "1"
    run: dict[str, Callable[[], bool]] = {
        "confirm": lambda: attempt(
            request, by, actions.confirm_teams, incident_id=incident_id, despite_busy=despite
        ),
        "stand_down": lambda: attempt(
            request, by, actions.stand_down_teams, incident_id=incident_id
        ),
    }
    if verb not in run:
        raise not_found()
    if run[verb]():
        done(request, gettext(DONE[verb]))
    return _back(incident_id)


@require_POST
@page("callout.call")
def act(request: HttpRequest, *, by: Actor, call_id: str, verb: str) -> HttpResponse:
    """Confirm one team, stand it down, note what it told the desk. 办理"""
    row = team_call_seen(seen_by=by, call_id=call_id)
    form = request.POST
    run: dict[str, Callable[[], bool]] = {
        "confirm": lambda: attempt(
            request,
            by,
            actions.confirm_team,
            call_id=row.pk,
            version=_whole(form.get("version", "")),
            headcount=_whole(form.get("heads", "")),
            despite_busy=form.get("despite_busy") == "1",
        ),
        "stand_down": lambda: attempt(request, by, actions.stand_down_team, call_id=row.pk),
        "note": lambda: attempt(request, by, _note, call_id=row.pk, form=form),
    }
    if verb not in run:
        raise not_found()
    if run[verb]():
        done(request, gettext(DONE[verb]))
    return _back(row.incident_id, room=form.get("from") == "room")


def _note(*, by: Actor, call_id: int, form: Mapping[str, str]) -> None:
    """What somebody has told the desk by telephone, now or at the time that he says."""
    did = TeamDid(
        act=form.get("act", ""),
        act_id=uuid4(),
        happened_at=_when(form.get("at", "")),
        headcount=_whole(form.get("heads", "")),
        reason=clean(form.get("reason", "")).text.strip()[:REASON_MOST],
    )
    actions.act_for_team(by=by, call_id=call_id, did=did)


def _when(told: str) -> datetime:
    return typed_instant(told) if told.strip() else clock.now()


def _whole(told: str) -> int | None:
    """The number of a field; None when nothing was said, 0 for what is none."""
    text = told.strip()
    if not text:
        return None
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def _back(incident_id: str | int, *, room: bool = False) -> HttpResponse:
    return HttpResponseRedirect(reverse("incident" if room else "teams", args=[incident_id]))
