"""How many volunteers there are, where, of which source, and how many may be called. 志愿者查询

Reasons are computed by PostgreSQL in the order of the rule; a test holds both to the same answer.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext

from qianjun.force import skills
from qianjun.force.models import Volunteer
from qianjun.force.queries.communities import names_of_communities
from qianjun.force.queries.limits import limits
from qianjun.force.rules.calling import REASONS, Standing, consented, excluded
from qianjun.journal.search import matching
from qianjun.kernel import clock
from qianjun.kernel.text import masked_phone
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor, key_of, not_found, require
from qianjun.org.models import Person
from qianjun.org.queries import within
from qianjun.org.rules import masked_name

SHOWN: Final = 50
SOURCES: Final[dict[str, str]] = {
    "own_sign_up": _("本单位报名"),
    "organisation": _("组织代联系"),
    "list_from_above": _("上级名单"),
}
_HOLDS: Final = {
    "no_consent": """v.consent_at IS NULL OR v.expires_at <= %(at)s::timestamptz OR NOT EXISTS (
      SELECT 1 FROM org_address a WHERE a.person_id = v.person_id AND a.consent_at IS NOT NULL)""",
    "minor": "v.adult_from IS NULL OR v.adult_from > %(day)s::date",
    "uninsured": "v.insured_until IS NULL OR v.insured_until < %(day)s::date",
    "paused": "v.paused_until > %(at)s::timestamptz",
    "busy": "v.busy_until > %(at)s::timestamptz",
    "hours": "v.counted_year = %(year)s::int AND v.minutes_this_year >= %(minutes)s::int",
    "capped": "v.counted_year = %(year)s::int AND v.calls_this_year >= %(calls)s::int",
}
_REASON: Final = " ".join(f"WHEN {_HOLDS[name]} THEN '{name}'" for name in REASONS)
_COUNTED: Final = """
WITH who AS MATERIALIZED (
  SELECT v.community, v.source, v.skills, v.consent_at IS NOT NULL AS consent,
    CASE {reason} ELSE '' END AS reason
  FROM force_volunteer v {scope}
)
SELECT 'reason', reason, count(*), 0 FROM who GROUP BY reason
UNION ALL SELECT 'community', community, count(*), count(*) FILTER (WHERE reason = '')
  FROM who GROUP BY community
UNION ALL SELECT 'source', source, count(*), count(*) FILTER (WHERE reason = '')
  FROM who GROUP BY source
UNION ALL SELECT 'consent', consent::text, count(*), count(*) FILTER (WHERE reason = '')
  FROM who GROUP BY consent
UNION ALL SELECT 'skill', code, count(*), count(*) FILTER (WHERE reason = '')
  FROM who JOIN unnest(%(codes)s::text[], %(masks)s::bigint[]) AS s(code, mask)
    ON who.skills & s.mask <> 0 GROUP BY code
"""
_OF_TREE: Final = """JOIN org_person p ON p.id = v.person_id JOIN org_unit u ON u.id = p.unit_id
    AND (u.path = %(tree)s::text OR starts_with(u.path, %(below)s::text))"""


@dataclass(frozen=True, kw_only=True)
class Count:
    """How many there are of something, and how many of them may be called. 计数"""

    code: str
    title: str
    count: int
    callable: int


@dataclass(frozen=True, kw_only=True)
class Summary:
    """Volunteers in numbers; each is in one community, of one source, under one reason. 汇总"""

    count: int
    callable: int
    consented: int
    excluded: dict[str, int]
    by_community: tuple[Count, ...]
    by_skill: tuple[Count, ...]
    by_source: tuple[Count, ...]

    @property
    def left_out(self) -> list[tuple[str, int]]:
        """The reasons in words, those that keep somebody back."""
        return [(gettext(REASONS[name]), n) for name, n in self.excluded.items() if n]


def summary(*, seen_by: Actor, at: datetime | None = None) -> Summary:
    """All counts in one statement. 志愿者汇总"""
    require(seen_by, "force.read")
    found = _counted(seen_by, at or clock.now())
    reasons = {code: count for code, count, _callable in found.get("reason", [])}
    total = sum(reasons.values())
    agreed = {code: count for code, count, _callable in found.get("consent", [])}
    called = names_of_communities() | {"": gettext("社区不明")}
    words = {one.code: one.title for one in skills.skills()}
    sources = {code: gettext(word) for code, word in SOURCES.items()}
    return Summary(
        count=total,
        callable=reasons.get("", 0),
        consented=agreed.get("true", 0),
        excluded={name: reasons.get(name, 0) for name in REASONS},
        by_community=_titled(found.get("community", []), called),
        by_skill=_titled(found.get("skill", []), words),
        by_source=_titled(found.get("source", []), sources),
    )


Told = list[tuple[str, int, int]]


def _counted(by: Actor, at: datetime) -> dict[str, Told]:
    local, most = clock.in_beijing(at), limits()
    bound: dict[str, Any] = {"at": at, "day": local.date(), "year": local.year}
    bound |= {"minutes": most.hours_a_year * 60, "calls": most.calls_a_year}
    bound |= {"codes": [one.code for one in skills.skills()]}
    bound |= {"masks": [one.mask for one in skills.skills()]}
    scope = ""
    if by.scope.kind == "unit":
        scope, path = _OF_TREE, by.scope.unit_path
        bound |= {"tree": path, "below": f"{path}/"}
    elif by.scope.kind != "all":
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED.format(reason=_REASON, scope=scope), bound)
        found: dict[str, Told] = {}
        for of, code, count, callable_ in cursor.fetchall():
            found.setdefault(of, []).append((code, count, callable_))
    return found


def _titled(told: Told, words: dict[str, str]) -> tuple[Count, ...]:
    """In the order of the words; what no word knows comes last."""
    order = {code: n for n, code in enumerate(words)}
    ordered = sorted(told, key=lambda one: (order.get(one[0], len(order)), one[0]))
    return tuple(
        Count(code=code, title=words.get(code, code), count=count, callable=callable_)
        for code, count, callable_ in ordered
    )


def summary_json(found: Summary) -> dict[str, Any]:
    """The same for programs. 汇总"""

    def listed(rows: tuple[Count, ...]) -> list[dict[str, Any]]:
        return [{"code": one.code, "count": one.count, "callable": one.callable} for one in rows]

    return {
        "count": found.count,
        "callable": found.callable,
        "consented": found.consented,
        "excluded": found.excluded,
        "communities": listed(found.by_community),
        "skills": listed(found.by_skill),
        "sources": listed(found.by_source),
    }


# --- single ones ----------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A volunteer in a list: his name masked, and why he is not called. 志愿者一行"""

    row: Volunteer
    name: str
    phone: str  # masked
    community: str
    source: str
    skills: list[skills.Skill]
    reason: str  # of REASONS, empty when he may be called
    paused: bool

    @property
    def why(self) -> str:
        """The reason in words."""
        return gettext(REASONS[self.reason]) if self.reason else ""


def volunteers_seen(by: Actor) -> QuerySet[Volunteer]:
    """Everybody in the actor's tree of units. 可见志愿者"""
    require(by, "force.read")
    rows = Volunteer.objects.select_related("person__unit")
    return within(rows, by.scope, "person__unit__path")


def volunteer_seen(ident: str | int, *, seen_by: Actor) -> Volunteer:
    """One of them; 404 for anybody else. 一名志愿者"""
    found = volunteers_seen(seen_by).filter(pk=key_of(ident)).first()
    if found is None:
        raise not_found()
    return found


def volunteers_named(q: str, *, seen_by: Actor) -> list[Shown]:
    """The first by name or initials; nobody when nothing is asked. 按名找志愿者"""
    rows = volunteers_seen(seen_by)
    if not q.strip():
        return []
    named = matching(Person.objects.all(), q).values("pk")
    chosen = rows.filter(person__in=named).order_by("person__sort_key", "pk")
    called = names_of_communities()
    found = list(chosen.prefetch_related("person__addresses")[:SHOWN])
    return [shown(one, called=called) for one in found]


def shown(one: Volunteer, *, called: dict[str, str] | None = None) -> Shown:
    """As he stands now. 志愿者现况"""
    known = names_of_communities() if called is None else called
    now = clock.now()
    return Shown(
        row=one,
        name=masked_name(one.person.name),
        phone=_phone(one),
        community=known.get(one.community, ""),
        source=gettext(SOURCES[one.source]),
        skills=skills.held_in(one.skills),
        reason=excluded(standing(one, at=now), limits()) or "",
        paused=one.paused_until is not None and one.paused_until > now,
    )


def _phone(one: Volunteer) -> str:
    """The number that is tried first, masked; so that two of one name are told apart."""
    ways = sorted(one.person.addresses.all(), key=lambda way: (way.rank, way.pk))
    return next((masked_phone(way.value) for way in ways if way.channel == "sms"), "")


def standing(one: Volunteer, *, at: datetime) -> Standing:
    """What decides about him at an instant. 召集条件"""
    local = clock.in_beijing(at)
    day, this_year = local.date(), one.counted_year == local.year
    reachable = any(way.consent_at is not None for way in one.person.addresses.all())
    agreed = consented(consent_at=one.consent_at, expires_at=one.expires_at, at=at)
    return Standing(
        consented=reachable and agreed,
        adult=one.adult_from is not None and one.adult_from <= day,
        insured=one.insured_until is not None and one.insured_until >= day,
        paused=one.paused_until is not None and one.paused_until > at,
        busy=one.busy_until is not None and one.busy_until > at,
        minutes_this_year=one.minutes_this_year if this_year else 0,
        calls_this_year=one.calls_this_year if this_year else 0,
    )


def volunteer_json(found: Shown) -> dict[str, Any]:
    """For programs: the name masked, no position. 志愿者"""
    one = found.row
    return {
        "id": str(one.pk),
        "name_masked": found.name,
        "community": one.community or None,
        "source": one.source,
        "skills": [held.code for held in found.skills],
        "excluded": found.reason or None,
        "paused_until": one.paused_until.isoformat() if one.paused_until else None,
        "version": one.version,
    }
