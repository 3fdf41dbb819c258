"""A confirmation for programs and for the phone of one who was called. 叫应接口内容"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from django.db.models import Min

from qianjun.confirm.models import Confirmation, ConfirmPerson
from qianjun.confirm.queries.seen import seen_of
from qianjun.confirm.voices import asked_in
from qianjun.kernel.words import noop as _
from qianjun.message.models import Message
from qianjun.org.actor import Actor
from qianjun.org.rules import masked_name

ACTS: Final = ("opened", "answer")
SAID: Final[dict[str, str]] = {
    "open": _("值班室在等您应答。"),
    "answered": _("已记下您的应答。"),
    "met": _("已有足够的人应答；您的应答仍会记下。"),
    "failed": _("值班室还在等您应答，请马上应答或回电。"),
    "ended": _("这次叫应已经结束。"),
}


def confirmation_json(row: Confirmation, *, seen_by: Actor) -> dict[str, Any]:
    """Contract 11: names masked, how far each person has come. 叫应"""
    everybody = row.people.select_related("person__unit").order_by("step", "pk")
    seen = seen_of(row, everybody, seen_by=seen_by)
    reached = _reached(row, (one.row.person_id for one in seen.people))
    return {
        "id": str(row.pk),
        "state": row.state,
        "about": {"kind": row.about_kind, "id": row.about_id},
        "incident": str(row.incident) if row.incident is not None else None,
        "text": row.text,
        "question": row.question or None,
        "code": row.code,
        "need": row.need,
        "answered": seen.answered,
        "steps": [{"after_s": step.after_s} for step in row.steps.order_by("number")],
        "step": row.step,
        "next_at": _iso(row.next_at),
        "started_at": _iso(row.started_at),
        "met_at": _iso(row.met_at),
        "exhausted_at": _iso(row.exhausted_at),
        "ended_at": _iso(row.ended_at),
        "people": [_person(one.row, reached.get(one.row.person_id, {})) for one in seen.people],
        "silent": [str(one.row.person_id) for one in seen.silent],
    }


def _person(one: ConfirmPerson, reached: dict[str, datetime | None]) -> dict[str, Any]:
    opened = [at for at in (one.opened_at, reached.get("opened")) if at is not None]
    return {
        "id": str(one.person_id),
        "name_masked": masked_name(one.person.name),
        "step": one.step,
        "in_place_of": str(one.in_place_of_id) if one.in_place_of_id else None,
        "called_at": _iso(one.called_at),
        "sent_at": _iso(reached.get("sent")),
        "delivered_at": _iso(reached.get("delivered")),
        "opened_at": _iso(min(opened, default=None)),
        "answered_at": _iso(one.answered_at),
        "answered_how": one.answered_how or None,
        "escalated_at": _iso(one.escalated_at),
        "knocked_at": _iso(one.knocked_at),
    }


def _reached(row: Confirmation, people: Iterable[int]) -> dict[int, dict[str, datetime | None]]:
    """When the first of each person's copies left, arrived, was read; one statement."""
    purpose, matter = asked_in(row)
    told: Any = (
        Message.objects.filter(person__in=list(people), expects_answer=True)
        .filter(purpose=purpose, matter=matter)
        .order_by()
        .values("person")
        .annotate(sent=Min("sent_at"), delivered=Min("delivered_at"), opened=Min("opened_at"))
    )
    return {one.pop("person"): one for one in told}


def link_json(row: Confirmation, one: ConfirmPerson) -> dict[str, Any]:
    """What the phone of one who was called shows; his own name masked. 链接页"""
    state = "answered" if one.answered_at is not None else row.state
    return {
        "kind": "confirmation",
        "state": state,
        "code": row.code,
        "what_zh": row.text,
        "question_zh": row.question or None,
        "started_at": _iso(row.started_at),
        "my": {
            "name_masked": masked_name(one.person.name),
            "answered_at": _iso(one.answered_at),
            "answered_how": one.answered_how or None,
        },
        "acts": [] if state in ("answered", "ended") else list(ACTS),
        "message_zh": SAID[state],
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None
