"""The wall of phones: every simulated phone, and the switches of its world. 手机墙页面"""

from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from math import isfinite
from typing import Any, cast, get_args

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from qianjun.kernel.errors import Refused
from qianjun.kernel.words import noop as _
from qianjun.media.actions import upload_whole
from qianjun.message import actions
from qianjun.message.people import people_now
from qianjun.message.wall import PHONES, Show, carriers, wall
from qianjun.org.actor import Actor, not_found
from qianjun.org.pages import attempt, back, done, failed, page, sentence

QUICK = ("收到", "马上到", "来不了")
SEARCH_MOST, SKIP_MOST = 40, 100_000
MAX_DELAY_S, MAX_REPEATS = 24 * 3600.0, 10
View = Callable[..., HttpResponse]


def exercise_only(view: View) -> View:
    """In the realm live there is no such page, whoever asks."""

    @wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if settings.REALM == "live":
            raise not_found()
        return view(request, *args, **kwargs)

    return answer


@exercise_only
@require_GET
@page("simulator.use")
def phones(request: HttpRequest, *, by: Actor) -> HttpResponse:
    """Every simulated phone, with the switches above. 手机墙"""
    shown = _shown(request, by)
    people = people_now()
    switches = {"carriers": carriers(seen_by=by), "people": people, "quick": QUICK}
    return render(request, "message/phones/page.html", {**shown, **switches})


@exercise_only
@require_GET
@page("simulator.use")
def phones_live(request: HttpRequest, *, by: Actor) -> HttpResponse:
    """What has changed on the phones since the page looked last; 204 when nothing has. 刷新"""
    shown = _shown(request, by)
    if request.GET.get("seen") == shown["seen"]:
        return HttpResponse(status=204)
    return render(request, "message/phones/live.html", {**shown, "oob": True})


def _shown(request: HttpRequest, by: Actor) -> dict[str, Any]:
    asked = request.GET.get("show", "all")
    show = cast("Show", asked if asked in get_args(Show) else "all")
    q = request.GET.get("q", "").replace("\0", "").strip()[:SEARCH_MOST]
    told = request.GET.get("skip", "")
    skip = min(int(told), SKIP_MOST) if told.isascii() and told.isdigit() and len(told) < 7 else 0
    found = wall(seen_by=by, show=show, q=q, skip=skip)
    seen = sha256(repr(found).encode("utf-8", "replace")).hexdigest()[:16]
    where = {"show": show, "q": q, "skip": skip, "next_skip": skip + PHONES}
    return {"wall": found, "seen": seen, "silent": set(people_now().silent), **where}


@exercise_only
@require_POST
@page("simulator.use")
def phone_reply(request: HttpRequest, *, by: Actor) -> HttpResponse:
    """Send something from this phone. 代答"""
    said = request.POST
    try:
        actions.reply_as(
            by=by,
            channel=said.get("channel", ""),
            from_value=said.get("from", ""),
            text=said.get("quick") or said.get("text", ""),
            lon=_number(said.get("lon"), most=180),
            lat=_number(said.get("lat"), most=90),
            crs="gcj02" if said.get("crs") == "gcj02" else "wgs84",
            file=_uploaded(request, by),
        )
    except Refused as refused:
        failed(request, sentence(refused))
    else:
        done(request, gettext("已从这部电话发出。"))
    return back(request)


def _uploaded(request: HttpRequest, by: Actor) -> int | None:
    """The number of the file that was chosen on the page, None without one."""
    chosen = request.FILES.get("file")
    if chosen is None:
        return None
    size_bytes = chosen.size or 0
    return upload_whole(by=by, source=chosen, size_bytes=size_bytes, name=chosen.name or "").pk


@exercise_only
@require_POST
@page("simulator.use")
def phone_open(request: HttpRequest, *, by: Actor, row: int) -> HttpResponse:
    """Open a message on the phone it came to. 代读"""
    attempt(request, by, actions.open_as, row=row)
    return back(request)


@exercise_only
@require_POST
@page("simulator.use")
def phone_silence(request: HttpRequest, *, by: Actor, person: int) -> HttpResponse:
    """Have one person answer by himself no more, or again. 设为不应答"""
    silent = set(people_now().silent) ^ {person}
    attempt(request, by, actions.switch_people, silent=silent)
    return back(request)


@exercise_only
@require_POST
@page("simulator.use")
def carrier_switch(request: HttpRequest, *, by: Actor) -> HttpResponse:
    """Have the carrier serve a channel well or badly. 设通道"""
    said = request.POST
    channel = said.get("channel", "")
    if channel not in {row.channel for row in carriers(seen_by=by)}:
        raise not_found()
    try:
        loss = _number(said.get("loss"), most=100)
        repeats = _number(said.get("repeat_receipts"), most=MAX_REPEATS)
        actions.switch_carrier(
            by=by,
            channel=channel,
            down="down" in said,
            delay_s=_number(said.get("delay_s"), most=MAX_DELAY_S),
            loss=None if loss is None else loss / 100,
            repeat_receipts=None if repeats is None else int(repeats),
        )
    except Refused as refused:
        failed(request, sentence(refused))
    else:
        done(request, gettext("通道已照此设置。"))
    return back(request)


@exercise_only
@require_POST
@page("simulator.use")
def people_switch(request: HttpRequest, *, by: Actor) -> HttpResponse:
    """Have the simulated people answer by themselves or not, and how. 设模拟人员"""
    said = request.POST
    try:
        rate = _number(said.get("accept_rate"), most=100)
        actions.switch_people(
            by=by,
            auto="auto" in said,
            accept_rate=None if rate is None else rate / 100,
            delay_s=_number(said.get("delay_s"), least=1, most=MAX_DELAY_S),
        )
    except Refused as refused:
        failed(request, sentence(refused))
    else:
        done(request, gettext("模拟人员已照此设置。"))
    return back(request)


def _number(told: str | None, *, most: float, least: float | None = None) -> float | None:
    """A number as typed, None when nothing was; refused outside its bounds."""
    if not (told or "").strip():
        return None
    lowest = least if least is not None else (-most if most in (180, 90) else 0)
    try:
        value = float(told or "")
    except ValueError:
        value = float("nan")
    if not isfinite(value) or not lowest <= value <= most:
        words = {"least": f"{lowest:g}", "most": f"{most:g}"}
        raise Refused("bad_number", _("请填 %(least)s 到 %(most)s 之间的数。"), words=words)
    return value
