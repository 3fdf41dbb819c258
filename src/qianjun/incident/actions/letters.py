"""What came in and may be a report: taken in, or put aside for a reason. 来信分拣"""

from datetime import datetime

from django.db import transaction

from qianjun.incident.events import LetterPutAside, LetterTaken, LetterWaits
from qianjun.incident.models import Letter, Report
from qianjun.incident.queries.letters import letters_seen
from qianjun.incident.undo_events import LetterRestored
from qianjun.journal.bus import emit
from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.kernel.fields import words
from qianjun.kernel.words import noop as _
from qianjun.media.actions import attach
from qianjun.media.sight import About
from qianjun.message.models import Inbound
from qianjun.org.actor import Actor, key_of, not_found, require, system

REASON_MOST = 500


@transaction.atomic(savepoint=False)
def lay_out_letter(*, by: Actor, inbound: int, arrived_at: datetime) -> Letter:
    """Lay a letter on the desk, once; the house alone does it. 待分拣"""
    require(by, "report.sort")
    row, made = Letter.objects.get_or_create(
        inbound_id=inbound, defaults={"arrived_at": arrived_at}
    )
    if made:
        emit(LetterWaits(letter_id=row.pk, inbound_id=inbound), by=by)
    return row


@transaction.atomic(savepoint=False)
def held_letter(*, by: Actor, letter_id: str | int) -> Letter:
    """A letter that nobody has settled, locked with its words; 404, 409. 取来信"""
    require(by, "report.sort")
    rows = letters_seen(by).select_for_update(of=("self",)).select_related("inbound__person")
    row = rows.filter(pk=key_of(letter_id)).first()
    if row is None:
        raise not_found()
    if row.settled_at is not None:
        raise Refused("letter_settled", _("这条来信已有人分拣。"), status=409)
    return row


@transaction.atomic(savepoint=False)
def settle_letter(*, by: Actor, letter: Letter, report_id: int) -> Letter:
    """The letter was taken in as this report; in the transaction that took it in. 来信立案"""
    require(by, "report.sort")
    letter.report = Report.objects.get(pk=report_id)
    _settled(letter, by=by)
    event = LetterTaken(letter_id=letter.pk, report_id=report_id)
    about = ("report", str(report_id))
    emit(event, by=by, incident=letter.report.incident_id, about=about)
    keep_file(by=by, inbound=letter.inbound_id, about=about)
    return letter


@transaction.atomic(savepoint=False)
def put_letter_aside(*, by: Actor, letter_id: str | int, reason: str) -> Letter:
    """The letter is no report, for this reason; it stays readable. 不立案"""
    require(by, "report.sort")
    why = words("reason", reason, most=REASON_MOST)
    row = held_letter(by=by, letter_id=letter_id)
    row.reason = why
    _settled(row, by=by)
    emit(LetterPutAside(letter_id=row.pk), by=by, about=("letter", str(row.pk)), body=why)
    return row


@transaction.atomic(savepoint=False)
def restore_letter(*, by: Actor, letter_id: str | int) -> Letter:
    """The letter that was put aside waits on the desk again; 409 when it was taken in. 放回"""
    require(by, "report.sort")
    rows = letters_seen(by).select_for_update(of=("self",))
    row = rows.filter(pk=key_of(letter_id)).first()
    if row is None:
        raise not_found()
    if row.settled_at is None or row.report_id is not None:
        raise Refused("not_aside", _("这条来信没有放到一边，不用放回。"), status=409)
    row.settled_at, row.reason, row.by_kind, row.by_id = None, "", "", ""
    row.save(update_fields=["settled_at", "reason", "by_kind", "by_id"])
    emit(LetterRestored(letter_id=row.pk), by=by, about=("letter", str(row.pk)))
    return row


@transaction.atomic(savepoint=False)
def keep_file(*, by: Actor, inbound: int, about: About) -> bool:
    """Put the file that came with a letter to what it tells of; whether there was one. 归入附件

    What somebody has put elsewhere meanwhile, or what was erased, stays as it is.
    """
    require(by, "report.sort")
    row = Inbound.objects.select_related("file").filter(pk=inbound, file__isnull=False).first()
    if row is None or row.file is None or row.file.about_kind or row.file.state == "erased":
        return False
    # who sorts letters of a part of the district need not see all free files
    attach(by=system(name="incident"), file=row.file.pk, about=about)
    return True


def _settled(row: Letter, *, by: Actor) -> None:
    row.settled_at = clock.now()
    row.by_kind, row.by_id = by.kind, by.ident
    row.save()
