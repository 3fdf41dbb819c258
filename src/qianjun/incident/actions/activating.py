"""Propose, start, raise, lower and end a response to an incident. 应急响应"""

from datetime import datetime

from django.db import transaction

from qianjun.incident.actions.held import held_incident, locked, must_be_open
from qianjun.incident.activation_events import (
    ActivationEnded,
    ActivationProposed,
    ActivationRefused,
    ActivationStarted,
    LevelChanged,
    ProposalWithdrawn,
)
from qianjun.incident.activation_models import RUNS, WAITS, Activation, LevelStep
from qianjun.incident.queries.activating import may_decide
from qianjun.incident.queries.seen import incidents_seen
from qianjun.incident.rules.activating import (
    DECIDER_MOST,
    WORDS_MOST,
    Wanted,
    bad_decision_time,
    faults_of,
)
from qianjun.journal.bus import emit
from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.kernel.fields import words
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor, key_of, not_found, require

ALREADY = _("这个预案的响应已由同一机关启动，请在原响应上调整级别。")
SETTLED = _("这项响应已经办过了，请看最新状态。")


@transaction.atomic(savepoint=False)
def activate(*, by: Actor, incident_id: str | int, wanted: Wanted) -> Activation:
    """Start a response when it is the actor's to decide, else propose it to whoever decides. 启动

    A proposal that waits is answered by the start. 409 ``already_active``, ``already_proposed``,
    ``incident_closed``; 422 for what cannot be.
    """
    require(by, "activation.propose")
    if faults := faults_of(wanted, now=clock.now()):
        raise Refused(faults[0].code, faults[0].zh, fields=tuple(faults))
    incident = held_incident(by, incident_id)
    must_be_open(incident)
    mine = Activation.objects.filter(
        incident=incident, plan=wanted.plan, authority=wanted.authority
    )
    if mine.filter(RUNS).exists():
        raise Refused("already_active", ALREADY, status=409)
    waiting = mine.filter(WAITS).first()
    starts = not wanted.role or may_decide(by, wanted.role)
    if waiting is not None and not starts:
        raise Refused("already_proposed", _("已经提请过，正在等批准。"), status=409)
    row = waiting or Activation(incident=incident, proposed_at=clock.now())
    if waiting is None:
        row.by_kind, row.by_id = by.kind, by.ident
    _fill(row, wanted)
    if starts:
        _start(row, by=by, title=wanted.plan_title)
    else:
        row.save()
        _say(ActivationProposed, row, by=by, body=_body(wanted.plan_title, row.why))
    return row


def _fill(row: Activation, wanted: Wanted) -> None:
    for name in ("plan", "plan_version", "authority", "level", "role", "how", "decided_by"):
        setattr(row, name, getattr(wanted, name))
    row.why = wanted.why or row.why
    row.matters = wanted.matters or row.matters
    row.measures = list(wanted.measures) or row.measures
    row.expected_until = wanted.expected_until or row.expected_until
    row.warning = wanted.warning or row.warning


def _start(
    row: Activation, *, by: Actor, title: str, at: datetime | None = None, note: str = ""
) -> None:
    row.started_at = at or clock.now()
    row.decider_kind, row.decider_id, row.note = by.kind, by.ident, note
    row.save()
    _step(row, by=by, why=row.why, at=row.started_at)
    said = _body(title, row.decided_by, row.why, note)
    _say(ActivationStarted, row, by=by, body=said, happened_at=at)


def _step(row: Activation, *, by: Actor, why: str, at: datetime) -> None:
    LevelStep.objects.create(
        activation=row, level=row.level, why=why, at=at, by_kind=by.kind, by_id=by.ident
    )


@transaction.atomic(savepoint=False)
def decide_activation(
    *,
    by: Actor,
    activation_id: str | int,
    approve: bool,
    title: str,
    note: str = "",
    decided_by: str = "",
    decided_at: datetime | None = None,
) -> Activation:
    """Say yes or no to what was proposed; ``decided_by`` and ``decided_at`` when it was decided

    outside and is written down here. The same answer again changes nothing. 批准
    """
    require(by, "activation.decide")
    row = held_activation(by, activation_id)
    _must_decide(by, row.role)
    said = words("note", note, most=WORDS_MOST, least=0)
    who = words("decided_by", decided_by, most=DECIDER_MOST, least=0)
    if fault := bad_decision_time(decided_at, now=clock.now()):
        raise Refused(fault.code, fault.zh, fields=(fault,))
    if row.ended_at is None and (row.started_at if approve else row.refused_at) is not None:
        return row
    if row.started_at or row.refused_at or row.ended_at:
        raise Refused("decided", SETTLED, status=409)
    must_be_open(row.incident)
    row.version += 1
    row.decided_by = who or row.decided_by
    if approve:
        _start(row, by=by, title=title, at=decided_at, note=said)
        return row
    row.refused_at, row.note = decided_at or clock.now(), said
    row.decider_kind, row.decider_id = by.kind, by.ident
    row.save()
    _say(ActivationRefused, row, by=by, body=_body(title, said))
    return row


@transaction.atomic(savepoint=False)
def set_level(*, by: Actor, activation_id: str | int, wanted: Wanted, why: str) -> Activation:
    """Raise or lower a running response to what is wanted; the graver level's authority decides.

    409 ``not_active``, ``same_level``, ``already_active`` beside one of the new authority. 调整级别
    """
    require(by, "activation.propose")
    row = held_activation(by, activation_id)
    reason = words("why", why, most=WORDS_MOST)
    if faults := faults_of(wanted, now=clock.now()):
        raise Refused(faults[0].code, faults[0].zh, fields=tuple(faults))
    _must_run(row)
    if wanted.level == row.level:
        raise Refused("same_level", _("已经是这个级别。"), status=409)
    _must_decide(by, wanted.role if wanted.level < row.level else row.role)
    beside = Activation.objects.filter(
        RUNS, incident=row.incident, plan=row.plan, authority=wanted.authority
    )
    if beside.exclude(pk=row.pk).exists():
        raise Refused("already_active", ALREADY, status=409)
    before = row.level
    for name in ("level", "authority", "role", "how", "decided_by"):
        setattr(row, name, getattr(wanted, name))
    row.version += 1
    row.save()
    _step(row, by=by, why=reason, at=clock.now())
    event = LevelChanged(
        incident_id=row.incident_id, activation_id=row.pk, level=row.level, before=before
    )
    body = _body(wanted.plan_title, row.decided_by, reason)
    emit(event, by=by, incident=row.incident_id, about=about(row), body=body, topics=("desk",))
    return row


@transaction.atomic(savepoint=False)
def end_activation(*, by: Actor, activation_id: str | int, why: str, title: str) -> Activation:
    """End a running response, or take a proposal back; again changes nothing. 终止"""
    require(by, "activation.propose")
    row = held_activation(by, activation_id)
    reason = words("why", why, most=WORDS_MOST)
    if row.ended_at is not None:
        return row
    if row.refused_at is not None:
        raise Refused("decided", SETTLED, status=409)
    runs = row.started_at is not None
    if runs:
        _must_decide(by, row.role)
    else:
        require(by, "activation.propose")
    row.ended_at, row.end_why = max(clock.now(), row.started_at or clock.now()), reason
    row.version += 1
    row.save()
    kind = ActivationEnded if runs else ProposalWithdrawn
    _say(kind, row, by=by, body=_body(title, reason))
    return row


def held_activation(by: Actor, activation_id: str | int) -> Activation:
    """The response that the actor sees, its incident locked first; else 404. 锁定"""
    key = key_of(activation_id)
    seen = Activation.objects.filter(pk=key, incident__in=incidents_seen(by).order_by())
    known = seen.values_list("incident", flat=True).first()
    if known is None:
        raise not_found()
    (incident,) = locked(known)
    row = Activation.objects.select_for_update().get(pk=key)
    row.incident = incident
    return row


def _must_run(row: Activation) -> None:
    if row.started_at is None or row.ended_at is not None:
        raise Refused("not_active", _("这项响应没有在运行，不能调整。"), status=409)


def _must_decide(by: Actor, role: str) -> None:
    """Refuse whoever is not the plan's authority; a response of others is the desk's to write.

    403 for who decides nothing, 409 for who decides other levels.
    """
    if not role:
        require(by, "activation.propose")
    elif not may_decide(by, role):
        zh = _("这个级别由预案指定的批准人决定，请报请批准。")
        raise Refused("not_the_authority", zh, status=409 if by.may("activation.decide") else 403)


def about(row: Activation) -> tuple[str, str]:
    """What entries and rows above say they are about."""
    return ("activation", str(row.pk))


def _body(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _say(
    kind: type[
        ActivationProposed
        | ActivationStarted
        | ActivationRefused
        | ActivationEnded
        | ProposalWithdrawn
    ],
    row: Activation,
    *,
    by: Actor,
    body: str,
    happened_at: datetime | None = None,
) -> None:
    emit(
        kind(incident_id=row.incident_id, activation_id=row.pk, level=row.level),
        by=by,
        incident=row.incident_id,
        about=about(row),
        body=body,
        happened_at=happened_at,
        topics=("desk",),
    )
