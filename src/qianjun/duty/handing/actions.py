"""Two sign, each for himself; with the second signature the post changes hands. 交接班"""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q

from qianjun.duty.events import (
    HandOverSigned,
    HandOverSignedFor,
    HandOverTaken,
    HandOverWithdrawn,
)
from qianjun.duty.handing.open import open_now, snapshot_of
from qianjun.duty.handing.queries import hand_over_seen, held_lately, may_take, sections_in
from qianjun.duty.models import STANDS, WAITS, Shift, ShiftHandOver
from qianjun.duty.rules.handing import NOTE_MOST, SIGNS_WITHIN, WHY_MOST, digest_of
from qianjun.duty.rules.roster import POSTS
from qianjun.journal.bus import emit
from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.kernel.fields import refused_field, words
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor, key_of, not_found, require
from qianjun.org.models import Holding, Person, Post
from qianjun.org.posting import end_holding, held_post, move_holding, place_on_post

PERSON_ONLY = _("签字要本人登录，接口令牌不能代签。")


@transaction.atomic(savepoint=False)
def sign_out(*, by: Actor, post: str, note: str = "") -> ShiftHandOver:
    """Whoever has the post signs what is open, and what he has to say about it. 交班签字

    The post is still his until the next one signs. 409 ``needs_person``, ``not_on_post``,
    ``already_signed``.
    """
    require(by, "shift.hand_over")
    if post not in POSTS:
        raise refused_field("post", "unknown_value", _("没有这个岗位。"))
    said = words("note", note, most=NOTE_MOST, least=0)
    if by.person is None:
        raise Refused("needs_person", PERSON_ONLY, status=409)
    place = held_post(post)
    if not held_lately(by.person).filter(post=place).exists():
        raise Refused("not_on_post", _("您现在不在这个岗位上，没有可交的班。"), status=409)
    if ShiftHandOver.objects.filter(WAITS, post=place, outgoing=by.person).exists():
        raise Refused("already_signed", _("您已经交班签字，等接班人签字。"), status=409)
    return _signed(place, by.person, by=by, note=said)


@transaction.atomic(savepoint=False)
def sign_out_for(
    *, by: Actor, post: str, outgoing: str | int, why: str, note: str = ""
) -> ShiftHandOver:
    """The shift leader signs for one who cannot, and says why; nothing else changes. 代为交班

    The second signature is then a third person's. 409 ``needs_person``, ``sign_yourself``,
    ``not_on_post``, ``already_signed``.
    """
    require(by, "shift.sign_for")
    if post not in POSTS:
        raise refused_field("post", "unknown_value", _("没有这个岗位。"))
    said = words("why", why, most=WHY_MOST)
    told = words("note", note, most=NOTE_MOST, least=0)
    if by.person is None:
        raise Refused("needs_person", PERSON_ONLY, status=409)
    person = key_of(outgoing)
    if person == by.person:
        raise Refused("sign_yourself", _("您自己的班请自己签字交班，不用代签。"), status=409)
    place = held_post(post)
    if not held_lately(person).filter(post=place).exists():
        raise Refused("not_on_post", _("他现在不在这个岗位上，没有可交的班。"), status=409)
    if ShiftHandOver.objects.filter(WAITS, post=place, outgoing=person).exists():
        raise Refused("already_signed", _("他的班已经交班签字，等接班人签字。"), status=409)
    row = _signed(place, person, by=by, note=told)
    event = HandOverSignedFor(hand_over_id=row.pk, post=post, outgoing=person)
    row.signed_for = Person.objects.get(pk=by.person)
    row.why_entry = emit(event, by=by, about=_about(row), body=said)
    row.save(update_fields=["signed_for", "why_entry"])
    return row


def _signed(place: Post, person: int, *, by: Actor, note: str) -> ShiftHandOver:
    """The row of a first signature, with what is open as whoever signs sees it."""
    snapshot = snapshot_of(open_now(seen_by=by))
    row = ShiftHandOver.objects.create(
        post=place,
        outgoing=Person.objects.get(pk=person),
        snapshot=snapshot,
        digest=digest_of(post=place.code, outgoing=person, snapshot=snapshot),
        signed_out_at=clock.now(),
    )
    row.note_entry = _tell(HandOverSigned, row, snapshot, by=by, body=note)
    row.save(update_fields=["note_entry"])
    return row


@transaction.atomic(savepoint=False)
def sign_in(*, by: Actor, hand_over_id: str | int) -> ShiftHandOver:
    """The next one signs: what is open now is frozen too, and the post is his from now on. 接班

    409 ``same_person``, ``does_not_fit``, ``over`` when it was signed or taken back meanwhile.
    """
    row = _held(by, hand_over_id)
    if by.person == row.outgoing_id:
        raise Refused(
            "same_person", _("交班人不能自己接班，请接班人用自己的账号签字。"), status=409
        )
    if by.person == row.signed_for_id:
        raise Refused("same_person", _("代签的人不能再接这个班，请第三个人接班签字。"), status=409)
    if not may_take(row, by=by):
        raise Refused("does_not_fit", _("您的角色不能接这个岗位。"), status=409)
    now, snapshot = clock.now(), snapshot_of(open_now(seen_by=by))
    row.incoming = Person.objects.get(pk=by.person or 0)
    row.signed_in_at, row.taken = now, snapshot
    row.save(update_fields=["incoming", "signed_in_at", "taken"])
    _change_post(row, by=by)
    _tell(HandOverTaken, row, snapshot, by=by)
    return row


@transaction.atomic(savepoint=False)
def withdraw_hand_over(*, by: Actor, hand_over_id: str | int) -> ShiftHandOver:
    """Whoever signed takes his signature back before the other has signed. 撤回交班"""
    row = _held(by, hand_over_id)
    if by.person not in (row.outgoing_id, row.signed_for_id):
        raise Refused("not_yours", _("只有交班人自己能撤回交班签字。"), status=409)
    row.withdrawn_at = clock.now()
    row.save(update_fields=["withdrawn_at"])
    emit(HandOverWithdrawn(hand_over_id=row.pk), by=by, about=_about(row))
    return row


def _held(by: Actor, hand_over_id: str | int) -> ShiftHandOver:
    """The hand-over, locked, while it waits for a signature of a person."""
    require(by, "shift.hand_over")
    rows = ShiftHandOver.objects.select_for_update()
    if not rows.filter(pk=key_of(hand_over_id)).exists():
        raise not_found()
    row = hand_over_seen(seen_by=by, hand_over_id=hand_over_id)
    if by.person is None:
        raise Refused("needs_person", PERSON_ONLY, status=409)
    if row.signed_in_at is not None or row.withdrawn_at is not None:
        raise Refused("over", _("这次交接班已经签完或撤回，请刷新。"), status=409)
    return row


def _change_post(row: ShiftHandOver, *, by: Actor) -> None:
    """Whoever leaves has the post no more; whoever comes has it from now on."""
    assert row.incoming is not None
    now, place = clock.now(), held_post(row.post.code)
    running = Holding.objects.filter(post=place, since__lte=now)
    running = running.filter(Q(until__isnull=True) | Q(until__gt=now))
    for one in running.filter(person=row.outgoing):
        end_holding(by=by, holding=one, at=now)
    if running.filter(person=row.incoming).exists():
        return
    own = _next_of(place, row.incoming)
    if own is not None and own.holding is not None:
        move_holding(by=by, holding=own.holding, since=now, until=own.until)
        return
    heir = Shift.objects.filter(STANDS, post=place, since__gt=now).order_by("since").first()
    made = place_on_post(
        by=by, post=place, person=row.incoming, since=now, until=heir.since if heir else None
    )
    if heir is not None:
        heir.cut = [*heir.cut, made.pk]
        heir.save(update_fields=["cut"])


def _next_of(post: Post, person: Person) -> Shift | None:
    """His own shift, when it begins soon: he comes a little early."""
    now = clock.now()
    soon: timedelta = SIGNS_WITHIN
    rows = Shift.objects.filter(STANDS, post=post, person=person, since__gt=now)
    return rows.select_related("holding").filter(since__lte=now + soon).order_by("since").first()


def _about(row: ShiftHandOver) -> tuple[str, str]:
    return ("shift_hand_over", str(row.pk))


def _tell(
    kind: type[HandOverSigned | HandOverTaken],
    row: ShiftHandOver,
    snapshot: dict[str, object],
    *,
    by: Actor,
    body: str = "",
) -> int:
    sections = sections_in(snapshot)
    keys = (int(one["key"].split(":")[1]) for one in sections.get("incidents", []))
    event = kind(
        hand_over_id=row.pk,
        post=row.post.code,
        incidents=tuple(keys),
        open_matters=sum(len(one) for one in sections.values()),
        digest=row.digest,
    )
    return emit(event, by=by, about=_about(row), body=body)
