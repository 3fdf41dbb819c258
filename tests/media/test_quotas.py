"""How many and how much: per link, person and incident."""

from datetime import timedelta

import pytest

from qianjun.kernel.clock import Held
from qianjun.media.models import File
from qianjun.media.rules import limits
from qianjun.media.rules.limits import Quota
from tests.media.pictures import PDF, photo
from tests.media.senders import Phone, by_link, incident, officer, rows

pytestmark = pytest.mark.django_db
FEW = Quota(files=2, total_bytes=10_000)


def refusal(phone: Phone, length: int, **told: str) -> str:
    """The code with which a new upload is refused; empty when it is not."""
    before, reply = rows(), phone.begin(length, **told)
    if reply.status_code == 201:
        return ""
    assert (reply.status_code, rows()) == (413, before)
    return str(reply.json()["code"])  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("files", "total", "more", "spent"),
    [
        (1, 0, 10_000, ""),
        (2, 0, 1, "files"),
        (1, 9_999, 1, ""),
        (1, 9_999, 2, "bytes"),
        (0, 0, 10_001, "bytes"),
    ],
)
def test_a_quota_is_spent_by_number_or_by_bytes(
    files: int, total: int, more: int, spent: str
) -> None:
    assert FEW.spent_by(files=files, total_bytes=total, more_bytes=more) == spent


def test_a_link_sends_so_many_and_no_more_however_long_it_lives(
    monkeypatch: pytest.MonkeyPatch, held_clock: Held
) -> None:
    monkeypatch.setattr(limits, "LINK_QUOTA", FEW)
    phone = by_link(("incident", str(incident().pk)))
    assert refusal(phone, 10_001) == "quota_bytes"
    phone.send(PDF)
    phone.begun(100)
    assert refusal(phone, 100) == "quota_files"
    held_clock.forward(timedelta(hours=49))
    phone.begun(100)  # what expired no longer counts
    assert refusal(phone, 100) == "quota_files"


def test_a_person_sends_so_much_in_a_day_of_real_time(
    monkeypatch: pytest.MonkeyPatch, held_clock: Held
) -> None:
    monkeypatch.setattr(limits, "PERSON_QUOTA", FEW)
    phone, other = officer(), officer()
    phone.send(PDF)
    assert refusal(phone, 10_000 - len(PDF) + 1) == "quota_bytes"
    phone.begun(100)
    assert refusal(phone, 100) == "quota_files"
    assert refusal(other, 100) == ""
    held_clock.forward(timedelta(hours=23, minutes=59))
    assert refusal(phone, 100) == "quota_files"


def test_an_incident_takes_so_much_from_everybody_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "INCIDENT_QUOTA", FEW)
    row, other = incident(), incident("450202-20260601-0002")
    officer().send(PDF, incident=str(row.pk))
    by_link(("incident", str(row.pk))).begun(100)
    assert refusal(officer(), 100, incident=str(row.pk)) == "quota_files"
    assert refusal(officer(), 100, incident=str(other.pk)) == ""


def test_a_file_kept_back_counts_and_an_erased_one_does_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "LINK_QUOTA", Quota(files=1, total_bytes=10_000))
    phone = by_link(("incident", str(incident().pk)))
    file = phone.send(b"MZ" + bytes(100))
    assert file.state == File.State.QUARANTINED
    assert refusal(phone, 100) == "quota_files"
    File.objects.filter(pk=file.pk).update(state="erased", erased_at=file.received_at)
    assert refusal(phone, 100) == ""


def test_the_same_photo_sent_twice_by_one_is_one_file_and_by_two_is_two_with_one_body() -> None:
    row, content = incident(), photo()
    phone, other = officer(), officer("leader_in_charge")
    first = phone.send(content, incident=str(row.pk))
    assert phone.send(content, incident=str(row.pk)) == first
    second = other.send(content, incident=str(row.pk))
    assert second != first
    assert second.sha256 == first.sha256
    assert phone.send(content).pk not in (first.pk, second.pk)
