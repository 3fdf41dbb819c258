"""The newest backup, as the journal tells it to an administrator. 最近备份"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from qianjun.journal.models import Entry
from qianjun.journal.queries import lines_of, with_rest
from qianjun.kernel import clock
from qianjun.org.actor import Actor, require
from qianjun.org.store.queries import setting


@dataclass(frozen=True, kw_only=True)
class LastBackup:
    """The newest backup as the journal tells it; ``made_at`` None for none. 最近备份"""

    made_at: datetime | None
    mega: str = ""
    head: str = ""
    sha256: str = ""
    told: str = ""
    days: int = 0
    is_old: bool = False


def last_backup(*, seen_by: Actor) -> LastBackup:
    """When the house was backed up last, and whether that is too long ago. 最近备份"""
    require(seen_by, "setting.read")
    days = setting("org", "backup_days")
    assert isinstance(days, int)
    entry = Entry.objects.filter(name="journal.backup_made").order_by("-pk").first()
    if entry is None:
        return LastBackup(made_at=None, days=days, is_old=settings.REALM == "live")
    (line,) = lines_of(with_rest(Entry.objects.filter(pk=entry.pk)))
    told = entry.payload
    made_at = datetime.fromisoformat(told["made_at"])
    return LastBackup(
        made_at=made_at,
        mega=f"{told['size_bytes'] / (1 << 20):.1f}",
        head=f"{told['head_seq']}:{told['head'][:16]}",
        sha256=told["sha256"][:16],
        told=line.body,
        days=days,
        is_old=clock.real() - made_at > timedelta(days=days),
    )
