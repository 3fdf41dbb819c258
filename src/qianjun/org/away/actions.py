"""Say that somebody will be away, that he is back; set who comes after a post. 外出动作"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from qianjun.journal.bus import emit
from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.kernel.fields import refused_field, words
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor, not_found, require
from qianjun.org.away.queries import Answering, absence_seen
from qianjun.org.events import AbsenceEnded, AbsenceReported, PostDeputiesSet, StandInCalled
from qianjun.org.models import Person, Post
from qianjun.org.queries import sees
from qianjun.org.rules import masked_name
from qianjun.org.telephone_models import Absence, PostDeputy

LONGEST: Final = timedelta(days=180)
PLACE_MOST: Final = 60
DEPUTIES_MOST: Final = 5
A_MOMENT: Final = timedelta(seconds=1)


@transaction.atomic(savepoint=False)
def report_absence(
    *,
    by: Actor,
    person: int,
    since: datetime,
    until: datetime,
    where: str,
    place: str = "",
    stand_in: int | None = None,
) -> Absence:
    """Somebody is away from–until; calls of him go to the stand-in for that time. 外出报备

    409 ``away_already`` when he is away for a part of that time: end that one first.
    """
    require(by, "absence.report")
    who = _somebody(by, "person", person)
    instead = _somebody(by, "stand_in", stand_in) if stand_in is not None else None
    if instead == who:
        raise refused_field("stand_in", "same_person", _("代班人须是另一个人。"))
    _check_time(since, until)
    if where not in Absence.Where.values:
        raise refused_field("where", "unknown_where", _("请选去向：区内、市内区外、市外。"))
    said = words("place", place, most=PLACE_MOST, least=0)
    Person.objects.select_for_update(of=("self",), no_key=True).get(pk=who.pk)
    if Absence.objects.filter(person=who, since__lt=until, until__gt=since).exists():
        zh = _("这段时间他已经报备外出；请先结束那一条。")
        raise Refused("away_already", zh, status=409)
    row = Absence.objects.create(
        person=who,
        stand_in=instead,
        **{"since": since, "until": until, "where": where, "place": said},
        **{"reported_at": clock.now(), "by_kind": by.kind, "by_id": by.ident},
    )
    _tell_of(by, row)
    return row


def _tell_of(by: Actor, row: Absence) -> None:
    event = AbsenceReported(
        absence_id=row.pk,
        person_id=row.person_id,
        stand_in_id=row.stand_in_id,
        since=row.since,
        until=row.until,
        where=row.where,
    )
    instead = masked_name(row.stand_in.name) if row.stand_in else "–"
    body = f"{masked_name(row.person.name)} → {instead}"
    emit(event, by=by, about=("person", str(row.person_id)), body=body)


def _check_time(since: datetime, until: datetime) -> None:
    if until <= since or until <= clock.now():
        raise refused_field("until", "bad_order", _("返回时间要晚于外出时间，也要晚于现在。"))
    if until - since > LONGEST:
        raise refused_field("until", "too_long", _("一次最多报 180 天。"))


@transaction.atomic(savepoint=False)
def end_absence(*, by: Actor, absence: str | int) -> Absence:
    """He is back, or does not go: from now on he is called himself; once. 已返回"""
    require(by, "absence.report")
    key = absence_seen(absence, seen_by=by).pk
    row = Absence.objects.select_for_update(of=("self",)).select_related("person").get(pk=key)
    now = clock.now()
    if row.until <= now:
        return row
    row.until = now
    if row.since >= now:  # one that has not begun is over before it begins
        row.since = now - A_MOMENT
    row.save(update_fields=["since", "until"])
    event = AbsenceEnded(absence_id=row.pk, person_id=row.person_id)
    emit(event, by=by, about=("person", str(row.person_id)), body=masked_name(row.person.name))
    return row


@transaction.atomic(savepoint=False)
def set_post_deputies(*, by: Actor, post: str, people: Iterable[int]) -> list[int]:
    """Who is called, one after the other, when whoever holds the post stays silent. 设岗位代理人"""
    require(by, "absence.report")
    place = Post.objects.select_for_update().filter(code=post).first()
    if place is None:
        raise not_found()
    wanted = list(dict.fromkeys(people))
    if len(wanted) > DEPUTIES_MOST:
        raise refused_field("people", "too_many", _("最多 5 位代理人。"))
    named = [_somebody(by, "people", one) for one in wanted]
    rows = PostDeputy.objects.filter(post=place).order_by("rank", "pk")
    if list(rows.values_list("person", flat=True)) == wanted:
        return wanted
    rows.delete()
    PostDeputy.objects.bulk_create(
        PostDeputy(post=place, person=one, rank=rank) for rank, one in enumerate(named)
    )
    event = PostDeputiesSet(post_id=place.pk, people=tuple(wanted))
    body = f"{place.name}：{'、'.join(masked_name(one.name) for one in named) or '–'}"
    emit(event, by=by, about=("post", place.code), body=body)
    return wanted


def tell_stand_ins(
    called: Iterable[Answering], *, by: Actor, incident: int | None = None
) -> list[int]:
    """Whom to call, and a line of the journal for each who is called for another. 记改叫"""
    people = []
    for one in called:
        people.append(one.person.pk)
        if one.instead_of is None:
            continue
        event = StandInCalled(person_id=one.instead_of.pk, stand_in_id=one.person.pk)
        body = f"{masked_name(one.instead_of.name)} → {masked_name(one.person.name)}"
        emit(event, by=by, incident=incident, about=("person", str(one.instead_of.pk)), body=body)
    return people


def _somebody(by: Actor, field: str, ident: int) -> Person:
    found = Person.objects.select_related("unit").filter(pk=ident).first()
    if found is None or not sees(by, found.unit.path):
        raise refused_field(field, "unknown_person", _("请选您管辖范围内的人员。"))
    return found
