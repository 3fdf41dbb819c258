"""Who is who, who is on duty now, what lies in a scope. 机构查询"""

from collections.abc import Iterable
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from qianjun.kernel import clock
from qianjun.kernel.once import each_asked_once
from qianjun.org.actor import Actor, Scope
from qianjun.org.away.queries import Answering, answering, is_away
from qianjun.org.models import Address, Holding, Link, Person, Token, Unit
from qianjun.org.rules import covers, masked_name

Named = tuple[str, str]
Row = TypeVar("Row", bound=Model)


def within(rows: QuerySet[Row], scope: Scope, field: str) -> QuerySet[Row]:
    """The rows whose unit path in ``field`` lies in the scope; nothing for one ``about``. 按范围"""
    if scope.kind == "all":
        return rows
    if scope.kind == "about":
        return rows.none()
    here, below = {field: scope.unit_path}, {f"{field}__startswith": f"{scope.unit_path}/"}
    return rows.filter(Q(**here) | Q(**below))


def sees(by: Actor, path: str) -> bool:
    """Whether a thing at this unit path lies in the actor's scope. 是否在范围内"""
    if by.scope.kind == "unit":
        return covers(by.scope.unit_path, path)
    return by.scope.kind == "all"


def said_within(rows: QuerySet[Row], scope: Scope) -> QuerySet[Row]:
    """The rows whose ``by_kind``, ``by_id`` is a person or a token of the scope. 按行为人范围"""
    if scope.kind == "all":
        return rows
    people = within(Person.objects.all(), scope, "unit__path").values_list("pk", flat=True)
    tokens = within(Token.objects.all(), scope, "unit__path").values_list("pk", flat=True)
    theirs = Q(by_kind="person", by_id__in=[str(pk) for pk in people])
    return rows.filter(theirs | Q(by_kind="token", by_id__in=[str(pk) for pk in tokens]))


def unit_by_code(code: str) -> Unit | None:
    """The unit with this code. 按代码查单位"""
    return Unit.objects.filter(code=code).first()


def holder_of(post_code: str) -> Person | None:
    """Who is on duty now; the one who came last when several hold the post. 现在谁在岗"""
    return next(iter(holders_of(post_code)), None)


def holders_of(post_code: str) -> list[Person]:
    """Everybody who answers for the post now, in domain time, the latest first. 在岗的人

    Whoever is away is replaced by his stand-in. One statement unless somebody is away.
    """
    return [one.person for one in answering_for(post_code)]


def answering_for(post_code: str) -> list[Answering]:
    """The same, saying who stands in for whom. 在岗与代班"""
    now = clock.now()
    held = Holding.objects.filter(post__code=post_code, since__lte=now)
    held = held.filter(Q(until__isnull=True) | Q(until__gt=now))
    seen = held.select_related("person__unit").annotate(away=is_away("person"))
    rows = list(seen.order_by("-since", "-pk"))
    people = [row.person for row in rows]
    if any(row.away for row in rows):
        return answering(people)
    return [Answering(person=one) for one in people]


def people_of_role(role: str) -> QuerySet[Person]:
    """Everybody who has the role today, by name. 某角色的人员"""
    real = clock.real()
    ends = Q(grants__until__isnull=True) | Q(grants__until__gt=real)
    held = Person.objects.filter(Q(grants__role=role, grants__since__lte=real) & ends)
    return held.select_related("unit").order_by("sort_key", "pk").distinct()


def on_post_or_role(code: str) -> list[Person]:
    """Who answers for the post now; nobody there: everybody of the role of that name. 在岗或同职"""
    return [one.person for one in answering_or_role(code)]


def answering_or_role(code: str) -> list[Answering]:
    """The same, saying who stands in for whom. 在岗或同职与代班"""
    return answering_for(code) or answering(list(people_of_role(code)))


def addresses_of(person: int, *, channel: str | None = None) -> QuerySet[Address]:
    """How to reach a person, the first to try first. 联系方式"""
    found = Address.objects.filter(person=person).order_by("rank", "pk")
    return found if channel is None else found.filter(channel=channel)


def name_of(kind: str, ident: str) -> str:
    """What a timeline calls this actor: people masked, programs by name. 显示名"""
    return names_of([(kind, ident)])[kind, ident]


def names_of(actors: Iterable[Named]) -> dict[Named, str]:
    """The same for many, with at most one statement per kind. 显示名（批量）"""
    wanted = set(actors)
    return {actor: _("系统") if actor[0] == "system" else _("未知") for actor in wanted} | {
        (kind, str(ident)): name
        for kind, names in _NAMES.items()
        for ident, name in names(_idents(wanted, kind=kind)).items()
    }


def _idents(actors: set[Named], *, kind: str) -> tuple[int, ...]:
    named = (ident for k, ident in actors if k == kind and ident.isascii() and ident.isdigit())
    return tuple(sorted(map(int, named)))


@each_asked_once
def _people(idents: tuple[int, ...]) -> dict[int, str]:
    rows: Any = Person.objects.filter(pk__in=idents).values_list("pk", "name")
    return {pk: masked_name(name) for pk, name in rows}


@each_asked_once
def _tokens(idents: tuple[int, ...]) -> dict[int, str]:
    return dict(Token.objects.filter(pk__in=idents).values_list("pk", "name"))


@each_asked_once
def _links(idents: tuple[int, ...]) -> dict[int, str]:
    rows: Any = Link.objects.filter(pk__in=idents).values_list("pk", "person__name")
    return {pk: masked_name(name) if name else _("链接来人") for pk, name in rows}


_NAMES = {"person": _people, "token": _tokens, "link": _links}
