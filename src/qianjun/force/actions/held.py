"""The team or volunteer that a verb is about, locked. 锁定对象"""

from django.db.models import Q

from qianjun.force.models import Team, TeamMember, Volunteer
from qianjun.kernel.errors import FieldError, Refused
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor, key_of, not_found
from qianjun.org.queries import within

LEADING = Q(role__in=("leader", "deputy"), left_at__isnull=True)


def held_team(by: Actor, ident: str | int, *, version: int | None = None) -> Team:
    """In the actor's tree; 404 for any other, 409 with how it stands when it was changed."""
    rows = within(Team.objects.select_related("unit"), by.scope, "unit__path")
    row = rows.filter(pk=key_of(ident)).select_for_update(of=("self",), no_key=True).first()
    if row is None:
        raise not_found()
    if version is not None and row.version != version:
        current = {"id": str(row.pk), "version": row.version, "name": row.name}
        zh = _("别人刚改过这支队伍，请看现在的内容再决定。")
        raise Refused("stale", zh, status=409, extra={"current": current})
    return row


def led_team(by: Actor, ident: str | int) -> Team:
    """The same for whoever may say whether it can come: the desk, or those who lead it; 404."""
    if by.may("force.change"):
        return held_team(by, ident)
    leads = TeamMember.objects.filter(LEADING, team=key_of(ident), person=by.person)
    if by.person is None or not leads.exists():
        raise not_found()
    return Team.objects.select_for_update(no_key=True).get(pk=key_of(ident))


def held_volunteer(by: Actor, ident: str | int) -> Volunteer:
    """In the actor's tree; 404 for anybody else."""
    rows = within(Volunteer.objects.select_related("person"), by.scope, "person__unit__path")
    row = rows.filter(pk=key_of(ident)).select_for_update(of=("self",), no_key=True).first()
    if row is None:
        raise not_found()
    return row


def fault(field: str, code: str, zh: str) -> Refused:
    """A refusal of one field. 字段有误"""
    return Refused(code, zh, fields=(FieldError(field=field, code=code, zh=zh),))
