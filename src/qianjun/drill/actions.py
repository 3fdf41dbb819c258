"""Start a show, hold it, hurry it, stop it; play the step that is due. 演示的动作"""

from datetime import timedelta
from typing import Final

from django.contrib.auth.models import User
from django.db import IntegrityError, connection, transaction

from qianjun.drill.events import ShowOver, ShowPaused, ShowResumed, ShowStarted
from qianjun.drill.models import OPEN, Show, ShowStep
from qianjun.drill.queries import FIRE, must_be_demo, page_of, script
from qianjun.drill.rules import EARLY, READ_LEAST_S, READ_MOST_S, READ_S, Script, Step, pace
from qianjun.drill.verbs import HOUSE, VERBS
from qianjun.journal.actions import move_clock
from qianjun.journal.bus import emit
from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.kernel.fields import refused_field
from qianjun.kernel.words import noop as _
from qianjun.message.actions import switch_carrier, switch_people
from qianjun.message.people import people_now
from qianjun.org.actor import Actor, require
from qianjun.org.people import actor_for_user

SMS: Final = "sms"
PEOPLE: Final = "people"


@transaction.atomic(savepoint=False)
def start_show(*, by: Actor, read_s: float = READ_S) -> Show:
    """Have the story of the fire played from its beginning. 开始演示

    404 outside the realm demo; 409 ``show_runs`` while one does.
    """
    require(by, "show.play")
    must_be_demo()
    if not READ_LEAST_S <= read_s <= READ_MOST_S:
        raise refused_field("read_s", "bad_pace", _("每步停留须在 1 到 60 秒之间。"))
    now = clock.now()
    before = people_now()
    kept = {PEOPLE: "auto" if before.auto else "still"}
    try:
        with transaction.atomic():
            row = Show.objects.create(
                script=FIRE,
                read_s=read_s,
                begun_at=now,
                due_at=now,
                not_before=clock.real(),
                kept=kept,
                by_kind=by.kind,
                by_id=by.ident,
            )
    except IntegrityError as fault:
        zh = _("已经有一场演示在进行，先停掉那一场。")
        raise Refused("show_runs", zh, status=409) from fault
    switch_people(by=HOUSE, auto=True, silent=[])
    emit(ShowStarted(show_id=row.pk), by=by, about=_about(row))
    _wake()
    return row


@transaction.atomic(savepoint=False)
def pause_show(*, by: Actor) -> Show:
    """Stop the clock where it is; again changes nothing. 暂停"""
    row = _held(by)
    if row.paused_at is None:
        row.paused_at = clock.now()
        _save(row)
        move_clock(by=HOUSE, speed=0)
        emit(ShowPaused(show_id=row.pk, place=row.place), by=by, about=_about(row))
    return row


@transaction.atomic(savepoint=False)
def resume_show(*, by: Actor) -> Show:
    """Let it go on; again changes nothing. 继续"""
    row = _held(by)
    if row.paused_at is not None:
        row.paused_at = None
        gap_s = (row.due_at - clock.now()).total_seconds()
        move_clock(by=HOUSE, speed=pace(gap_s=max(0, gap_s), read_s=row.read_s).speed)
        _save(row)
        emit(ShowResumed(show_id=row.pk, place=row.place), by=by, about=_about(row))
        _wake()
    return row


@transaction.atomic(savepoint=False)
def skip_step(*, by: Actor) -> Show:
    """Go to the next step at once: the clock is put forward to it. 跳到下一步"""
    row = _held(by)
    row.paused_at, row.not_before = None, clock.real()
    gap_s = (row.due_at - clock.now()).total_seconds()
    if gap_s > 0:
        move_clock(by=HOUSE, speed=1, advance_s=gap_s)
    else:
        move_clock(by=HOUSE, speed=1)
    _save(row)
    _wake()
    return row


@transaction.atomic(savepoint=False)
def stop_show(*, by: Actor) -> Show:
    """Stop it: the clock goes at its own pace, and everybody plays himself. 停止"""
    row = _held(by)
    _end(row, by=by, how="stopped")
    return row


@transaction.atomic(savepoint=False)
def play_step(*, by: Actor) -> bool:
    """Play the step that is due, and let the clock run to the next; whether one was. 演一步

    What it does and that it is done commit together: after a crash it is played once. A verb that
    is refused leaves its sentence with the step, and the story goes on.
    """
    require(by, "show.play")
    row = Show.objects.select_for_update(skip_locked=True).filter(OPEN, paused_at=None).first()
    if row is None or row.due_at > clock.now() or row.not_before > clock.real():
        return False
    told = script(row.script)
    step = told.steps[row.place]
    refused = _perform(step, row.kept)
    ShowStep.objects.create(
        show=row,
        place=row.place,
        at=clock.now(),
        page=page_of(step, row.kept),
        refused=refused[:300],
    )
    row.place += 1
    if row.place == len(told.steps):
        _end(row, by=by, how="played")
    else:
        _go_on(row, told)
        _save(row)
    return True


def _perform(step: Step, kept: dict[str, str]) -> str:
    """Each act in turn, all or nothing of each; the first refusal as a sentence."""
    said = ""
    for act in step.acts:
        try:
            with transaction.atomic():
                VERBS[act.verb](_acting(act.who), kept, **act.words)
        except Refused as refused:
            zh = refused.zh % refused.words if refused.words else refused.zh
            said = said or f"{act.verb}: {zh} ({refused.code})"
    return said


def _acting(login: str) -> Actor:
    return actor_for_user(User.objects.values_list("pk", flat=True).get(username=login))


def _go_on(row: Show, told: Script) -> None:
    """When the next step is due, and how the clock gets there."""
    now = clock.now()
    row.due_at = max(now, row.begun_at + timedelta(seconds=told.after_s(row.place)))
    row.not_before = clock.real() + timedelta(seconds=EARLY * row.read_s)
    way = pace(gap_s=(row.due_at - now).total_seconds(), read_s=row.read_s)
    move_clock(by=HOUSE, speed=way.speed, advance_s=way.forward_s or None)


def _end(row: Show, *, by: Actor, how: str) -> None:
    row.over_at = clock.now()
    _save(row)
    move_clock(by=HOUSE, speed=1)
    switch_carrier(by=HOUSE, channel=SMS, down=False)
    switch_people(by=HOUSE, auto=row.kept.get(PEOPLE) != "still", silent=[])
    event = ShowOver(
        show_id=row.pk, place=row.place, how="played" if how == "played" else "stopped"
    )
    emit(event, by=by, about=_about(row))


def _held(by: Actor) -> Show:
    """The running show, held; 409 when none runs."""
    require(by, "show.play")
    must_be_demo()
    row = Show.objects.select_for_update().filter(OPEN).first()
    if row is None:
        raise Refused("no_show", _("现在没有演示在进行。"), status=409)
    return row


def _save(row: Show) -> None:
    row.version += 1
    row.save()


def _about(row: Show) -> tuple[str, str]:
    return ("show", str(row.pk))


def _wake() -> None:
    """Wake the runner when the transaction commits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify('show', '')")
