"""Take the words out of what repeats them: reports, figures, tasks, messages. 遮住与清除

The journal's body is where words are kept; these rows are copies of it, for lists and search.
"""

from collections.abc import Callable
from typing import Any, Final

from django.utils.translation import gettext

from qianjun.incident.models import (
    Figure,
    Grading,
    Incident,
    Letter,
    Report,
    Settling,
    Task,
)
from qianjun.incident.queries.records import TOLD, entries_of_report
from qianjun.incident.rules.facts import title_of
from qianjun.journal.models import Body, Entry
from qianjun.kernel.words import noop as _

HIDDEN: Final = _("【不得录入】已遮住")
ERASED: Final = _("【已依法删除】")
# shorter than this, words of a title may stand in any text
TELLING_CHARACTERS: Final = 6


def withhold(*, report: int) -> None:
    """Hide what a report said; the journal still has it until it is erased. 遮住"""
    row = Report.objects.select_for_update().get(pk=report)
    _untitle(row)
    _put(row, text=gettext(HIDDEN), title="")


def show_again(*, report: int) -> None:
    """It was no secret: the report reads again as the journal has kept it. 恢复"""
    row = Report.objects.select_for_update().get(pk=report)
    said = Body.objects.filter(entry__in=entries_of_report(str(report))).exclude(text="")
    text = said.order_by("entry_id").values_list("text", flat=True).first()
    if text:
        _put(row, text=text)


def forget_entry(*, entry: int) -> None:
    """Empty what this module keeps of an entry whose body was erased by law. 清除副本"""
    row = Entry.objects.filter(pk=entry).first()
    clear = _COPIES.get(row.name) if row else None
    if row and clear:
        clear(row.payload)


def forget_words(*, incident: int | None, words: str) -> None:
    """Empty the reasons and earlier facts of an incident that are these words, or among them."""
    said = words.strip()
    if incident is None or not said:
        return
    Grading.objects.filter(incident=incident, why=said).update(why=gettext(ERASED))
    Letter.objects.filter(reason=said).update(reason=gettext(ERASED))
    for row in Settling.objects.select_for_update().filter(incident=incident):
        kept = {name: was for name, was in row.before.items() if not _among(was, said)}
        if kept != row.before:
            _put(row, before=row.before | dict.fromkeys(row.before.keys() - kept, ""))
    incident_row = Incident.objects.select_for_update().get(pk=incident)
    if _among(incident_row.title, said):
        plain = title_of(place=incident_row.place_name, kind="", text="")
        _put(incident_row, title=plain or gettext(HIDDEN))


def _among(was: Any, said: str) -> bool:  # noqa: ANN401  # a fact of any type
    return isinstance(was, str) and len(was) >= TELLING_CHARACTERS and was in said


def _report(payload: dict[str, Any]) -> None:
    row = Report.objects.select_for_update().filter(pk=payload["report_id"]).first()
    if row and row.text != gettext(ERASED):
        _untitle(row)
        _put(row, text=gettext(ERASED), title="", caller_name="", caller_phone="")


def _figure(payload: dict[str, Any]) -> None:
    rows = Figure.objects.filter(pk=payload["figure_id"])
    rows.update(source=gettext(ERASED), explanation="")


def _task_title(payload: dict[str, Any]) -> None:
    for row in Task.objects.select_for_update().filter(pk=payload["task_id"]):
        _put(row, title=gettext(ERASED))


def _task_outcome(payload: dict[str, Any]) -> None:
    for row in Task.objects.select_for_update().filter(pk=payload["task_id"]):
        _put(row, outcome=gettext(ERASED))


_COPIES: Final[dict[str, Callable[[dict[str, Any]], None]]] = {
    **dict.fromkeys(TOLD, _report),
    "incident.figure_recorded": _figure,
    "incident.task_opened": _task_title,
    "incident.task_done": _task_outcome,
    "incident.task_dropped": _task_outcome,
}


def _untitle(row: Report) -> None:
    """A title that was made of the report's own words says no more than place and kind."""
    incident = Incident.objects.select_for_update().get(pk=row.incident_id)
    words = incident.title.removesuffix("…")
    own = words == row.title or (len(words) >= TELLING_CHARACTERS and words in row.text)
    if own:
        plain = title_of(place=incident.place_name, kind="", text="")
        _put(incident, title=plain or gettext(HIDDEN))


def _put(row: Any, **changed: Any) -> None:  # noqa: ANN401  # any row of this module
    """Write whole: what a row is found by is computed when it is saved."""
    for name, value in changed.items():
        setattr(row, name, value)
    row.save()
