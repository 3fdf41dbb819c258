"""What calling does when others speak, or its own timer. 叫应的反应"""

from qianjun.confirm.actions import answer_by_message, take_step
from qianjun.confirm.actions.ending import forget_words
from qianjun.confirm.events import ConfirmationStarted, StepDue
from qianjun.journal.bus import Said, on
from qianjun.journal.events import BodyErased
from qianjun.journal.models import Entry
from qianjun.message.events import MessageAnswered
from qianjun.message.inbox import place_of
from qianjun.message.models import Inbound
from qianjun.org.actor import system

PURPOSE, KIND = "confirm", "confirmation:"


@on(StepDue, "confirm.take_step")
def go_on(event: StepDue, said: Said) -> None:
    """The next step, or the desk. 到时升级"""
    house = system(cause=said.entry, name="confirm")
    take_step(by=house, confirmation_id=event.confirmation_id, step=event.step)


@on(MessageAnswered, "confirm.take_answer")
def take_answer(event: MessageAnswered, said: Said) -> None:
    """A word that came in by a channel is an answer to the call. 消息应答"""
    if event.purpose != PURPOSE:
        return
    letter = Inbound.objects.select_related("matched").get(pk=event.inbound_id)
    asked = letter.matched
    if asked is None or not asked.matter.startswith(KIND):
        return
    answer_by_message(
        by=system(cause=said.entry, name="confirm"),
        confirmation_id=int(asked.matter.removeprefix(KIND)),
        person=asked.person_id,
        channel=letter.channel,
        # a position that somebody shares is his word too
        text=letter.text or place_of(letter),
        sent_at=letter.sent_at,
    )


@on(BodyErased, "confirm.forget_words", queue="bulk")
def forget_erased(event: BodyErased, _said: Said) -> None:
    """What was said to call people goes when the journal's words go. 依法删除"""
    row = Entry.objects.filter(pk=event.entry_id, name=ConfirmationStarted.name).first()
    if row is not None:
        forget_words(confirmation_id=row.payload["confirmation_id"])
