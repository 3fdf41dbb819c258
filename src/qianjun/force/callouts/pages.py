"""The board of call-outs: what is wanted, whom that disturbs, and how far everybody is. 召集板"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_POST

from qianjun.force import actions
from qianjun.force.models import CallOut, Wave
from qianjun.force.queries.callouts import (
    Line,
    callout_seen,
    callouts_of,
    coming_and_there,
    counts_of,
    lines_of,
)
from qianjun.force.queries.mandates import last_mandate, mandate_shown
from qianjun.force.queries.planning import proposal
from qianjun.force.rules.answering import STATES, out
from qianjun.force.rules.calling import REASONS
from qianjun.force.rules.mandates import Auto, check_auto
from qianjun.force.rules.wanting import LINE_MOST, PROBABILITY, WORDS_MOST, Wanted, check
from qianjun.force.skills import by_code, skills
from qianjun.incident.queries import incident_card
from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.kernel.text import clean
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor, not_found
from qianjun.org.http import new_key
from qianjun.org.pages import attempt, done, only_once, page, sent_before, sentence

TYPED: Final = "%Y-%m-%dT%H:%M"
FIRST_LOOK: Final = timedelta(hours=1)
SKILL_LINES: Final = 2
LINES_SHOWN: Final = 300
FIRST: Final = (
    *("arrived", "en_route", "accepted", "read"),
    *("reached", "waiting", "declined", "left"),
)
DONE: Final[dict[str, str]] = {
    "confirm": _("已通知这一批人。"),
    "again": _("已按现在的答复重新测算。"),
    "enough": _("已停召，没有答应的人都会收到“不用来了”。"),
    "stand_down": _("已解除，路上的人会收到通知。"),
    "withdraw": _("已收回授权，以后每一批都要有人确认。"),
    "end": _("召集已结束。"),
}


@require_GET
@page("callout.read")
def callouts(request: HttpRequest, *, by: Actor, incident_id: str) -> HttpResponse:
    """The composer and every call-out of the incident. 召集"""
    return render(request, "force/board.html", _board(by, incident_id))


@require_GET
@page("callout.read")
def live(request: HttpRequest, *, by: Actor, incident_id: str) -> HttpResponse:
    """The call-outs alone, for the page that already stands. 刷新"""
    return render(request, "force/callouts.html", _board(by, incident_id) | {"oob": True})


def _board(by: Actor, incident_id: str, typed: Mapping[str, str] | None = None) -> dict[str, Any]:
    card = incident_card(seen_by=by, incident_id=incident_id)
    rows = callouts_of(seen_by=by, incident_id=incident_id).order_by("-pk")
    may = by.may("callout.call")
    return {
        "card": card,
        "callouts": [_shown(row) for row in rows],
        "may": may,
        "compose": may and card["state"] == "open",
        "typed": _first(card) | dict(typed or {}),
        "skills": [(one.code, one.title) for one in skills()],
        "skill_lines": range(1, SKILL_LINES + 1),
        "probabilities": ((0.8, "80%"), (0.9, "90%"), (0.95, "95%"), (0.99, "99%")),
    }


def _first(card: Mapping[str, Any]) -> dict[str, str]:
    """What stands in an empty composer."""
    by = clock.in_beijing(clock.now() + FIRST_LOOK)
    place = card["place"]
    return {
        "key": new_key(),
        "need": "",
        "by": by.strftime(TYPED),
        "place": place["name"] or "",
        "lon": "" if place["lon"] is None else f"{place['lon']:.6f}",
        "lat": "" if place["lat"] is None else f"{place['lat']:.6f}",
        "probability": str(PROBABILITY),
    }


def _shown(row: CallOut) -> dict[str, Any]:
    lines, waves = lines_of(row), list(row.waves.order_by("rank"))
    counts = counts_of(lines)
    last = waves[-1] if waves else None
    coming, there = coming_and_there(lines)
    return {
        "row": row,
        "over": row.state in ("enough", "stood_down", "ended"),
        "boxes": [(name, gettext(word), counts[name]) for name, word in STATES.items()],
        "come": coming + there,
        "short": max(row.need - coming - there, 0),
        "there": there,
        "lines": sorted(lines, key=_nearest_first)[:LINES_SHOWN],
        "more": max(len(lines) - LINES_SHOWN, 0),
        "disturbed": len(lines),
        "out": sum(out(line.row) for line in lines),
        "waves": [one for one in waves if one.sent_at],
        "proposed": _proposed(last) if last and last.sent_at is None else None,
        "skills": [(by_code()[s["skill"]].title, s["count"]) for s in row.skills],
        "auto": _auto(row, len(lines)),
    }


def _auto(row: CallOut, disturbed: int) -> dict[str, Any] | None:
    """How far the house goes on by itself, and what stands in the fields that let it. 授权"""
    shown = mandate_shown(last_mandate(row), disturbed=disturbed)
    if shown is None:
        return None
    return shown | {"typed": clock.in_beijing(shown["until"]).strftime(TYPED)}


def _nearest_first(line: Line) -> int:
    """On the board those stand first who are there or on their way. 先到先列"""
    return FIRST.index(line.state)


def _proposed(wave: Wave) -> dict[str, Any]:
    return {
        "wave": wave,
        "why": why_of(wave.why_zh, wave.why_en),
        "left_out": left_out(wave.excluded),
    }


def why_of(zh: str, en: str) -> str:
    """The reason in the language of the page."""
    return en if (get_language() or "").startswith("en") else zh


def left_out(excluded: Mapping[str, int]) -> list[tuple[str, int]]:
    """How many are not called, in words; reasons that hold for nobody are not listed. 排除"""
    return [(gettext(word), excluded[name]) for name, word in REASONS.items() if excluded.get(name)]


@require_GET
@page("callout.call")
def look(request: HttpRequest, *, by: Actor, incident_id: str) -> HttpResponse:
    """The live line of the composer: how many would be disturbed for how sure a thing. 试算"""
    card = incident_card(seen_by=by, incident_id=incident_id)
    shown: dict[str, Any] = {}
    try:
        wanted = wanted_in(request.GET.dict())
        check(wanted, now=clock.now(), known=frozenset(by_code()))
        found = proposal(by=by, incident_id=incident_id, wanted=wanted)
        shown = {
            "count": found.plan.count,
            "why": why_of(found.why_zh, found.why_en),
            "ladder": [(n, round(p * 100)) for n, p in found.plan.ladder],
            "left_out": left_out(found.excluded),
            "still_at": _still_at(wanted, card),
            "auto_fault": _auto_fault(request.GET.dict(), found.plan.count),
        }
    except Refused as refused:
        shown = {"fault": sentence(refused)}
    return render(request, "force/look.html", shown)


def _auto_fault(typed: Mapping[str, str], count: int) -> str:
    """Why what is typed of further waves would be refused. 授权有误"""
    try:
        if isinstance(auto := auto_in(typed), Auto):
            check_auto(auto, now=clock.now(), invited=count)
    except Refused as refused:
        return sentence(refused)
    return ""


def _still_at(wanted: Wanted, card: Mapping[str, Any]) -> str:
    """The incident's place, when another one is named and the point is still the incident's."""
    first = _first(card)
    moved = (f"{wanted.lon:.6f}", f"{wanted.lat:.6f}") != (first["lon"], first["lat"])
    return "" if moved or wanted.place == first["place"] else first["place"]


@require_POST
@page("callout.call")
def start(request: HttpRequest, *, by: Actor, incident_id: str) -> HttpResponse:
    """Propose a call-out; what will not do is said above the form as it was typed. 建议"""
    typed = request.POST.dict()
    try:
        auto = auto_in(typed)
        ask: dict[str, Any] = {
            "incident_id": incident_id,
            "wanted": wanted_in(typed),
            "auto": auto if isinstance(auto, Auto) else None,
        }
        if only_once(request, lambda: actions.propose_callout(by=by, **ask)):
            done(request, sent_before())
    except Refused as refused:
        if refused.status == 404:
            raise
        if refused.code == "key_reused":
            typed.pop("key")
        shown = _board(by, incident_id, typed=typed) | {"fault": sentence(refused)}
        return render(request, "force/board.html", shown)
    return _back(incident_id)


@require_POST
@page("callout.call")
def act(request: HttpRequest, *, by: Actor, callout_id: str, verb: str) -> HttpResponse:
    """Confirm a wave, work out the next, stop, end. 办理"""
    row = callout_seen(seen_by=by, callout_id=callout_id)
    if verb not in DONE:
        raise not_found()
    run: dict[str, Callable[[], bool]] = {
        "confirm": lambda: attempt(
            request,
            by,
            _confirm_typed,
            callout_id=row.pk,
            typed=request.POST.dict(),
        ),
        "again": lambda: attempt(request, by, actions.propose_wave, callout_id=row.pk),
        "withdraw": lambda: attempt(request, by, actions.withdraw_mandate, callout_id=row.pk),
        "enough": lambda: attempt(request, by, actions.enough, callout_id=row.pk),
        "stand_down": lambda: attempt(request, by, actions.stand_down, callout_id=row.pk),
        "end": lambda: attempt(
            request,
            by,
            actions.end_callout,
            callout_id=row.pk,
            reason=request.POST.get("reason", ""),
        ),
    }
    if run[verb]():
        done(request, gettext(DONE[verb]))
    return _back(row.incident_id)


def _confirm_typed(*, by: Actor, callout_id: int, typed: Mapping[str, str]) -> CallOut:
    """The wave as it was shown, and what is typed beside it of further ones. 确认"""
    return actions.confirm_wave(
        by=by,
        callout_id=callout_id,
        rank=_whole(typed.get("wave", "")),
        version=_whole(typed.get("version", "")),
        auto=auto_in(typed),
    )


def _back(incident_id: str | int) -> HttpResponse:
    return HttpResponseRedirect(reverse("callouts", args=[incident_id]))


# --- what is typed ------------------------------------------------------------------------------


def wanted_in(typed: Mapping[str, str]) -> Wanted:
    """What the composer asks for; 422 names what cannot be read. 读取"""
    return Wanted(
        need=_whole(typed.get("need", "")),
        needed_by=typed_instant(typed.get("by", "")),
        lon=typed_number(typed.get("lon", ""), 180),
        lat=typed_number(typed.get("lat", ""), 90),
        place=typed_line(typed, "place", LINE_MOST),
        what=typed_line(typed, "what", LINE_MOST),
        risk=typed_line(typed, "risk", WORDS_MOST),
        kit=typed_line(typed, "kit", WORDS_MOST),
        skills=tuple(
            (code, _whole(typed.get(f"count{n}", "")))
            for n in range(1, SKILL_LINES + 1)
            if (code := typed.get(f"skill{n}", ""))
        ),
        probability=typed_number(typed.get("probability", "") or str(PROBABILITY), 1),
    )


def auto_in(typed: Mapping[str, str]) -> Auto | actions.AsAsked | None:
    """What is typed of further waves: nothing in both fields is none, no fields leave it. 授权"""
    people, until = typed.get("auto_people"), typed.get("auto_until")
    if people is None and until is None:
        return "as_asked"
    if not (people or "").strip() and not (until or "").strip():
        return None
    zh = _("请填自动续召到几点，或把总人数也空着。")
    return Auto(max_people=_whole((people or "").strip()), until=typed_instant(until or "", zh=zh))


def typed_line(typed: Mapping[str, str], name: str, most: int) -> str:
    """A field in one line, cleaned and cut. 一行"""
    return " ".join(clean(typed.get(name, "")).text.split())[:most]


def _whole(told: str) -> int:
    if told.isascii() and told.isdigit() and len(told) < 10:
        return int(told)
    raise Refused("bad_number", _("人数请填整数。"))


def typed_number(told: str, most: float) -> float:
    """A coordinate within its bounds; else the sentence that asks for the place. 坐标"""
    try:
        value = float(told)
    except ValueError:
        value = most + 1
    if not -most <= value <= most:
        raise Refused("no_point", _("请先给出集合地点的坐标：核定事件地点，或填经度和纬度。"))
    return value


def typed_instant(told: str, *, zh: str = _("请填到场时限的日期和时刻。")) -> datetime:
    """A day and hour as the browser sends it, in Beijing time. 时刻"""
    try:
        return datetime.strptime(told, TYPED).replace(tzinfo=clock.BEIJING)
    except ValueError:
        raise Refused("bad_time", zh) from None
