"""Every entry gets one place in one chain, whoever commits when and however many seal."""

import threading
from datetime import timedelta

import pytest
from django.db import transaction

from qianjun.journal.bus import emit
from qianjun.journal.models import Entry, Seal
from qianjun.journal.rules import GENESIS
from qianjun.journal.sealing import Sealer, head, seal, sealed_behind_s
from qianjun.journal.verify import verify
from qianjun.kernel import clock
from tests.journal.sabotage import sabotage
from tests.journal.threads import PATIENCE_S, at_once, closing
from tests.journal.words import TESTER, Rang, say

pytestmark = pytest.mark.django_db(transaction=True)


def chain() -> list[tuple[int, int]]:
    return list(Seal.objects.order_by("seq").values_list("seq", "entry_id"))


def test_entries_are_sealed_in_order_without_a_gap() -> None:
    entries = [say(Rang(times=n), body="x") for n in (1, 2, 3)]
    assert seal() == 3
    assert chain() == list(zip((1, 2, 3), entries, strict=True))
    assert Seal.objects.get(seq=1).prev == GENESIS
    assert Seal.objects.get(seq=2).prev == Seal.objects.get(seq=1).hash
    assert seal() == 0
    assert head() == (3, Seal.objects.get(seq=3).hash)
    assert verify().ok


class Writer:
    """Somebody in another thread who says something and takes his time to commit."""

    def __init__(self) -> None:
        self.entry = 0
        self.said, self.may_end = threading.Event(), threading.Event()
        self.thread = threading.Thread(target=lambda: closing(self._write))
        self.thread.start()
        assert self.said.wait(PATIENCE_S)

    def _write(self) -> None:
        with transaction.atomic():
            self.entry = emit(Rang(times=1), by=TESTER)
            self.said.set()
            self.may_end.wait(PATIENCE_S)

    def end(self) -> int:
        self.may_end.set()
        self.thread.join(PATIENCE_S)
        return self.entry


def test_nobody_is_sealed_past_a_writer_who_has_not_ended() -> None:
    early = say(Rang(times=1))
    writer = Writer()
    late = [say(Rang(times=n)) for n in (2, 3)]
    assert seal() == 1
    open_entry = writer.end()
    assert open_entry < late[0]
    assert seal() == 3
    assert chain() == [(1, early), (2, open_entry), (3, late[0]), (4, late[1])]
    assert verify().ok


def test_a_lower_id_that_is_committed_later_gets_a_later_place_and_no_gap() -> None:
    with transaction.atomic():  # ids are taken here, the transaction number only with the entry
        lower = Entry.objects.raw("SELECT nextval('journal_entry_id_seq') AS id")[0].pk
    sealer = Sealer()
    first = say(Rang(times=1))
    sealer.seal_chunk()
    sabotage(
        "INSERT INTO journal_entry (id, name, version, kind, about_kind, about_id, by_kind, by_id,"
        " by_role, at, happened_at, recorded_at, transaction, payload, digest)"
        f" SELECT {lower}, name, version, kind, about_kind, about_id, by_kind, by_id, by_role, at,"
        " happened_at, recorded_at, pg_current_xact_id()::text::bigint, payload, digest"
        " FROM journal_entry"
    )
    last = say(Rang(times=2))
    sealer.seal_chunk()
    assert lower < first < last
    assert chain() == [(1, first), (2, lower), (3, last)]
    assert verify().ok


def test_sealers_and_writers_at_once_make_one_chain() -> None:
    def write() -> int:
        for n in range(15):
            say(Rang(times=n), body="x" if n % 2 else "")
        return 0

    def keep_sealing() -> int:
        sealer = Sealer()
        return sum(sealer.seal_chunk(limit=3) for _ in range(30))

    done = at_once(write, write, keep_sealing, keep_sealing, write)
    assert sum(done) + seal() == 45
    assert [seq for seq, _ in chain()] == list(range(1, 46))
    assert verify().ok


def test_a_sealer_stopped_half_way_leaves_nothing_half() -> None:
    for n in range(5):
        say(Rang(times=n))
    with transaction.atomic():
        Sealer().seal_chunk()
        transaction.set_rollback(True)
    assert chain() == []
    assert seal() == 5


def test_sealing_goes_in_chunks_and_stops_at_the_limit() -> None:
    for n in range(7):
        say(Rang(times=n))
    assert (seal(limit=4), seal(limit=2), seal()) == (4, 2, 1)
    sealer = Sealer()
    say(Rang(times=8))
    say(Rang(times=9))
    assert [sealer.seal_chunk(limit=1) for _ in range(3)] == [1, 1, 0]
    assert verify().ok


@pytest.mark.parametrize("number", [1, 2**40], ids=["counted anew", "numbers still to come"])
def test_after_a_restore_into_another_cluster_sealing_goes_on(number: int) -> None:
    say(Rang(times=1))
    seal()
    say(Rang(times=2))
    sabotage(f"UPDATE journal_entry SET transaction = {number} WHERE payload->>'times' = '2'")
    assert seal() == 1
    say(Rang(times=3))
    assert seal() == 1
    assert verify().ok


def test_a_sealer_that_goes_on_in_another_cluster_looks_everywhere_again() -> None:
    sealer = Sealer()
    sealer.floor = (2**40, 0)
    say(Rang(times=1))
    assert sealer.seal_chunk() == 1


def test_how_far_sealing_is_behind_is_known(held_clock: clock.Held) -> None:
    assert sealed_behind_s() == 0
    say(Rang(times=1))
    seal()
    assert sealed_behind_s() == 0
    say(Rang(times=1))
    held_clock.forward(timedelta(seconds=30))
    assert sealed_behind_s() == 30


def test_the_chain_can_change_to_sm3(settings: object) -> None:
    say(Rang(times=1))
    seal()
    settings.JOURNAL_HASH = "sm3"  # type: ignore[attr-defined]
    say(Rang(times=2))
    seal()
    seq, hash_ = head()
    assert hash_.startswith("sm3:")
    assert verify(f"{seq}:{hash_}").ok
