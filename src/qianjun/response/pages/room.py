"""The incident room in its first form: head, reports, questions, figures, timeline. 事件室"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from qianjun.force.queries.team_calls import TeamLine
from qianjun.incident import actions, queries
from qianjun.incident.events import FactNoted, FeedbackNoted, OrderNoted
from qianjun.incident.queries.people import people_of
from qianjun.incident.rules.facts import QUESTIONS
from qianjun.incident.rules.figures import FIGURES
from qianjun.incident.rules.grading import GRADES
from qianjun.incident.rules.told import SOURCES
from qianjun.journal.deadlines import deadlines_of
from qianjun.journal.marking import marks_of
from qianjun.kernel.errors import Refused
from qianjun.kernel.once import one_look
from qianjun.kernel.text import mask_phones_in, masked_phone
from qianjun.org.actor import Actor
from qianjun.org.pages import attempt, back, done, failed, only_once, page, sent_before, sentence
from qianjun.org.rules import masked_name
from qianjun.org.undo.offers import offer
from qianjun.response.forms import FigureForm, NoteForm, first_fault, typed_in
from qianjun.response.queries.handing import firsts_of
from qianjun.response.queries.noticing import notices_of
from qianjun.response.queries.passing import advice_for
from qianjun.response.queries.pending import pending_of
from qianjun.response.queries.responses import lanes
from qianjun.response.queries.room import ROUTINE, choices, grading, numbers, tasks
from qianjun.response.queries.teaming import about_teams, team_lines, teams_shown
from qianjun.response.reverses import where_it_is
from qianjun.supply.queries import asked_by

LINES: Final = 200
VERBS: Final = ("note", "figure", "grade", "task", "settle", "close", "reopen")
OTHERS: Final = {
    "sort": "report.sort",
    "reveal": "person.reveal",
    "mark": "record.mark",
    "hand_over": "report.hand_over",
    "propose": "activation.propose",
    "first": "activation.first",
    "call": "confirm.call",
    "callouts": "callout.read",
    "callout": "callout.call",
    "goods": "supply.read",
    "ask_goods": "supply.propose",
    "command": "command.lead",
    "notice": "notice.give",
    "media": "media.read",
}
NOTE_NAMES: Final = tuple(event.name for event in (FactNoted, OrderNoted, FeedbackNoted))


@require_GET
@page("incident.read")
def incident(request: HttpRequest, *, by: Actor, incident_id: str) -> HttpResponse:
    """Everything that is known of one incident; ``fix`` names a line to be corrected. 事件室

    With ``all`` the timeline lists routine too: what volunteers answered, who was sent an order.
    """
    shown = room_of(by, incident_id, **_asked(request))
    return render(request, "response/room/page.html", shown)


@require_GET
@page("incident.read")
def live(request: HttpRequest, *, by: Actor, incident_id: str) -> HttpResponse:
    """The same without the frame, for the page that already stands. 刷新"""
    shown = room_of(by, incident_id, **_asked(request))
    return render(request, "response/room/live.html", {**shown, "oob": True})


def _asked(request: HttpRequest) -> dict[str, Any]:
    return {"fix": request.GET.get("fix", ""), "whole": "all" in request.GET}


def room_of(by: Actor, incident_id: str, *, fix: str = "", whole: bool = False) -> dict[str, Any]:
    """What the room's templates show; its many questions are asked as one look."""
    with one_look():
        return _room(by, incident_id, fix=fix, whole=whole)


def _room(by: Actor, incident_id: str, *, fix: str, whole: bool) -> dict[str, Any]:
    card = queries.incident_card(seen_by=by, incident_id=incident_id)
    about = "incident", card["id"]
    received_at = datetime.fromisoformat(card["received_at"])
    reports = list(queries.reports_of(seen_by=by, incident_id=incident_id))
    teams = team_lines(int(card["id"]))
    given, calls = tasks(seen_by=by, incident_id=card["id"], beside=about_teams(teams))
    marks = marks_of([about, *(("report", str(row.pk)) for row in reports)])
    return {
        "card": card,
        "deadlines": deadlines_of(about)[about],
        "questions": [gettext(QUESTIONS[code]) for code in card["questions"]],
        "reports": [{**_report(row), "mark": marks["report", str(row.pk)]} for row in reports],
        "mark": marks[about],
        "page_mark": marks[about],
        "confirmations": calls[about],
        "firsts": firsts_of(seen_by=by, incident_id=incident_id),
        "notices": notices_of(seen_by=by, incident_id=incident_id),
        "command": queries.command_of(seen_by=by, incident_id=incident_id),
        "advice": advice_for(card["category"] or ""),
        "people_bars": people_of((int(card["id"]),))[int(card["id"])],
        **teams_shown(teams, calls),
        **_asked_for(by, card["id"], teams),
        "figures": [(zh, card["figures"][kind]) for kind, zh in FIGURES.items()],
        "figure_kinds": FIGURES,
        **numbers(seen_by=by, incident_id=incident_id, since=received_at),
        **grading(seen_by=by, incident_id=incident_id, since=received_at),
        "grades": GRADES,
        "tasks": given,
        **_choices(by, card["id"]),
        "notes": NOTE_NAMES,
        **_lines(by, card["id"], whole=whole),
        "fix": fix,
        "may": _may(by),
    }


def _asked_for(by: Actor, ident: str, teams: list[TeamLine]) -> dict[str, Any]:
    """Responses and goods, and what of these and of the teams nobody has confirmed. 待确认"""
    shown = lanes(seen_by=by, incident_id=ident)
    goods = asked_by(seen_by=by, incident_id=ident)
    pending = pending_of(incident=int(ident), lanes=shown, teams=teams, goods=goods)
    return {"lanes": shown, "goods": goods, "pending": pending}


def _choices(by: Actor, ident: str) -> dict[str, Any]:
    """Whom and what the forms of the room offer, as far as he has one. 可选项

    ``others`` are open incidents that a report of this one may belong to instead.
    """
    gives, sorts = by.may("incident.task") or by.may("confirm.call"), by.may("report.sort")
    if not (gives or sorts):
        return {"leads": [], "posts": [], "people": [], "others": []}
    found = choices(seen_by=by)
    others = [(key, name) for key, name in found["others"] if key != ident] if sorts else []
    people = [(int(key), name) for key, name in found["people"]] if gives else []
    return {**found, "people": people, "others": others}


def _may(by: Actor) -> dict[str, bool]:
    """What the actor may do in the room, by the names that its parts use."""
    return {name: by.may(f"incident.{name}") for name in VERBS} | {
        name: by.may(permission) for name, permission in OTHERS.items()
    }


def _report(row: Any) -> dict[str, Any]:  # noqa: ANN401  # a row of incident, seen as values
    return {
        "id": row.pk,
        "number": row.number,
        "text": mask_phones_in(row.text),
        "source": SOURCES.get(row.source, ""),
        "caller": masked_name(row.caller_name) if row.caller_name else "",
        "phone": masked_phone(row.caller_phone) if row.caller_phone else "",
        "place": row.place_name,
        "received_at": row.received_at,
        "joined": row.joined,
        "probability": row.join_probability,
        "waits": row.joined == "auto" and row.confirmed_at is None,
        "confirmed": row.joined == "auto" and row.confirmed_at is not None,
    }


def _lines(by: Actor, incident_id: str, *, whole: bool) -> dict[str, Any]:
    """The newest lines, routine only with the whole."""
    lines, more = queries.timeline(
        seen_by=by,
        incident_id=incident_id,
        limit=LINES,
        newest_first=True,
        but=None if whole else ROUTINE,
    )
    return {"lines": _with_old(lines), "more": more, "whole": whole}


def _with_old(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each line with the one that it corrects, when that is shown too."""
    known = {line["id"]: line for line in lines}
    return [{**line, "old": known.get(line["corrects"])} for line in lines]


# --- what is done in the room -------------------------------------------------------------------


@require_POST
@page("incident.note")
def note(request: HttpRequest, *, by: Actor, incident_id: str) -> HttpResponse:
    """Put a line on the timeline. 记一条"""
    return sent(
        request,
        by,
        incident_id,
        "note",
        form=NoteForm(request.POST),
        act=lambda said: actions.add_note(
            by=by,
            incident_id=incident_id,
            text=said["text"],
            kind=said["kind"],
            happened_at=said["happened"],
        ),
        told=gettext("已记下这一条。"),
        undo=lambda entry: offer(by, "note", incident_id=incident_id, entry_id=entry),
    )


@require_POST
@page("incident.figure")
def figure(request: HttpRequest, *, by: Actor, incident_id: str) -> HttpResponse:
    """Add a number with its source; a jump is asked for its reason. 报数"""
    return sent(
        request,
        by,
        incident_id,
        "figure",
        form=FigureForm(request.POST),
        act=lambda said: actions.add_figure(by=by, incident_id=incident_id, **said),
        told=_figure_told,
        undo=lambda row: offer(by, "figure", incident_id=row.incident_id, figure_id=row.pk),
    )


def _figure_told(row: Any) -> str:  # noqa: ANN401  # a row of incident
    words = {"value": row.value, "figure": gettext(FIGURES[row.kind])}
    return gettext("已记：%(value)s %(figure)s。") % words


def sent(
    request: HttpRequest,
    by: Actor,
    incident_id: str,
    part: str,
    *,
    form: Form,
    act: Callable[[dict[str, Any]], object],
    told: str | Callable[[Any], str] = "",
    undo: Callable[[Any], str] | None = None,
    fix: str = "",
) -> HttpResponse:
    """Do what a form of the room asks and go back there; else the room as it was left. 办理

    ``undo`` makes the offer to take it back of what the act returned.
    """
    made: list[Any] = []
    if not form.is_valid():
        return again(request, by, incident_id, part, said=first_fault(form), fix=fix)
    try:
        replayed = only_once(request, lambda: made.append(act(form.cleaned_data)))
    except Refused as refused:
        reused = refused.code == "key_reused"
        said = _changed() if reused else or_404(refused)
        return again(request, by, incident_id, part, said=said, fix=fix, afresh=reused)
    if replayed:
        done(request, sent_before())
    else:
        said = told(made[0]) if callable(told) else told
        done(request, said, undo=undo(made[0]) if undo else "")
    return HttpResponseRedirect(reverse("incident", args=[incident_id]))


def _changed() -> str:
    return gettext(
        "这张表刚才已经记下，后来内容又改了，这次没有记。"
        "请先看时间线；要另记一条，再按一次。(key_reused)"
    )


def again(
    request: HttpRequest,
    by: Actor,
    incident_id: str,
    form: str,
    *,
    said: str,
    fix: str = "",
    afresh: bool = False,
) -> HttpResponse:
    """The room once more, with what was typed and why it was not taken. 原样再填

    With ``afresh`` the form gets another key: it was used up.
    """
    typed = typed_in(request.POST)
    if afresh:
        typed.pop("key", None)
    shown = {
        **room_of(by, incident_id, fix=fix),
        form: typed,
        f"{form}_said": said,
    }
    return render(request, "response/room/page.html", shown, status=422)


def or_404(refused: Refused) -> str:
    """The refusal as a sentence; what is not found is a page of its own."""
    if refused.status == 404:
        raise refused
    return sentence(refused)


@require_POST
@page("incident.close")
def close(request: HttpRequest, *, by: Actor, incident_id: str) -> HttpResponse:
    """Close the incident. 结案"""
    if attempt(request, by, actions.close_incident, incident_id=incident_id):
        undo = offer(by, "close", incident_id=incident_id)
        done(request, gettext("已结案。可以重新打开。"), undo=undo)
    return HttpResponseRedirect(reverse("incident", args=[incident_id]))


@require_POST
@page("incident.reopen")
def reopen(request: HttpRequest, *, by: Actor, incident_id: str) -> HttpResponse:
    """Open a closed incident again. 重新打开"""
    reason = request.POST.get("reason", "")
    if attempt(request, by, actions.reopen_incident, incident_id=incident_id, reason=reason):
        undo = offer(by, "reopen", incident_id=incident_id)
        done(request, gettext("事件已重新打开。"), undo=undo)
    return HttpResponseRedirect(reverse("incident", args=[incident_id]))


# --- reports, from the room or from the desk ----------------------------------------------------


@require_POST
@page("person.reveal")
def caller(request: HttpRequest, *, by: Actor, report_id: str) -> HttpResponse:
    """The caller's whole number, kept who saw it and why. 显示号码"""
    why = request.POST.get("why", "")
    try:
        phone = actions.reveal_caller(by=by, report_id=report_id, why=why)
    except Refused as refused:
        return render(request, "response/room/phone.html", {"said": or_404(refused)})
    shown = {"phone": phone, "masked": masked_phone(phone)}
    return render(request, "response/room/phone.html", shown)


@require_POST
@page("report.sort")
def confirm(request: HttpRequest, *, by: Actor, report_id: str) -> HttpResponse:
    """Agree to an automatic join. 确认归并"""
    if attempt(request, by, actions.confirm_join, report_id=report_id):
        done(request, gettext("归并已确认。"))
    return back(request)


@require_POST
@page("report.sort")
def split(request: HttpRequest, *, by: Actor, report_id: str) -> HttpResponse:
    """Take a report out into an incident of its own. 拆分"""
    try:
        was = where_it_is(by, report_id)
        _report, incident = actions.split_report(by=by, report_id=report_id)
    except Refused as refused:
        failed(request, or_404(refused))
        return back(request)
    undo = offer(by, "report", **{**was.as_json(), "new": incident.pk})
    done(request, gettext("已拆开，另立事件 %(number)s。") % {"number": incident.number}, undo=undo)
    return back(request)


@require_POST
@page("report.sort")
def join(request: HttpRequest, *, by: Actor, report_id: str) -> HttpResponse:
    """Move a report to another open incident. 归并"""
    wanted = request.POST.get("incident", "")
    try:
        was = where_it_is(by, report_id)
        _report, incident = actions.join_report(by=by, report_id=report_id, incident_id=wanted)
    except Refused as refused:
        failed(request, or_404(refused))
        return back(request)
    undo = offer(by, "report", **{**was.as_json(), "new": incident.pk})
    done(request, gettext("已归并到 %(number)s。") % {"number": incident.number}, undo=undo)
    return HttpResponseRedirect(reverse("incident", args=[incident.pk]))
