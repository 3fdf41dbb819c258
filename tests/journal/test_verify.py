"""Whoever has the keys of the database can change it; he cannot do so unseen."""

from typing import Any

import pytest

from qianjun.journal import verify as walking
from qianjun.journal.erasing import erase_body
from qianjun.journal.models import Seal
from qianjun.journal.rules import GENESIS
from qianjun.journal.sealing import head
from qianjun.journal.verify import verify
from qianjun.kernel.errors import Refused
from tests.journal.sabotage import sabotage, seal_as_committed
from tests.journal.words import ADMIN, Rang, say

pytestmark = pytest.mark.django_db


@pytest.fixture(params=[5_000, 3], ids=["one chunk", "small chunks"])
def entries(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Eight sealed entries with bodies, walked in one chunk or in several."""
    monkeypatch.setattr(walking, "CHUNK", request.param)
    said = [say(Rang(times=n), body=f"第 {n} 次") for n in range(1, 9)]
    seal_as_committed()
    return said


def bad(known_head: str | None = None) -> dict[str, Any] | None:
    found = verify(known_head).as_json()
    assert found["ok"] == (found["first_bad"] is None)
    bad: dict[str, Any] | None = found["first_bad"]
    return bad


def test_an_untouched_chain_is_well_and_tells_its_head(entries: list[int]) -> None:
    seq, hash_ = head()
    assert verify(f"{seq}:{hash_}").as_json() == {
        "ok": True,
        "entries": 8,
        "sealed": 8,
        "head": {"seq": 8, "hash": hash_},
        "first_bad": None,
    }
    say(Rang(times=9))
    assert (verify().entries, verify().sealed) == (9, 8)
    assert entries


def test_an_empty_chain_is_well() -> None:
    assert verify().as_json()["head"] == {"seq": 0, "hash": GENESIS}
    assert verify(f"0:{GENESIS}").ok


@pytest.mark.parametrize(
    "change",
    [
        "payload = '{\"times\": 99}'",
        "happened_at = happened_at - interval '1 hour'",
        "by_id = 'somebody'",
        "digest = repeat('0', 64)",
        "incident = 7",
        "transaction = 2",
    ],
)
def test_an_altered_entry_is_named(entries: list[int], change: str) -> None:
    sabotage(f"UPDATE journal_entry SET {change} WHERE id IN ({entries[4]}, {entries[6]})")
    assert bad() == {"seq": 5, "entry": entries[4], "kind": "altered"}


def test_an_altered_body_is_named(entries: list[int]) -> None:
    sabotage(f"UPDATE journal_body SET text = '没有' WHERE entry_id = {entries[2]}")
    assert bad() == {"seq": 3, "entry": entries[2], "kind": "altered"}


def test_an_altered_seal_is_named(entries: list[int]) -> None:
    sabotage("UPDATE journal_seal SET hash = repeat('a', 64) WHERE seq = 3")
    assert bad() == {"seq": 3, "entry": entries[2], "kind": "altered"}


def test_a_missing_entry_is_named(entries: list[int]) -> None:
    sabotage(f"DELETE FROM journal_entry WHERE id = {entries[5]}")
    assert bad() == {"seq": 6, "entry": entries[5], "kind": "missing"}


def test_an_entry_missing_with_its_seal_is_named(entries: list[int]) -> None:
    remove(entries[5])
    assert bad() == {"seq": 6, "entry": None, "kind": "missing"}


def test_an_entry_whose_gap_was_closed_is_missed(entries: list[int]) -> None:
    remove(entries[5])
    sabotage(
        "UPDATE journal_seal SET seq = -seq WHERE seq > 6",
        "UPDATE journal_seal SET seq = -seq - 1 WHERE seq < 0",
    )
    assert bad() == {"seq": 6, "entry": entries[6], "kind": "missing"}


def test_a_seal_made_anew_at_the_end_does_not_hide_the_gap(entries: list[int]) -> None:
    sabotage(f"DELETE FROM journal_seal WHERE entry_id = {entries[3]}")
    seal_as_committed()
    assert Seal.objects.count() == 8
    found = bad()
    assert found is not None
    assert (found["seq"], found["kind"]) == (4, "missing")


def test_two_rows_in_each_others_place_are_reordered(entries: list[int]) -> None:
    sabotage(
        "UPDATE journal_seal SET seq = -seq WHERE seq IN (4, 6)",
        "UPDATE journal_seal SET seq = 10 + seq WHERE seq < 0",
    )
    assert bad() == {"seq": 4, "entry": entries[5], "kind": "reordered"}


def test_neighbours_in_each_others_place_are_reordered(entries: list[int]) -> None:
    sabotage(
        "UPDATE journal_seal SET seq = -seq WHERE seq IN (4, 5)",
        "UPDATE journal_seal SET seq = 9 + seq WHERE seq < 0",
    )
    assert bad() == {"seq": 4, "entry": entries[4], "kind": "reordered"}


def test_entries_under_each_others_seal_are_reordered(entries: list[int]) -> None:
    sabotage(
        "UPDATE journal_seal SET entry_id = -entry_id WHERE seq IN (4, 5)",
        f"UPDATE journal_seal SET entry_id = {entries[4]} WHERE seq = 4",
        f"UPDATE journal_seal SET entry_id = {entries[3]} WHERE seq = 5",
    )
    assert bad() == {"seq": 4, "entry": entries[4], "kind": "reordered"}


def test_a_row_moved_to_the_end_is_reordered(entries: list[int]) -> None:
    sabotage("UPDATE journal_seal SET seq = 9 WHERE seq = 4")
    assert entries
    assert bad() == {"seq": 4, "entry": None, "kind": "reordered"}


@pytest.mark.parametrize(
    "removal",
    ["DELETE FROM journal_body", "UPDATE journal_body SET salt = '', text = '', erased_at = now()"],
)
def test_a_body_gone_without_an_erasing_is_named(entries: list[int], removal: str) -> None:
    sabotage(f"{removal} WHERE entry_id = {entries[1]}")
    assert bad() == {"seq": 2, "entry": entries[1], "kind": "body_missing"}


def test_a_body_erased_by_the_verb_is_no_fault(entries: list[int]) -> None:
    erase_body(by=ADMIN, entry=entries[1], reason="当事人申请", article="pipl_47")
    assert bad() is None
    seal_as_committed()
    assert bad() is None


def test_an_end_cut_off_is_seen_with_the_head_written_down(entries: list[int]) -> None:
    seq, hash_ = head()
    remove(*entries[6:])
    assert bad() is None
    assert bad(f"{seq}:{hash_}") == {"seq": 7, "entry": None, "kind": "missing"}


def test_a_chain_made_anew_is_seen_with_the_head_written_down(entries: list[int]) -> None:
    seq, hash_ = head()
    sabotage(
        f"UPDATE journal_entry SET payload = '{{\"times\": 99}}' WHERE id = {entries[4]}",
        "DELETE FROM journal_seal WHERE seq > 4",
    )
    seal_as_committed()
    assert bad() is None
    assert bad(f"{seq}:{hash_}") == {"seq": 8, "entry": entries[7], "kind": "altered"}


def test_a_head_written_down_earlier_stays_good(entries: list[int]) -> None:
    seq, hash_ = head()
    say(Rang(times=9))
    seal_as_committed()
    assert entries
    assert bad(f"{seq}:{hash_}") is None


def test_the_newest_alone_are_walked_when_asked(entries: list[int]) -> None:
    sabotage(f"UPDATE journal_entry SET payload = '{{\"times\": 99}}' WHERE id = {entries[1]}")
    assert verify(last=6).ok
    assert verify(last=6).seq == 8
    found = verify(last=7).first_bad
    assert found
    assert (found.seq, found.kind) == (2, "altered")
    assert not verify(last=99).ok


def test_the_seal_before_the_newest_must_be_there(entries: list[int]) -> None:
    sabotage("DELETE FROM journal_seal WHERE seq = 4")
    found = verify(last=4).first_bad
    assert entries
    assert found
    assert (found.seq, found.kind) == (5, "missing")


def test_a_head_before_the_newest_is_compared_too(entries: list[int]) -> None:
    third = Seal.objects.get(seq=3)
    assert verify(f"3:{third.hash}", last=2).ok
    found = verify(f"3:{'0' * 64}", last=2).first_bad
    assert found
    assert (found.seq, found.entry, found.kind) == (3, entries[2], "altered")


@pytest.mark.parametrize("head", ["", "5", "x:y", f"1:{'g' * 64}", f"-1:{GENESIS}", "文:字"])
def test_a_head_that_is_none_is_refused(head: str) -> None:
    with pytest.raises(Refused) as refused:
        verify(head)
    assert (refused.value.status, refused.value.code) == (422, "bad_head")


def remove(*entries: int) -> None:
    listed = ", ".join(map(str, entries))
    sabotage(
        f"DELETE FROM journal_seal WHERE entry_id IN ({listed})",
        f"DELETE FROM journal_body WHERE entry_id IN ({listed})",
        f"DELETE FROM journal_entry WHERE id IN ({listed})",
    )
