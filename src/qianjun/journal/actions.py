"""What people do with clock and cards. 业务动作"""

import math
from datetime import timedelta
from decimal import Decimal

from django.conf import settings
from django.db import connection, transaction

from qianjun.journal.bus import emit
from qianjun.journal.events import CardDropped, CardRetried, ClockMoved
from qianjun.journal.hands import anchor_of, follow_clock
from qianjun.journal.jobs import run_again
from qianjun.journal.models import Card, ClockRow
from qianjun.journal.permits import Acting, require
from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.kernel.secrecy import refuse_marked
from qianjun.kernel.words import noop as _

SPEED_MAX = 60
ADVANCE_MAX_S = 366 * 86_400
REASON_CHARACTERS = 500


@transaction.atomic(savepoint=False)
def move_clock(
    *, by: Acting, speed: float | None = None, advance_s: float | None = None
) -> clock.Anchor:
    """Let domain time run at another speed, or go forward; never backwards. 调整时钟

    Refused: 403; 404 in realm live, where time is real; 422 ``clock_speed``, ``clock_backwards``.
    """
    require(by, "clock.move")
    if settings.REALM == "live":
        raise Refused("not_found", _("没有这个对象，或您无权查看。"), status=404)
    if speed is not None and not (math.isfinite(speed) and 0 <= speed <= SPEED_MAX):
        raise Refused("clock_speed", _("倍速应在 0 到 60 之间。"))
    if advance_s is not None and not (math.isfinite(advance_s) and 0 < advance_s <= ADVANCE_MAX_S):
        raise Refused("clock_backwards", _("时钟只能向前拨，一次最多一年。"))
    if speed is None and advance_s is None:
        raise Refused("clock_unmoved", _("请给出倍速或前拨的秒数。"))
    anchor = _move(speed, timedelta(seconds=advance_s or 0))
    said_speed = Decimal(str(anchor.speed))
    emit(ClockMoved(domain=anchor.domain, speed=said_speed), by=by)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify('clock', '')")
    transaction.on_commit(follow_clock)
    return anchor


def _move(speed: float | None, advance: timedelta) -> clock.Anchor:
    real = clock.real()
    ClockRow.objects.bulk_create([ClockRow(pk=1, domain=real, real=real)], ignore_conflicts=True)
    row = ClockRow.objects.select_for_update().get(pk=1)
    row.domain = anchor_of(row).at(real) + advance
    row.real = real
    row.speed = row.speed if speed is None else speed
    row.save(update_fields=["domain", "real", "speed"])
    return anchor_of(row)


@transaction.atomic(savepoint=False)
def retry_card(*, by: Acting, card: int) -> Card:
    """Have the job of a card run again; should it fail again there will be a new card. 重新执行

    Refused: 403, 404, 409 ``already_settled``.
    """
    require(by, "card.settle")
    row = _settle(card, how="retry", reason="")
    run_again(row)
    emit(CardRetried(card_id=row.pk, reaction=row.reaction), by=by)
    return row


@transaction.atomic(savepoint=False)
def drop_card(*, by: Acting, card: int, reason: str) -> Card:
    """Settle a card without running its job; the reason is kept. 不再执行

    Refused: 403, 404, 409 ``already_settled``, 422 ``reason_needed``.
    """
    require(by, "card.settle")
    if not 0 < len(reason.strip()) <= REASON_CHARACTERS:
        raise Refused("reason_needed", _("请写明不再执行的理由（500 字以内）。"))
    refuse_marked(reason, field="reason")
    row = _settle(card, how="drop", reason=reason.strip())
    emit(CardDropped(card_id=row.pk, reaction=row.reaction), by=by, body=reason.strip())
    return row


def _settle(card: int, *, how: str, reason: str) -> Card:
    row = Card.objects.select_for_update().filter(pk=card).first()
    if row is None:
        raise Refused("not_found", _("没有这个对象，或您无权查看。"), status=404)
    if row.settled_at is not None:
        raise Refused("already_settled", _("这张卡片已经处理过。"), status=409)
    row.settled_at, row.settled_how, row.reason = clock.now(), how, reason
    row.save(update_fields=["settled_at", "settled_how", "reason"])
    return row
