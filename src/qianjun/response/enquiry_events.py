"""What is told of what the press asks. 媒体问询事件"""

from dataclasses import dataclass
from typing import ClassVar

from qianjun.journal.bus import Event
from qianjun.kernel.words import noop as _


@dataclass(frozen=True, kw_only=True)
class EnquiryTaken(Event):
    """The press asks; the body is which medium, who, what. 媒体问询"""

    name: ClassVar[str] = "response.enquiry_taken"
    kind: ClassVar[str] = "fact"
    says: ClassVar[str] = _("媒体问询")
    incident_id: int
    enquiry_id: int


@dataclass(frozen=True, kw_only=True)
class EnquiryAnswered(Event):
    """The press was answered; the body is the answer. 已答复媒体"""

    name: ClassVar[str] = "response.enquiry_answered"
    kind: ClassVar[str] = "feedback"
    says: ClassVar[str] = _("已答复媒体问询")
    incident_id: int
    enquiry_id: int
