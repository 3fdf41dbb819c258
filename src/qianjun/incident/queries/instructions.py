"""Instructions from above: which are open, where each lies, what was said of it. 来文查询"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Case, Count, F, Min, OuterRef, Prefetch, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce, Least

from qianjun.incident.instruction_models import (
    OPEN,
    UNANSWERED,
    Instruction,
    InstructionReply,
    Opinion,
    Referral,
    ReferralStep,
)
from qianjun.incident.queries.seen import incidents_seen
from qianjun.incident.queries.timeline import line_json
from qianjun.incident.rules.instructions import (
    REFERRAL_RULE,
    REPLY_RULE,
    ReferralSeen,
    Seen,
    Stage,
    allowed,
    referral_stage,
    stage_of,
    still_open,
)
from qianjun.incident.rules.numbering import DISTRICT
from qianjun.journal.models import Entry
from qianjun.journal.queries import lines_of, with_rest
from qianjun.journal.search import matching
from qianjun.kernel import clock
from qianjun.kernel.text import mask_phones_in, masked_phone
from qianjun.org.actor import Actor, key_of, not_found, require
from qianjun.org.links import Purpose
from qianjun.org.queries import names_of, within
from qianjun.org.rules import masked_name

KIND: Final = "instruction"
REFERRAL: Final = "referral"
LINK: Final[Purpose] = "t"
LINES_MOST: Final = 200
Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Due:
    """What is due next about it, as a chip shows it. 时限"""

    started_at: datetime
    due_at: datetime
    met_at: datetime | None = None
    rule: str = ""


def register_unit(by: Actor) -> tuple[str, str]:
    """Code and path of the unit in whose register somebody writes: his own, else the bureau."""
    if by.scope.kind != "unit":
        return DISTRICT, DISTRICT
    path = by.scope.unit_path
    return path.rsplit("/", 1)[-1], path


def about(row: Instruction | int) -> tuple[str, str]:
    """What entries, deadlines and files of it are about."""
    return (KIND, str(row if isinstance(row, int) else row.pk))


def about_referral(row: Referral) -> tuple[str, str]:
    """What links and deadlines of a referral are about."""
    return (REFERRAL, str(row.pk))


# --- which there are ----------------------------------------------------------------------------


def instructions(*, seen_by: Actor, state: str = "all", q: str = "") -> QuerySet[Instruction]:
    """Instructions of his tree by words and state: open, asked, closed or all. 来文"""
    require(seen_by, "instruction.read")
    rows = matching(within(Instruction.objects.all(), seen_by.scope, "unit_path"), q)
    wanted = {"open": OPEN, "closed": ~OPEN, "asked": Q(asked_at__isnull=False)}
    return with_standing(rows.filter(wanted[state]) if state in wanted else rows)


def open_instructions(*, seen_by: Actor) -> QuerySet[Instruction]:
    """Those nobody has closed, what is due first above, then the oldest; one statement. 在办来文

    For desk, hand-over and list: each row answers ``stage_now``, ``due_next`` and ``is_late``.
    """
    rows = instructions(seen_by=seen_by, state="open").select_related("incident")
    return rows.order_by(F("next_due").asc(nulls_last=True), "received_at", "pk")


def asked_instructions(*, seen_by: Actor) -> QuerySet[Instruction]:
    """Those that wait for a leader's directive, the longest waiting first. 待批示来文"""
    return instructions(seen_by=seen_by, state="asked").order_by("asked_at", "pk")


def with_standing(rows: QuerySet[Instruction]) -> QuerySet[Instruction]:
    """Rows with how many referrals stand and are unanswered, and what is due next."""
    own = Referral.objects.filter(instruction=OuterRef("pk")).order_by().values("instruction")
    stand = own.filter(withdrawn_at__isnull=True).annotate(n=Count("pk")).values("n")
    left = own.filter(UNANSWERED)
    unanswered = left.annotate(n=Count("pk")).values("n")
    due = left.annotate(due=Min("due_at")).values("due")
    return rows.annotate(
        referred=Coalesce(Subquery(stand), 0),
        unanswered=Coalesce(Subquery(unanswered), 0),
        referral_due=Subquery(due),
        reply_due=Case(When(replied_at__isnull=True, then=F("reply_by"))),
    ).annotate(next_due=Least("referral_due", "reply_due"))


def instruction_seen(*, seen_by: Actor, instruction_id: str | int) -> Instruction:
    """The instruction with this id as he sees it, else 404. 可见来文"""
    if not seen_by.may("instruction.read"):
        raise not_found()
    rows = instructions(seen_by=seen_by).select_related("incident", "sender_unit")
    found = rows.filter(pk=key_of(instruction_id)).first()
    if found is None:
        raise not_found()
    return found


# --- where it lies ------------------------------------------------------------------------------


def standing(row: Instruction) -> Seen:
    """How it stands, as rules judge it; asked anew when the row carries no counts."""
    if "unanswered" not in vars(row):
        own = row.referrals.filter(withdrawn_at__isnull=True)
        vars(row)["referred"], vars(row)["unanswered"] = (
            own.count(),
            own.filter(answered_at__isnull=True).count(),
        )
    counts = vars(row)
    return Seen(
        proposed=row.proposed_at is not None,
        asked=row.asked_at is not None,
        directed=row.directed_at is not None,
        referrals=counts["referred"],
        unanswered=counts["unanswered"],
        wants_reply=row.reply_by is not None,
        replied=row.replied_at is not None,
        closed=row.closed_at is not None,
    )


def stage_now(row: Instruction) -> Stage:
    """Where it lies now. 办理环节"""
    return stage_of(standing(row))


def due_next(row: Instruction) -> Due | None:
    """What is due next of an open one, for the chip. 下一个时限"""
    due_at: datetime | None = vars(row).get("next_due")
    if due_at is None or row.closed_at is not None:
        return None
    rule = REPLY_RULE if due_at == vars(row).get("reply_due") else REFERRAL_RULE
    return Due(started_at=row.received_at, due_at=due_at, rule=rule)


def is_late(row: Instruction) -> bool:
    """Whether something about it is overdue. 超时"""
    due = due_next(row)
    return due is not None and due.due_at < clock.now()


# --- one, whole ---------------------------------------------------------------------------------


def opinions_of(row: Instruction) -> list[Opinion]:
    """What was proposed and directed, the first first; withdrawn ones too. 拟办与批示"""
    return list(row.opinions.order_by("happened_at", "pk"))


def referrals_of(row: Instruction) -> list[Referral]:
    """Who has it, in the order in which they were given it, with their words. 转办"""
    steps = ReferralStep.objects.order_by("received_at", "pk")
    rows = row.referrals.select_related("unit", "person").order_by("pk")
    return list(rows.prefetch_related(Prefetch("steps", steps)))


def replies_of(row: Instruction) -> list[InstructionReply]:
    """What the sender was answered, the first first. 回复"""
    return list(row.replies.order_by("replied_at", "pk"))


def referral_standing(row: Referral, *, closed: bool) -> ReferralSeen:
    """How a referral stands, as rules judge it."""
    return ReferralSeen(
        read=row.read_at is not None,
        accepted=row.accepted_at is not None,
        progressed=row.progress_at is not None,
        answered=row.answered_at is not None,
        withdrawn=row.withdrawn_at is not None,
        closed=closed,
    )


def stage_of_referral(row: Referral) -> str:
    """How far a referral is. 转办进度"""
    return referral_stage(referral_standing(row, closed=False))


def due_of_referral(row: Referral) -> Due | None:
    """Its chip; one that was withdrawn has none."""
    if row.due_at is None or row.withdrawn_at is not None:
        return None
    return Due(
        started_at=row.given_at, due_at=row.due_at, met_at=row.answered_at, rule=REFERRAL_RULE
    )


def whose(row: Referral) -> str:
    """Who has it, as it is shown. 承办"""
    unit = row.unit.short_name if row.unit else ""
    person = masked_name(row.person.name) if row.person else ""
    return " ".join(part for part in (unit, person) if part)


def lines_about(kind: str, ident: int) -> list[Json]:
    """What the journal holds about one thing, the oldest first, as contract 6. 办理经过"""
    rows = with_rest(Entry.objects.filter(about_kind=kind, about_id=str(ident)))
    lines = lines_of(rows.order_by("happened_at", "pk")[:LINES_MOST])
    names = names_of((line.by_kind, line.by_id) for line in lines)
    return [line_json(line, names[line.by_kind, line.by_id]) for line in lines]


# --- for programs -------------------------------------------------------------------------------


def brief_of_instruction(row: Instruction, *, seen_by: Actor) -> Json:
    """One of a list: no whole telephone, no incident that he may not know of. 来文摘要"""
    may = row.incident_id and seen_by.may("incident.read")
    linked = may and incidents_seen(seen_by).filter(pk=row.incident_id or 0).exists()
    return {
        "id": str(row.pk),
        "number": row.number,
        "way": row.way,
        "urgency": row.urgency,
        "sender": row.sender,
        "sender_unit": row.sender_unit.code if row.sender_unit else None,
        "their_number": row.their_number or None,
        "title": row.title,
        "mark": row.mark,
        "received_at": row.received_at.isoformat(),
        "recorded_at": row.recorded_at.isoformat(),
        "reply_by": _iso(row.reply_by),
        "incident": str(row.incident_id) if linked else None,
        "stage": stage_now(row),
        "referrals": standing(row).referrals,
        "unanswered": standing(row).unanswered,
        "next_due": _iso(vars(row).get("next_due")),
        "late": is_late(row),
        "closed_at": _iso(row.closed_at),
        "version": row.version,
    }


def instruction_json(row: Instruction, *, seen_by: Actor) -> Json:
    """One with everything that was said of it. 来文"""
    row = instruction_seen(seen_by=seen_by, instruction_id=row.pk)
    return {
        **brief_of_instruction(row, seen_by=seen_by),
        "text": mask_phones_in(row.text),
        "sender_person": row.sender_person or None,
        "sender_phone_masked": masked_phone(row.sender_phone) or None,
        "open": list(still_open(standing(row))),
        "opinions": [_opinion_json(one) for one in opinions_of(row)],
        "referred": [referral_json(one) for one in referrals_of(row)],
        "replies": [_reply_json(one) for one in replies_of(row)],
        "outcome": row.outcome or None,
        "closed_why": row.closed_why or None,
    }


def _opinion_json(row: Opinion) -> Json:
    return {
        "id": str(row.pk),
        "kind": row.kind,
        "text": row.text,
        "leader": row.leader or None,
        "how": row.how or None,
        "happened_at": row.happened_at.isoformat(),
        "withdrawn_at": _iso(row.withdrawn_at),
    }


def referral_json(row: Referral) -> Json:
    """A referral for programs. 转办"""
    return {
        "id": str(row.pk),
        "unit": row.unit.code if row.unit else None,
        "person": str(row.person_id) if row.person_id else None,
        "whose": whose(row),
        "order": row.order,
        "stage": stage_of_referral(row),
        "due_at": _iso(row.due_at),
        "given_at": row.given_at.isoformat(),
        "told": row.told,
        "accepted_at": _iso(row.accepted_at),
        "answered_at": _iso(row.answered_at),
        "withdrawn_at": _iso(row.withdrawn_at),
        "reminders": row.reminders,
        "steps": [
            {"kind": one.kind, "text": one.text, "happened_at": one.happened_at.isoformat()}
            for one in row.steps.order_by("received_at", "pk")
            if one.kind != "opened"
        ],
    }


def _reply_json(row: InstructionReply) -> Json:
    return {
        "id": str(row.pk),
        "way": row.way,
        "text": row.text,
        "taken_by": row.taken_by or None,
        "replied_at": row.replied_at.isoformat(),
        "withdrawn_at": _iso(row.withdrawn_at),
    }


def referral_of_link(by: Actor) -> Referral:
    """The referral that a link is about; 404 for a link about anything else. 链接的转办"""
    kind, ident = by.scope.about
    rows = Referral.objects.select_related("instruction", "unit", "person")
    found = rows.filter(pk=key_of(ident)).first() if kind == REFERRAL else None
    if found is None:
        raise not_found()
    return found


def shown_to_link(by: Actor, row: Referral) -> Json:
    """A referral as whoever has its link may see it: an internal text is not behind a link."""
    stage, over = stage_of_referral(row), row.instruction.closed_at is not None
    own = row.steps.filter(by_kind=by.kind, by_id=by.ident).exclude(kind="opened")
    return {
        "kind": REFERRAL,
        "state": "closed" if over else stage,
        "number": row.instruction.number,
        "sender": row.instruction.sender,
        "title": row.instruction.title if row.instruction.mark == "public" else None,
        "text": mask_phones_in(row.instruction.text) if row.instruction.mark == "public" else None,
        "order": row.order,
        "whose": row.unit.short_name if row.unit else None,
        "given_at": row.given_at,
        "due_at": row.due_at,
        "late": row.due_at is not None and row.answered_at is None and row.due_at < clock.now(),
        "my": {"name_masked": masked_name(by.name) if by.name else None},
        "acts": allowed(stage, closed=over),
        "steps": [
            {"kind": one.kind, "text": one.text, "received_at": one.received_at}
            for one in own.order_by("received_at", "pk")
        ],
    }


def names_who(rows: Iterable[Opinion | InstructionReply | Instruction]) -> dict[int, str]:
    """Who recorded each of these rows, by key."""
    listed = list(rows)
    names = names_of((row.by_kind, row.by_id) for row in listed)
    return {row.pk: names[row.by_kind, row.by_id] for row in listed}


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None
