"""The page of a team's leader: the order, sign with how many, out, there, home. 队长手机页"""

from typing import Any, Final

from django.utils import translation
from django.utils.translation import gettext

from qianjun.force.actions import act_on_team_call
from qianjun.force.actions.team_acts import TeamDid
from qianjun.force.models import TeamCall
from qianjun.force.phone_acts import said_by
from qianjun.force.queries.teams import WAYS
from qianjun.force.rules.team_calls import (
    ABOUT,
    ACTS,
    ANSWERS,
    HEADS,
    REASON_MOST,
    STATES,
    YES,
    next_acts,
    sentence,
    stands,
)
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor, key_of, not_found
from qianjun.org.linked import Act
from qianjun.org.models import Person
from qianjun.org.rules import masked_name
from qianjun.org.store import text_setting

# how the page is headed once the team has answered
STANDING: Final[dict[str, str]] = {
    "declined": _("你们这次不来"),
    "accepted": _("你们已签收"),
    "en_route": _("你们在路上"),
    "arrived": _("你们在现场"),
    "left": _("你们已离开"),
    "home": _("全队已归队"),
    "stood_down": _("已经解除，不用来了"),
}
# buttons with a field of their own
WITH_FIELDS: Final = ("accept", "late", "decline", "break")


def called_by(by: Actor) -> TeamCall:
    """The called team behind a link; 404 for any other link. 链接所指"""
    kind, ident = by.scope.about
    if kind != ABOUT or by.person is None:
        raise not_found()
    rows = TeamCall.objects.select_related("team").filter(asked_at__isnull=False)
    row = rows.filter(pk=key_of(ident)).first()
    if row is None:
        raise not_found()
    return row


def did(by: Actor, act: Act) -> dict[str, Any]:
    """The leader acts: what the phone is answered. 操作"""
    done = TeamDid(**said_by(act), reason=act.words("reason", most=REASON_MOST))
    row, verdict = act_on_team_call(by=by, did=done)
    return {
        "state": stands(row),
        "outcome": verdict.outcome,
        "message": sentence(verdict, act.name),
        "acts": next_acts(row),
    }


def _message(row: TeamCall) -> str:
    """The one sentence that he must know now, as a catalogue text; empty when there is none."""
    there = row.arrived_at is not None or row.home_at is not None
    if row.stood_down_at is None or there:
        return ""
    return ANSWERS["not_needed" if row.accepted_at else "accepted_late"]


def _name(by: Actor) -> str:
    person = Person.objects.filter(pk=by.person or 0).first()
    return masked_name(person.name) if person else ""


def told(row: TeamCall, *, by: Actor) -> dict[str, Any]:
    """The page for a program, with the names of contract 9. 同一页的数据"""
    said = _message(row)
    with translation.override("zh-hans"):
        zh = gettext(said) if said else ""
    return {
        "kind": "team",
        "state": stands(row),
        "team": row.team.name,
        "way": row.way,
        "need": row.wanted,
        "what_zh": row.what,
        "place": row.place,
        "lon": row.lon,
        "lat": row.lat,
        "by": row.needed_by.isoformat(),
        "risk_zh": row.risk,
        "kit_zh": "",
        "asked_by": text_setting("org", "bureau_name"),
        "insured": None,
        "my": {
            "name_masked": _name(by),
            "state": stands(row),
            "eta_at": row.eta_at.isoformat() if row.eta_at else None,
            "hours": None,
            "headcount": row.headcount,
        },
        "acts": ["opened", *next_acts(row)],
        "message_zh": zh,
        "message": gettext(said) if said else "",
    }


def shown(row: TeamCall, *, by: Actor) -> dict[str, Any]:
    """What the template shows."""
    said, state, may = _message(row), stands(row), next_acts(row)
    return {
        "row": row,
        "state": state,
        "word": gettext(STATES[state]),
        "head": gettext(STANDING.get(state, HEADS[row.way])),
        "way": gettext(WAYS[row.way]),
        "said": gettext(said) if said else "",
        "may": may,
        "yes": gettext(YES[row.way]),
        "buttons": [(name, gettext(ACTS[name])) for name in may if name not in WITH_FIELDS],
        "minutes": (15, 30, 45, 60, 90),
        "name": _name(by),
        "asked_by": text_setting("org", "bureau_name"),
        "opened": row.read_at is not None,
    }
