"""A sealed file opens whole with its passphrase, or not at all."""

import io
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qianjun.site.backup import sealed
from qianjun.site.backup.sealed import HEAD, PROOF_BYTES, Opening, Sealing, Unreadable

WORD = "演示口令，很长的一句"
FRONT = HEAD.size + PROOF_BYTES


@pytest.fixture(autouse=True, scope="module")
def quick() -> Iterator[None]:
    """Keys that cost nothing and pieces that are small."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sealed, "COST_LOG2", 2)
        patch.setattr(sealed, "PIECE_BYTES", 64)
        yield


def closed(*blocks: bytes, word: str = WORD) -> bytes:
    """A file with these blocks in it."""
    target = io.BytesIO()
    sealing = Sealing(target, word)
    for block in blocks:
        sealing.write(block)
    sealing.finish()
    assert sealing.size == len(target.getvalue())
    return target.getvalue()


def opened(file: bytes, *, word: str = WORD) -> bytes:
    """What lies in the file, read in odd portions."""
    opening, parts = Opening(io.BytesIO(file), word), []
    while part := opening.read(37):
        parts.append(part)
    return b"".join(parts)


@given(st.lists(st.binary(max_size=200), max_size=6))
def test_what_was_written_is_read(blocks: list[bytes]) -> None:
    assert opened(closed(*blocks)) == b"".join(blocks)


@pytest.mark.parametrize("size", [0, 1, 63, 64, 65, 128, 129])
def test_pieces_may_end_where_the_content_ends(size: int) -> None:
    assert opened(closed(b"x" * size)) == b"x" * size


def test_a_file_that_ends_anywhere_earlier_is_refused() -> None:
    whole = closed(bytes(range(200)))
    for length in range(len(whole)):
        with pytest.raises(Unreadable):
            opened(whole[:length])


def test_a_file_with_any_byte_altered_is_refused() -> None:
    whole = closed(bytes(range(200)))
    for at in range(len(whole)):
        spoiled = bytearray(whole)
        spoiled[at] ^= 1
        with pytest.raises(Unreadable):
            opened(bytes(spoiled))


def test_pieces_that_changed_places_and_bytes_behind_the_end_are_refused() -> None:
    whole, size = closed(bytes(range(200))), 64 + 16
    front, first, second, rest = (
        whole[:FRONT],
        whole[FRONT : FRONT + size],
        whole[FRONT + size : FRONT + 2 * size],
        whole[FRONT + 2 * size :],
    )
    for file in (front + second + first + rest, front + first + rest, whole + b"\0", whole + first):
        with pytest.raises(Unreadable):
            opened(file)


def test_a_piece_of_another_file_is_refused() -> None:
    one, other = closed(b"a" * 100), closed(b"b" * 100)
    with pytest.raises(Unreadable):
        opened(one[:-52] + other[-52:])


def test_a_wrong_passphrase_says_so_before_anything_is_read() -> None:
    with pytest.raises(Unreadable, match="口令不对"):
        Opening(io.BytesIO(closed(b"x")), "演示")


def test_the_same_words_typed_in_another_form_open_it() -> None:
    assert opened(closed(b"x", word="caf\u00e9 演示"), word="cafe\u0301 演示") == b"x"


def test_nothing_of_two_files_with_one_passphrase_is_alike() -> None:
    one, other = closed(b"x" * 200), closed(b"x" * 200)
    assert one[FRONT:] != other[FRONT:]
    assert one[8:24] != other[8:24]


@pytest.mark.parametrize("cost", [0, 31, 255, 29])
def test_a_strange_head_gets_neither_memory_nor_time(cost: int) -> None:
    head = HEAD.pack(sealed.MAGIC, b"s" * 16, cost, 8, 1)
    with pytest.raises(Unreadable, match="不是千钧的备份"):
        Opening(io.BytesIO(head + b"p" * 200), WORD)


@pytest.mark.parametrize("file", [b"", b"PK\x03\x04" + b"x" * 100, b"QIANJUN\x02" + b"x" * 100])
def test_another_kind_of_file_is_named_as_such(file: bytes) -> None:
    with pytest.raises(Unreadable, match="不是千钧的备份"):
        Opening(io.BytesIO(file), WORD)
