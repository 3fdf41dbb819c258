"""People, grants and what was changed about them, as far as the asker may see. 人员查询"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.db.models import Q, QuerySet
from django.utils.translation import get_language

from qianjun.journal.models import Entry
from qianjun.journal.queries import Line, lines_of
from qianjun.journal.search import matching
from qianjun.kernel import clock
from qianjun.org.actor import Actor, not_found, require
from qianjun.org.models import Address, Grant, Person, Unit
from qianjun.org.queries import names_of, sees, within
from qianjun.org.staff.rules import masked_value

ROWS_A_PAGE: Final = 50
LINES_SHOWN: Final = 20
UNITS_MOST: Final = 1_000
Q_MOST: Final = 60
# what is told about people, accounts and roles
CHANGES: Final = (
    *("org.account_reopened", "org.account_stopped", "org.administrator_enrolled"),
    *("org.administrator_invited", "org.password_link_made", "org.password_set"),
    *("org.person_added", "org.person_changed", "org.role_ended", "org.role_granted"),
    "org.second_factor_changed",
)


@dataclass(frozen=True, kw_only=True)
class Row:
    """One person in the list. 人员一行"""

    person: Person
    login: str
    stands: str
    roles: tuple[Grant, ...]


@dataclass(frozen=True, kw_only=True)
class People:
    """A page of the list. 人员一页"""

    rows: tuple[Row, ...]
    count: int
    page: int
    pages: int


@dataclass(frozen=True, kw_only=True)
class Way:
    """One address as it is shown: masked, with consent and whether it is tried first. 联系方式"""

    address: Address
    masked: str
    is_first: bool


@dataclass(frozen=True, kw_only=True)
class Change:
    """One line of what was changed, by whom. 变更"""

    line: Line
    who: str

    @property
    def said(self) -> str:
        """The line in the reader's language."""
        return self.line.text_en if get_language() == "en" else self.line.text_zh


def people_seen(by: Actor) -> QuerySet[Person]:
    """Everybody in the actor's tree of units. 可见人员"""
    require(by, "person.list")
    return within(Person.objects.select_related("unit", "user"), by.scope, "unit__path")


def person_seen(ident: int, *, seen_by: Actor) -> Person:
    """One of them; 404 for anybody else. 一个人"""
    if not seen_by.may("person.list"):
        raise not_found()
    found = people_seen(seen_by).filter(pk=ident).first()
    if found is None:
        raise not_found()
    return found


def people(*, seen_by: Actor, q: str = "", unit: str = "", page: int = 1) -> People:
    """By name, initials or account, and in the tree of a unit; a page of them. 人员"""
    rows = people_seen(seen_by)
    if words := q.strip()[:Q_MOST]:
        named = matching(rows, words).values("pk")
        rows = rows.filter(Q(pk__in=named) | Q(user__username__icontains=words))
    if unit:
        rows = rows.filter(_below(unit, seen_by))
    count = rows.count()
    pages = max(1, -(-count // ROWS_A_PAGE))
    page = min(max(1, page), pages)
    first = (page - 1) * ROWS_A_PAGE
    shown = list(rows.order_by("sort_key", "pk")[first : first + ROWS_A_PAGE])
    return People(rows=tuple(_rows(shown)), count=count, page=page, pages=pages)


def _below(code: str, by: Actor) -> Q:
    found = Unit.objects.filter(code=code).first()
    if found is None or not sees(by, found.path):
        return Q(pk__in=())
    return Q(unit__path=found.path) | Q(unit__path__startswith=f"{found.path}/")


def _rows(shown: list[Person]) -> Iterable[Row]:
    held = defaultdict[int, list[Grant]](list)
    for grant in in_force(Grant.objects.filter(person__in=shown)).order_by("pk"):
        held[grant.person_id].append(grant)
    for one in shown:
        login = one.user.get_username() if one.user else ""
        yield Row(person=one, login=login, stands=stands(one), roles=tuple(held[one.pk]))


def stands(person: Person) -> str:
    """How his account stands: none, waiting for a password, stopped or good. 账号状态"""
    user = person.user
    if user is None:
        return "none"
    if not user.is_active:
        return "stopped"
    return "good" if user.has_usable_password() else "waiting"


def in_force(grants: QuerySet[Grant]) -> QuerySet[Grant]:
    """Those that count today. 有效授权"""
    real = clock.real()
    ends = Q(until__isnull=True) | Q(until__gt=real)
    return grants.filter(ends, since__lte=real).select_related("unit")


def units_seen(by: Actor) -> list[tuple[Unit, str]]:
    """The units of the actor's tree from the root down, each with its indentation. 可见单位"""
    rows = list(within(Unit.objects.all(), by.scope, "path").order_by("path")[:UNITS_MOST])
    top = min((row.path.count("/") for row in rows), default=0)
    return [(row, "　" * (row.path.count("/") - top)) for row in rows]


def ways_of(person: Person) -> list[Way]:
    """His addresses in the order in which they are tried. 通讯录"""
    rows = list(Address.objects.filter(person=person).order_by("rank", "pk"))
    return [
        Way(address=row, masked=masked_value(row.channel, row.value), is_first=number == 0)
        for number, row in enumerate(rows)
    ]


def grants_seen(by: Actor) -> QuerySet[Grant]:
    """Every grant to people of the actor's tree. 可见授权"""
    require(by, "role.list")
    rows = Grant.objects.select_related("person__unit", "person__user", "unit")
    return within(rows, by.scope, "person__unit__path")


def grants(
    *, seen_by: Actor, ended: bool = False, role: str = "", before: int | None = None
) -> list[Grant]:
    """Grants in force, or those that have ended; the newest first, one page and one more. 授权"""
    rows = grants_seen(seen_by)
    rows = rows.filter(until__lte=clock.real()) if ended else in_force(rows)
    rows = rows.filter(role=role) if role else rows
    rows = rows if before is None else rows.filter(pk__lt=before)
    return list(rows.order_by("-pk")[: ROWS_A_PAGE + 1])


def changes(*, seen_by: Actor, before: int | None = None, most: int = ROWS_A_PAGE) -> list[Change]:
    """What was changed about people and roles of the actor's tree, the latest first. 变更记录"""
    require(seen_by, "role.list")
    rows = Entry.objects.filter(name__in=CHANGES)
    if seen_by.scope.kind != "all":
        his = within(Person.objects.all(), seen_by.scope, "unit__path")
        idents = [str(pk) for pk in his.values_list("pk", flat=True)]
        rows = rows.filter(about_kind="person", about_id__in=idents)
    rows = rows if before is None else rows.filter(pk__lt=before)
    return _changes(rows, most)


def changes_of(person: Person, *, seen_by: Actor) -> list[Change]:
    """The same about one person whom the asker sees. 某人的变更"""
    seen = person_seen(person.pk, seen_by=seen_by)
    rows = Entry.objects.filter(name__in=CHANGES, about_kind="person", about_id=str(seen.pk))
    return changes_in(rows)


def changes_in(rows: QuerySet[Entry]) -> list[Change]:
    """The last of these entries, each with who did it. 变更行"""
    return _changes(rows, LINES_SHOWN)


def _changes(rows: QuerySet[Entry], most: int) -> list[Change]:
    lines = lines_of(rows.select_related("seal", "body").order_by("-pk")[: most + 1])
    names = names_of((line.by_kind, line.by_id) for line in lines)
    return [Change(line=line, who=names[line.by_kind, line.by_id]) for line in lines]
