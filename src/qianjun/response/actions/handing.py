"""Who must know before us is told first: 119, 110, 120, 122. 先转警、再登记"""

from collections.abc import Callable
from typing import Final

from django.db import transaction
from django.db.models import QuerySet

from qianjun.incident.actions.held import held_incident, must_be_open
from qianjun.journal.bus import emit
from qianjun.kernel import clock
from qianjun.kernel.errors import FieldError, Refused
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor, require
from qianjun.response.events import DeskConfirmed, DeskTold, HandOverWithdrawn
from qianjun.response.models import HandOver

TOLD, CONFIRMED, WITHDRAWN = "told", "confirmed", "withdrawn"
ACTS: Final = (TOLD, CONFIRMED, WITHDRAWN)
TAKEN_BY_MOST: Final = 60
_EVENTS: Final[dict[str, type[DeskTold | DeskConfirmed | HandOverWithdrawn]]] = {
    TOLD: DeskTold,
    CONFIRMED: DeskConfirmed,
    WITHDRAWN: HandOverWithdrawn,
}


@transaction.atomic(savepoint=False)
def hand_over_form(*, by: Actor, form: str, desk: str, act: str, taken_by: str = "") -> None:
    """Tell a desk what an intake form says before it is taken in, or that it has it. 先转警

    Nothing is dialled: the officer reads the line out and marks it. Again changes nothing.
    """
    require(by, "report.hand_over")
    said = _checked(desk, act, taken_by)
    if not form:
        raise Refused("form_unknown", _("这张接报单没有编号，请刷新页面再转。"), status=422)
    _act(HandOver.objects.filter(form=form), by=by, desk=desk, act=act, taken_by=said, form=form)


@transaction.atomic(savepoint=False)
def hand_over(
    *, by: Actor, incident_id: str | int, desk: str, act: str, taken_by: str = ""
) -> None:
    """The same for an incident that stands. 409 when it is closed. 转警"""
    require(by, "report.hand_over")
    said = _checked(desk, act, taken_by)
    row = held_incident(by, incident_id)
    must_be_open(row)
    rows = HandOver.objects.filter(incident=row)
    _act(rows, by=by, desk=desk, act=act, taken_by=said, incident=row.pk)


@transaction.atomic(savepoint=False)
def attach_hand_overs(*, by: Actor, form: str, incident_id: int) -> int:
    """What was handed over from a form belongs to the incident it became; how many. 随单归入"""
    require(by, "report.take")
    rows = HandOver.objects.select_for_update().filter(
        form=form, incident=None, withdrawn_at__isnull=True
    )
    found = list(rows.order_by("pk")) if form else []
    for row in found:
        words, row.taken_by, row.incident_id = row.taken_by, "", incident_id
        row.save(update_fields=["incident", "taken_by"])
        _say(row, TOLD, by=by, body="" if row.confirmed_at else words)
        if row.confirmed_at:
            _say(row, CONFIRMED, by=by, body=words)
    return len(found)


def _fault(field: str, code: str, zh: str) -> FieldError:
    return FieldError(field=field, code=code, zh=zh)


def _checked(desk: str, act: str, taken_by: str) -> str:
    wrong = []
    if desk not in HandOver.Desk.values:
        wrong.append(_fault("desk", "unknown_desk", _("转给谁：110、119、120 或 122。")))
    if act not in ACTS:
        wrong.append(_fault("act", "unknown_act", _("只能是已转、已收到或撤回。")))
    said = " ".join(taken_by.split())
    if len(said) > TAKEN_BY_MOST:
        wrong.append(_fault("taken_by", "too_long", _("对方接警人最多 60 个字。")))
    if wrong:
        raise Refused("invalid", _("没有记下，请看标出的地方。"), status=422, fields=tuple(wrong))
    return said


def _act(
    rows: QuerySet[HandOver],
    *,
    by: Actor,
    desk: str,
    act: str,
    taken_by: str,
    form: str = "",
    incident: int | None = None,
) -> None:
    """Bring the standing row of this desk to the state; nothing when it is there already."""
    row = rows.select_for_update().filter(desk=desk, withdrawn_at__isnull=True).last()
    if row is None and act == WITHDRAWN:
        return
    if row is None:
        row, is_new = _told(by=by, desk=desk, form=form, incident=incident)
        if is_new:
            _say(row, TOLD, by=by, body=taken_by if act == TOLD else "")
    _CHANGES[act](row, by, taken_by)


def _told(*, by: Actor, desk: str, form: str, incident: int | None) -> tuple[HandOver, bool]:
    fresh = {"told_at": clock.now(), "by_kind": by.kind, "by_id": by.ident}
    if not form:
        return HandOver.objects.create(incident_id=incident, desk=desk, **fresh), True
    # the unique constraint decides between two keys pressed at once
    return HandOver.objects.get_or_create(form=form, desk=desk, withdrawn_at=None, defaults=fresh)


def _keep_name(row: HandOver, _by: Actor, taken_by: str) -> None:
    if taken_by and row.incident_id is None:
        row.taken_by = taken_by
        row.save(update_fields=["taken_by"])


def _confirm(row: HandOver, by: Actor, taken_by: str) -> None:
    if row.confirmed_at is not None:
        return
    row.confirmed_at = clock.now()
    row.save(update_fields=["confirmed_at"])
    _keep_name(row, by, taken_by)
    _say(row, CONFIRMED, by=by, body=taken_by)


def _withdraw(row: HandOver, by: Actor, _taken_by: str) -> None:
    row.withdrawn_at, row.taken_by = clock.now(), ""
    row.save(update_fields=["withdrawn_at", "taken_by"])
    _say(row, WITHDRAWN, by=by, body="")


_CHANGES: Final[dict[str, Callable[[HandOver, Actor, str], None]]] = {
    TOLD: _keep_name,
    CONFIRMED: _confirm,
    WITHDRAWN: _withdraw,
}


def _say(row: HandOver, act: str, *, by: Actor, body: str) -> None:
    """On the timeline of its incident, with the time at which it was; silent while it has none."""
    if row.incident_id is None:
        return
    event = _EVENTS[act](incident_id=row.incident_id, desk=row.desk)
    at = {TOLD: row.told_at, CONFIRMED: row.confirmed_at, WITHDRAWN: row.withdrawn_at}[act]
    emit(
        event,
        by=by,
        incident=row.incident_id,
        about=("hand_over", str(row.pk)),
        body=body,
        happened_at=at,
        topics=("desk",),
    )
