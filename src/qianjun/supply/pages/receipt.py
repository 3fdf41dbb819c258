"""The page behind a link: whoever gets the goods counts them and signs. 签收页

The link is the credential and no session is read. Looking changes nothing; a signature that was
given without signal counts from when it was given.
"""

from collections.abc import Mapping
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from qianjun.kernel.errors import Refused
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor, not_found
from qianjun.org.linked import Act, Door, act_of, acted, by_link, link_json, link_page, wants_json
from qianjun.org.pages import faults, sentence
from qianjun.supply import actions, queries
from qianjun.supply.actions import NOTE_MOST
from qianjun.supply.forms import GOT, counts

ACTS: Final = ("receive",)
AGAIN: Final = "wrong_state"
SIGNED: Final = _("已签收，谢谢。")
SIGNED_BEFORE: Final = _("这张单已经签收过，以第一次的为准。")


@require_http_methods(["GET", "HEAD"])
@by_link("g")
def receipt(request: HttpRequest, *, by: Actor, link: Door) -> HttpResponse:
    """What was sent, and the form to sign for it. 签收"""
    card = _card(by)
    if wants_json(request):
        return link_json(_json(card))
    return link_page("supply/receipt.html", _told(card), link=link)


@require_POST
@by_link("g")
def acts(request: HttpRequest, *, by: Actor, link: Door) -> HttpResponse:
    """Count and sign once; a second signing finds what the first one left. 签收操作"""
    act = act_of(request, link=link, acts=ACTS)
    try:
        outcome = _signed(by, act)
    except Refused as refused:
        if refused.status != 422 or wants_json(request):
            raise
        told = _told(_card(by), typed=act.said, refused=refused)
        response = link_page("supply/receipt.html", told, link=link)
        response.status_code = refused.status
        return response
    said = SIGNED if outcome == "taken" else SIGNED_BEFORE
    told = {"state": _card(by).state, "outcome": outcome, "message": said}
    return acted(request, told, link=link, act=act)


def _signed(by: Actor, act: Act) -> str:
    """Sign for the goods; ``repeated`` when somebody has."""
    got, note = counts(act.said, GOT), act.words("note", most=NOTE_MOST)
    try:
        actions.sign_receipt(by=by, order_id=_order(by), counts=got, note=note, at=act.happened_at)
    except Refused as refused:
        if refused.code != AGAIN or _card(by).row.received_at is None:
            raise
        return "repeated"
    return "taken"


def _order(by: Actor) -> str:
    kind, ident = by.scope.about
    if kind != "order":
        raise not_found()
    return ident


def _card(by: Actor) -> queries.OrderCard:
    (card,) = queries.order_cards([queries.order_seen(seen_by=by, order_id=_order(by))])
    return card


def _told(
    card: queries.OrderCard,
    *,
    typed: Mapping[str, str] | None = None,
    refused: Refused | None = None,
) -> dict[str, Any]:
    said = typed or {}
    lines = [
        (line, said.get(f"{GOT}-{line.row.article.code}", line.moved.issued))
        for line in card.lines
        if line.moved.issued
    ]
    return {
        "card": card,
        "order": card.row,
        "lines": lines,
        "waits": card.allows("receive"),
        "opened": True,  # nobody waits to hear that it was looked at
        "note": said.get("note", ""),
        "said": sentence(refused) if refused else "",
        "wrong": faults(refused) if refused else {},
    }


def _json(card: queries.OrderCard) -> dict[str, Any]:
    """The same for a program."""
    return {
        "kind": "receipt",
        "number": card.row.number,
        "state": card.state,
        "acts": list(ACTS) if card.allows("receive") else [],
        "lines": [line.as_json() for line in card.lines if line.moved.issued],
    }
