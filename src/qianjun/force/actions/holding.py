"""Take a call-out for changing: seen, locked, as it is now. 锁定召集"""

from qianjun.force.models import CallOut
from qianjun.force.queries.callouts import callout_json, callout_seen
from qianjun.kernel.errors import Refused
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor


def held_callout(by: Actor, callout_id: str | int) -> CallOut:
    """The call-out that the actor sees, locked until the transaction ends; else 404."""
    key = callout_seen(seen_by=by, callout_id=callout_id).pk
    return CallOut.objects.select_for_update(of=("self",)).select_related("incident").get(pk=key)


def must_be_current(row: CallOut, version: int | None) -> None:
    """Refuse with 409 ``stale`` who judged by an older version."""
    if version is not None and row.version != version:
        zh = _("这次召集刚被别人改过，请看过最新内容再做。")
        raise Refused("stale", zh, status=409, extra={"current": callout_json(row)})


def must_run(row: CallOut) -> None:
    """Refuse with 409 a call-out for which nobody more is wanted."""
    if row.state not in ("proposed", "running"):
        raise Refused("callout_over", _("这次召集已停，要再叫人请另建一次召集。"), status=409)
