"""Change what stands about a team. 修改队伍"""

from collections.abc import Collection
from datetime import date

from django.db import transaction

from qianjun.force.actions.held import fault, held_team
from qianjun.force.actions.phones import phone_said
from qianjun.force.events import TeamChanged
from qianjun.force.models import CoveredCommunity, Team
from qianjun.force.queries.communities import names_of_communities
from qianjun.force.rules.moving import may_move
from qianjun.force.skills import by_code, mask_of
from qianjun.journal.bus import emit
from qianjun.kernel.text import clean, sort_key
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor, require

NAME_MOST = 80
PEOPLE_MOST = 100_000
WRITTEN = (
    *("name", "way", "full_time", "part_time", "duty_phone", "insured_until", "skills"),
    *("sort_key", "search", "version"),
)


@transaction.atomic(savepoint=False)
def edit_team(
    *,
    by: Actor,
    team_id: str | int,
    version: int,
    name: str,
    way: str,
    full_time: int,
    part_time: int,
    duty_phone: str | None,
    insured_until: date | None,
    skills: Collection[str],
    communities: Collection[str],
) -> Team:
    """Everything that the form of a team shows, at once; kind and unit stay. 修改队伍

    None leaves the duty telephone, which the form does not show in full, as it is.

    409 ``stale`` when somebody was faster, 409 ``name_taken`` for the name of another team.
    """
    require(by, "force.change")
    called = _name(name)
    _check(skills, communities, (full_time, part_time))
    team = held_team(by, team_id, version=version)
    _check_team(team, way=way, called=called)
    team.name, team.sort_key, team.way = called, sort_key(called), way
    team.full_time, team.part_time = full_time, part_time
    team.insured_until = insured_until
    if duty_phone is not None:
        team.duty_phone = phone_said(duty_phone, field="duty_phone", mobile=False)
    team.skills = mask_of(skills)
    team.version += 1
    team.save(update_fields=WRITTEN)
    _cover(team, communities)
    told = TeamChanged(team_id=team.pk, number=team.version)
    emit(told, by=by, about=("team", str(team.pk)), body=team.name)
    return team


def _name(text: str) -> str:
    name = " ".join(clean(text).text.split())
    if not 0 < len(name) <= NAME_MOST:
        raise fault("name", "bad_name", _("请填写队伍名称（80 字以内）。"))
    return name


def _check(skills: Collection[str], communities: Collection[str], people: tuple[int, int]) -> None:
    if set(skills) - set(by_code()):
        raise fault("skills", "unknown_skill", _("没有这项技能。"))
    if set(communities) - set(names_of_communities()):
        raise fault("communities", "unknown_community", _("没有这个社区。"))
    if not all(0 <= count <= PEOPLE_MOST for count in people):
        raise fault("full_time", "bad_headcount", _("人数须在 0 到 100000 之间。"))


def _check_team(team: Team, *, way: str, called: str) -> None:
    if not may_move(team.kind, way):
        zh = _("这类队伍不能用这种方式调动：企业、消防、民兵用请求，社会力量用邀请。")
        raise fault("way", "way_not_allowed", zh)
    if Team.objects.filter(name=called).exclude(pk=team.pk).exists():
        raise fault("name", "name_taken", _("已有同名的队伍，请换一个名称。"))


def _cover(team: Team, communities: Collection[str]) -> None:
    team.covered.exclude(code__in=communities).delete()
    CoveredCommunity.objects.bulk_create(
        [CoveredCommunity(team=team, code=code) for code in sorted(set(communities))],
        ignore_conflicts=True,
    )
