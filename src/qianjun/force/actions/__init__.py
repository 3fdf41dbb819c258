"""What people do with forces: one function per verb. 力量动作"""

from qianjun.force.actions.answering import act_on_call, take_words
from qianjun.force.actions.calling import confirm_wave, propose_callout, propose_wave
from qianjun.force.actions.going_on import continue_callout
from qianjun.force.actions.mandates import AsAsked, withdraw_mandate
from qianjun.force.actions.members import add_member, remove_member
from qianjun.force.actions.revealing import reveal_team_phone
from qianjun.force.actions.standing import set_readiness
from qianjun.force.actions.standing_down import end_callout, enough, stand_down
from qianjun.force.actions.team_acts import act_for_team, act_on_team_call, take_team_words
from qianjun.force.actions.team_calls import confirm_team, confirm_teams, propose_teams
from qianjun.force.actions.team_ends import stand_down_team, stand_down_teams
from qianjun.force.actions.teams import edit_team
from qianjun.force.actions.volunteers import pause_volunteer, resume_volunteer

__all__ = [
    "AsAsked",
    "act_for_team",
    "act_on_call",
    "act_on_team_call",
    "add_member",
    "confirm_team",
    "confirm_teams",
    "confirm_wave",
    "continue_callout",
    "edit_team",
    "end_callout",
    "enough",
    "pause_volunteer",
    "propose_callout",
    "propose_teams",
    "propose_wave",
    "remove_member",
    "resume_volunteer",
    "reveal_team_phone",
    "set_readiness",
    "stand_down",
    "stand_down_team",
    "stand_down_teams",
    "take_team_words",
    "take_words",
    "withdraw_mandate",
]
