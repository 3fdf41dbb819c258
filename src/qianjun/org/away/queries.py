"""Who is away now, who is called instead, who comes after him. 查外出"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from qianjun.kernel import clock
from qianjun.org.actor import Actor, key_of, not_found, require
from qianjun.org.away import rules
from qianjun.org.models import Grant, Person, Post
from qianjun.org.rules import masked_name
from qianjun.org.telephone_models import Absence, PostDeputy

ROWS_MOST: Final = 200
LAST: Final = 50
PEOPLE_MOST: Final = 300
VOLUNTEER: Final = "volunteer"
SIGNING: Final = ("leader_in_charge", "bureau_leader")


@dataclass(frozen=True, kw_only=True)
class Answering:
    """Who is called, and in whose place when that is somebody else. 应叫的人"""

    person: Person
    instead_of: Person | None = None


def in_force(at: datetime | None = None) -> QuerySet[Absence]:
    """Everybody who is away at a moment, in domain time; now without one. 外出中"""
    moment = at or clock.now()
    return Absence.objects.filter(since__lte=moment, until__gt=moment)


def is_away(person: str) -> Exists:
    """Whether the person behind this column of the outer row is away now."""
    return Exists(in_force().filter(person=OuterRef(person)))


def stand_ins() -> dict[int, int | None]:
    """Of everybody who is away now, who stands in; one statement. 代班人"""
    rows = in_force().order_by("since", "pk").values_list("person", "stand_in")
    return {person: instead for person, instead in rows if person is not None}


def answering(people: Sequence[Person]) -> list[Answering]:
    """Who is called for these, each once; two statements at most. 改叫名单"""
    if not people:
        return []
    known = {one.pk: one for one in people}
    pairs = rules.called_for_all(list(known), away=stand_ins())
    missing = {called for called, _for in pairs} - set(known)
    if missing:
        rows = Person.objects.filter(pk__in=missing).select_related("unit")
        known |= {row.pk: row for row in rows}
    return [
        Answering(person=known[called], instead_of=known[whose] if called != whose else None)
        for called, whose in pairs
    ]


def deputies_of(post: str, *, after: Iterable[int]) -> list[int]:
    """Who is called for a post when these stay silent, one after the other. 岗位代理人"""
    listed = listed_deputies(post)
    if not listed:
        return []
    return list(rules.deputies_after(after, listed, away=stand_ins()))


def listed_deputies(post: str) -> list[int]:
    """Who stands on the list of a post, away or not, in its order. 代理人名单"""
    rows = PostDeputy.objects.filter(post__code=post).order_by("rank", "pk")
    return list(rows.values_list("person", flat=True))


# --- the list -----------------------------------------------------------------------------------


def absences(*, seen_by: Actor) -> list[Absence]:
    """Who is away or will be, the next to begin first. 外出与预报"""
    require(seen_by, "contact.read")
    rows = _within(seen_by).filter(until__gt=clock.now())
    return list(rows.order_by("since", "pk")[:ROWS_MOST])


def past_absences(*, seen_by: Actor) -> list[Absence]:
    """Who was away, the latest first. 以往外出"""
    require(seen_by, "contact.read")
    return list(_within(seen_by).filter(until__lte=clock.now()).order_by("-until", "-pk")[:LAST])


def absence_seen(absence: str | int, *, seen_by: Actor) -> Absence:
    """One of them; 404 for any other. 一次外出"""
    found = _within(seen_by).filter(pk=key_of(absence)).first()
    if found is None:
        raise not_found()
    return found


def _within(by: Actor) -> QuerySet[Absence]:
    rows = Absence.objects.select_related("person__unit", "stand_in")
    if by.scope.kind == "all":
        return rows
    path = by.scope.unit_path
    here = rows.filter(person__unit__path=path)
    return here | rows.filter(person__unit__path__startswith=f"{path}/")


def away_now(people: Iterable[int]) -> dict[int, Absence]:
    """Of these, who is away now; one statement. 谁外出"""
    rows = in_force().filter(person__in=set(people)).select_related("stand_in")
    return {row.person_id: row for row in rows}


def candidates(*, seen_by: Actor) -> list[Person]:
    """Who is reported away or stands in: people with an office or a role. 可选人员"""
    named = Q(offices__isnull=False) | Q(grants__isnull=False) & ~Q(grants__role=VOLUNTEER)
    rows = Person.objects.filter(named).select_related("unit")
    if seen_by.scope.kind != "all":
        path = seen_by.scope.unit_path
        rows = rows.filter(Q(unit__path=path) | Q(unit__path__startswith=f"{path}/"))
    return list(rows.order_by("sort_key", "pk").distinct()[:PEOPLE_MOST])


def signers(people: Iterable[int]) -> set[int]:
    """Which of these may sign and decide: a stand-in who may not is said to be so. 可签批的人"""
    real = clock.real()
    held = Grant.objects.filter(person__in=set(people), role__in=SIGNING, since__lte=real)
    ends = Q(until__isnull=True) | Q(until__gt=real)
    return set(held.filter(ends).values_list("person", flat=True))


def posts_with_deputies() -> list[tuple[Post, list[Person]]]:
    """Every post with who comes after it, in order. 岗位与代理人"""
    rows = PostDeputy.objects.select_related("person").order_by("rank", "pk")
    by_post: dict[int, list[Person]] = {}
    for row in rows:
        by_post.setdefault(row.post_id, []).append(row.person)
    return [(post, by_post.get(post.pk, [])) for post in Post.objects.order_by("pk")]


def absence_json(row: Absence) -> dict[str, Any]:
    """An absence as programs read it, names masked."""
    return {
        "id": str(row.pk),
        "person": str(row.person_id),
        "name_masked": masked_name(row.person.name),
        "since": row.since.isoformat(),
        "until": row.until.isoformat(),
        "where": row.where,
        "place": row.place or None,
        "stand_in": str(row.stand_in_id) if row.stand_in_id else None,
        "stand_in_masked": masked_name(row.stand_in.name) if row.stand_in else None,
    }
