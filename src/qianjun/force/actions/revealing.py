"""Show a whole telephone of a team. 显示电话"""

from django.db import transaction

from qianjun.force.actions.held import fault, held_team
from qianjun.kernel.words import noop as _
from qianjun.org.actions import reveal_phone
from qianjun.org.actor import Actor, key_of, not_found, require
from qianjun.org.reads import record_read

WHY = "phone.reveal"


@transaction.atomic(savepoint=False)
def reveal_team_phone(
    *, by: Actor, team_id: str | int, address: str | int | None = None, why: str = ""
) -> str:
    """The duty telephone, or with ``address`` that of a member; who saw it is kept. 显示电话

    A member's own number asks for a reason.
    """
    require(by, "person.reveal")
    team = held_team(by, team_id)
    if address is not None:
        key = key_of(address)
        if not team.members.filter(left_at=None, person__addresses=key).exists():
            raise not_found()
        return reveal_phone(by=by, address=key, why=why)
    if not team.duty_phone:
        raise fault("duty_phone", "no_phone", _("这支队伍没有登记值班电话。"))
    record_read(by=by, what=WHY, about=("team", str(team.pk)), why=why.strip()[:200])
    return team.duty_phone
