"""What people do with reports and incidents: one function per verb. 事件动作"""

from qianjun.incident.actions.batches import join_reports, move_back, split_reports
from qianjun.incident.actions.closing import (
    close_incident,
    lift_hold,
    place_hold,
    reopen_incident,
)
from qianjun.incident.actions.correcting import correct_entry
from qianjun.incident.actions.erasing import erase_record
from qianjun.incident.actions.grading import confirm_grade
from qianjun.incident.actions.letters import (
    held_letter,
    lay_out_letter,
    put_letter_aside,
    settle_letter,
)
from qianjun.incident.actions.marking import mark_record
from qianjun.incident.actions.noting import add_figure, add_note
from qianjun.incident.actions.revealing import reveal_caller
from qianjun.incident.actions.settling import Place, settle_facts, undo_settling
from qianjun.incident.actions.sorting import confirm_join, join_report, split_report
from qianjun.incident.actions.taking import attach_report, hold_turn, open_incident
from qianjun.incident.actions.tasks import drop_task, finish_task, open_task

__all__ = [
    "Place",
    "add_figure",
    "add_note",
    "attach_report",
    "close_incident",
    "confirm_grade",
    "confirm_join",
    "correct_entry",
    "drop_task",
    "erase_record",
    "finish_task",
    "held_letter",
    "hold_turn",
    "join_report",
    "join_reports",
    "lay_out_letter",
    "lift_hold",
    "mark_record",
    "move_back",
    "open_incident",
    "open_task",
    "place_hold",
    "put_letter_aside",
    "reopen_incident",
    "reveal_caller",
    "settle_facts",
    "settle_letter",
    "split_report",
    "split_reports",
    "undo_settling",
]
