"""Hand-overs that wait and that were, as whoever signs sees them. 查交接班"""

from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Q, QuerySet

from qianjun.duty.handing.open import Section, open_now, snapshot_of
from qianjun.duty.models import WAITS, ShiftHandOver
from qianjun.duty.rules.handing import SIGNS_WITHIN, Change, changes
from qianjun.duty.rules.roster import FITS, POSTS
from qianjun.incident.models import Incident
from qianjun.incident.queries import incidents
from qianjun.journal.models import Entry
from qianjun.journal.queries import lines_of, with_rest
from qianjun.kernel import clock
from qianjun.kernel.text import mask_phones_in
from qianjun.org.actor import Actor, key_of, not_found, require
from qianjun.org.models import Holding, Person

PAST_MOST: Final = 30
Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A hand-over that waits for its second signature, and what has changed since. 待接班"""

    row: ShiftHandOver
    note: str
    changes: tuple[Change, ...]
    is_mine: bool
    may_sign: bool


@dataclass(frozen=True, kw_only=True)
class Handing:
    """The page of the hand-over. 交接班"""

    sections: tuple[Section, ...]
    posts: tuple[str, ...]
    absent: tuple[tuple[str, Person], ...]
    waiting: tuple[Waiting, ...]
    past: tuple[ShiftHandOver, ...]

    @property
    def count(self) -> int:
        """How many things are open."""
        return sum(len(one.matters) for one in self.sections)


def handing(*, seen_by: Actor) -> Handing:
    """What is open, who waits for whom, what was handed over lately. 交接班"""
    require(seen_by, "shift.hand_over")
    sections = open_now(seen_by=seen_by)
    now = snapshot_of(sections)
    rows = list(_whole(ShiftHandOver.objects.filter(WAITS)).order_by("pk"))
    notes = notes_of(rows)
    past = _whole(ShiftHandOver.objects.filter(signed_in_at__isnull=False))
    return Handing(
        sections=sections,
        posts=posts_of(seen_by),
        absent=absent_of(seen_by),
        waiting=tuple(
            Waiting(
                row=row,
                note=notes.get(row.pk, ""),
                changes=tuple(changes(row.snapshot, now)),
                is_mine=seen_by.person in (row.outgoing_id, row.signed_for_id),
                may_sign=may_take(row, by=seen_by),
            )
            for row in rows
        ),
        past=tuple(past.order_by("-signed_out_at", "-pk")[:PAST_MOST]),
    )


def _whole(rows: QuerySet[ShiftHandOver]) -> QuerySet[ShiftHandOver]:
    return rows.select_related("post", "outgoing", "incoming", "signed_for")


def posts_of(by: Actor) -> tuple[str, ...]:
    """The posts that he holds, or held until a moment ago, and has not signed away. 可交的岗位"""
    if by.person is None:
        return ()
    held = set(held_lately(by.person).values_list("post__code", flat=True))
    waits = ShiftHandOver.objects.filter(WAITS, outgoing=by.person)
    return tuple(
        one for one in POSTS if one in held - set(waits.values_list("post__code", flat=True))
    )


def absent_of(by: Actor) -> tuple[tuple[str, Person], ...]:
    """Whose post the shift leader may sign away when they are ill or gone, by post. 可代签的人"""
    if by.person is None or not by.may("shift.sign_for"):
        return ()
    rows = held_lately().filter(post__code__in=POSTS).exclude(person=by.person)
    waits = set(ShiftHandOver.objects.filter(WAITS).values_list("post_id", "outgoing_id"))
    found = {
        (one.post.code, one.person_id): one.person
        for one in rows.select_related("post", "person")
        if (one.post_id, one.person_id) not in waits
    }
    ordered = sorted(found.items(), key=lambda one: (list(POSTS).index(one[0][0]), one[0][1]))
    return tuple((post, person) for (post, _key), person in ordered)


def held_lately(person: int | None = None) -> QuerySet[Holding]:
    """What he holds now or held until lately, or everybody does. 现任与刚离任"""
    now = clock.now()
    still = Q(until__isnull=True) | Q(until__gt=now - SIGNS_WITHIN)
    found = Holding.objects.filter(still, since__lte=now).order_by("-since", "-pk")
    return found if person is None else found.filter(person=person)


def may_take(row: ShiftHandOver, *, by: Actor) -> bool:
    """Whether his is the second signature: another person, with a role that fits. 可接班"""
    fits = by.role in FITS.get(row.post.code, ())
    signed = (row.outgoing_id, row.signed_for_id)
    return by.person is not None and by.person not in signed and fits


def hand_over_seen(*, seen_by: Actor, hand_over_id: str | int) -> ShiftHandOver:
    """One hand-over; 404 for none. 一次交接班"""
    require(seen_by, "shift.hand_over")
    found = _whole(ShiftHandOver.objects.filter(pk=key_of(hand_over_id))).first()
    if found is None:
        raise not_found()
    return found


def notes_of(rows: list[ShiftHandOver]) -> dict[int, str]:
    """What the one who left has said, as it may be read now. 交班说明"""
    return _bodies({row.note_entry: row.pk for row in rows if row.note_entry is not None})


def reasons_of(rows: list[ShiftHandOver]) -> dict[int, str]:
    """Why somebody signed for him, as it may be read now. 代签理由"""
    return _bodies({row.why_entry: row.pk for row in rows if row.why_entry is not None})


def _bodies(entries: dict[int, int]) -> dict[int, str]:
    lines = lines_of(with_rest(Entry.objects.filter(pk__in=entries)))
    return {
        entries[int(one.id)]: one.text_zh if one.erased else mask_phones_in(one.body)
        for one in lines
    }


def titles_of(row: ShiftHandOver, *, seen_by: Actor) -> dict[str, str]:
    """What the incidents of a frozen sheet are called now, by their number. 事件标题"""
    keys = [
        key_of(one["key"].split(":")[1]) for one in sections_in(row.snapshot).get("incidents", [])
    ]
    seen = incidents(seen_by=seen_by).order_by().values("pk")
    told: Any = Incident.objects.filter(pk__in=keys).filter(pk__in=seen)
    return dict(told.values_list("number", "title"))


def sections_in(snapshot: Json | None) -> dict[str, list[Json]]:
    """The sections of a snapshot by their code."""
    found: dict[str, list[Json]] = (snapshot or {}).get("sections", {})
    return found


def hand_over_json(row: ShiftHandOver) -> Json:
    """A hand-over as programs read it. 交接班"""
    return {
        "id": str(row.pk),
        "post": row.post.code,
        "outgoing": {"id": row.outgoing_id, "name": row.outgoing.name},
        "incoming": {"id": row.incoming_id, "name": row.incoming.name} if row.incoming else None,
        "signed_for": (
            {"id": row.signed_for_id, "name": row.signed_for.name} if row.signed_for else None
        ),
        "signed_out_at": row.signed_out_at.isoformat(),
        "signed_in_at": row.signed_in_at.isoformat() if row.signed_in_at else None,
        "withdrawn_at": row.withdrawn_at.isoformat() if row.withdrawn_at else None,
        "digest": row.digest,
        "snapshot": row.snapshot,
        "taken": row.taken,
    }
