"""The actor behind a log-in. 登录人员"""

from django.conf import settings
from django.db.models import FilteredRelation, Q

from qianjun.kernel import clock
from qianjun.org.actor import Actor
from qianjun.org.models import Person
from qianjun.org.rules import acts_as


def actor_for_user(user_id: int) -> Actor:
    """Who acts under this account, in one statement; without a person he may nothing. 行为人"""
    rows = list(
        Person.objects.filter(user=user_id)
        .annotate(in_force=FilteredRelation("grants", condition=_in_force()))
        .values_list("pk", "name", "unit_id", "in_force__role", "in_force__unit__path")
    )
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


def _in_force() -> Q:
    real = clock.real()
    ends = Q(grants__until__isnull=True) | Q(grants__until__gt=real)
    return Q(grants__since__lte=real) & ends
