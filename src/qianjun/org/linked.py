"""Pages whose link is the credential: one door, one frame, one way to act for all of them. 链接页面

A view behind ``by_link`` is called with the actor of the link and never sees a session; GET and
HEAD change nothing. Templates extend ``link/frame.html``; what a phone sends comes in as ``Act``,
from the offline queue as JSON or from a plain form.
"""

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext

from qianjun.kernel import clock
from qianjun.kernel.claimed import Hands, believed
from qianjun.kernel.errors import FieldError, Refused
from qianjun.kernel.text import clean
from qianjun.kernel.words import noop as _
from qianjun.org.links import Purpose, actor_for_link, find_link
from qianjun.org.refusing import MEDIA_TYPE, document
from qianjun.org.store import text_setting

POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
# no cache keeps the page, no index names it, no other site hears of it
ALONE: Final = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}
HEADERS: Final = {"Content-Security-Policy": POLICY, **ALONE}
LANGUAGES: Final = {"zh": "zh-hans", "en": "en"}
JSON, HTML = "application/json", "text/html"
VALUE_MOST: Final = 2_000
FIELDS_MOST: Final = 30
DEVICE_MOST: Final = 36
EMERGENCY: Final = (("119", _("火警")), ("120", _("急救")), ("110", _("报警")))
# what the offline queue says
WORDS: Final = {
    "waiting": _("未发送，已存在手机里"),
    "sending": _("正在发送"),
    "received": _("已收到 %(at)s"),
    "refused": _("没有办成：%(why)s"),
    "no_signal": _("没有信号：点了先存在手机里，有信号时自动发出。"),
    "not_kept": _("这部手机不让网页保存内容，关掉页面前请等到“已收到”。"),
}
View = Callable[..., HttpResponse]


# --- the door -----------------------------------------------------------------------------------


def by_link(purpose: Purpose) -> Callable[[View], View]:
    """The view is called with ``by`` and ``link`` when the link is whole and alive. 链接入口

    Otherwise a page with telephone numbers, 404 or 410; a refusal of the view becomes a page of
    the same frame. Programs that ask for JSON get JSON.
    """

    def around(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, link: str, **words: object) -> HttpResponse:
            with translation.override(_language(request)):
                response = _answered(request, purpose, link, view, words)
            for name, value in HEADERS.items():
                response.headers[name] = value
            return response

        # no cookie is needed and none is believed: whoever has the link is who acts
        answer.csrf_exempt = True  # type: ignore[attr-defined]
        return answer

    return around


def _answered(
    request: HttpRequest, purpose: Purpose, link: str, view: View, words: dict[str, object]
) -> HttpResponse:
    known = False
    try:
        by = actor_for_link(purpose, link)
        known = True
        door = Door(purpose=purpose, text=link, lang=_asked(request))
        return view(request, by=by, link=door, **words)
    except Refused as refused:
        return _refused(request, refused, back=f"/{purpose}/{link}" if known else "")


def _refused(request: HttpRequest, refused: Refused, *, back: str) -> HttpResponse:
    said = gettext(refused.zh) % refused.words if refused.words else gettext(refused.zh)
    if wants_json(request):
        # the queue on the phone shows the sentence, a program the telephones of the page
        ring = [{"name": name, "number": number} for name, number in telephones()]
        return JsonResponse(
            document(refused) | {"message": said, "telephones": ring},
            status=refused.status,
            content_type=MEDIA_TYPE,
            json_dumps_params={"ensure_ascii": False},
        )
    told = {"said": said, "code": refused.code, "back": back if refused.status != 410 else ""}
    return HttpResponse(render_to_string("link/over.html", told | _frame()), status=refused.status)


def _language(request: HttpRequest) -> str:
    """The one chosen in the address or the form, else the browser's; no session, no cookie."""
    chosen = _asked(request)
    if chosen:
        return LANGUAGES[chosen]
    spoken = request.headers.get("Accept-Language", "").lower()
    first = spoken.split(",", 1)[0].split(";", 1)[0].strip()
    return "en" if first == "en" or first.startswith("en-") else "zh-hans"


def _asked(request: HttpRequest) -> str:
    wanted = request.GET.get("lang", "")
    if request.method == "POST" and request.content_type != JSON:
        wanted = request.POST.get("lang", "") or wanted
    return wanted if wanted in LANGUAGES else ""


def wants_json(request: HttpRequest) -> bool:
    """Whether a program asks: who reads must say so, who acts is one unless he wants HTML."""
    if request.method in ("GET", "HEAD"):
        return request.get_preferred_type([HTML, JSON]) == JSON
    return request.get_preferred_type([JSON, HTML]) != HTML


# --- the frame ----------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Door:
    """The link by which somebody came, as templates and answers need it. 来时的链接"""

    purpose: str
    text: str
    lang: str = ""

    @property
    def path(self) -> str:
        """Where the page is."""
        return f"/{self.purpose}/{self.text}"

    @property
    def acts(self) -> str:
        """Where acts go."""
        return f"{self.path}/acts{self._query}"

    @property
    def here(self) -> str:
        """The page in the language that was chosen."""
        return f"{self.path}{self._query}"

    @property
    def _query(self) -> str:
        return f"?lang={self.lang}" if self.lang else ""

    @property
    def ident(self) -> str:
        """The short id, which opens nothing by itself: what a phone keeps its acts under."""
        return self.text[:16]


def link_page(template: str, told: Mapping[str, Any], *, link: Door) -> HttpResponse:
    """A page in the frame of all link pages; the session is out of its reach. 链接页"""
    return HttpResponse(render_to_string(template, {**_frame(), "link": link, **told}))


def link_json(told: Mapping[str, Any]) -> HttpResponse:
    """The same for a program."""
    return JsonResponse(dict(told), json_dumps_params={"ensure_ascii": False})


def acted(request: HttpRequest, told: Mapping[str, Any], *, link: Door, act: "Act") -> HttpResponse:
    """The answer to an act: JSON, or back to the page for a form. 办理结果

    ``told`` holds ``state``, ``outcome`` and the sentence ``message`` in the source language.
    """
    if not wants_json(request):
        response = HttpResponseRedirect(link.here)
        response.status_code = 303
        return response
    said = str(told.get("message", ""))
    with translation.override("zh-hans"):
        zh = gettext(said) if said else ""
    answer = {k: v for k, v in told.items() if k != "message"}
    answer |= {"act_id": str(act.act_id), "received_at": clock.now().isoformat()}
    return link_json({**answer, "message_zh": zh, "message": gettext(said) if said else ""})


def telephones() -> list[tuple[str, str]]:
    """Whom somebody can ring instead: word and number, the duty desk first. 可拨打的电话"""
    own = text_setting("org", "duty_phone")
    desk = [(gettext("值班室"), own)] if own else []
    return [*desk, *((gettext(word), number) for number, word in EMERGENCY)]


def _frame() -> dict[str, Any]:
    return {
        "realm": settings.REALM,
        "bureau": text_setting("org", "bureau_name"),
        "telephones": telephones(),
        "words": {name: gettext(word) for name, word in WORDS.items()},
    }


# --- what a phone sends -------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Act:
    """One act of somebody with a link, as the offline queue sends it. 一次操作

    ``happened_at`` is domain time as far as the phone can be believed; ``claimed_at`` as it said.
    """

    name: str
    act_id: UUID
    happened_at: datetime
    claimed_at: datetime | None = None
    clock_off: bool = False
    device: str = ""
    said: Mapping[str, str] = field(default_factory=dict)

    def words(self, name: str, *, most: int) -> str:
        """What was written in a field, cleaned and cut."""
        return clean(self.said.get(name, "")).text.strip()[:most]

    def number(self, name: str, *, least: float, most: float) -> float | None:
        """A number between these; None when nothing was said, 422 for anything else."""
        told = self.said.get(name, "").strip()
        if not told:
            return None
        try:
            value = float(told)
        except ValueError:
            raise _bad(name, "bad_number", _("请填数字。")) from None
        if not least <= value <= most:
            raise _bad(name, "bad_number", _("请填数字。"))
        return value


def act_of(request: HttpRequest, *, link: Door, acts: Collection[str]) -> Act:
    """The act in the request, JSON or form; 422 names the field that will not do. 读取操作"""
    said = _json(request) if request.content_type == JSON else _form(request)
    name = said.pop("act", "")
    if name not in acts:
        raise _bad("act", "unknown_act", _("没有这种操作。"))
    claimed = _instant("happened_at", said.pop("happened_at", ""))
    sent = _instant("sent_at", said.pop("sent_at", ""))
    row = find_link(link.purpose, link.text)  # type: ignore[arg-type]
    hands = Hands(now=clock.now(), real=clock.real(), speed=clock.speed())
    not_before = row.made_at if row else hands.now
    when = believed(claimed=claimed, sent=sent, hands=hands, not_before=not_before)
    return Act(
        name=name,
        act_id=_uuid(said.pop("act_id", "")),
        happened_at=when.at,
        claimed_at=when.claimed,
        clock_off=when.clock_off,
        device=said.pop("device", "")[:DEVICE_MOST],
        said=said,
    )


def _form(request: HttpRequest) -> dict[str, str]:
    return {name: str(request.POST[name])[:VALUE_MOST] for name in list(request.POST)[:FIELDS_MOST]}


def _json(request: HttpRequest) -> dict[str, str]:
    try:
        told = json.loads(request.body)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        raise Refused("bad_request", _("请求的格式不对，无法读取。"), status=400)
    for name, value in told.items():
        if isinstance(value, list | dict):
            raise _bad(clean(name).text, "not_plain", _("这一项只能是文字或数字。"))
    plain = [(k, v) for k, v in told.items() if isinstance(v, str | int | float)]
    return {k: clean(str(v)).text[:VALUE_MOST] for k, v in plain[:FIELDS_MOST]}


def _uuid(told: str) -> UUID:
    try:
        return UUID(told)
    except ValueError:
        raise _bad("act_id", "bad_act_id", _("操作没有编号，请刷新页面再点一次。")) from None


def _instant(name: str, told: str) -> datetime | None:
    if not told:
        return None
    try:
        instant = datetime.fromisoformat(told)
    except ValueError:
        raise _bad(name, "bad_time", _("时间的写法不对。")) from None
    if instant.tzinfo is None:
        raise _bad(name, "time_without_offset", _("时间须带时区偏移，例如 +08:00。"))
    return instant


def _bad(name: str, code: str, zh: str) -> Refused:
    return Refused(code, zh, fields=(FieldError(field=name, code=code, zh=zh),))
