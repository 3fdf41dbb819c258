"""The actor behind a log-in. 登录人员"""

from django.conf import settings
from django.db.models import FilteredRelation, Q

from qianjun.kernel import clock
from qianjun.org.actor import Actor, Scope
from qianjun.org.models import Person
from qianjun.org.roles import ROLES, permissions_of
from qianjun.org.tokens import scope_of

Granted = tuple[str, str]


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
    role, permissions, scope = judge([(row[3], row[4] or "") for row in rows if row[3]])
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


def judge(granted: list[Granted]) -> tuple[str, frozenset[str], Scope]:
    """Role, permissions and scope from roles over unit paths (empty path: the district).

    One role leads, the first of ROLES over the widest tree; another adds its permissions only
    where its own tree covers the leading one, so that nothing is allowed where it was not granted.
    """
    known = [(role, path) for role, path in granted if role in ROLES]
    if not known:
        return "", frozenset(), Scope()
    order = list(ROLES)
    role, path = min(known, key=lambda grant: (order.index(grant[0]), len(grant[1])))
    covering = (r for r, p in known if not p or path == p or path.startswith(f"{p}/"))
    return role, permissions_of(covering), scope_of(path)
