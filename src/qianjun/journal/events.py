"""What the journal itself says. 事件簿自身的事件"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import ClassVar, Final

from django.utils.translation import gettext

from qianjun.journal.bus import Event
from qianjun.journal.rules import ARTICLES, DEADLINES, MARKS, RECORDS, Code
from qianjun.kernel.words import noop as _

SHOWN: Final = 16  # digits of a digest that people compare


@dataclass(frozen=True, kw_only=True)
class DeadlinePassed(Event):
    """Something was due and is not met. 时限已过"""

    name: ClassVar[str] = "journal.deadline_passed"
    says: ClassVar[str] = _("时限已过：%(due_at)s（%(deadline_kind)s）")
    deadline_id: int
    about_kind: Code
    about_id: Code
    deadline_kind: Code
    due_at: datetime

    @property
    def subject(self) -> tuple[str, str]:
        """What was due."""
        return (self.about_kind, self.about_id)

    def words(self) -> Mapping[str, object]:
        """What was due by its word."""
        kind = gettext(DEADLINES.get(self.deadline_kind, self.deadline_kind))
        return {**super().words(), "deadline_kind": kind}


@dataclass(frozen=True, kw_only=True)
class BodyErased(Event):
    """What an entry said has been erased by law; the reason is this entry's body. 依法删除"""

    name: ClassVar[str] = "journal.body_erased"
    says: ClassVar[str] = _("依据%(article)s删除了一条记录的正文")
    entry_id: int
    article: Code

    def words(self) -> Mapping[str, object]:
        """The article by its title."""
        return {"article": gettext(ARTICLES.get(self.article, self.article))}


@dataclass(frozen=True, kw_only=True)
class RecordMarked(Event):
    """Somebody said how a record may be handled; the body is why. 标记"""

    name: ClassVar[str] = "journal.record_marked"
    says: ClassVar[str] = _("%(record)s标为%(mark)s")
    record_kind: Code
    record_id: Code
    mark: Code

    def words(self) -> Mapping[str, object]:
        """Record and mark by their words."""
        record = gettext(RECORDS.get(self.record_kind, self.record_kind))
        return {"record": record, "mark": gettext(MARKS.get(self.mark, self.mark))}


@dataclass(frozen=True, kw_only=True)
class JobGivenUp(Event):
    """A job failed as often as it may; a card waits for a person. 作业转人工"""

    name: ClassVar[str] = "journal.job_given_up"
    says: ClassVar[str] = _("后台作业 %(reaction)s 失败 %(attempts)s 次，已转人工处理")
    card_id: int
    reaction: Code
    attempts: int


@dataclass(frozen=True, kw_only=True)
class CardRetried(Event):
    """A person had the job of a card run again. 重新执行"""

    name: ClassVar[str] = "journal.card_retried"
    says: ClassVar[str] = _("重新执行后台作业 %(reaction)s")
    card_id: int
    reaction: Code


@dataclass(frozen=True, kw_only=True)
class CardDropped(Event):
    """A person dropped the job of a card; the reason is the body. 不再执行"""

    name: ClassVar[str] = "journal.card_dropped"
    says: ClassVar[str] = _("不再执行后台作业 %(reaction)s")
    card_id: int
    reaction: Code


@dataclass(frozen=True, kw_only=True)
class ClockMoved(Event):
    """Domain time was moved forward or changed its speed. 调整时钟"""

    name: ClassVar[str] = "journal.clock_moved"
    says: ClassVar[str] = _("时钟调整为 %(domain)s，倍速 %(speed)s")
    domain: datetime
    speed: Decimal


@dataclass(frozen=True, kw_only=True)
class BackupMade(Event):
    """Database, files and keys of one moment lie in a sealed file; the body is its name. 备份

    ``at`` is when it was finished in real time, ``head`` the chain's head in it, ``sha256`` of the
    whole file, by which it is known wherever it lies.
    """

    name: ClassVar[str] = "journal.backup_made"
    says: ClassVar[str] = _("已备份：%(mega)s MB，链首第 %(head_seq)s 号，摘要 %(digest)s")
    made_at: datetime
    size_bytes: int
    head_seq: int
    head: Code
    sha256: Code
    files: int
    missing_files: int

    def words(self) -> Mapping[str, object]:
        """The size as people say it, the beginning of the digest."""
        mega = f"{self.size_bytes / (1 << 20):.1f}"
        return {"mega": mega, "head_seq": self.head_seq, "digest": self.sha256[:SHOWN]}


@dataclass(frozen=True, kw_only=True)
class BackupRestored(Event):
    """The house was brought back from a backup and is started for the first time. 恢复"""

    name: ClassVar[str] = "journal.backup_restored"
    says: ClassVar[str] = _("从备份恢复：备份于 %(backed_up_at)s，链首第 %(head_seq)s 号")
    backed_up_at: datetime
    restored_at: datetime
    head_seq: int
    head: Code
    chain_ok: bool
