"""Nothing of a state secret is kept: not the report, not the draft, not the key of the request."""

import json

import pytest
from django.db import connection
from django.test import Client

from qianjun.incident import actions as incident
from qianjun.incident.models import Figure, Incident, Report
from qianjun.journal.models import Body, Entry
from qianjun.kernel.errors import Refused
from qianjun.media.models import Upload
from qianjun.org.models import Answered, ImportRun
from qianjun.response.actions import take_in_report
from qianjun.response.drafts import draft_of, save_draft
from qianjun.response.models import Draft
from tests import cast
from tests.incident.fires import incident_of, taken, told

pytestmark = pytest.mark.django_db(transaction=True)
SECRET = "关于某事的方案\n机密★20年\n一、总体要求"
CODE = "must_not_be_entered"


def left(words: str) -> list[str]:
    """Every table and column of text that holds these words."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = 'public'"
            " AND data_type IN ('text', 'character varying', 'jsonb', 'bytea')"
        )
        for table, column in cursor.fetchall():
            cursor.execute(
                f'SELECT count(*) FROM "{table}" WHERE position(%s IN "{column}"::text) > 0',
                [words],
            )
            if cursor.fetchone() != (0,):
                found.append(f"{table}.{column}")
    return found


@pytest.mark.parametrize("field", ["text", "title", "where", "caller_name"])
def test_a_marked_report_is_refused_whole(field: str) -> None:
    officer = cast.actor(cast.XIAOWANG)
    with pytest.raises(Refused) as refused:
        take_in_report(by=officer, told=told(**{"text": "民房起火", field: SECRET[:60]}))
    assert refused.value.code == CODE
    assert (Report.objects.count(), Incident.objects.count(), Entry.objects.count()) == (0, 0, 0)


def test_the_address_answers_with_one_sentence_and_keeps_nothing_of_the_request() -> None:
    client = cast.client_for("duty_officer")
    body = {"text": SECRET, "channel": "phone"}
    reply = client.post(
        "/api/v1/reports", body, "application/json", headers={"Idempotency-Key": "k" * 12}
    )
    said = json.loads(reply.content)
    assert (reply.status_code, said["code"]) == (422, CODE)
    assert "机密" not in reply.content.decode()
    assert not Answered.objects.exists()
    assert left("总体要求") == []
    body["text"] = "民房起火"  # the key is free for what may be entered
    again = client.post(
        "/api/v1/reports", body, "application/json", headers={"Idempotency-Key": "k" * 12}
    )
    assert again.status_code == 201


def test_a_citizen_may_say_secret_in_his_own_words() -> None:
    one = taken(cast.actor(cast.XIAOWANG), text="有人在秘密地点烧东西，烟很大")
    assert incident_of(one).title


def test_notes_and_figures_are_refused_too() -> None:
    officer = cast.actor(cast.XIAOWANG)
    ident = incident_of(taken(officer)).pk
    before = Entry.objects.count()
    with pytest.raises(Refused):
        incident.add_note(by=officer, incident_id=ident, text=SECRET)
    for source, why in (("秘密★10年", ""), ("119", "密级：机密")):
        with pytest.raises(Refused):
            incident.add_figure(
                by=officer,
                incident_id=ident,
                kind="injured",
                value=1,
                source=source,
                explanation=why,
            )
    assert (Entry.objects.count(), Figure.objects.count()) == (before, 0)
    assert left("★") == []


def test_a_draft_goes_with_the_text_that_must_not_be_entered() -> None:
    officer = cast.actor(cast.XIAOWANG)
    save_draft(by=officer, fields={"text": "关于某事的方案"})
    with pytest.raises(Refused):
        save_draft(by=officer, fields={"text": SECRET})
    assert draft_of(officer) is None


def test_the_intake_page_says_so_and_keeps_no_draft() -> None:
    page = cast.signed_in(cast.XIAOWANG)
    page.post("/intake/look/", {"text": "关于某事的方案"})
    looked = page.post("/intake/look/", {"text": SECRET})
    assert looked.status_code == 200
    assert looked.headers["Qianjun-Not-Kept"] == "1"
    assert "密级标志" in looked.content.decode()
    assert not Draft.objects.exists()
    page.post("/intake/look/", {"text": "关于某事的方案"})
    sent = page.post("/intake/", {"key": "k" * 12, "text": SECRET})
    assert sent.status_code == 422
    assert "must_not_be_entered" in sent.content.decode()
    assert "data-not-kept" in sent.content.decode()
    assert not Draft.objects.exists()
    assert left("某事的方案") == []


def test_a_file_with_a_marked_name_is_not_begun() -> None:
    import base64

    name = base64.b64encode("机密_名单.jpg".encode()).decode()
    headers = {
        "Tus-Resumable": "1.0.0",
        "Upload-Length": "4",
        "Upload-Metadata": f"filename {name}",
    }
    reply = cast.client_for("duty_officer").post("/api/v1/uploads", headers=headers)
    assert (reply.status_code, json.loads(reply.content)["code"]) == (422, CODE)
    assert not Upload.objects.exists()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("名单.csv", "姓名,单位,电话\n王某,机密★20年,10000000001\n"),
        ("名单.csv", "秘密★10年,,\n姓名,单位,电话\n王某,某局,10000000001\n"),
        ("名单（机密）.csv", "姓名,单位,电话\n王某,某局,10000000001\n"),
    ],
)
def test_a_marked_sheet_is_not_kept(name: str, text: str) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    page: Client = cast.signed_in(cast.SYSTEM)
    file = SimpleUploadedFile(name, text.encode())
    reply = page.post("/admin/import/", {"kind": "people", "file": file})
    assert reply.status_code == 422
    assert "must_not_be_entered" in reply.content.decode()
    assert not ImportRun.objects.exists()
    assert not Body.objects.exists()
