"""What messages do when others speak. 消息的反应"""

from qianjun.journal.bus import Said, on
from qianjun.journal.events import BodyErased
from qianjun.message.inbox import forget_words


@on(BodyErased, "message.forget_words", queue="bulk")
def forget_erased(event: BodyErased, _said: Said) -> None:
    """The inbox keeps nothing of what the journal has erased. 依法删除"""
    forget_words(entry=event.entry_id)
