"""What people do with reports at the desk: one function per verb. 接报动作"""

from qianjun.response.actions.chosen import Chosen, Sorted
from qianjun.response.actions.commanding import hand_over_command
from qianjun.response.actions.confirming import call_about
from qianjun.response.actions.following import assign_chosen, close_chosen, tell_caller
from qianjun.response.actions.handing import attach_hand_overs, hand_over, hand_over_form
from qianjun.response.actions.noticing import (
    expect_notices,
    notify,
    notify_all,
    receive_by_reply,
)
from qianjun.response.actions.responding import (
    change_level,
    decide,
    end_response,
    first_measures,
    start_operation,
    start_response,
)
from qianjun.response.actions.sorting import join_chosen, keep_apart, split_chosen
from qianjun.response.actions.taking import take_in_report
from qianjun.response.actions.undoing import undo_step

__all__ = [
    "Chosen",
    "Sorted",
    "assign_chosen",
    "attach_hand_overs",
    "call_about",
    "change_level",
    "close_chosen",
    "decide",
    "end_response",
    "expect_notices",
    "first_measures",
    "hand_over",
    "hand_over_command",
    "hand_over_form",
    "join_chosen",
    "keep_apart",
    "notify",
    "notify_all",
    "receive_by_reply",
    "split_chosen",
    "start_operation",
    "start_response",
    "take_in_report",
    "tell_caller",
    "undo_step",
]
