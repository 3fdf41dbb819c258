"""What was said can be erased by law; that it was said, and that it was erased, stays."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import TestCase

from qianjun.journal.erasing import erase_again, erase_body, log_path, note_missing
from qianjun.journal.models import Body, Entry
from qianjun.journal.queries import timeline
from qianjun.journal.verify import verify
from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from tests.journal.sabotage import sabotage, seal_as_committed
from tests.journal.words import ADMIN, STRANGER, Rang, say

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_log(settings: Any, tmp_path: Path) -> None:
    """Each test has a data folder of its own."""
    settings.DATA = tmp_path / "not yet there"


def erase(entry: int, **words: Any) -> int:
    given: dict[str, Any] = {"by": ADMIN, "reason": "事件已结束", "article": "erl_85"}
    with TestCase.captureOnCommitCallbacks(execute=True):
        return erase_body(entry=entry, **given | words)


def test_an_erased_body_is_gone_and_the_chain_still_verifies() -> None:
    entry = say(Rang(times=1), body="王某电话", incident=3)
    seal_as_committed()
    erasing = erase(entry)
    body = Body.objects.get(pk=entry)
    assert (body.salt, body.text, body.erased_at) == ("", "", clock.now())
    assert Entry.objects.get(pk=entry).digest
    assert verify().ok
    said = Entry.objects.select_related("body").get(pk=erasing)
    assert (said.by_id, said.incident, said.body.text) == ("1", 3, "事件已结束")
    assert said.payload == {"entry_id": entry, "article": "erl_85"}
    seal_as_committed()
    assert verify().ok


def test_the_timeline_says_that_and_by_which_article_it_was_erased() -> None:
    entry = say(Rang(times=1), body="王某电话", incident=3)
    erase(entry)
    first, second = timeline(incident=3)[0]
    assert first.erased
    assert first.text_zh == "铃响 1 次：【已依法删除】《突发事件应对法》第八十五条"
    assert "王某" not in first.text_zh + first.text_en
    assert second.text_zh == "依据《突发事件应对法》第八十五条删除了一条记录的正文：事件已结束"
    assert not second.erased


@pytest.mark.parametrize(
    ("words", "status", "code"),
    [
        ({"by": STRANGER}, 403, "not_allowed"),
        ({"article": "because"}, 422, "unknown_article"),
        ({"reason": " "}, 422, "reason_needed"),
        ({"reason": "长" * 501}, 422, "reason_needed"),
        ({"entry": 999_999}, 404, "not_found"),
    ],
)
def test_erasing_needs_permission_article_and_reason(
    words: dict[str, Any], status: int, code: str
) -> None:
    entry = say(Rang(times=1), body="x")
    with pytest.raises(Refused) as refused, transaction.atomic():
        erase(**{"entry": entry} | words)
    assert (refused.value.status, refused.value.code) == (status, code)
    assert Body.objects.get().text == "x"


def test_what_is_erased_cannot_be_erased_again() -> None:
    entry = say(Rang(times=1), body="x")
    erase(entry)
    with pytest.raises(Refused) as refused, transaction.atomic():
        erase(entry)
    assert refused.value.code == "already_erased"


def test_erasures_are_kept_outside_the_database() -> None:
    entry = say(Rang(times=1), body="王某电话")
    erase(entry)
    kept = json.loads(log_path().read_text(encoding="utf-8"))
    assert (kept["kind"], kept["entry"], kept["article"]) == ("body", entry, "erl_85")
    assert note_missing() == 0


def test_an_erasure_a_killed_process_did_not_write_down_is_written_later() -> None:
    entry = say(Rang(times=1), body="x")
    erase(entry)
    log_path().unlink()
    assert note_missing() == 1
    assert json.loads(log_path().read_text(encoding="utf-8"))["entry"] == entry


def test_a_restored_database_is_erased_again() -> None:
    kept, erased = say(Rang(times=1), body="stays"), say(Rang(times=1), body="王某电话")
    erase(erased)
    salt = "00"
    sabotage(  # an older backup knows nothing of the erasing
        f"UPDATE journal_body SET salt = '{salt}', text = '王某电话', erased_at = NULL"
        f" WHERE entry_id = {erased}",
        "DELETE FROM journal_body WHERE entry_id IN"
        " (SELECT id FROM journal_entry WHERE name = 'journal.body_erased')",
        "DELETE FROM journal_entry WHERE name = 'journal.body_erased'",
    )
    assert erase_again() == 1
    assert Body.objects.get(pk=erased).text == ""
    assert Body.objects.get(pk=kept).text == "stays"
    assert Entry.objects.get(name="journal.body_erased").by_id == "restore"
    assert erase_again() == 0
