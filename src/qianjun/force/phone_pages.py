"""The page of somebody who is called: what, where, when, how dangerous, yes or no. 应召手机页

A volunteer and the leader of a team come by the same kind of link; what it is about decides which
page it is, and who acts.
"""

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from qianjun.force.actions import act_on_call
from qianjun.force.actions.answering import Did
from qianjun.force.models import Called
from qianjun.force.phone_acts import said_by
from qianjun.force.rules.answering import (
    ACTS,
    ANSWERS,
    allowed,
    state_of,
)
from qianjun.force.rules.team_calls import ABOUT as TEAM
from qianjun.force.teaming import phone as leader
from qianjun.kernel import clock
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor, not_found
from qianjun.org.linked import Door, act_of, acted, by_link, link_json, link_page, wants_json
from qianjun.org.rules import masked_name
from qianjun.org.store import text_setting

# buttons that stand side by side below the others
BESIDE: Final = ("late", "decline", "break")
# the head of the page, by how he stands
HEADS: Final[dict[str, str]] = {
    "declined": _("您这次不来"),
    "accepted": _("您答应来"),
    "en_route": _("您在路上"),
    "arrived": _("您在现场"),
    "left": _("您已离开"),
    "home": _("您已平安到家"),
    "asked": _("请您来帮忙"),
    "over": _("人手已够，不用来了"),
}


@require_safe
@by_link("v")
def call(request: HttpRequest, *, by: Actor, link: Door) -> HttpResponse:
    """The page, or the same as JSON; looking changes nothing. 召集页"""
    if by.scope.about[0] == TEAM:
        row = leader.called_by(by)
        if wants_json(request):
            return link_json(leader.told(row, by=by))
        return link_page("force/teaming/phone.html", leader.shown(row, by=by), link=link)
    one = _called(by)
    if wants_json(request):
        return link_json(_told(one))
    return link_page("force/call.html", _shown(one), link=link)


@require_POST
@by_link("v")
def acts(request: HttpRequest, *, by: Actor, link: Door) -> HttpResponse:
    """He answers, comes, arrives, goes. 操作"""
    act = act_of(request, link=link, acts=ACTS)
    if by.scope.about[0] == TEAM:
        return acted(request, leader.did(by, act), link=link, act=act)
    row, verdict = act_on_call(by=by, did=Did(**said_by(act)))
    told = {
        "state": state_of(row, read=True, reached=True),
        "outcome": verdict.outcome,
        "message": verdict.sentence(act.name),
        "acts": allowed(row, over=_over(row)),
    }
    return acted(request, told, link=link, act=act)


def _called(by: Actor) -> Called:
    kind, ident = by.scope.about
    rows = Called.objects.select_related("callout", "person", "volunteer")
    row = (
        rows.filter(callout=int(ident), person=by.person, sent_at__isnull=False).first()
        if kind == "callout" and ident.isdigit()
        else None
    )
    if row is None:
        raise not_found()
    return row


def _over(row: Called) -> bool:
    return row.callout.enough_at is not None or row.callout.stood_down_at is not None


def _head(row: Called) -> str:
    state = "home" if row.home_at else state_of(row)
    if state in ("waiting", "reached", "read"):
        return HEADS["over" if _over(row) else "asked"]
    return HEADS[state]


def _insured(row: Called) -> bool:
    until = row.volunteer.insured_until
    return until is not None and until >= clock.in_beijing(clock.now()).date()


def _hours(row: Called) -> float:
    if row.arrived_at is None:
        return 0.0
    minutes = row.minutes if row.left_at else (clock.now() - row.arrived_at).total_seconds() / 60
    return round(minutes / 60, 2)


def _message(row: Called) -> str:
    """The one sentence that he must know now, as a catalogue text; empty when there is none."""
    return ANSWERS["not_needed" if row.accepted_at else "accepted_late"] if _released(row) else ""


def _released(row: Called) -> bool:
    if row.arrived_at is not None or row.left_at is not None or row.home_at is not None:
        return False
    return row.stood_down_at is not None or (_over(row) and row.accepted_at is None)


def _told(row: Called) -> dict[str, Any]:
    said = _message(row)
    with translation.override("zh-hans"):
        zh = gettext(said) if said else ""
    callout = row.callout
    return {
        "kind": "callout",
        "state": callout.state,
        "need": callout.need,
        "what_zh": callout.what,
        "place": callout.place,
        "lon": callout.lon,
        "lat": callout.lat,
        "by": callout.needed_by.isoformat(),
        "risk_zh": callout.risk,
        "kit_zh": callout.kit,
        "asked_by": text_setting("org", "bureau_name"),
        "insured": _insured(row),
        "my": {
            "name_masked": masked_name(row.person.name),
            "state": state_of(row, read=row.read_at is not None, reached=True),
            "eta_at": row.eta_at.isoformat() if row.eta_at else None,
            "hours": _hours(row),
        },
        "acts": ["opened", *allowed(row, over=_over(row))],
        "message_zh": zh,
        "message": gettext(said) if said else "",
    }


def _shown(row: Called) -> dict[str, Any]:
    may = allowed(row, over=_over(row))
    said = _message(row)
    return {
        "row": row,
        "callout": row.callout,
        "head": gettext(_head(row)),
        "said": gettext(said) if said else "",
        "may": may,
        "buttons": [(name, gettext(ACTS[name])) for name in may if name not in BESIDE],
        "minutes": (15, 30, 45, 60, 90),
        "insured": _insured(row),
        "hours": _hours(row),
        "asked_by": text_setting("org", "bureau_name"),
        "opened": row.read_at is not None,
    }
