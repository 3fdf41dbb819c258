"""What people do with reports and incidents: one function per verb. 事件动作"""

from qianjun.incident.actions.acting import (
    Acted,
    accept_task,
    act_by_link,
    ask_help,
    follow_link,
    report_progress,
    sign_by_call,
    sign_by_reply,
    tell_overdue,
)
from qianjun.incident.actions.activating import (
    activate,
    decide_activation,
    end_activation,
    held_activation,
    set_level,
)
from qianjun.incident.actions.batches import join_reports, move_back, split_reports
from qianjun.incident.actions.closing import (
    close_incident,
    lift_hold,
    place_hold,
    reopen_incident,
)
from qianjun.incident.actions.commanding import (
    NewPost,
    fill_seat,
    hand_over_scene,
    set_up_command_post,
    stand_down_command_post,
    transfer_command,
)
from qianjun.incident.actions.correcting import correct_entry
from qianjun.incident.actions.erasing import erase_record
from qianjun.incident.actions.grading import confirm_grade
from qianjun.incident.actions.letters import (
    held_letter,
    keep_file,
    lay_out_letter,
    put_letter_aside,
    settle_letter,
)
from qianjun.incident.actions.marking import mark_record
from qianjun.incident.actions.noting import add_figure, add_note
from qianjun.incident.actions.operating import open_operation
from qianjun.incident.actions.revealing import reveal_caller
from qianjun.incident.actions.settling import Place, settle_facts, undo_settling
from qianjun.incident.actions.sorting import confirm_join, join_report, split_report
from qianjun.incident.actions.taking import attach_report, hold_turn, open_incident
from qianjun.incident.actions.tasks import (
    NewTask,
    drop_task,
    finish_task,
    give_tasks,
    open_task,
    reassign_task,
)
from qianjun.incident.actions.telling import end_task_links, remind_unsigned

__all__ = [
    "Acted",
    "NewPost",
    "NewTask",
    "Place",
    "accept_task",
    "act_by_link",
    "activate",
    "add_figure",
    "add_note",
    "ask_help",
    "attach_report",
    "close_incident",
    "confirm_grade",
    "confirm_join",
    "correct_entry",
    "decide_activation",
    "drop_task",
    "end_activation",
    "end_task_links",
    "erase_record",
    "fill_seat",
    "finish_task",
    "follow_link",
    "give_tasks",
    "hand_over_scene",
    "held_activation",
    "held_letter",
    "hold_turn",
    "join_report",
    "join_reports",
    "keep_file",
    "lay_out_letter",
    "lift_hold",
    "mark_record",
    "move_back",
    "open_incident",
    "open_operation",
    "open_task",
    "place_hold",
    "put_letter_aside",
    "reassign_task",
    "remind_unsigned",
    "reopen_incident",
    "report_progress",
    "reveal_caller",
    "set_level",
    "set_up_command_post",
    "settle_facts",
    "settle_letter",
    "sign_by_call",
    "sign_by_reply",
    "split_report",
    "split_reports",
    "stand_down_command_post",
    "tell_overdue",
    "transfer_command",
    "undo_settling",
]
