"""Attach, confirm, keep back, erase: what officers decide, and what stays of it."""

import json

import pytest
from django.conf import settings
from django.test import TestCase

from qianjun.journal.erasing import erase_again as erase_bodies_again
from qianjun.journal.models import Entry
from qianjun.journal.queries import timeline
from qianjun.media import actions, store
from qianjun.media.models import File
from qianjun.media.tidying import erase_again, tidy
from qianjun.org.actor import Actor
from tests import cast
from tests.media.pictures import PDF, photo
from tests.media.senders import Phone, by_link, incident, looked_at, officer
from tests.org.refusals import refused

pytestmark = pytest.mark.django_db
BY_LAW = {"reason": "当事人要求删除其住处的照片", "article": "pipl_47"}


def desk() -> Actor:
    return cast.actor_for("duty_officer")


def leader() -> Actor:
    return cast.actor_for("leader_in_charge")


def own(phone: Phone) -> Actor:
    """Who the phone is when it asks."""
    from qianjun.org.tokens import actor_for_token

    return actor_for_token(phone.headers["Authorization"].removeprefix("Bearer "))


def lines(number: int) -> list[str]:
    """What the timeline of an incident says, in Chinese."""
    return [line.text_zh for line in timeline(incident=number)[0]]


def erase(file: File, by: Actor | None = None) -> File:
    """Erase it, and do what waits for the commit."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        return actions.erase_file(by=by or leader(), file=file.pk, **BY_LAW)


def test_a_photo_stands_on_the_timeline_as_not_confirmed_until_an_officer_confirms_it() -> None:
    row, phone = incident(), officer()
    file = phone.sent(incident=str(row.pk))
    reply = phone.ask("POST", f"/api/v1/files/{file.pk}/confirm")
    assert (reply.status_code, reply.json()["verified"]) == (200, True)  # type: ignore[attr-defined]
    assert phone.ask("POST", f"/api/v1/files/{file.pk}/confirm").status_code == 200
    assert lines(row.pk) == ["收到照片一份（未核实）", "照片一份已核实"]
    file.refresh_from_db()
    assert (file.verified_by_kind, file.verified_by_id) == ("token", own(phone).ident)


@pytest.mark.parametrize("role", ["bureau_leader", "commander", "volunteer", "system_admin"])
def test_who_may_not_confirm_is_told_so_whatever_the_file(role: str) -> None:
    file = officer().sent()
    for ident in (file.pk, 999999999):
        assert officer(role).ask("POST", f"/api/v1/files/{ident}/confirm").status_code == 403


def test_what_is_not_ready_or_not_there_is_not_confirmed() -> None:
    phone = officer()
    waiting, kept_back = phone.send(photo()), phone.send(b"MZ" + bytes(99))
    for file in (waiting, kept_back):
        assert phone.ask("POST", f"/api/v1/files/{file.pk}/confirm").status_code == 409
    assert phone.ask("POST", "/api/v1/files/999999999/confirm").status_code == 404


def test_a_free_file_is_attached_by_its_sender_once_and_then_by_the_desk_only() -> None:
    first, second = incident(), incident("450202-20260601-0002")
    phone = officer("commander")
    file, by = phone.sent(), own(phone)
    actions.attach(by=by, file=file.pk, about=("incident", str(first.pk)))
    with refused("not_allowed", status=403):
        actions.attach(by=by, file=file.pk, about=("incident", str(second.pk)))
    moved = actions.attach(by=desk(), file=file.pk, about=("incident", str(second.pk)))
    assert (moved.incident, moved.about_id) == (second.pk, str(second.pk))
    assert lines(second.pk) == ["一份文件归入本事件"]
    again = actions.attach(by=desk(), file=file.pk, about=("incident", str(second.pk)))
    assert again == moved
    assert len(lines(second.pk)) == 1


def test_a_file_goes_to_nothing_that_is_not_there() -> None:
    file = officer().sent()
    for about in (("incident", "999999999"), ("incident", "x"), ("ghost", "1")):
        with refused("not_found", status=404):
            actions.attach(by=desk(), file=file.pk, about=about)


def test_what_an_officer_keeps_back_is_served_no_more_and_loses_its_confirmation() -> None:
    row, phone = incident(), officer()
    file = phone.sent(incident=str(row.pk))
    actions.confirm_file(by=desk(), file=file.pk)
    with refused("reason_needed", status=422):
        actions.quarantine(by=desk(), file=file.pk, reason="  ")
    with refused("not_allowed", status=403):
        actions.quarantine(by=cast.actor_for("commander"), file=file.pk, reason="假照片")
    kept_back = actions.quarantine(by=desk(), file=file.pk, reason="两年前的旧照片")
    assert (kept_back.state, kept_back.why, kept_back.verified) == ("quarantined", "officer", False)
    for form in ("thumb", "shown", "original"):
        assert phone.ask("GET", f"/media/{file.pk}/{form}").status_code == 404
    assert lines(row.pk)[-1] == "一份文件已隔离：由值班人员隔离。：两年前的旧照片"


def test_a_file_kept_back_while_it_is_looked_at_stays_kept_back() -> None:
    phone = officer()
    file = phone.send(photo(333, 222))
    actions.quarantine(by=desk(), file=file.pk, reason="假照片")
    looked = looked_at(file)
    assert (looked.state, looked.why) == ("quarantined", "officer")
    assert not any(path.exists() for path in store.copies_of(file.sha256))


def test_looking_twice_changes_nothing() -> None:
    file = officer().sent()
    entries = Entry.objects.count()
    assert looked_at(file).state == "ready"
    assert Entry.objects.count() == entries


def test_erasing_removes_original_and_copies_and_keeps_the_hash_and_an_entry() -> None:
    row, phone = incident(), officer()
    content = photo(321, 123)
    file = phone.sent(content, filename="我家.jpg", incident=str(row.pk))
    erased = erase(file)
    assert (erased.state, erased.sha256, erased.name) == ("erased", file.sha256, "")
    assert not store.original(file.sha256).exists()
    assert not any(path.exists() for path in store.copies_of(file.sha256))
    for form in ("thumb", "shown", "original"):
        assert phone.ask("GET", f"/media/{file.pk}/{form}").status_code == 404
    assert lines(row.pk)[-1].startswith("一份文件已依法删除（《个人信息保护法》第四十七条）")
    log = [json.loads(line) for line in (settings.DATA / "erasures.log").read_text().splitlines()]
    assert {"kind": "file", "file": file.pk, "sha256": file.sha256}.items() <= log[-1].items()
    erase_bodies_again()  # the other kind of line does not disturb it
    listed = phone.ask("GET", f"/api/v1/files?incident={row.pk}").json()  # type: ignore[attr-defined]
    assert [(one["state"], one["thumb"]) for one in listed["items"]] == [("erased", None)]


def test_erasing_takes_every_file_with_these_bytes_and_no_other() -> None:
    content = photo(111, 222)
    first, second = officer().sent(content), officer("commander").sent(content)
    other = officer().sent(PDF)
    erase(first)
    states = {row.pk: row.state for row in File.objects.all()}
    assert states == {first.pk: "erased", second.pk: "erased", other.pk: "ready"}
    assert store.original(other.sha256).exists()


def test_the_same_bytes_sent_after_an_erasing_are_a_new_file() -> None:
    phone, content = officer(), photo(222, 111)
    first = phone.sent(content)
    erase(first)
    second = phone.sent(content)
    assert (second.pk != first.pk, second.state) == (True, "ready")
    assert store.original(second.sha256).exists()
    tidy()
    assert store.original(second.sha256).exists()


def test_erasing_needs_the_permission_a_reason_and_an_article() -> None:
    file = officer().sent()
    with refused("not_allowed", status=403):
        actions.erase_file(by=desk(), file=file.pk, **BY_LAW)
    with refused("unknown_article", status=422):
        actions.erase_file(by=leader(), file=file.pk, reason="x", article="none")
    with refused("reason_needed", status=422):
        actions.erase_file(by=leader(), file=file.pk, reason=" ", article="pipl_47")
    with refused("not_found", status=404):
        actions.erase_file(by=leader(), file=999999999, **BY_LAW)
    erase(file)
    with refused("already_erased", status=409):
        actions.erase_file(by=leader(), file=file.pk, **BY_LAW)
    with refused("erased", status=409):
        actions.attach(by=desk(), file=file.pk, about=("incident", str(incident().pk)))


def test_bytes_that_a_kill_has_left_are_removed_by_tidying() -> None:
    file = officer().sent(photo(77, 77))
    with TestCase.captureOnCommitCallbacks(execute=False):
        actions.erase_file(by=leader(), file=file.pk, **BY_LAW)
    assert store.original(file.sha256).exists()
    tidy()
    assert not store.original(file.sha256).exists()


def test_a_restored_house_erases_again_what_its_log_says() -> None:
    file = officer().sent(photo(66, 66))
    erase(file)
    File.objects.filter(pk=file.pk).update(state="ready", erased_at=None)
    with TestCase.captureOnCommitCallbacks(execute=True):
        assert erase_again() >= 1
    file.refresh_from_db()
    assert file.state == "erased"
    assert erase_again() == 0


def test_a_photo_by_a_link_reaches_the_desk_as_not_confirmed() -> None:
    row = incident()
    file = by_link(("incident", str(row.pk))).sent(filename="现场.jpg")
    assert (file.incident, file.state, file.verified) == (row.pk, "ready", False)
    assert lines(row.pk) == ["收到照片一份（未核实）"]
