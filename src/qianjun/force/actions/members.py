"""Who belongs to a team. 队员"""

from django.conf import settings
from django.db import transaction

from qianjun.force.actions.held import fault, held_team
from qianjun.force.actions.phones import phone_said
from qianjun.force.events import MemberAdded, MemberRemoved
from qianjun.force.models import Team, TeamMember
from qianjun.journal.bus import emit
from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.kernel.text import sort_key
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor, key_of, not_found, require
from qianjun.org.models import Address, Person
from qianjun.org.naming import name_said

CHANNEL = "sms"
AGREED = "入队时告知：同意接收队伍的召集与通知。"


@transaction.atomic(savepoint=False)
def add_member(
    *,
    by: Actor,
    team_id: str | int,
    name: str,
    phone: str,
    role: str = "member",
    employment: str = "part_time",
    agrees: bool = False,
) -> TeamMember:
    """Take somebody in by name and mobile; who is not known yet becomes known. 队员加入

    ``agrees`` notes that he agrees to be written to there. 409 for a second leader or the same
    person again, 422 for the number of somebody else.
    """
    require(by, "force.change")
    if role not in TeamMember.Role.values or employment not in TeamMember.Employment.values:
        raise fault("role", "unknown_value", _("不在允许的取值之内。"))
    number = phone_said(phone, field="phone", mobile=True)
    if not number:
        raise fault("phone", "phone_needed", _("请填写手机号码，召集时要用。"))
    team = held_team(by, team_id)
    person = _person(team, name_said(name), number, agrees=agrees)
    there = team.members.filter(left_at=None)
    if there.filter(person=person).exists():
        raise Refused("member_already", _("他已经是这支队伍的队员。"), status=409)
    if role == TeamMember.Role.LEADER and there.filter(role=role).exists():
        raise Refused("has_leader", _("这支队伍已有队长；先请原队长离队。"), status=409)
    row = TeamMember.objects.create(
        team=team, person=person, role=role, employment=employment, joined_at=clock.now()
    )
    told = MemberAdded(team_id=team.pk, member_id=row.pk, person_id=person.pk)
    emit(told, by=by, about=("team", str(team.pk)), body=team.name)
    return row


def _person(team: Team, name: str, number: str, *, agrees: bool) -> Person:
    """Whose number it is, else somebody new in the unit of the team."""
    known = Address.objects.filter(channel=CHANNEL, value=number).select_related("person").first()
    if known is not None and known.person.name != name:
        raise fault("phone", "phone_of_another", _("这个号码是系统里另一个人的。"))
    way = known or Address(
        person=Person.objects.create(name=name, unit=team.unit, sort_key=sort_key(name)),
        channel=CHANNEL,
        value=number,
        is_synthetic=settings.REALM != "live",
    )
    if agrees and way.consent_at is None:
        way.consent_at, way.consent_text = clock.now(), AGREED
    way.save()
    return way.person


@transaction.atomic(savepoint=False)
def remove_member(*, by: Actor, team_id: str | int, member_id: str | int) -> TeamMember:
    """Somebody leaves a team; he stays known. 409 when he has left already. 队员离开"""
    require(by, "force.change")
    team = held_team(by, team_id)
    row = team.members.filter(pk=key_of(member_id)).first()
    if row is None:
        raise not_found()
    if row.left_at is not None:
        raise Refused("left_already", _("他已经不在这支队伍。"), status=409)
    row.left_at = max(clock.now(), row.joined_at)
    row.save(update_fields=["left_at"])
    told = MemberRemoved(team_id=team.pk, member_id=row.pk, person_id=row.person_id)
    emit(told, by=by, about=("team", str(team.pk)), body=team.name)
    return row
