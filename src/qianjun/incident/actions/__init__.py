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
from qianjun.incident.actions.answering import (
    FedBack,
    feed_back,
    feed_back_by_link,
    follow_referral,
    sign_referral_by_reply,
    tell_instruction_overdue,
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
from qianjun.incident.actions.directing import (
    direct_instruction,
    propose_instruction,
    record_directive,
    reply_to_sender,
    withdraw_opinion,
    withdraw_reply,
)
from qianjun.incident.actions.erasing import erase_record
from qianjun.incident.actions.grading import confirm_grade
from qianjun.incident.actions.instruction_papers import take_call_out, take_instruction_out
from qianjun.incident.actions.instructions import (
    NewInstruction,
    close_instruction,
    correct_instruction,
    reopen_instruction,
    take_in_instruction,
)
from qianjun.incident.actions.letters import (
    held_letter,
    keep_file,
    lay_out_letter,
    put_letter_aside,
    restore_letter,
    settle_letter,
)
from qianjun.incident.actions.marking import mark_record
from qianjun.incident.actions.merging import merge_incident, unmerge_incident
from qianjun.incident.actions.noting import add_figure, add_note, withdraw_figure
from qianjun.incident.actions.operating import open_operation
from qianjun.incident.actions.phoning import (
    NewPhoneRecord,
    correct_phone_record,
    reveal_number,
    take_phone_record,
    turn_into_instruction,
    turn_into_report,
)
from qianjun.incident.actions.referring import (
    refer_instruction,
    remind_referrals,
    withdraw_referral,
)
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
    reopen_task,
)
from qianjun.incident.actions.telling import end_task_links, remind_unsigned

__all__ = [
    "Acted",
    "FedBack",
    "NewInstruction",
    "NewPhoneRecord",
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
    "close_instruction",
    "confirm_grade",
    "confirm_join",
    "correct_entry",
    "correct_instruction",
    "correct_phone_record",
    "decide_activation",
    "direct_instruction",
    "drop_task",
    "end_activation",
    "end_task_links",
    "erase_record",
    "feed_back",
    "feed_back_by_link",
    "fill_seat",
    "finish_task",
    "follow_link",
    "follow_referral",
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
    "merge_incident",
    "move_back",
    "open_incident",
    "open_operation",
    "open_task",
    "place_hold",
    "propose_instruction",
    "put_letter_aside",
    "reassign_task",
    "record_directive",
    "refer_instruction",
    "remind_referrals",
    "remind_unsigned",
    "reopen_incident",
    "reopen_instruction",
    "reopen_task",
    "reply_to_sender",
    "report_progress",
    "restore_letter",
    "reveal_caller",
    "reveal_number",
    "set_level",
    "set_up_command_post",
    "settle_facts",
    "settle_letter",
    "sign_by_call",
    "sign_by_reply",
    "sign_referral_by_reply",
    "split_report",
    "split_reports",
    "stand_down_command_post",
    "take_call_out",
    "take_in_instruction",
    "take_instruction_out",
    "take_phone_record",
    "tell_instruction_overdue",
    "tell_overdue",
    "transfer_command",
    "turn_into_instruction",
    "turn_into_report",
    "undo_settling",
    "unmerge_incident",
    "withdraw_figure",
    "withdraw_opinion",
    "withdraw_referral",
    "withdraw_reply",
]
