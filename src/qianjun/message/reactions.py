"""What messages do when others speak. 消息的反应"""

from qianjun.journal.bus import Said, on
from qianjun.journal.events import BodyErased, CardDropped, CardRetried
from qianjun.message.actions.sending import wake_pump
from qianjun.message.inbox import forget_words
from qianjun.message.rules import WAVE
from qianjun.message.spreading import spread_again, spread_no_more


@on(BodyErased, "message.forget_words", queue="bulk")
def forget_erased(event: BodyErased, _said: Said) -> None:
    """The inbox keeps nothing of what the journal has erased. 依法删除"""
    forget_words(entry=event.entry_id)


@on(CardRetried, "message.spread_again")
def again(event: CardRetried, _said: Said) -> None:
    """A mailing that was put aside is spread again. 重新铺开"""
    if spread_again(event.reaction):
        wake_pump(WAVE)


@on(CardDropped, "message.spread_no_more")
def no_more(event: CardDropped, _said: Said) -> None:
    """Whoever a dropped mailing had still to reach is left alone. 不再铺开"""
    spread_no_more(event.reaction)
