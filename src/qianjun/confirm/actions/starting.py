"""Start to call people until enough have answered. 发起叫应"""

from collections.abc import Sequence
from typing import Final

from django.db import transaction

from qianjun.confirm import rules
from qianjun.confirm.actions.held import about_of
from qianjun.confirm.actions.stepping import call_step
from qianjun.confirm.events import ConfirmationStarted
from qianjun.confirm.models import Confirmation, ConfirmPerson, ConfirmStep
from qianjun.confirm.voices import timeline_of, voice_of
from qianjun.journal.bus import emit
from qianjun.kernel import clock
from qianjun.kernel.errors import FieldError, Refused
from qianjun.kernel.fields import refused_field, words
from qianjun.kernel.words import noop as _
from qianjun.message.rules import CHANNELS
from qianjun.org.actor import Actor, require
from qianjun.org.models import Person
from qianjun.org.queries import within

QUESTION_MOST: Final = 200
INCIDENT: Final = "incident"
FAULTS: Final[dict[str, str]] = {
    "nobody": _("请至少选一个要叫应的人。"),
    "too_many": _("一次最多叫应 500 人，请分开叫。"),
    "bad_order": _("每一步都要比上一步晚，最多 10 步、一天之内。"),
    "bad_deputy": _("每一步都要有人；代谁的人要排在他代的人之后。"),
    "bad_need": _("需应答数要在 1 和人数之间，代叫的人不算。"),
}


@transaction.atomic(savepoint=False)
def start_confirmation(
    *,
    by: Actor,
    about: tuple[str, str],
    text: str,
    people: Sequence[int],
    need: int | None = None,
    steps: Sequence[rules.Step] = (),
    channels: Sequence[str] = (),
    question: str = "",
    exercise: bool = False,
    incident: int | None = None,
    wait_s: int = rules.WAIT_S,
) -> Confirmation:
    """Call these at once by every channel, the next when they stay silent, until enough answer.

    ``need`` None asks all of ``people``; ``steps`` come after them, ``wait_s`` after the last the
    desk is told. That ``about`` is there and his to see is for the caller to know; ``incident`` is
    what it belongs to, when it is none itself. 发起叫应
    """
    require(by, "confirm.call")
    said = words("text", text, most=rules.TEXT_MOST)
    asked = words("question", question, most=QUESTION_MOST, least=0)
    plan = (rules.Step(after_s=0, people=tuple(people)), *steps)
    _check(plan, need=need, channels=channels)
    listed = rules.list_of(plan)
    _check_people(by, {one.person for one in listed})
    row = Confirmation.objects.create(
        about_kind=about[0],
        about_id=about[1],
        incident=int(about[1]) if about[0] == INCIDENT else incident,
        text=said,
        question=asked,
        need=rules.needed(listed, need=need),
        channels=sorted(set(channels)),
        **{"exercise": exercise, "wait_s": wait_s, "started_at": clock.now()},
        **{"by_kind": by.kind, "by_id": by.ident},
    )
    _begin(row, plan, listed, by=by)
    return row


def _begin(
    row: Confirmation, plan: Sequence[rules.Step], listed: Sequence[rules.Called], *, by: Actor
) -> None:
    _write(row, plan, listed)
    event = ConfirmationStarted(confirmation_id=row.pk, need=row.need)
    # words that stand in the owner's entry are kept, and erased, in that one
    body = row.text if voice_of(row) is None else ""
    entry = emit(event, by=by, incident=timeline_of(row), about=about_of(row), body=body)
    call_step(row, cause=entry)


def _check(plan: Sequence[rules.Step], *, need: int | None, channels: Sequence[str]) -> None:
    wrong = [
        FieldError(field=one.field, code=one.code, zh=FAULTS[one.code])
        for one in rules.faults(plan, need=need)
    ]
    if not set(channels) <= set(CHANNELS):
        wrong.append(FieldError(field="channels", code="unknown", zh=_("没有这种渠道。")))
    if wrong:
        raise Refused("invalid", _("没有叫出，请看标出的地方。"), fields=tuple(wrong))


def _check_people(by: Actor, wanted: set[int]) -> None:
    """Only people whom he may see; the others are as if they were not."""
    known = within(Person.objects.filter(pk__in=wanted), by.scope, "unit__path")
    if known.count() != len(wanted):
        raise refused_field("people", "unknown_person", _("名单里有不存在的人员。"))


def _write(row: Confirmation, plan: Sequence[rules.Step], listed: Sequence[rules.Called]) -> None:
    ConfirmStep.objects.bulk_create(
        ConfirmStep(confirmation=row, number=number, after_s=step.after_s)
        for number, step in enumerate(plan)
    )
    ConfirmPerson.objects.bulk_create(
        ConfirmPerson(
            confirmation=row,
            person_id=one.person,
            step=one.step,
            in_place_of_id=one.in_place_of,
        )
        for one in listed
    )
