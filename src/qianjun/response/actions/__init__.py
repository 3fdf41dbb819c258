"""What people do with reports at the desk: one function per verb. 接报动作"""

from qianjun.response.actions.chosen import Chosen, Sorted
from qianjun.response.actions.following import assign_chosen, close_chosen, tell_caller
from qianjun.response.actions.sorting import join_chosen, keep_apart, split_chosen
from qianjun.response.actions.taking import take_in_report
from qianjun.response.actions.undoing import undo_step

__all__ = [
    "Chosen",
    "Sorted",
    "assign_chosen",
    "close_chosen",
    "join_chosen",
    "keep_apart",
    "split_chosen",
    "take_in_report",
    "tell_caller",
    "undo_step",
]
