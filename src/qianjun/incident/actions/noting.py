"""Say what is, what was ordered, what came back, and how many. 记事与报数"""

from datetime import datetime

from django.db import transaction

from qianjun.incident.actions.held import held_incident
from qianjun.incident.events import FactNoted, FeedbackNoted, FigureRecorded, OrderNoted
from qianjun.incident.models import Figure, Incident
from qianjun.incident.queries.figures import figure_before
from qianjun.incident.queries.seen import incident_seen
from qianjun.incident.rules.facts import bad_time
from qianjun.incident.rules.figures import FIGURES, asks_why, out_of_bounds
from qianjun.incident.undo_events import FigureWithdrawn
from qianjun.journal.bus import emit
from qianjun.kernel import clock
from qianjun.kernel.errors import FieldError, Refused
from qianjun.kernel.fields import refused_field, words
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor, key_of, not_found, require

NOTES = {"fact": FactNoted, "order": OrderNoted, "feedback": FeedbackNoted}
NOTE_MOST = 5_000
SOURCE_MOST = 60
EXPLANATION_MOST = 500


@transaction.atomic(savepoint=False)
def add_note(
    *,
    by: Actor,
    incident_id: str | int,
    text: str,
    kind: str = "fact",
    happened_at: datetime | None = None,
) -> int:
    """Put a line on the timeline; an older ``happened_at`` shows as 补录. The entry's id. 记一条"""
    require(by, "incident.note")
    incident = incident_seen(seen_by=by, incident_id=incident_id)
    if kind not in NOTES:
        raise refused_field("kind", "unknown_value", _("种类须为 fact、order 或 feedback。"))
    check_time("happened_at", happened_at)
    said = words("text", text, most=NOTE_MOST)
    event = NOTES[kind](incident_id=incident.pk)
    return emit(event, by=by, incident=incident.pk, body=said, happened_at=happened_at)


@transaction.atomic(savepoint=False)
def add_figure(
    *,
    by: Actor,
    incident_id: str | int,
    kind: str,
    value: int,
    source: str,
    at: datetime | None = None,
    explanation: str = "",
) -> Figure:
    """Add a number to its series; a jump needs an explanation, else 422. 报数"""
    require(by, "incident.figure")
    if kind not in FIGURES:
        raise refused_field("kind", "unknown_value", _("没有这种数字。"))
    if out_of_bounds(kind, value):
        raise refused_field("value", "out_of_bounds", _("数值超出合理范围。"))
    check_time("at", at)
    whence = words("source", source, most=SOURCE_MOST)
    why = words("explanation", explanation, most=EXPLANATION_MOST, least=0)
    incident = held_incident(by, incident_id)
    when = at or clock.now()
    last = figure_before(incident=incident.pk, kind=kind, at=when)
    if not why:
        _must_need_no_reason(incident, last, kind=kind, value=value)
    row = Figure.objects.create(
        incident=incident,
        kind=kind,
        value=value,
        at=when,
        source=whence,
        explanation=why,
        recorded_at=clock.now(),
        by_kind=by.kind,
        by_id=by.ident,
    )
    event = FigureRecorded(incident_id=incident.pk, figure_id=row.pk, figure_kind=kind, value=value)
    body = " · ".join(part for part in (whence, why) if part)
    emit(event, by=by, incident=incident.pk, body=body, happened_at=at)
    return row


@transaction.atomic(savepoint=False)
def withdraw_figure(*, by: Actor, incident_id: str | int, figure_id: str | int) -> Figure:
    """Whoever recorded a number takes it back: it stays in the series, struck. 撤回数字

    409 ``stale`` when a later number of its kind was recorded, ``withdrawn`` the second time; 404
    for the number of another person or of a report.
    """
    require(by, "incident.figure")
    incident = held_incident(by, incident_id)
    own = Figure.objects.filter(incident=incident, report=None, by_kind=by.kind, by_id=by.ident)
    row = own.filter(pk=key_of(figure_id)).first()
    if row is None:
        raise not_found()
    if row.withdrawn_at is not None:
        raise Refused("withdrawn", _("这个数字已经撤回。"), status=409)
    later = Figure.objects.filter(incident=incident, kind=row.kind, pk__gt=row.pk)
    if later.exists():
        zh = _("之后又报过这个数字，不能撤回；请再报一次并写明原因。")
        raise Refused("stale", zh, status=409)
    row.withdrawn_at = clock.now()
    row.save(update_fields=["withdrawn_at"])
    event = FigureWithdrawn(
        incident_id=incident.pk, figure_id=row.pk, figure_kind=row.kind, value=row.value
    )
    emit(event, by=by, incident=incident.pk)
    return row


def _must_need_no_reason(incident: Incident, last: Figure | None, *, kind: str, value: int) -> None:
    if incident.state == Incident.State.CLOSED:
        raise _after_the_end()
    if asks_why(kind=kind, last=last.value if last else None, value=value):
        raise _unexplained(last, value)


def _after_the_end() -> Refused:
    """A number of an incident that is over is a change after the end: it says why."""
    field = FieldError(
        field="explanation", code="explanation_needed", zh=_("请写明数字变化的原因。")
    )
    zh = _("这个事件已结案；补记数字请写明原因和来源。")
    return Refused("explanation_needed", zh, fields=(field,))


def _unexplained(last: Figure | None, value: int) -> Refused:
    field = FieldError(
        field="explanation", code="explanation_needed", zh=_("请写明数字变化的原因。")
    )
    return Refused(
        "explanation_needed",
        _("数字由 %(last)s 变为 %(value)s，变化较大，请写明原因和来源。"),
        words={"last": last.value if last else 0, "value": value},
        fields=(field,),
    )


def check_time(field: str, at: datetime | None) -> None:
    """422 naming the field when this cannot be when something happened."""
    fault = bad_time(field, at, now=clock.now()) if at is not None else None
    if fault is not None:
        raise Refused(fault.code, fault.zh, fields=(fault,))
