"""What an officer decides about a file: where it belongs, whether it is so, who sees it. 处置"""

from django.db import transaction

from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.kernel.secrecy import refuse_marked
from qianjun.kernel.words import noop as _
from qianjun.media import queries
from qianjun.media.events import FileAttached, FileConfirmed, FileQuarantined
from qianjun.media.models import File
from qianjun.media.saying import say
from qianjun.media.sight import About, incident_seen
from qianjun.org.actor import Actor, not_found, require
from qianjun.org.reads import record_read

REASON_CHARACTERS = 500


@transaction.atomic(savepoint=False)
def attach(*, by: Actor, file: str | int, about: About) -> File:
    """Put a file to what it is about: one's own while it is free, any by who sorts. 归入

    Refused: 403, 404 (file or thing), 409 ``erased`` or ``attached`` (somebody did already).
    """
    row = _locked(by=by, file=file)
    free = not row.about_kind and queries.is_own(by, row)
    if not free:
        require(by, "media.verify")
    incident = incident_seen(by=by, about=about)
    if (row.about_kind, row.about_id) == about:
        return row
    row.about_kind, row.about_id = about
    row.incident = incident
    row.save(update_fields=["about_kind", "about_id", "incident"])
    said = FileAttached(file_id=row.pk, to_kind=about[0], to_id=about[1])
    say(said, by=by, file=row)
    return row


@transaction.atomic(savepoint=False)
def confirm_file(*, by: Actor, file: str | int) -> File:
    """Say that a file shows what it is said to show: 未核实 goes away. 核实文件

    Again is the same answer. Refused: 403, 404, 409 ``not_ready``.
    """
    require(by, "media.verify")
    row = _locked(by=by, file=file)
    if row.state != File.State.READY:
        raise Refused("not_ready", _("文件还在处理或已被隔离，不能核实。"), status=409)
    if row.verified:
        return row
    row.verified_at = clock.now()
    row.verified_by_kind, row.verified_by_id = by.kind, by.ident
    row.save(update_fields=["verified_at", "verified_by_kind", "verified_by_id"])
    say(FileConfirmed(file_id=row.pk, what=row.kind), by=by, file=row)  # type: ignore[arg-type]
    return row


@transaction.atomic(savepoint=False)
def quarantine(*, by: Actor, file: str | int, reason: str) -> File:
    """Keep a file back, so that it is served to nobody; a confirmation ends with it. 隔离文件

    Refused: 403, 404, 409 ``not_ready``, 422 ``reason_needed``.
    """
    require(by, "media.verify")
    row = _locked(by=by, file=file)
    if row.state == File.State.QUARANTINED:
        return row
    if not 0 < len(reason.strip()) <= REASON_CHARACTERS:
        raise Refused("reason_needed", _("请写明隔离理由（500 字以内）。"))
    refuse_marked(reason, field="reason")
    row.state, row.why = File.State.QUARANTINED, "officer"
    row.verified_at, row.verified_by_kind, row.verified_by_id = None, "", ""
    row.save(update_fields=["state", "why", "verified_at", "verified_by_kind", "verified_by_id"])
    say(FileQuarantined(file_id=row.pk, why=row.why), by=by, file=row, body=reason.strip())
    return row


def _locked(*, by: Actor, file: str | int) -> File:
    """The file for changing, as long as it is not erased."""
    queries.file_seen(by=by, file_id=file)
    row = File.objects.select_for_update().get(pk=int(file))
    if row.state == File.State.ERASED:
        raise Refused("erased", _("这份文件已依法删除。"), status=409)
    return row


@transaction.atomic(savepoint=False)
def open_original(*, by: Actor, file: str | int) -> File:
    """The file whose original he is about to get; that he got it is noted. 查看原件

    Refused: 403; 404 for what he may not see, and for what is not served to anybody.
    """
    require(by, "media.original")
    row = queries.file_seen(by=by, file_id=file)
    if row.state != File.State.READY:
        raise not_found()
    record_read(by=by, what="media.original", about=("file", str(row.pk)))
    return row


@transaction.atomic(savepoint=False)
def bar_file(*, by: Actor, file: str | int) -> File:
    """Keep back for good what must not be entered; only erasing by law follows. 不得录入

    By number, without looking: who marks need not see it. Refused: 403, 404, 409 ``erased``.
    """
    require(by, "record.mark")
    row = File.objects.select_for_update().get(pk=queries.file_to_erase(file_id=file).pk)
    if row.state == File.State.ERASED:
        raise Refused("erased", _("这份文件已依法删除。"), status=409)
    row.state, row.why = File.State.QUARANTINED, "barred"
    row.verified_at, row.verified_by_kind, row.verified_by_id = None, "", ""
    row.save(update_fields=["state", "why", "verified_at", "verified_by_kind", "verified_by_id"])
    say(FileQuarantined(file_id=row.pk, why=row.why), by=by, file=row)
    return row
