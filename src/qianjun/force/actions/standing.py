"""Whether a team can come. 备勤"""

from django.db import transaction

from qianjun.force.actions.held import fault, led_team
from qianjun.force.events import ReadinessSet
from qianjun.force.models import Readiness
from qianjun.journal.bus import emit
from qianjun.kernel import clock
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor, require

HEADCOUNT_MOST = 10_000


@transaction.atomic(savepoint=False)
def set_readiness(
    *, by: Actor, team_id: str | int, state: str, headcount: int | None = None
) -> Readiness:
    """Say whether a team can come and with how many; as it stands already is no news. 备勤状态

    By the desk for any team it sees, by leader and deputies for their own.
    """
    require(by, "force.readiness")
    if state not in Readiness.State.values:
        raise fault("state", "unknown_value", _("请选可出动、备勤中、出动中或休整。"))
    if headcount is not None and not 0 <= headcount <= HEADCOUNT_MOST:
        raise fault("headcount", "bad_headcount", _("人数须在 0 到 10000 之间。"))
    team = led_team(by, team_id)
    last = team.readiness.order_by("-since", "-pk").first()
    if last is not None and (last.state, last.headcount) == (state, headcount):
        return last
    row = Readiness.objects.create(
        team=team,
        state=state,
        since=clock.now(),
        headcount=headcount,
        by_kind=by.kind,
        by_id=by.ident,
    )
    told = ReadinessSet(team_id=team.pk, state=state)
    emit(told, by=by, about=("team", str(team.pk)), body=team.name)
    return row
