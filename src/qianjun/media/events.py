"""What this module tells the others. 对外通告的事件"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext

from qianjun.journal.bus import Event
from qianjun.journal.rules import ARTICLES, Code
from qianjun.kernel.words import noop as _
from qianjun.media.rules.kinds import Kind
from qianjun.media.rules.reasons import KINDS, REASONS


@dataclass(frozen=True, kw_only=True)
class FileReceived(Event):
    """All bytes of a file are here; the hash commits to them. 收到文件"""

    name: ClassVar[str] = "media.received"
    kind: ClassVar[str] = "fact"
    says: ClassVar[str] = _("收到%(what)s一份（未核实）")
    file_id: int
    what: Kind
    size_bytes: int
    sha256: Code

    def words(self) -> Mapping[str, object]:
        """The kind in words."""
        return {"what": gettext(KINDS[self.what])}


@dataclass(frozen=True, kw_only=True)
class FileReady(Event):
    """It was looked at and may be seen; screens look again, no line is written. 文件可用"""

    name: ClassVar[str] = "media.ready"
    file_id: int


@dataclass(frozen=True, kw_only=True)
class FileQuarantined(Event):
    """It is kept back and served to nobody. 文件已隔离"""

    name: ClassVar[str] = "media.quarantined"
    says: ClassVar[str] = _("一份文件已隔离：%(why)s")
    file_id: int
    why: Code

    def words(self) -> Mapping[str, object]:
        """The reason in words."""
        return {"why": gettext(REASONS.get(self.why, REASONS["unknown"]))}


@dataclass(frozen=True, kw_only=True)
class FileAttached(Event):
    """A file now belongs to something. 文件已归入"""

    name: ClassVar[str] = "media.attached"
    says: ClassVar[str] = _("一份文件归入本事件")
    file_id: int
    to_kind: Code
    to_id: Code


@dataclass(frozen=True, kw_only=True)
class FileConfirmed(Event):
    """An officer has confirmed what it shows. 文件已核实"""

    name: ClassVar[str] = "media.confirmed"
    kind: ClassVar[str] = "fact"
    says: ClassVar[str] = _("%(what)s一份已核实")
    file_id: int
    what: Kind

    def words(self) -> Mapping[str, object]:
        """The kind in words."""
        return {"what": gettext(KINDS[self.what])}


@dataclass(frozen=True, kw_only=True)
class FileErased(Event):
    """Original and copies are gone by law; the hash stays, the body says why. 文件依法删除"""

    name: ClassVar[str] = "media.erased"
    says: ClassVar[str] = _("一份文件已依法删除（%(article)s）")
    file_id: int
    article: Code

    def words(self) -> Mapping[str, object]:
        """The article in words."""
        return {"article": gettext(ARTICLES.get(self.article, self.article))}
