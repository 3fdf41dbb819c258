"""What people do about calling: start, answer, go there, end. 叫应动作"""

from qianjun.confirm.actions.answering import (
    answer_by_link,
    answer_by_message,
    answer_for,
    open_by_link,
    settle_about,
)
from qianjun.confirm.actions.ending import end_all_about, end_confirmation, retell, send_knock
from qianjun.confirm.actions.starting import start_confirmation
from qianjun.confirm.actions.stepping import take_step

__all__ = [
    "answer_by_link",
    "answer_by_message",
    "answer_for",
    "end_all_about",
    "end_confirmation",
    "open_by_link",
    "retell",
    "send_knock",
    "settle_about",
    "start_confirmation",
    "take_step",
]
