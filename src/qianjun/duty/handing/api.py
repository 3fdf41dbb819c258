"""Routes of the hand-over for programs; signatures are people's own. 交接班接口"""

from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field

from qianjun.duty.handing import actions
from qianjun.duty.handing.pack import take_pack_out
from qianjun.duty.handing.papers import take_hand_over_out
from qianjun.duty.handing.queries import hand_over_json, hand_over_seen, handing
from qianjun.kernel.paper import MEDIA_TYPE
from qianjun.org.actor import require
from qianjun.org.http import actor_of, answer_once, as_file, bearer
from qianjun.org.wire import Asked

router = Router(auth=bearer, tags=["duty"])
Json = dict[str, Any]


class SigningOut(Asked):
    """Which post is handed over, and what there is to say."""

    post: Annotated[str, Field(min_length=1, max_length=40)]
    note: Annotated[str, Field(max_length=5_000)] | None = None


class SigningFor(Asked):
    """Whose post the shift leader hands over for him, and why he cannot sign."""

    post: Annotated[str, Field(min_length=1, max_length=40)]
    outgoing: Annotated[str, Field(min_length=1, max_length=20)]
    why: Annotated[str, Field(min_length=1, max_length=500)]
    note: Annotated[str, Field(max_length=5_000)] | None = None


class HandOverAct(Asked):
    """The second signature, or taking the first one back."""

    act: Literal["sign", "withdraw"]


@router.get("/shift_hand_overs")
def hand_overs(request: HttpRequest) -> Json:
    """What is open now, by kind; hand-overs that wait, and the last ones."""
    found = handing(seen_by=actor_of(request))
    return {
        "open": {one.code: [row.as_json() for row in one.matters] for one in found.sections},
        "waiting": [hand_over_json(one.row) for one in found.waiting],
        "items": [hand_over_json(row) for row in found.past],
    }


@router.post("/shift_hand_overs/signed_for")
def sign_out_for(request: HttpRequest, told: SigningFor) -> HttpResponse:
    """Sign for one who is ill or gone; 409 for a token, which is nobody's signature."""

    def run() -> tuple[int, Json]:
        said = {"post": told.post, "outgoing": told.outgoing, "why": told.why}
        row = actions.sign_out_for(by=actor_of(request), note=told.note or "", **said)
        return 201, hand_over_json(row)

    return answer_once(request, run)


@router.get("/shift_hand_overs/{hand_over_id}")
def hand_over(request: HttpRequest, hand_over_id: str) -> Json:
    """One hand-over with what was frozen at each signature."""
    return hand_over_json(hand_over_seen(seen_by=actor_of(request), hand_over_id=hand_over_id))


@router.post("/shift_hand_overs")
def sign_out(request: HttpRequest, told: SigningOut) -> HttpResponse:
    """Sign as whoever leaves; 409 for a token, which is nobody's signature."""

    def run() -> tuple[int, Json]:
        row = actions.sign_out(by=actor_of(request), post=told.post, note=told.note or "")
        return 201, hand_over_json(row)

    return answer_once(request, run)


@router.post("/shift_hand_overs/{hand_over_id}/acts")
def act(request: HttpRequest, hand_over_id: str, told: HandOverAct) -> HttpResponse:
    """Sign as whoever comes, or take the first signature back."""

    def run() -> tuple[int, Json]:
        verb = actions.sign_in if told.act == "sign" else actions.withdraw_hand_over
        return 200, hand_over_json(verb(by=actor_of(request), hand_over_id=hand_over_id))

    return answer_once(request, run)


@router.post("/shift_hand_overs/{hand_over_id}/word")
def word(request: HttpRequest, hand_over_id: str) -> HttpResponse:
    """The sheet of a hand-over in Word; taking it out is written down."""
    by = actor_of(request)
    require(by, "shift.hand_over")
    called, content = take_hand_over_out(by=by, hand_over_id=hand_over_id)
    return as_file(called, content, media_type=MEDIA_TYPE)


@router.post("/shift_pack")
def pack(request: HttpRequest) -> HttpResponse:
    """Everything that is needed when nothing runs, in Word; taking it out is written down."""
    by = actor_of(request)
    require(by, "shift.hand_over")
    called, content = take_pack_out(by=by)
    return as_file(called, content, media_type=MEDIA_TYPE)
