"""Questions of the desk: what is open, what waits in its columns, who is on duty. 值班台"""

from qianjun.duty.queries.columns import COLUMNS, Column, Kind, Part, Shown
from qianjun.duty.queries.desk import Answers, Desk, Undecided, columns_behind, desk
from qianjun.duty.queries.look import (
    Look,
    OnDuty,
    OpenIncident,
    Uncalled,
    cards_seen,
    look_of,
    on_duty,
)
from qianjun.duty.queries.sounding import sounds_of

__all__ = [
    "COLUMNS",
    "Answers",
    "Column",
    "Desk",
    "Kind",
    "Look",
    "OnDuty",
    "OpenIncident",
    "Part",
    "Shown",
    "Uncalled",
    "Undecided",
    "cards_seen",
    "columns_behind",
    "desk",
    "look_of",
    "on_duty",
    "sounds_of",
]
