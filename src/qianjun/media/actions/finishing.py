"""A whole upload becomes a file; a look at it lets it be seen or keeps it back. 收齐与检查"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from qianjun.journal.bus import emit
from qianjun.journal.locks import one_at_a_time
from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.kernel.words import noop as _
from qianjun.media import store
from qianjun.media.events import FileQuarantined, FileReady, FileReceived
from qianjun.media.models import File, Upload
from qianjun.media.rules import kinds, limits
from qianjun.media.rules.kinds import Found
from qianjun.media.saying import blob_turn, say
from qianjun.org.actor import Actor

LOOKED_AT = ("image", "document")  # by the child; of sound and film only the container is known


@dataclass(frozen=True, kw_only=True)
class Look:
    """What a look at a file has shown; ``why`` keeps it back. 检查结果"""

    why: str = ""
    media_type: str = ""
    width: int | None = None
    height: int | None = None
    taken_at: datetime | None = None
    lon: float | None = None
    lat: float | None = None


@transaction.atomic(savepoint=False)
def finish_upload(*, by: Actor, upload: Upload) -> File:
    """Make a file of an upload whose last byte is here; its bytes are kept once. 收齐

    The same bytes sent again by the same for the same thing are the same file.
    """
    path = store.coming(upload.ident)
    if path.stat().st_size != upload.length:
        raise Refused("upload_incomplete", _("文件还没有收齐。"), status=409)
    sha256 = store.sha256_of(path)
    one_at_a_time(blob_turn(sha256))
    file = _twin(upload, sha256)
    if file is None:
        found = _judged(kinds.found_in(store.head_of(path, kinds.HEAD_BYTES)), upload.length)
        store.keep(upload.ident, sha256=sha256)
        file = _receive(by=by, upload=upload, sha256=sha256, found=found)
    Upload.objects.filter(pk=upload.pk).update(file=file, offset=upload.length)
    transaction.on_commit(lambda: store.drop_coming(upload.ident))
    return file


def _twin(upload: Upload, sha256: str) -> File | None:
    same = File.objects.filter(
        sha256=sha256,
        by_kind=upload.by_kind,
        by_id=upload.by_id,
        about_kind=upload.about_kind,
        about_id=upload.about_id,
    )
    return same.exclude(state=File.State.ERASED).first()


def _judged(found: Found, length_bytes: int) -> Found:
    if not found.why and length_bytes > limits.limit_of_kind(found.kind):
        return Found(kind=found.kind, media_type=found.media_type, why="too_large")
    return found


def _receive(*, by: Actor, upload: Upload, sha256: str, found: Found) -> File:
    file = File.objects.create(
        sha256=sha256,
        kind=found.kind,
        media_type=found.media_type,
        bytes=upload.length,
        name=upload.name,
        about_kind=upload.about_kind,
        about_id=upload.about_id,
        incident=upload.incident,
        by_kind=upload.by_kind,
        by_id=upload.by_id,
        via=upload.via,
        received_at=clock.now(),
        state=_first_state(found),
        why=found.why,
    )
    received = FileReceived(
        file_id=file.pk, what=found.kind, size_bytes=upload.length, sha256=sha256
    )
    say(received, by=by, file=file)
    if found.why:
        say(FileQuarantined(file_id=file.pk, why=found.why), by=by, file=file)
    return file


def _first_state(found: Found) -> str:
    if found.why:
        return File.State.QUARANTINED
    return File.State.DECODING if found.kind in LOOKED_AT else File.State.READY


@transaction.atomic(savepoint=False)
def settle_look(*, by: Actor, file: File, look: Look) -> bool:
    """Let a file be seen, or keep it back, as a look at it has shown; False when it is settled.

    It may have been kept back or erased while it was looked at. 处理结果
    """
    state = File.State.QUARANTINED if look.why else File.State.READY
    changed = File.objects.filter(pk=file.pk, state=File.State.DECODING).update(
        state=state,
        why=look.why,
        media_type=look.media_type or file.media_type,
        width=look.width,
        height=look.height,
        taken_at_claimed=look.taken_at,
        lon_claimed=look.lon,
        lat_claimed=look.lat,
    )
    if not changed:
        return False
    if look.why:
        say(FileQuarantined(file_id=file.pk, why=look.why), by=by, file=file)
    else:
        _tell_screens(by, file)
    return True


def _tell_screens(by: Actor, file: File) -> None:
    """The picture can be fetched now; that alone is no line of the timeline."""
    topics = (f"incident:{file.incident}",) if file.incident is not None else ()
    emit(FileReady(file_id=file.pk), by=by, about=("file", str(file.pk)), topics=topics)
