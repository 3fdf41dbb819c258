"""Routes of instructions from above: take in, propose, direct, refer, answer, close. 来文接口"""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field

from qianjun.incident import actions
from qianjun.incident.actions import NewInstruction
from qianjun.incident.queries.instructions import (
    brief_of_instruction,
    instruction_json,
    instruction_seen,
    instructions,
)
from qianjun.incident.rules import instructions as rules
from qianjun.incident.rules.tasks import Doing
from qianjun.incident.wire import Asked, Instant
from qianjun.kernel.paper import MEDIA_TYPE
from qianjun.org.actor import Actor, require
from qianjun.org.http import actor_of, answer_once, as_file, bearer, page_of

router = Router(auth=bearer, tags=["instructions"])
Json = dict[str, Any]
Line = Annotated[str, Field(max_length=rules.SENDER_MOST)]
Words = Annotated[str, Field(min_length=1, max_length=rules.WORD_MOST)]
Why = Annotated[str, Field(min_length=1, max_length=rules.WHY_MOST)]
Ident = Annotated[str, Field(min_length=1, max_length=20)]
Code = Annotated[str, Field(max_length=40)]
HANDLE = "instruction.handle"


class Told(Asked):
    """An order from above; without ``received_at`` it came in now."""

    way: Annotated[str, Field(max_length=20)]
    sender: Line
    title: Annotated[str, Field(max_length=rules.TITLE_MOST)] | None = None
    text: Annotated[str, Field(max_length=rules.TEXT_MOST)] | None = None
    sender_unit: Code | None = None
    sender_person: Line | None = None
    sender_phone: Code | None = None
    their_number: Line | None = None
    urgency: Annotated[str, Field(max_length=20)] = "ordinary"
    mark: Annotated[str, Field(max_length=20)] = "internal"
    received_at: Instant | None = None
    reply_by: Instant | None = None
    incident: Ident | None = None

    def told(self) -> NewInstruction:
        """As the verbs take it."""
        return NewInstruction(
            way=self.way,
            sender=self.sender,
            title=self.title or "",
            text=self.text or "",
            sender_unit=self.sender_unit or "",
            sender_person=self.sender_person or "",
            sender_phone=self.sender_phone or "",
            their_number=self.their_number or "",
            urgency=self.urgency,
            mark=self.mark,
            received_at=self.received_at,
            reply_by=self.reply_by,
            incident=self.incident or "",
        )


class Taken(Told):
    """The same, out of the record of a call."""

    phone_record: Ident | None = None


class Corrected(Told):
    """All of it as it should read, and why."""

    version: Annotated[int, Field(ge=0, le=2**31)]
    why: Why


class Proposal(Asked):
    """What should be done; with ``asks`` the leader on duty is asked."""

    text: Words
    asks: bool = True


class Directive(Asked):
    """A leader's own words."""

    text: Words


class Recorded(Directive):
    """What a leader said, whose words they are, and how they came."""

    leader: Annotated[str, Field(min_length=1, max_length=100)]
    how: Annotated[str, Field(max_length=10)]
    at: Instant | None = None


class Referred(Asked):
    """Units by code, persons by id, what they have to do, until when."""

    order: Words
    units: list[Code] = Field(default_factory=list, max_length=rules.TOLD_MOST)
    people: list[Ident] = Field(default_factory=list, max_length=rules.TOLD_MOST)
    due_at: Instant | None = None


class Fed(Asked):
    """What somebody who has it said by telephone."""

    referral: Ident
    act: Literal["accepted", "progress", "answered"]
    text: Annotated[str, Field(max_length=rules.WORD_MOST)] | None = None
    happened_at: Instant | None = None


class Reminding(Asked):
    """One referral only, or all that are unanswered."""

    referral: Ident | None = None


class Withdrawn(Asked):
    """What was noted by mistake, or need not be done."""

    what: Literal["opinion", "referral", "reply"]
    id: Ident
    why: Annotated[str, Field(max_length=rules.WHY_MOST)] | None = None


class Replied(Asked):
    """What the sender was answered, which way, who took it."""

    way: Annotated[str, Field(max_length=10)]
    text: Words
    taken_by: Annotated[str, Field(max_length=60)] | None = None
    at: Instant | None = None


class Closed(Asked):
    """What came of it; ``why`` when something is left open."""

    outcome: Annotated[str, Field(max_length=rules.WORD_MOST)] | None = None
    why: Annotated[str, Field(max_length=rules.WHY_MOST)] | None = None


class Reopened(Asked):
    """Why it is handled again."""

    why: Why


@router.get("/instructions")
def listed(
    request: HttpRequest,
    state: Literal["open", "asked", "closed", "all"] = "all",
    q: Annotated[str, Query(max_length=100)] = "",
    limit: int | None = None,
    after: str | None = None,
) -> Json:
    """Instructions by state and words, the newest first."""
    by = actor_of(request)
    rows = instructions(seen_by=by, state=state, q=q).select_related("sender_unit")
    chosen, more = page_of(rows, limit=limit, after=after)
    return {"items": [brief_of_instruction(row, seen_by=by) for row in chosen], "next": more}


@router.post("/instructions")
def take(request: HttpRequest, told: Taken) -> HttpResponse:
    """Take an order from above in."""

    def run() -> tuple[int, Json]:
        by = actor_of(request)
        if told.phone_record:
            row = actions.turn_into_instruction(
                by=by, record_id=told.phone_record, told=told.told()
            )
        else:
            row = actions.take_in_instruction(by=by, told=told.told())
        return 201, instruction_json(row, seen_by=by)

    return answer_once(request, run)


@router.get("/instructions/{instruction_id}")
def one(request: HttpRequest, instruction_id: str) -> Json:
    """One with everything that was said of it."""
    by = actor_of(request)
    return instruction_json(instruction_seen(seen_by=by, instruction_id=instruction_id), seen_by=by)


@router.post("/instructions/{instruction_id}/corrections")
def correct(request: HttpRequest, instruction_id: str, told: Corrected) -> HttpResponse:
    """Put right what was taken in."""
    words = {"version": told.version, "told": told.told(), "why": told.why}
    return _done(request, instruction_id, actions.correct_instruction, words)


@router.post("/instructions/{instruction_id}/proposals")
def propose(request: HttpRequest, instruction_id: str, told: Proposal) -> HttpResponse:
    """Say what should be done."""
    return _done(request, instruction_id, actions.propose_instruction, told.model_dump())


@router.post("/instructions/{instruction_id}/direct")
def direct(request: HttpRequest, instruction_id: str, told: Directive) -> HttpResponse:
    """A leader directs with his own hand."""
    may, verb = "instruction.direct", actions.direct_instruction
    return _done(request, instruction_id, verb, told.model_dump(), may=may)


@router.post("/instructions/{instruction_id}/directives")
def record(request: HttpRequest, instruction_id: str, told: Recorded) -> HttpResponse:
    """Write down what a leader directed."""
    return _done(request, instruction_id, actions.record_directive, told.model_dump())


@router.post("/instructions/{instruction_id}/referrals")
def refer(request: HttpRequest, instruction_id: str, told: Referred) -> HttpResponse:
    """Hand it on, with a deadline for each."""
    return _done(request, instruction_id, actions.refer_instruction, told.model_dump())


@router.post("/instructions/{instruction_id}/feedback")
def feed_back(request: HttpRequest, instruction_id: str, told: Fed) -> HttpResponse:
    """Note what somebody who has it said."""
    doing = Doing(happened_at=told.happened_at, text=told.text or "")
    words = {"referral": told.referral, "act": told.act, "doing": doing}
    return _done(request, instruction_id, actions.feed_back, words)


@router.post("/instructions/{instruction_id}/reminders")
def remind(request: HttpRequest, instruction_id: str, told: Reminding) -> HttpResponse:
    """Remind whoever has not answered."""
    words = {"referral": told.referral or ""}
    return _done(request, instruction_id, actions.remind_referrals, words)


@router.post("/instructions/{instruction_id}/withdrawals")
def withdraw(request: HttpRequest, instruction_id: str, told: Withdrawn) -> HttpResponse:
    """Take back a referral, or what was noted by mistake."""
    if told.what == "referral":
        words = {"referral": told.id, "why": told.why or ""}
        return _done(request, instruction_id, actions.withdraw_referral, words)
    if told.what == "reply":
        return _done(request, instruction_id, actions.withdraw_reply, {"reply": told.id})
    return _done(request, instruction_id, actions.withdraw_opinion, {"opinion": told.id})


@router.post("/instructions/{instruction_id}/replies")
def reply(request: HttpRequest, instruction_id: str, told: Replied) -> HttpResponse:
    """Note what the sender was answered."""
    words = told.model_dump() | {"taken_by": told.taken_by or ""}
    return _done(request, instruction_id, actions.reply_to_sender, words)


@router.post("/instructions/{instruction_id}/close")
def close(request: HttpRequest, instruction_id: str, told: Closed) -> HttpResponse:
    """Nothing is left to do about it."""
    words = {"outcome": told.outcome or "", "why": told.why or ""}
    return _done(request, instruction_id, actions.close_instruction, words)


@router.post("/instructions/{instruction_id}/reopen")
def reopen(request: HttpRequest, instruction_id: str, told: Reopened) -> HttpResponse:
    """Handle it again."""
    return _done(request, instruction_id, actions.reopen_instruction, {"why": told.why})


@router.post("/instructions/{instruction_id}/word")
def word(request: HttpRequest, instruction_id: str) -> HttpResponse:
    """The processing slip in Word; taking it out is written down."""
    by = actor_of(request)
    require(by, "instruction.read")
    called, content = actions.take_instruction_out(by=by, instruction_id=instruction_id)
    return as_file(called, content, media_type=MEDIA_TYPE)


def _done(
    request: HttpRequest,
    instruction_id: str,
    verb: Callable[..., object],
    words: Mapping[str, object],
    *,
    may: str = HANDLE,
) -> HttpResponse:
    """Do it once, and answer with everything as it is then."""

    def run() -> tuple[int, Json]:
        by: Actor = actor_of(request)
        require(by, may)
        verb(by=by, instruction_id=instruction_id, **words)
        row = instruction_seen(seen_by=by, instruction_id=instruction_id)
        return 200, instruction_json(row, seen_by=by)

    return answer_once(request, run)
