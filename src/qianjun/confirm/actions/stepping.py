"""Call the people of a step; when its time is over, the next, and at last the desk. 叫应步骤"""

from collections.abc import Sequence

from django.db import transaction

from qianjun.confirm import rules
from qianjun.confirm.actions.held import about_of, timer_of
from qianjun.confirm.events import ConfirmationExhausted, StepDue, StepTaken
from qianjun.confirm.models import Confirmation, ConfirmPerson
from qianjun.confirm.queries import called_of
from qianjun.confirm.voices import Told, asked_in, voice_of
from qianjun.journal.bus import emit
from qianjun.journal.timers import set_timer
from qianjun.kernel import clock
from qianjun.message.actions import send_each
from qianjun.message.rules import URGENT
from qianjun.org.actor import Actor, require, system
from qianjun.org.links import make_link
from qianjun.org.rules import masked_name

HOUSE = "system"
NAME = "confirm"
HOW_TO_ANSWER = "请回复“收到”，或打开链接应答"


@transaction.atomic(savepoint=False)
def take_step(*, by: Actor, confirmation_id: int, step: int) -> bool:
    """The time of a step has come: who is silent is passed over, the next are called. 升级

    After the last step it is for a person to act. False when this step is not the next, or
    nobody waits any more.
    """
    require(by, HOUSE)
    row = Confirmation.objects.select_for_update().filter(pk=confirmation_id).first()
    if row is None or row.state != "open" or row.step + 1 != step:
        return False
    people = list(row.people.select_related("person").order_by("step", "pk"))
    silent = _pass_over(people)
    if row.steps.filter(number=step).exists():
        row.step = step
        called = call_step(row, cause=by.cause)
        event = StepTaken(confirmation_id=row.pk, step=step, silent=len(silent), called=called)
        emit(event, by=by, incident=row.incident, about=about_of(row), body=_names(silent))
        return True
    row.exhausted_at, row.next_at = clock.now(), None
    row.save(update_fields=["exhausted_at", "next_at"])
    over = ConfirmationExhausted(confirmation_id=row.pk, silent=len(silent))
    emit(over, by=by, incident=row.incident, about=about_of(row), body=_names(silent))
    return True


def _pass_over(people: list[ConfirmPerson]) -> list[ConfirmPerson]:
    """Who has not answered until now; noted with the first time that it is so."""
    missing = set(rules.silent(called_of(people)))
    silent = [one for one in people if one.person_id in missing]
    fresh = [one.pk for one in silent if one.escalated_at is None]
    ConfirmPerson.objects.filter(pk__in=fresh).update(escalated_at=clock.now())
    return silent


def _names(people: list[ConfirmPerson]) -> str:
    return "、".join(masked_name(one.person.name) for one in people)


def call_step(row: Confirmation, *, cause: int | None) -> int:
    """Call whoever is due at the step that the row has reached; how many. 叫出

    Everybody gets a link of his own and the same text by all his channels; the next step is set.
    """
    now = clock.now()
    due = rules.due_at_step(called_of(row.people.all()), row.step)
    ConfirmPerson.objects.filter(confirmation=row, person__in=due).update(called_at=now)
    told, (purpose, matter) = _told(row, due), asked_in(row)
    send_each(
        by=system(cause=cause, name=NAME),
        people=told.links,
        channels=row.channels,
        purpose=purpose,
        matter=matter,
        text=told.text,
        rank=URGENT,
        incident=row.incident,
        expects_answer=True,
        exercise=row.exercise,
    )
    after_s = list(row.steps.order_by("number").values_list("after_s", flat=True))
    row.next_at = rules.next_at(
        after_s,
        step=row.step,
        started_at=row.started_at,
        taken_at=now,
        wait_s=row.wait_s,
    )
    row.save(update_fields=["step", "next_at"])
    set_timer(
        key=timer_of(row),
        due_at=row.next_at,
        event=StepDue(confirmation_id=row.pk, step=row.step + 1),
        cause=cause,
    )
    return len(due)


def _link(row: Confirmation, person: int) -> str:
    ends_at = clock.now() + rules.LINKS_LIVE
    return make_link(purpose="c", about=about_of(row), person=person, ends_at=ends_at)


def _told(row: Confirmation, people: Sequence[int]) -> Told:
    """What is sent to these: with the owner's words, or ours, the same code by every channel."""
    voice = voice_of(row)
    if voice is not None:
        return voice.says(row, people)
    asked = f" {row.question}" if row.question else ""
    text = f"【叫应 {row.code}】{row.text}{asked} {HOW_TO_ANSWER}。"
    return Told(text=text, links={person: (_link(row, person),) for person in people})
