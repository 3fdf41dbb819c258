"""The forces of the demo: the published numbers with made-up people. 演示力量

27 community teams, 22 enterprise teams with 60 full-time and 998 part-time people, 3 professional
teams, 68,945 volunteers. Names begin with 演示, numbers with 100, points are schematic 示意. The
same seed gives the same people; what is there already is left alone.
"""

from typing import Final

from django.conf import settings
from django.db import transaction

from qianjun.force.seeding.teams import seed_teams
from qianjun.force.seeding.volunteers import seed_volunteers
from qianjun.journal.locks import one_at_a_time
from qianjun.kernel.errors import Refused
from qianjun.kernel.words import noop as _

VOLUNTEERS: Final = 68_945
VOLUNTEERS_SMALL: Final = 2_000


@transaction.atomic
def seed_forces(*, small: bool = False, volunteers: int | None = None) -> int:
    """Teams and volunteers of the demo; again changes nothing. How many volunteers came. 演示力量

    Refused in the realm live: nobody made up may stand among real people.
    """
    if settings.REALM not in ("demo", "drill"):
        raise Refused("not_a_demo", _("演示力量只能放进演示或演练环境。"), status=409)
    one_at_a_time("force.seeding")
    seed_teams()
    wanted = VOLUNTEERS_SMALL if small else VOLUNTEERS
    return seed_volunteers(wanted if volunteers is None else volunteers)


__all__ = ["VOLUNTEERS", "VOLUNTEERS_SMALL", "seed_forces"]
