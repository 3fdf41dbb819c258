"""Take a file in, piece by piece; what was acknowledged survives a power cut. 上传"""

from typing import IO

from django.db import transaction

from qianjun.journal.locks import one_at_a_time
from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.kernel.ids import short_id
from qianjun.kernel.secrecy import refuse_marked_name
from qianjun.kernel.words import noop as _
from qianjun.media import queries, store
from qianjun.media.actions.finishing import finish_upload
from qianjun.media.models import File, Upload
from qianjun.media.rules import limits, names
from qianjun.media.rules.limits import MIB, Quota
from qianjun.media.rules.tus import Checksum
from qianjun.media.sight import NOTHING, About, incident_seen, require_sender
from qianjun.org.actor import Actor


@transaction.atomic(savepoint=False)
def create_upload(
    *, by: Actor, length_bytes: int, name: str, claimed_type: str, about: About = NOTHING
) -> Upload:
    """Begin an upload of so many bytes. 开始上传

    ``name`` is cleaned already. Who comes by a link sends for what the link is about. Refused: 403,
    404, 413 ``too_large`` or ``quota_…``, 422 ``empty_file`` or ``must_not_be_entered``, 503
    ``disk_full``.
    """
    require_sender(by)
    about = by.scope.about if by.kind == "link" else about
    incident = incident_seen(by=by, about=about) if about != NOTHING else None
    refuse_marked_name(name, field="Upload-Metadata")
    _judge_length(length_bytes, claimed_type)
    _take_turn(by, incident)
    _judge_quotas(by, incident, length_bytes)
    store.check_room(length_bytes)
    real = clock.real()
    upload = Upload.objects.create(
        ident=short_id(),
        length=length_bytes,
        name=name,
        claimed_type=claimed_type[:80],
        about_kind=about[0],
        about_id=about[1],
        incident=incident,
        by_kind=by.kind,
        by_id=by.ident,
        via=via_of(by),
        made_at=real,
        expires_at=real + limits.UPLOAD_LIVES,
    )
    store.start(upload.ident)
    return upload


def via_of(by: Actor) -> str:
    """The way somebody came: link, session, token or system."""
    way = by.via.partition(":")[0]
    return way if way in File.Via.values else File.Via.SYSTEM


def _judge_length(length_bytes: int, claimed_type: str) -> None:
    if length_bytes == 0:
        raise Refused("empty_file", _("这个文件是空的，没有内容可传。"))
    most_bytes = limits.limit_of_claimed(claimed_type)
    if length_bytes > most_bytes:
        zh = _("文件太大：这类文件至多 %(most)s MB。")
        words = {"most": most_bytes // MIB}
        raise Refused("too_large", zh, status=413, words=words)


def _take_turn(by: Actor, incident: int | None) -> None:
    """Counting and adding to what is counted is one step."""
    names = [f"media.sent:{by.kind}:{by.ident}"]
    if incident is not None:
        names.append(f"media.incident:{incident}")
    one_at_a_time(*names)


def _judge_quotas(by: Actor, incident: int | None, length_bytes: int) -> None:
    own = limits.LINK_QUOTA if by.kind == "link" else limits.PERSON_QUOTA
    _judge_quota(own, queries.used_by(by), length_bytes)
    if incident is not None:
        _judge_quota(limits.INCIDENT_QUOTA, queries.used_in(incident), length_bytes)


def _judge_quota(quota: Quota, used: queries.Used, length_bytes: int) -> None:
    spent = quota.spent_by(files=used.files, total_bytes=used.total_bytes, more_bytes=length_bytes)
    if spent == "files":
        zh = _("已达到可传文件数的上限（%(most)s 个）；如还有要紧的，请电话联系值班室。")
        raise Refused("quota_files", zh, status=413, words={"most": quota.files})
    if spent == "bytes":
        zh = _("已达到可传总量的上限（%(most)s MB）；如还有要紧的，请电话联系值班室。")
        words = {"most": quota.total_bytes // MIB}
        raise Refused("quota_bytes", zh, status=413, words=words)


@transaction.atomic(savepoint=False)
def add_piece(
    *,
    by: Actor,
    ident: str,
    offset: int,
    source: IO[bytes],
    size_bytes: int,
    checksum: Checksum | None = None,
) -> Upload:
    """Write the next piece, durably; the last one finishes the upload. 续传一段

    Refused: 403, 404, 409 ``wrong_offset`` (``offset`` says the right one), 410, 413, 460
    ``wrong_checksum``, 503 ``disk_full``. What is refused leaves nothing.
    """
    require_sender(by)
    queries.upload_of(by=by, ident=ident)
    upload = Upload.objects.select_for_update().get(ident=ident)
    _judge_piece(upload, offset=offset, size_bytes=size_bytes)
    if upload.file_id is not None:  # an empty piece behind the last one
        return upload
    try:
        written = store.append(
            ident, source, offset=offset, most_bytes=size_bytes, checksum=checksum
        )
    except store.WrongSum:
        zh = _("这一段在传输中损坏（校验和不符），请重传这一段。")
        raise Refused("wrong_checksum", zh, status=460) from None
    upload.offset = offset + written
    Upload.objects.filter(pk=upload.pk).update(offset=upload.offset)
    if upload.offset == upload.length:
        upload.file = finish_upload(by=by, upload=upload)
    return upload


def _judge_piece(upload: Upload, *, offset: int, size_bytes: int) -> None:
    durable = queries.durable_offset(upload)
    if offset != durable:
        zh = _("位置不对：已收到 %(offset)s 字节，请从那里接着传。")
        words = {"offset": durable}
        raise Refused("wrong_offset", zh, status=409, words=words, extra={"offset": durable})
    if size_bytes > limits.PIECE_BYTES:
        raise queries.piece_too_large()
    if offset + size_bytes > upload.length:
        raise Refused("too_long", _("这一段超出了文件声明的总长度。"), status=413)


@transaction.atomic(savepoint=False)
def drop_upload(*, by: Actor, ident: str) -> None:
    """Give an upload up; a file that is whole already stays. 放弃上传"""
    require_sender(by)
    upload = queries.upload_of(by=by, ident=ident)
    if upload.file_id is not None:
        raise Refused("upload_finished", _("文件已经收完，不能再放弃。"), status=409)
    Upload.objects.filter(pk=upload.pk).delete()
    transaction.on_commit(lambda: store.drop_coming(upload.ident))


@transaction.atomic(savepoint=False)
def upload_whole(*, by: Actor, source: IO[bytes], size_bytes: int, name: str) -> File:
    """Take in a file that lies here whole, as a form of a page brings it. 整份上传

    Refused as its pieces would be; ``name`` is as the sender wrote it.
    """
    upload = create_upload(
        by=by, length_bytes=size_bytes, name=names.cleaned(name), claimed_type=""
    )
    while upload.file is None:
        rest = min(upload.length - upload.offset, limits.PIECE_BYTES)
        upload = add_piece(
            by=by, ident=upload.ident, offset=upload.offset, source=source, size_bytes=rest
        )
    return upload.file
