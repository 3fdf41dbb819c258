"""What was erased by law stays erased, also after an older backup was put back."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from qianjun.incident import actions
from qianjun.incident.models import Report
from qianjun.journal.erasing import log_path
from qianjun.journal.models import Body, Entry
from qianjun.site.erased import erase_again_everywhere
from tests import cast
from tests.incident.fires import report_of, taken
from tests.journal.sabotage import sabotage

pytestmark = pytest.mark.django_db
SAID = "演示涂料厂的配方单写在北墙"


@pytest.fixture(autouse=True)
def own_log(settings: Any, tmp_path: Path) -> None:
    """Each test has a data folder of its own."""
    settings.DATA = tmp_path


def erased_report() -> Report:
    """A report that was taken and erased."""
    report = report_of(taken(cast.actor(cast.XIAOWANG), text=SAID, lon=None, lat=None))
    with TestCase.captureOnCommitCallbacks(execute=True):
        actions.erase_record(
            by=cast.actor(cast.LAOLI),
            kind="report",
            ident=report.pk,
            reason="本人申请",
            article="pipl_47",
        )
    return report


def restore(report: Report) -> None:
    """The database as an older backup has it: nothing was erased yet."""
    sabotage(
        f"UPDATE journal_body SET salt = '00', text = '{SAID}', erased_at = NULL"
        " WHERE entry_id IN (SELECT id FROM journal_entry WHERE name = 'incident.report_taken')",
        "DELETE FROM journal_body WHERE entry_id IN"
        " (SELECT id FROM journal_entry WHERE name = 'journal.body_erased')",
        "DELETE FROM journal_entry WHERE name = 'journal.body_erased'",
        f"UPDATE incident_report SET text = '{SAID}' WHERE id = {report.pk}",
    )


def again() -> int:
    with TestCase.captureOnCommitCallbacks(execute=True):
        return erase_again_everywhere()


def test_a_restored_house_erases_body_and_copies_again_at_its_start() -> None:
    report = erased_report()
    restore(report)
    assert again() == 1
    report.refresh_from_db()
    assert report.text == "【已依法删除】"
    assert not Body.objects.filter(text__contains="配方").exists()
    assert Entry.objects.get(name="journal.body_erased").by_id == "restore"
    assert again() == 0


@pytest.mark.django_db(transaction=True)
def test_a_restored_house_erases_again_where_no_transaction_is_open() -> None:
    report = erased_report()
    restore(report)
    assert erase_again_everywhere() == 1
    report.refresh_from_db()
    assert report.text == "【已依法删除】"


def test_a_start_without_a_restore_is_cheap_and_changes_nothing() -> None:
    erased_report()
    before = Entry.objects.count()
    with CaptureQueriesContext(connection) as asked:
        assert again() == 0
    assert len(asked) <= 3
    assert Entry.objects.count() == before


def test_without_a_log_nothing_is_asked_of_it() -> None:
    assert not log_path().exists()
    assert again() == 0


def test_a_log_beside_another_database_erases_nothing() -> None:
    report = erased_report()
    restore(report)
    line = json.loads(log_path().read_text(encoding="utf-8").splitlines()[0])
    log_path().write_text(json.dumps({**line, "digest": "0" * 64}) + "\n", encoding="utf-8")
    assert again() == 0
    assert Body.objects.filter(text=SAID).exists()


def test_a_line_cut_short_by_a_power_failure_is_passed_over() -> None:
    report = erased_report()
    restore(report)
    with log_path().open("a", encoding="utf-8") as log:
        log.write('{"kind": "bo')
    assert again() == 1
    assert again() == 0
    last = log_path().read_text(encoding="utf-8").splitlines()[-1]
    assert json.loads(last)["kind"] == "body"  # the next line stands on its own
