"""How what was just done in the room, on a report or a task is taken back. 处置的撤销"""

from typing import Any, Final

from django.utils.translation import gettext

from qianjun.incident import actions as incident
from qianjun.incident.actions.batches import Moved
from qianjun.incident.queries import incident_seen, report_seen
from qianjun.incident.queries.tasks import task_seen
from qianjun.kernel.errors import Refused
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor
from qianjun.org.undo.kinds import takes_back
from qianjun.response import actions

WHY: Final = _("撤销刚才的操作")
VOID: Final = _("此条作废")
SIGNED: Final = _("已经有人签收或反馈，不能撤销；不用办了，请用“撤销任务”并写明理由。")


@takes_back("note", says=_("已撤销：那一条划去并保留。"))
def strike_note(*, by: Actor, incident_id: int, entry_id: int) -> None:
    """A new line says that the old one is void. 作废一条"""
    void, why = gettext(VOID), gettext(WHY)
    incident.correct_entry(by=by, incident_id=incident_id, entry_id=entry_id, text=void, why=why)


@takes_back("figure", says=_("已撤销：这个数字撤回，原来的数字仍然有效。"))
def take_figure_back(*, by: Actor, incident_id: int, figure_id: int) -> None:
    """The number stands no more. 撤回数字"""
    incident.withdraw_figure(by=by, incident_id=incident_id, figure_id=figure_id)


@takes_back("grade", says=_("已撤销：恢复为原来的事件分级。"))
def grade_back(*, by: Actor, incident_id: int, grade: int, version: int) -> None:
    """The grade is what it was before, unless anything was changed since. 恢复分级"""
    told = {"grade": grade, "version": version}
    incident.confirm_grade(by=by, incident_id=incident_id, why=gettext(WHY), **told)


@takes_back("facts", says=_("已撤销，恢复到核定之前。"))
def settle_back(*, by: Actor, incident_id: int, version: int) -> None:
    """Title, kind, time and place are what they were before. 撤回核定"""
    incident.undo_settling(by=by, incident_id=incident_id, version=version)


@takes_back("close", says=_("已撤销：事件重新打开。"))
def open_again(*, by: Actor, incident_id: int) -> None:
    """It is open again. 重新打开"""
    incident.reopen_incident(by=by, incident_id=incident_id, reason=gettext(WHY))


@takes_back("reopen", says=_("已撤销：事件恢复结案。"))
def close_again(*, by: Actor, incident_id: int) -> None:
    """It is closed again, unless something holds it by now. 恢复结案"""
    incident.close_incident(by=by, incident_id=incident_id)


@takes_back("merge", says=_("已撤销：两个事件分开，各自办理。"))
def part(*, by: Actor, merged: int) -> None:
    """The other one is open again by its own number. 撤销并案"""
    incident.unmerge_incident(by=by, incident_id=merged, why=gettext(WHY))


@takes_back("unmerge", says=_("已撤销：恢复并案。"))
def merge_again(*, by: Actor, lead: int, merged: int) -> None:
    """They are one again. 恢复并案"""
    incident.merge_incident(by=by, incident_id=lead, other=merged, why=gettext(WHY))


@takes_back("report", says=_("已撤销：这份报告回到原来的事件。"))
def report_back(*, by: Actor, **moved: Any) -> None:  # noqa: ANN401  # the fields of Moved
    """The report is where it was, an incident that was opened for it closed. 报告移回"""
    incident.move_back(by=by, moved=[Moved(**moved)])


def where_it_is(by: Actor, report_id: str) -> Moved:
    """How a report stands before it is moved; 404 when he does not see it. 移动之前"""
    row = report_seen(seen_by=by, report_id=report_id)
    return Moved(
        report=row.pk,
        old=row.incident_id,
        new=row.incident_id,
        joined=row.joined,
        probability=row.join_probability,
        confirmed_at=row.confirmed_at.isoformat() if row.confirmed_at else "",
        old_was_open=incident_seen(seen_by=by, incident_id=row.incident_id).state == "open",
    )


# --- tasks --------------------------------------------------------------------------------------


@takes_back("task", says=_("已撤销这项任务，接到任务的人会收到通知。"))
def drop_given(*, by: Actor, incident_id: int, task_id: int) -> None:
    """A task that nobody has signed yet need not be done. 撤销任务"""
    if task_seen(seen_by=by, incident_id=incident_id, task_id=task_id).accepted_at is not None:
        raise Refused("signed", SIGNED, status=409)
    incident.drop_task(by=by, incident_id=incident_id, task_id=task_id, reason=gettext(WHY))


@takes_back("task_done", says=_("已撤销：这项任务恢复办理。"))
def reopen(*, by: Actor, incident_id: int, task_id: int) -> None:
    """It is not done after all. 恢复办理"""
    incident.reopen_task(by=by, incident_id=incident_id, task_id=task_id, reason=gettext(WHY))


@takes_back("task_moved", says=_("已撤销：任务交回原来的承办，双方都会收到通知。"))
def hand_back(*, by: Actor, incident_id: int, task_id: int, **before: str | int) -> None:
    """Who had it before has it again, unless the new one has signed. 任务交回"""
    if task_seen(seen_by=by, incident_id=incident_id, task_id=task_id).accepted_at is not None:
        raise Refused("signed", SIGNED, status=409)
    told: dict[str, Any] = {**before, "why": gettext(WHY)}
    incident.reassign_task(by=by, incident_id=incident_id, task_id=task_id, **told)


@takes_back("lesson", says=_("已撤销这项整改事项。"))
def withdraw_lesson(*, by: Actor, lesson_id: int) -> None:
    """The lesson was put down by mistake. 撤回整改"""
    actions.withdraw_lesson(by=by, lesson_id=lesson_id)
