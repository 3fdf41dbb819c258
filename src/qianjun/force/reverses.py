"""How what was just done with teams and volunteers is taken back. 力量的撤销"""

from typing import Final

from qianjun.force import actions
from qianjun.force.queries.teams import readiness_of
from qianjun.kernel.errors import Refused
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor
from qianjun.org.undo.kinds import takes_back

GONE_ON: Final = _("之后队伍又报过状态，不能撤销；请看最新状态再改。")


@takes_back("readiness", says=_("已撤销：恢复为原来的备勤状态。"))
def ready_as_before(
    *, by: Actor, team_id: str, row: int, state: str, headcount: int | None
) -> None:
    """The team stands as it stood before, unless it has said something since. 备勤改回"""
    last = readiness_of(team_id)
    if last is None or last.pk != row:
        raise Refused("stale", GONE_ON, status=409)
    actions.set_readiness(by=by, team_id=team_id, state=state, headcount=headcount)


@takes_back("volunteer_paused", says=_("已撤销：恢复召集。"))
def call_again(*, by: Actor, volunteer_id: str) -> None:
    """He is called again. 恢复召集"""
    actions.resume_volunteer(by=by, volunteer_id=volunteer_id)
