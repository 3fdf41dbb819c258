"""What people do with reports at the desk: one function per verb. 接报动作"""

from qianjun.response.actions.asking import ask_signature
from qianjun.response.actions.chasing import remind_everybody
from qianjun.response.actions.chosen import Chosen, Sorted
from qianjun.response.actions.clocks import expect_clocks
from qianjun.response.actions.closing import (
    add_lesson,
    expect_purge,
    finish_lesson,
    note_purged,
    withdraw_lesson,
)
from qianjun.response.actions.commanding import hand_over_command
from qianjun.response.actions.confirming import call_about
from qianjun.response.actions.drafting import (
    check_figure,
    choose_kind,
    quicken,
    quicken_by_grade,
    write_element,
)
from qianjun.response.actions.enquiring import answer_enquiry, forget_enquiry, take_enquiry
from qianjun.response.actions.following import assign_chosen, close_chosen, tell_caller
from qianjun.response.actions.handing import attach_hand_overs, hand_over, hand_over_form
from qianjun.response.actions.noticing import (
    expect_notices,
    notify,
    notify_all,
    receive_by_reply,
)
from qianjun.response.actions.papers import take_paper_out
from qianjun.response.actions.pressing import (
    expect_after_change,
    expect_merged_report,
    forget_upward,
    press_for_report,
)
from qianjun.response.actions.reporting import (
    deliver,
    receive_upward_by_reply,
    sign_report,
    waive_report,
)
from qianjun.response.actions.responding import (
    change_level,
    decide,
    end_response,
    first_measures,
    start_operation,
    start_response,
)
from qianjun.response.actions.sign_codes import (
    ask_code,
    forget_sign_code,
    open_by_code,
    sign_by_code,
    write_by_code,
)
from qianjun.response.actions.sorting import join_chosen, keep_apart, split_chosen
from qianjun.response.actions.taking import take_in_report
from qianjun.response.actions.undoing import undo_step
from qianjun.response.actions.upward_acts import act_on_report

__all__ = [
    "Chosen",
    "Sorted",
    "act_on_report",
    "add_lesson",
    "answer_enquiry",
    "ask_code",
    "ask_signature",
    "assign_chosen",
    "attach_hand_overs",
    "call_about",
    "change_level",
    "check_figure",
    "choose_kind",
    "close_chosen",
    "decide",
    "deliver",
    "end_response",
    "expect_after_change",
    "expect_clocks",
    "expect_merged_report",
    "expect_notices",
    "expect_purge",
    "finish_lesson",
    "first_measures",
    "forget_enquiry",
    "forget_sign_code",
    "forget_upward",
    "hand_over",
    "hand_over_command",
    "hand_over_form",
    "join_chosen",
    "keep_apart",
    "note_purged",
    "notify",
    "notify_all",
    "open_by_code",
    "press_for_report",
    "quicken",
    "quicken_by_grade",
    "receive_by_reply",
    "receive_upward_by_reply",
    "remind_everybody",
    "sign_by_code",
    "sign_report",
    "split_chosen",
    "start_operation",
    "start_response",
    "take_enquiry",
    "take_in_report",
    "take_paper_out",
    "tell_caller",
    "undo_step",
    "waive_report",
    "withdraw_lesson",
    "write_by_code",
    "write_element",
]
