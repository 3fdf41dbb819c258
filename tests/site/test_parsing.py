"""A body is read strictly, before anything of ours sees it."""

import pytest

from qianjun.kernel.errors import Refused
from qianjun.site.parsing import parse


def refused(body: bytes) -> Refused:
    """What it says no with."""
    with pytest.raises(Refused) as caught:
        parse(body)
    return caught.value


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "not_json"),
        (b"", 400, "not_json"),
        (b"'a'", 400, "not_json"),
        (b'{"a": 1,}', 400, "not_json"),
        (b'{"a": 1} x', 400, "not_json"),
        (b'"\xff"', 400, "not_utf8"),
        ('{"text": "火"}'.encode("gbk"), 400, "not_utf8"),
        ('{"text": "火"}'.encode("utf-16"), 400, "not_utf8"),
        (b"[" * 100_000, 400, "too_deep"),
        (b"[" * 40 + b"]" * 40, 400, "too_deep"),
        (b'{"a":' * 40 + b"1" + b"}" * 40, 400, "too_deep"),
        (b'{"a": NaN}', 422, "bad_number"),
        (b'{"a": [-Infinity]}', 422, "bad_number"),
        (b'{"a": 1e999}', 422, "bad_number"),
        (b'{"a": ' + b"9" * 5000 + b"}", 422, "bad_number"),
        (b'{"a": -12345678901234567890}', 422, "bad_number"),
        (b'{"a": "\\u0000"}', 422, "bad_character"),
        (b'{"a": "\\ud800"}', 422, "bad_character"),
        (b'{"a": "\\udc00\\ud800"}', 422, "bad_character"),
        (b'{"\\u0000": 1}', 422, "bad_character"),
        (b'{"a": [{"b": "x\\ud800"}]}', 422, "bad_character"),
    ],
)
def test_what_nothing_can_store_is_refused(body: bytes, status: int, code: str) -> None:
    found = refused(body)
    assert (found.status, found.code) == (status, code)


def test_a_refused_character_is_found_by_its_place() -> None:
    assert refused(b'{"told": {"names": ["a", "\\u0000"]}}').fields[0].field == "told.names.1"


def test_what_is_sound_passes_unchanged() -> None:
    body = '\ufeff{"text": "火\\ud83d\\udd25\\n", "lon": 109.4, "n": -12, "x": [null, true]}'
    sound = {"text": "火\U0001f525\n", "lon": 109.4, "n": -12, "x": [None, True]}
    assert parse(body.encode()) == sound
