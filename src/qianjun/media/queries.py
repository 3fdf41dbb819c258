"""Questions about files and uploads. 媒体查询"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Count, Q, QuerySet, Sum

from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.kernel.words import noop as _
from qianjun.media import store
from qianjun.media.models import File, Upload
from qianjun.media.rules import limits
from qianjun.media.rules.reasons import REASONS
from qianjun.media.sight import About, incident_seen
from qianjun.org.actor import Actor, key_of, not_found, require

Json = dict[str, Any]


def file_seen(*, by: Actor, file_id: str | int) -> File:
    """The file with this id, or 404: his own, or one of what he may see. 可见文件"""
    found = File.objects.filter(pk=key_of(file_id)).first()
    if found is None or not _sees(by, found):
        raise not_found()
    return found


def file_to_erase(*, file_id: str | int) -> File:
    """The file with this id, for whoever erases by law without looking at it; else 404."""
    found = File.objects.filter(pk=key_of(file_id)).first()
    if found is None:
        raise not_found()
    return found


def _sees(by: Actor, file: File) -> bool:
    if is_own(by, file):
        return True
    if not by.may("media.read"):
        return False
    return _sees_what_it_is_about(by, file)


def _sees_what_it_is_about(by: Actor, file: File) -> bool:
    about = ("incident", str(file.incident)) if file.incident else (file.about_kind, file.about_id)
    if about == ("", ""):  # not yet part of anything: those who sort it
        return by.may("media.verify") and by.scope.kind == "all"
    try:
        incident_seen(by=by, about=about)
    except Refused:
        return False
    return True


def is_own(by: Actor, row: File | Upload) -> bool:
    """Whether he sent it himself."""
    return (row.by_kind, row.by_id) == (by.kind, by.ident)


def files_of(
    *, seen_by: Actor, incident: str | int | None = None, about: About | None = None
) -> QuerySet[File]:
    """The files of an incident, or of one thing, the newest first; erased ones as well. 文件"""
    require(seen_by, "media.read")
    if about is not None:
        incident_seen(by=seen_by, about=about)
        return File.objects.filter(about_kind=about[0], about_id=about[1]).order_by("-pk")
    key = key_of(incident if incident is not None else "")
    incident_seen(by=seen_by, about=("incident", str(key)))
    return File.objects.filter(incident=key).order_by("-pk")


def fit_to_show(rows: QuerySet[File]) -> QuerySet[File]:
    """Those for a big screen: confirmed by an officer, with a copy to look at. 可上大屏"""
    return rows.filter(state=File.State.READY, kind="image", verified_at__isnull=False)


def files_about(abouts: Iterable[About]) -> dict[About, list[Json]]:
    """The files of many things as contract 6 lists them, in one statement; ``("file", id)`` too.

    For lines that the asker sees already: nobody is asked again.
    """
    wanted = set(abouts)
    asked = Q(pk__in=[int(ident) for kind, ident in wanted if kind == "file" and ident.isdigit()])
    for kind in {kind for kind, _ident in wanted} - {"file", ""}:
        asked |= Q(about_kind=kind, about_id__in=[i for k, i in wanted if k == kind])
    found: dict[About, list[Json]] = {}
    for row in File.objects.filter(asked).order_by("pk") if wanted else ():
        for about in (("file", str(row.pk)), (row.about_kind, row.about_id)):
            if about in wanted:
                found.setdefault(about, []).append(brief_json(row))
    return found


def free_file(*, by: Actor, file_id: str | int) -> File | None:
    """A file that he has sent himself and that is part of nothing yet; None for any other."""
    key = str(file_id)
    if not (key.isascii() and key.isdigit() and len(key) < 19):
        return None
    mine = File.objects.filter(by_kind=by.kind, by_id=by.ident, about_kind="")
    return mine.exclude(state=File.State.ERASED).filter(pk=int(key)).first()


def quarantined(*, seen_by: Actor) -> QuerySet[File]:
    """Everything that is kept back, the newest first, for those who decide. 已隔离文件"""
    require(seen_by, "media.verify")
    rows = File.objects.filter(state=File.State.QUARANTINED).order_by("-pk")
    if seen_by.scope.kind != "all":
        seen = [row.pk for row in rows[:500] if _sees(seen_by, row)]
        rows = rows.filter(pk__in=seen)
    return rows


def upload_of(*, by: Actor, ident: str) -> Upload:
    """His upload with this id; 404 for any other, 410 for one that has expired. 我的上传"""
    found = Upload.objects.filter(ident=ident, by_kind=by.kind, by_id=by.ident).first()
    if found is None:
        raise not_found()
    if found.file_id is None and found.expires_at <= clock.real():
        raise Refused("upload_expired", _EXPIRED, status=410)
    return found


_EXPIRED: Final = _("这次上传已超过 48 小时，请重新上传。")


def durable_offset(upload: Upload) -> int:
    """How many bytes survive whatever happens: acknowledged, and there. 已收字节数"""
    if upload.file_id is not None:
        return upload.length
    return min(upload.offset, store.held_bytes(upload.ident))


def piece_too_large() -> Refused:
    """A piece over the limit."""
    return Refused("piece_too_large", _("每段至多 8 MB，请分成小段上传。"), status=413)


# --- how much is used ----------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Used:
    """What stands against a quota. 已用额度"""

    files: int
    total_bytes: int


def used_by(by: Actor) -> Used:
    """What he has sent: by a link ever, by a person or token in 24 hours of real time."""
    if by.kind == "link":
        mine = {"by_kind": by.kind, "by_id": by.ident}
        return _together(Q(**mine), Q(**mine))
    since = clock.real() - limits.DAY
    rows = Upload.objects.filter(by_kind=by.kind, by_id=by.ident, made_at__gt=since)
    return _used(rows, "length")


def used_in(incident: int) -> Used:
    """What an incident holds, and what is on its way there."""
    return _together(Q(incident=incident), Q(incident=incident))


def _together(files: Q, uploads: Q) -> Used:
    here = _used(File.objects.filter(files).exclude(state=File.State.ERASED), "bytes")
    waiting = Upload.objects.filter(uploads, file__isnull=True, expires_at__gt=clock.real())
    coming = _used(waiting, "length")
    return Used(files=here.files + coming.files, total_bytes=here.total_bytes + coming.total_bytes)


def _used(rows: QuerySet[Any], column: str) -> Used:
    found = rows.aggregate(files=Count("pk"), total=Sum(column))
    return Used(files=found["files"], total_bytes=int(found["total"] or 0))


# --- as programs and pages read it ---------------------------------------------------------------


def brief_json(row: File) -> Json:
    """A file beside a line of the timeline (contract 6)."""
    picture = row.kind == "image" and row.state == File.State.READY
    return {
        "id": str(row.pk),
        "kind": row.kind,
        "sha256": row.sha256,
        "verified": row.verified,
        "name": row.name,
        "bytes": row.bytes,
        "state": row.state,
        "why": row.why or None,
        "why_zh": REASONS.get(row.why),
        "thumb": f"/media/{row.pk}/thumb" if picture else None,
        "shown": f"/media/{row.pk}/shown" if picture else None,
    }


def file_json(row: File) -> Json:
    """A file with everything that may be known of it; nulls where there is nothing. 文件（接口）"""
    return brief_json(row) | {
        "media_type": row.media_type,
        "width": row.width,
        "height": row.height,
        "about": {"kind": row.about_kind, "id": row.about_id} if row.about_kind else None,
        "incident": str(row.incident) if row.incident is not None else None,
        "via": row.via,
        "received_at": _told(row.received_at),
        "verified_at": _told(row.verified_at),
        "taken_at_claimed": _told(row.taken_at_claimed),
        "lon_claimed": row.lon_claimed,
        "lat_claimed": row.lat_claimed,
    }


def _told(instant: datetime | None) -> str | None:
    return clock.in_beijing(instant).isoformat() if instant is not None else None
