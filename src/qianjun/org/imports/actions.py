"""Look at a sheet, take it in as a whole, take it back as a whole. 导入动作"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError, RestrictedError

from qianjun.journal.bus import emit
from qianjun.journal.locks import one_at_a_time
from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.kernel.secrecy import refuse_marked_name
from qianjun.kernel.sheets import Sheet
from qianjun.kernel.text import clean
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor, not_found, require
from qianjun.org.events import ImportTaken, ImportUndone
from qianjun.org.imports import looking
from qianjun.org.imports.kinds import Found, Kind, kind_of
from qianjun.org.imports.rules import (
    NAME_CHARACTERS,
    PREVIEW_HOURS,
    PROBLEMS_KEPT,
    UNDO_DAYS,
    Looked,
    chosen_mapping,
    chunks,
    digest,
    kept_mapping,
)
from qianjun.org.models import ImportedRow, ImportRun

State = ImportRun.State


@transaction.atomic(savepoint=False)
def open_import(*, by: Actor, kind: str, file_name: str, content: bytes) -> ImportRun:
    """Read a sheet and keep it, to be looked at and decided on. 上传待导入的表"""
    asked = _allowed(by, kind)
    refuse_marked_name(file_name)
    sheet = looking.sheet_of(content, kind=asked)
    mapping = looking.mapping_for(sheet, kind=asked)
    run = _run(by, kind=asked, file_name=file_name, content=content)
    run.content, run.state, run.mapping = content, State.PREVIEWED, kept_mapping(mapping)
    run.kept_until = clock.real() + timedelta(hours=PREVIEW_HOURS)
    run.save()
    return run


@transaction.atomic(savepoint=False)
def choose_columns(*, by: Actor, run: int, chosen: Mapping[int, str]) -> None:
    """Say which column is which field; remembered for the next sheet like it. 指定列"""
    found, kind = _previewed(by, run)
    sheet = looking.sheet_of_run(found, kind=kind)
    kept = chosen_mapping(chosen, table=kind.table)
    found.mapping = kept
    found.save(update_fields=["mapping"])
    looking.remember(sheet, kind=kind, kept=kept)


@transaction.atomic(savepoint=False)
def take_import(*, by: Actor, run: int, partial: bool) -> ImportRun:
    """Take a looked-at sheet in: all of it, or only its good rows. 导入"""
    found, kind = _previewed(by, run)
    sheet = looking.sheet_of_run(found, kind=kind)
    _turn(kind)
    looked = looking.look(sheet, kind=kind, mapping=looking.mapping_of_run(found, sheet, kind=kind))
    refused = looked.counts["refused"]
    if refused and not partial:
        zh = _("还有 %(rows)s 行有问题；请改好再传，或只导入正确的行。")
        raise Refused("rows_refused", zh, words={"rows": refused})
    if not looked.to_write:
        raise Refused("nothing_to_take", _("没有可以导入的行。"))
    _take(by, found, kind=kind, looked=looked)
    looking.remember(sheet, kind=kind, kept=found.mapping)
    looking.forget(found)
    return found


@transaction.atomic(savepoint=False)
def import_sheet(
    *, by: Actor, kind: str, file_name: str, content: bytes, sheet: Sheet, partial: bool
) -> tuple[Looked, ImportRun]:
    """Look and take in one go, as the command does; refused rows refuse all without partial."""
    asked = _allowed(by, kind)
    refuse_marked_name(file_name)
    _turn(asked)
    looked = looking.look(sheet, kind=asked, mapping=looking.mapping_for(sheet, kind=asked))
    run = _run(by, kind=asked, file_name=file_name, content=content)
    run.mapping = kept_mapping(looked.mapping)
    if looked.counts["refused"] and not partial:
        _close(run, State.REFUSED, looked)
    else:
        _take(by, run, kind=asked, looked=looked)
    return looked, run


@transaction.atomic(savepoint=False)
def undo_import(*, by: Actor, run: int) -> ImportRun:
    """Put everything back as it was before the sheet; refused when it was changed since. 撤销"""
    found, kind = _locked(by, run)
    if found.state != State.TAKEN:
        raise Refused("not_taken", _("这次导入没有写入，或已经撤销。"), status=409)
    if found.kept_until <= clock.real():
        words = {"days": UNDO_DAYS}
        raise Refused("too_late", _("超过 %(days)s 天，不能再撤销。"), status=409, words=words)
    _turn(kind)
    rows = list(found.rows.order_by("-pk"))
    _check_unchanged(rows, kind=kind)
    try:
        _put_back(rows, kind=kind)
    except (ProtectedError, RestrictedError, IntegrityError) as fault:
        zh = _("导入的内容已被别处使用，不能撤销。")
        raise Refused("in_use", zh, status=409) from fault
    found.state, found.undone_at = State.UNDONE, clock.now()
    found.save(update_fields=["state", "undone_at"])
    told = ImportUndone(run_id=found.pk, import_kind=kind.name, rows=len(rows))
    emit(told, by=by, about=("import", str(found.pk)))
    return found


@transaction.atomic(savepoint=False)
def drop_import(*, by: Actor, run: int) -> None:
    """Throw a looked-at sheet away. 放弃"""
    found, _kind = _previewed(by, run)
    looking.forget(found)
    found.delete()


def _allowed(by: Actor, kind: str) -> Kind:
    """The kind, when the actor may bring it in and sees the whole house."""
    require(by, "import.take")
    asked = kind_of(kind)
    require(by, asked.permission)
    _check_whole_house(by)
    return asked


def _check_whole_house(by: Actor) -> None:
    if by.scope.kind != "all":
        raise Refused("whole_house_only", _("导入须由管全区的角色操作。"), status=403)


def _run(by: Actor, *, kind: Kind, file_name: str, content: bytes) -> ImportRun:
    name = clean(file_name.replace("\0", "")).text.replace("\n", " ").strip()
    return ImportRun(
        kind=kind.name,
        file_name=name[-NAME_CHARACTERS:] or "–",
        sha256=sha256(content).hexdigest(),
        by_kind=by.kind,
        by_id=by.ident,
        at=clock.now(),
        kept_until=_undo_until(),
    )


def _undo_until() -> datetime:
    return clock.real() + timedelta(days=UNDO_DAYS)


def _turn(kind: Kind) -> None:
    one_at_a_time(f"org.import:{kind.name}")


def _locked(by: Actor, run: int) -> tuple[ImportRun, Kind]:
    require(by, "import.take")
    found = ImportRun.objects.select_for_update().filter(pk=run).first()
    if found is None or not by.may(kind_of(found.kind).permission):
        raise not_found()
    _check_whole_house(by)
    return found, _allowed(by, found.kind)


def _previewed(by: Actor, run: int) -> tuple[ImportRun, Kind]:
    found, kind = _locked(by, run)
    if found.state != State.PREVIEWED:
        raise Refused("already_decided", _("这次导入已经处理过。"), status=409)
    return found, kind


def _take(by: Actor, run: ImportRun, *, kind: Kind, looked: Looked) -> None:
    """Write in chunks, keep what stood there, say it once."""
    _close(run, State.TAKEN, looked)
    for chunk in chunks(_in_writing_order(looked.to_write)):
        before = kind.snapshots([row.about for row in chunk if row.about is not None])
        idents = kind.write(chunk, source=run.file_name)
        after = kind.snapshots(idents)
        ImportedRow.objects.bulk_create(
            ImportedRow(
                run=run,
                row_number=row.row_number,
                outcome=row.outcome,
                about_kind=kind.about,
                about_id=ident,
                before=before.get(ident),
                after=digest(after[ident]),
            )
            for row, ident in zip(chunk, idents, strict=True)
        )
    if looked.to_write:
        _tell(by, run, kind=kind)


def _in_writing_order(rows: list[Found]) -> list[Found]:
    """What others hang on goes first, when the kind says so by ``meant.depth``."""
    return sorted(rows, key=lambda row: getattr(row.meant, "depth", 0))


def _tell(by: Actor, run: ImportRun, *, kind: Kind) -> None:
    counts = run.counts
    told = ImportTaken(
        run_id=run.pk,
        import_kind=kind.name,
        rows=counts["rows"],
        made=counts["new"],
        changed=counts["changed"],
        unchanged=counts["unchanged"],
        refused=counts["refused"],
    )
    emit(told, by=by, about=("import", str(run.pk)), body=run.file_name)


def _close(run: ImportRun, state: str, looked: Looked) -> None:
    run.state, run.content, run.counts = state, None, looked.counts
    run.problems = looked.problems(most=PROBLEMS_KEPT)
    run.kept_until, run.at = _undo_until(), clock.now()
    run.save()


def _check_unchanged(rows: list[ImportedRow], *, kind: Kind) -> None:
    changed = 0
    for chunk in chunks(rows):
        now = kind.snapshots([row.about_id for row in chunk])
        changed += sum(digest(now.get(row.about_id)) != row.after for row in chunk)
    if changed:
        zh = _("其中 %(rows)s 行导入之后又改过，不能整体撤销。")
        raise Refused("changed_since", zh, status=409, words={"rows": changed})


def _put_back(rows: list[ImportedRow], *, kind: Kind) -> None:
    """The last written first, so that nothing hangs on what goes."""
    for chunk in chunks(rows):
        kind.restore({row.about_id: row.before for row in chunk if row.before is not None})
        kind.remove([row.about_id for row in chunk if row.before is None])
