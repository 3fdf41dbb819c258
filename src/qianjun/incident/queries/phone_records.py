"""Calls that are no incidents. 电话记录查询"""

from typing import Any, Final

from django.db.models import Q, QuerySet

from qianjun.incident.instruction_models import PhoneRecord
from qianjun.journal.search import matching
from qianjun.kernel.text import mask_phones_in, masked_phone
from qianjun.org.actor import Actor, key_of, not_found, require
from qianjun.org.queries import name_of, within

KIND: Final = "phone_record"
TURNED: Final = Q(instruction__isnull=False) | Q(report__isnull=False)


def about_call(row: PhoneRecord) -> tuple[str, str]:
    """What entries about it are about."""
    return (KIND, str(row.pk))


def phone_records(*, seen_by: Actor, matter: str = "", q: str = "") -> QuerySet[PhoneRecord]:
    """Calls of his tree by what they were about and by words, the newest first. 电话记录"""
    require(seen_by, "phone_record.read")
    rows = matching(within(PhoneRecord.objects.all(), seen_by.scope, "unit_path"), q)
    if matter:
        rows = rows.filter(matter=matter)
    return rows.select_related("instruction", "report").order_by("-at", "-pk")


def phone_record_seen(*, seen_by: Actor, record_id: str | int) -> PhoneRecord:
    """The record with this id as he sees it, else 404. 可见电话记录"""
    if not seen_by.may("phone_record.read"):
        raise not_found()
    found = phone_records(seen_by=seen_by).filter(pk=key_of(record_id)).first()
    if found is None:
        raise not_found()
    return found


def phone_record_json(row: PhoneRecord) -> dict[str, Any]:
    """A call for programs: its number masked. 电话记录"""
    return {
        "id": str(row.pk),
        "number": row.number,
        "direction": row.direction,
        "matter": row.matter,
        "at": row.at.isoformat(),
        "recorded_at": row.recorded_at.isoformat(),
        "who": row.who or None,
        "phone_masked": masked_phone(row.phone) or None,
        "text": mask_phones_in(row.text) or None,
        "done_text": mask_phones_in(row.done_text) or None,
        "mark": row.mark,
        "by": name_of(row.by_kind, row.by_id),
        "instruction": str(row.instruction_id) if row.instruction_id else None,
        "report": str(row.report_id) if row.report_id else None,
        "version": row.version,
    }
