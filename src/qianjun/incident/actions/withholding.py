"""Take the words out of what repeats them: reports, figures, tasks, messages. 遮住与清除

The journal's body is where words are kept; these rows are copies of it, for lists and search.
"""

from collections.abc import Callable
from typing import Any, Final

from django.utils.translation import gettext

from qianjun.confirm.actions import retell
from qianjun.incident.instruction_models import (
    Instruction,
    InstructionReply,
    Opinion,
    PhoneRecord,
    Referral,
    ReferralStep,
)
from qianjun.incident.models import (
    Charge,
    Figure,
    Grading,
    Incident,
    Letter,
    Report,
    Settling,
    Task,
    TaskStep,
)
from qianjun.incident.queries.records import TOLD, entries_of_report
from qianjun.incident.queries.tasks import about_charge
from qianjun.journal.models import Body, Entry
from qianjun.kernel.words import noop as _

HIDDEN: Final = _("【不得录入】已遮住")
ERASED: Final = _("【已依法删除】")
# shorter than this, words of a title may stand in any text
TELLING_CHARACTERS: Final = 6


def hide_entry(*, entry: int) -> None:
    """Hide what repeats an entry that must not be entered; the journal still has it. 遮住"""
    _clear(entry, text=gettext(HIDDEN))


def forget_entry(*, entry: int) -> None:
    """Empty what this module keeps of an entry whose body was erased by law. 清除副本"""
    for row in _clear(entry, text=gettext(ERASED)):
        _put(row, caller_name="", caller_phone="")


def show_report_again(*, report: int) -> None:
    """It was no secret: the report reads again as the journal has kept it. 恢复"""
    row = Report.objects.select_for_update().get(pk=report)
    said = Body.objects.filter(entry__in=entries_of_report(str(report))).exclude(text="")
    text = said.order_by("entry_id").values_list("text", flat=True).first()
    if text:
        _put(row, text=text)


def hide_words(*, incident: int | None, words: str) -> None:
    """Hide the reasons and earlier facts of an incident that are these words, or among them."""
    _clear_words(incident, words.strip(), text=gettext(HIDDEN))


def forget_words(*, incident: int | None, words: str) -> None:
    """Empty the reasons and earlier facts of an incident that are these words, or among them."""
    _clear_words(incident, words.strip(), text=gettext(ERASED))


def _clear(entry: int, *, text: str) -> list[Report]:
    """Put this text in the place of the entry's words; the report among the rows, if one is."""
    row = Entry.objects.filter(pk=entry).first()
    clear = _COPIES.get(row.name) if row else None
    return clear(row.payload, text) if row and clear else []


def _report(payload: dict[str, Any], text: str) -> list[Report]:
    row = Report.objects.select_for_update().filter(pk=payload["report_id"]).first()
    if row is None:
        return []
    if row.text != text:
        _untitle(row, text=text)
        _put(row, text=text, title="")
    return [row]


def _figure(payload: dict[str, Any], text: str) -> list[Report]:
    Figure.objects.filter(pk=payload["figure_id"]).update(source=text, explanation="")
    return []


def _task_title(payload: dict[str, Any], text: str) -> list[Report]:
    for row in Task.objects.select_for_update().filter(pk=payload["task_id"]):
        _put(row, title=text, order=text if row.order else "")
        for charge in row.charges.all():
            retell(about=about_charge(charge), text=text)
    return []


def _task_outcome(payload: dict[str, Any], text: str) -> list[Report]:
    for row in Task.objects.select_for_update().filter(pk=payload["task_id"]):
        _put(row, outcome=text)
        row.steps.filter(kind=TaskStep.Kind.DONE).exclude(text="").update(text=text)
    return []


def _task_step(payload: dict[str, Any], text: str) -> list[Report]:
    TaskStep.objects.filter(pk=payload["step_id"]).exclude(text="").update(text=text)
    return []


def _task_charge(payload: dict[str, Any], text: str) -> list[Report]:
    Charge.objects.filter(pk=payload["charge_id"]).exclude(why="").update(why=text)
    return []


def _instruction(payload: dict[str, Any], text: str) -> list[Report]:
    nothing = {"sender_person": "", "sender_phone": "", "their_number": ""}
    for row in Instruction.objects.select_for_update().filter(pk=payload["instruction_id"]):
        _put(row, sender=text, title=text, text=text, **nothing)
    return []


def _instruction_end(payload: dict[str, Any], text: str) -> list[Report]:
    for row in Instruction.objects.select_for_update().filter(pk=payload["instruction_id"]):
        told = {n: text for n in ("outcome", "closed_why") if getattr(row, n)}
        _put(row, **told)
    return []


def _opinion(payload: dict[str, Any], text: str) -> list[Report]:
    Opinion.objects.filter(pk=payload["opinion_id"]).update(text=text)
    Opinion.objects.filter(pk=payload["opinion_id"]).exclude(leader="").update(leader=text)
    return []


def _reply(payload: dict[str, Any], text: str) -> list[Report]:
    rows = InstructionReply.objects.filter(pk=payload["reply_id"])
    rows.exclude(taken_by="").update(taken_by=text)
    rows.update(text=text)
    return []


def _referral(payload: dict[str, Any], text: str) -> list[Report]:
    Referral.objects.filter(pk=payload["referral_id"]).update(order=text)
    return []


def _referral_end(payload: dict[str, Any], text: str) -> list[Report]:
    rows = Referral.objects.filter(pk=payload["referral_id"])
    rows.exclude(withdrawn_why="").update(withdrawn_why=text)
    return []


def _referral_step(payload: dict[str, Any], text: str) -> list[Report]:
    ReferralStep.objects.filter(pk=payload["step_id"]).exclude(text="").update(text=text)
    return []


def _call(payload: dict[str, Any], text: str) -> list[Report]:
    for row in PhoneRecord.objects.select_for_update().filter(pk=payload["record_id"]):
        _put(row, who=text, phone="", text=text, done_text="")
    return []


_COPIES: Final[dict[str, Callable[[dict[str, Any], str], list[Report]]]] = {
    **dict.fromkeys(TOLD, _report),
    "incident.figure_recorded": _figure,
    "incident.task_opened": _task_title,
    "incident.task_done": _task_outcome,
    "incident.task_dropped": _task_outcome,
    "incident.task_accepted": _task_step,
    "incident.task_progressed": _task_step,
    "incident.task_help_asked": _task_step,
    "incident.task_reassigned": _task_charge,
    **dict.fromkeys(("incident.instruction_taken", "incident.instruction_corrected"), _instruction),
    "incident.instruction_closed": _instruction_end,
    "incident.instruction_proposed": _opinion,
    "incident.instruction_directed": _opinion,
    "incident.opinion_withdrawn": _opinion,
    "incident.instruction_replied": _reply,
    "incident.reply_withdrawn": _reply,
    "incident.instruction_referred": _referral,
    "incident.referral_withdrawn": _referral_end,
    "incident.referral_accepted": _referral_step,
    "incident.referral_progressed": _referral_step,
    "incident.referral_answered": _referral_step,
    "incident.phone_recorded": _call,
    "incident.phone_record_corrected": _call,
}


def _clear_words(incident: int | None, said: str, *, text: str) -> None:
    if not said:
        return
    Letter.objects.filter(reason=said).update(reason=text)
    if incident is None:
        return
    Grading.objects.filter(incident=incident, why=said).update(why=text)
    for row in Settling.objects.select_for_update().filter(incident=incident):
        told = [name for name, was in row.before.items() if _among(was, said)]
        if told:
            _put(row, before=row.before | dict.fromkeys(told, text))
    whole = Incident.objects.select_for_update().get(pk=incident)
    if _among(whole.title, said):
        _put(whole, title=whole.place_name or text)


def _among(was: Any, said: str) -> bool:  # noqa: ANN401  # a fact of any type
    return isinstance(was, str) and len(was) >= TELLING_CHARACTERS and was in said


def _untitle(row: Report, *, text: str) -> None:
    """A title that was made of the report's own words says no more than where."""
    incident = Incident.objects.select_for_update().get(pk=row.incident_id)
    words = incident.title.removesuffix("…")
    if words == row.title or (len(words) >= TELLING_CHARACTERS and words in row.text):
        _put(incident, title=incident.place_name or text)


def _put(row: Any, **changed: Any) -> None:  # noqa: ANN401  # any row of this module
    """Write whole: what a row is found by is computed when it is saved."""
    for name, value in changed.items():
        setattr(row, name, value)
    row.save()
