"""The actor behind a log-in. 登录人员"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import User
from django.db.models import F, FilteredRelation, Q

from qianjun.kernel import clock
from qianjun.org.actor import Actor
from qianjun.org.models import Person
from qianjun.org.rules import acts_as

_SAYS: Final = ("pk", "name", "unit_id", "in_force__role", "in_force__unit__path")
Acting = tuple[int, str, int, str | None, str | None]


class Accounts(ModelBackend):
    """Log-in by name and password; a session brings the account and who acts with it at once.

    The account has ``acting`` for ``actor_behind``, and the name of his unit as ``unit_name``.
    """

    def get_user(self, user_id: int) -> User | None:
        """The account of a session that may still be used, in one statement. 登录账号"""
        says = {f"acting_{n}": F(_of_person(name)) for n, name in enumerate(_SAYS)}
        rows: list[Any] = list(
            User.objects.filter(pk=user_id)
            .annotate(in_force=_in_force("person__"))
            .annotate(unit_name=F("person__unit__name"), **says)
        )
        if not rows or not self.user_can_authenticate(rows[0]):
            return None
        user: User = rows[0]
        acting = [tuple(getattr(row, name) for name in says) for row in rows]
        vars(user)["acting"] = [one for one in acting if one[0] is not None]
        return user


def _of_person(name: str) -> str:
    return name if name.startswith("in_force") else f"person__{name}"


def actor_behind(user: Any) -> Actor:  # noqa: ANN401  # an account, with what its session brought
    """Who acts with this account; asks nothing when the session has brought it. 行为人"""
    acting: list[Acting] | None = getattr(user, "acting", None)
    return actor_for_user(user.pk) if acting is None else _actor(user.pk, acting)


def actor_for_user(user_id: int) -> Actor:
    """Who acts under this account, in one statement; without a person he may nothing. 行为人"""
    rows: Any = (
        Person.objects.filter(user=user_id).annotate(in_force=_in_force()).values_list(*_SAYS)
    )
    return _actor(user_id, rows)


def actor_for_person(person: int, *, via: str) -> Actor:
    """Who a person is who has proved himself without a log-in; his account must be in use. 本人"""
    in_use = Q(user__isnull=True) | Q(user__is_active=True)
    rows: Any = (
        Person.objects.filter(in_use, pk=person).annotate(in_force=_in_force()).values_list(*_SAYS)
    )
    return replace(_actor(0, rows), via=via)


def _actor(user_id: int, acting: Iterable[Acting]) -> Actor:
    rows = list(acting)
    if not rows:
        return Actor(kind="person", ident=f"user-{user_id}", via="session", realm=settings.REALM)
    person, name, unit = rows[0][:3]
    role, permissions, scope = acts_as([(row[3], row[4] or "") for row in rows if row[3]])
    return Actor(
        kind="person",
        ident=str(person),
        role=role,
        name=name,
        person=person,
        unit=unit,
        permissions=permissions,
        scope=scope,
        via="session",
        realm=settings.REALM,
    )


def _in_force(before: str = "") -> FilteredRelation:
    real, grants = clock.real(), f"{before}grants"
    ends = Q(**{f"{grants}__until__isnull": True}) | Q(**{f"{grants}__until__gt": real})
    return FilteredRelation(grants, condition=Q(**{f"{grants}__since__lte": real}) & ends)
