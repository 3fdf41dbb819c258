"""Put messages into the outbox, settle those that failed, play the simulated world. 发消息"""

from qianjun.message.actions.sending import (
    send,
    send_each,
    send_many,
    send_wave,
    stop_spreading,
)
from qianjun.message.actions.settling import drop_message, retry_message, stop_asking
from qianjun.message.actions.simulating import open_as, reply_as, switch_carrier, switch_people

__all__ = [
    "drop_message",
    "open_as",
    "reply_as",
    "retry_message",
    "send",
    "send_each",
    "send_many",
    "send_wave",
    "stop_asking",
    "stop_spreading",
    "switch_carrier",
    "switch_people",
]
