"""What was acknowledged is there after a kill; what was not is sent again."""

import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection, transaction

from qianjun.kernel.clock import Held
from qianjun.kernel.errors import Refused
from qianjun.media import store
from qianjun.media.actions import finish_upload
from qianjun.media.models import File, Upload
from qianjun.media.tidying import tidy
from qianjun.org.actor import system
from qianjun.site import database
from tests.media.pictures import PDF, photo
from tests.media.senders import officer, upload_at
from tests.settings import FOLDER

pytestmark = pytest.mark.django_db(transaction=True)
PIECE = 1 << 20
# a phone inside the process that is killed: sends piece after piece and says each answer
PHONE = """
import sys, django
django.setup()
from django.test import Client
path, token, size = sys.argv[1], sys.argv[2], int(sys.argv[3])
client = Client(headers={"Authorization": "Bearer " + token, "Tus-Resumable": "1.0.0"})
offset = int(client.head(path).headers["Upload-Offset"])
while True:
    body = bytes([offset // size % 251]) * size
    reply = client.generic("PATCH", path, body, "application/offset+octet-stream",
                           headers={"Upload-Offset": str(offset)})
    offset = int(reply.headers["Upload-Offset"])
    print(offset, flush=True)
"""


@contextmanager
def sending(path: str, token: str) -> Iterator[subprocess.Popen[str]]:
    """A process of its own that sends pieces to this upload without end."""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "qianjun.site.settings",
        "DATABASE_URL": database.dsn(FOLDER, str(connection.settings_dict["NAME"])),
        "QIANJUN_REALM": "demo",
        "QIANJUN_DATA": str(settings.DATA),
    }
    words = [sys.executable, "-c", PHONE, path, token, str(PIECE)]
    with subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, text=True) as phone:
        try:
            yield phone
        finally:
            phone.kill()


@pytest.mark.running_clock
def test_an_upload_is_resumed_after_kill_9_where_it_is_durable() -> None:
    phone = officer()
    token = phone.headers["Authorization"].removeprefix("Bearer ")
    length = 300 * PIECE
    path = phone.begun(length, filetype="video/mp4")
    told = 0
    for wait_s in (0.0, 0.013, 0.029):
        with sending(path, token) as sender:
            assert sender.stdout is not None
            told = int(sender.stdout.readline())
            time.sleep(wait_s)
            sender.send_signal(signal.SIGKILL)
            told = max([told, *map(int, sender.stdout.read().split())])
        offset = phone.offset(path)
        assert told <= offset < length
        assert offset % PIECE == 0
    held = store.coming(upload_at(path).ident).read_bytes()[:offset]
    wanted = b"".join(bytes([n % 251]) * PIECE for n in range(offset // PIECE))
    assert held == wanted


def test_bytes_of_a_piece_that_broke_off_are_overwritten() -> None:
    phone, content = officer(), photo()
    path = phone.begun(len(content))
    phone.patch(path, content[:100], offset=0)
    with store.coming(upload_at(path).ident).open("ab") as torn:
        torn.write(b"torn")
    assert phone.offset(path) == 100
    reply = phone.patch(path, content[100:], offset=100)
    file = File.objects.get(pk=int(reply.headers["Upload-File"]))
    assert store.original(file.sha256).read_bytes() == content


def test_what_the_disk_has_lost_is_asked_for_again() -> None:
    phone = officer()
    path = phone.begun(1000)
    phone.patch(path, b"a" * 500, offset=0)
    with store.coming(upload_at(path).ident).open("r+b") as shorter:
        shorter.truncate(200)
    assert phone.offset(path) == 200
    assert phone.patch(path, b"a" * 100, offset=200).status_code == 204


def test_a_full_disk_in_the_middle_of_a_piece_leaves_nothing_of_it() -> None:
    phone = officer()
    path = phone.begun(3 << 20)
    assert phone.patch(path, bytes(1 << 20), offset=0).status_code == 204
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, ((1 << 20) + 4096, hard))
    try:
        reply = phone.patch(path, bytes(1 << 20), offset=1 << 20)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert (reply.status_code, reply.json()["code"]) == (503, "disk_full")  # type: ignore[attr-defined]
    assert phone.offset(path) == store.held_bytes(upload_at(path).ident) == 1 << 20
    assert phone.patch(path, bytes(2 << 20), offset=1 << 20).status_code == 204


def test_an_end_that_was_undone_does_not_let_a_later_piece_change_an_original() -> None:
    phone, content = officer(), PDF + b"%" * 100
    path = phone.begun(len(content))
    phone.patch(path, content[:-10], offset=0)
    row = upload_at(path)
    store.coming(row.ident).write_bytes(content)
    with transaction.atomic():
        sha256 = finish_upload(by=system(), upload=row).sha256
        transaction.set_rollback(True)
    assert not File.objects.exists()
    assert store.original(sha256).read_bytes() == content
    reply = phone.patch(path, b"x" * 10, offset=len(content) - 10)
    assert reply.status_code == 204
    assert store.original(sha256).read_bytes() == content
    other = File.objects.get().sha256
    assert other != sha256


def test_an_upload_that_is_not_whole_becomes_no_file() -> None:
    path = officer().begun(100)
    with pytest.raises(Refused, match="upload_incomplete"):
        finish_upload(by=system(), upload=upload_at(path))


def test_tidying_drops_what_never_became_a_file_and_keeps_the_rest(held_clock: Held) -> None:
    phone = officer()
    stale = phone.begun(100)
    phone.patch(stale, b"abc", offset=0)
    stale_ident = upload_at(stale).ident
    file = phone.send(PDF)
    stray = store.root() / "coming" / ("b" * 16)
    stray.write_bytes(b"x")
    os.utime(stray, (0, 0))
    held_clock.forward(timedelta(hours=47))
    young = officer().begun(100)
    held_clock.forward(timedelta(hours=2))
    tidy()
    assert not store.coming(stale_ident).exists()
    assert Upload.objects.filter(ident=stale_ident).exists()
    assert store.coming(upload_at(young).ident).exists()
    assert not stray.exists()
    assert store.original(file.sha256).exists()
    held_clock.forward(timedelta(days=12))
    tidy()
    assert not Upload.objects.exists()
    assert File.objects.filter(pk=file.pk).exists()
