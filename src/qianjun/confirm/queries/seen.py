"""Which confirmations an actor may see, and of them whom. 可见叫应"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from qianjun.confirm import rules
from qianjun.confirm.models import WAITING, Confirmation, ConfirmPerson
from qianjun.org.actor import Actor, key_of, not_found, require
from qianjun.org.queries import said_within, sees, within

WAITING_MOST: Final = 50
KIND: Final = "confirmation"
About = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class Somebody:
    """One person of a confirmation as a screen shows him. 被叫人

    ``is_silent`` says that he was called and nobody has answered for his seat.
    """

    row: ConfirmPerson
    is_silent: bool

    @property
    def state(self) -> str:
        """answered, silent, opened, called, or spared when nobody had to call him."""
        if self.row.answered_at is not None:
            return "answered"
        if self.row.called_at is None:
            return "spared"
        if self.row.escalated_at is not None and self.is_silent:
            return "silent"
        return "opened" if self.row.opened_at is not None else "called"

    @property
    def state_zh(self) -> str:
        """The same as a catalogue word."""
        return rules.STANDS[self.state]

    @property
    def how_zh(self) -> str:
        """In which way he has answered, as a catalogue word."""
        return rules.HOW.get(self.row.answered_how, "")


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A confirmation with those of its people that the actor may see. 叫应一览"""

    row: Confirmation
    answered: int
    people: tuple[Somebody, ...]

    @property
    def state_zh(self) -> str:
        """How it stands, as a catalogue word."""
        return rules.STATES[self.row.state]

    @property
    def called(self) -> tuple[Somebody, ...]:
        """Who has been called until now."""
        return tuple(one for one in self.people if one.row.called_at is not None)

    @property
    def next(self) -> tuple[Somebody, ...]:
        """Who is called at the next step, when there is one."""
        return tuple(one for one in self.people if one.row.step == self.row.step + 1)

    @property
    def step(self) -> int:
        """Which step it has reached, the first being 1."""
        return self.row.step + 1

    @property
    def silent(self) -> tuple[Somebody, ...]:
        """Whose answer is missing."""
        return tuple(one for one in self.people if one.is_silent)


def confirmations_seen(by: Actor) -> QuerySet[Confirmation]:
    """Every confirmation the actor may read: part of the district, of its people or by them."""
    require(by, "confirm.read")
    rows = Confirmation.objects.all()
    if by.scope.kind == "all":
        return rows
    called = ConfirmPerson.objects.filter(confirmation=OuterRef("pk"))
    theirs = within(called, by.scope, "person__unit__path")
    his = said_within(Confirmation.objects.all(), by.scope).order_by().values("pk")
    return rows.filter(Exists(theirs) | Q(pk__in=his)) if by.scope.kind == "unit" else rows.none()


def confirmation_seen(*, seen_by: Actor, confirmation_id: str | int) -> Confirmation:
    """The confirmation with this id; 404 when there is none, or none that he may know of."""
    if not seen_by.may("confirm.read"):
        raise not_found()
    found = confirmations_seen(seen_by).filter(pk=key_of(confirmation_id)).first()
    if found is None:
        raise not_found()
    return found


def people_seen(by: Actor) -> QuerySet[ConfirmPerson]:
    """The people of confirmations that he may see: those of his tree. 可见被叫人"""
    rows = ConfirmPerson.objects.select_related("person", "in_place_of")
    return within(rows, by.scope, "person__unit__path").order_by("step", "pk")


def called_of(people: Iterable[ConfirmPerson]) -> list[rules.Called]:
    """The rows as the rules want them."""
    return [
        rules.Called(
            person=one.person_id,
            step=one.step,
            in_place_of=one.in_place_of_id,
            called=one.called_at is not None,
            answered=one.answered_at is not None,
        )
        for one in people
    ]


def confirmations_waiting(*, seen_by: Actor, limit: int = WAITING_MOST) -> list[Seen]:
    """What is called out and not answered: somebody must go there; the oldest first. 待派人"""
    rows = confirmations_seen(seen_by).filter(WAITING).order_by("exhausted_at", "pk")
    return _whole(rows[:limit], seen_by=seen_by)


def confirmations_of(*, seen_by: Actor, about: tuple[str, str]) -> list[Seen]:
    """Everything that was called about this, the newest first. 有关叫应"""
    return confirmations_about(seen_by=seen_by, abouts=[about])[about][:WAITING_MOST]


def confirmations_about(*, seen_by: Actor, abouts: Iterable[About]) -> dict[About, list[Seen]]:
    """Everything that was called about each of these, the newest first; 3 statements. 各项叫应"""
    found: dict[About, list[Seen]] = {about: [] for about in abouts}
    if not found or not seen_by.may("confirm.read"):
        return found
    named = Q()
    for kind in sorted({kind for kind, _ident in found}):
        named |= Q(about_kind=kind, about_id__in=[ident for one, ident in found if one == kind])
    rows = confirmations_seen(seen_by).filter(named).order_by("-pk")
    for one in _whole(rows, seen_by=seen_by):
        found[one.row.about_kind, one.row.about_id].append(one)
    return found


def called_about(about: tuple[str, str]) -> list[int]:
    """Who has been called about this and has not answered, the first first. 已叫未答"""
    silent = ConfirmPerson.objects.filter(called_at__isnull=False, answered_at__isnull=True)
    rows = silent.filter(confirmation__about_kind=about[0], confirmation__about_id=about[1])
    return list(rows.order_by("step", "pk").values_list("person_id", flat=True))


def _whole(rows: QuerySet[Confirmation], *, seen_by: Actor) -> list[Seen]:
    everybody = ConfirmPerson.objects.select_related("person__unit", "in_place_of")
    with_people = rows.prefetch_related(Prefetch("people", everybody.order_by("step", "pk")))
    return [seen_of(row, row.people.all(), seen_by=seen_by) for row in with_people]


def seen_of(row: Confirmation, people: Iterable[ConfirmPerson], *, seen_by: Actor) -> Seen:
    """The confirmation as he sees it, of all its people. 所见"""
    everybody = list(people)
    called = called_of(everybody)
    silent = set(rules.silent(called))
    mine = (one for one in everybody if _in_scope(seen_by, one))
    return Seen(
        row=row,
        answered=len(rules.answered_seats(called)),
        people=tuple(Somebody(row=one, is_silent=one.person_id in silent) for one in mine),
    )


def _in_scope(by: Actor, one: ConfirmPerson) -> bool:
    return sees(by, one.person.unit.path)


def called_by_link(*, seen_by: Actor) -> tuple[Confirmation, ConfirmPerson]:
    """The confirmation behind a link, and its bearer in it; 404 for any other link. 链接所指"""
    kind, ident = seen_by.scope.about
    if seen_by.kind != "link" or kind != KIND:
        raise not_found()
    people = ConfirmPerson.objects.select_related("confirmation", "person")
    one = people.filter(confirmation=key_of(ident), person=seen_by.person).first()
    if one is None:
        raise not_found()
    return one.confirmation, one
