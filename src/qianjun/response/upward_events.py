"""What is told of reports to the upper level: ids and codes; words are in the body. 信息报送事件"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext

from qianjun.incident.rules.figures import FIGURES
from qianjun.journal.bus import Event
from qianjun.journal.rules import Code
from qianjun.kernel.words import noop as _
from qianjun.response.rules.families import COUNTED, KINDS
from qianjun.response.rules.signing import HOW
from qianjun.response.rules.upward import ELEMENT_WORDS, WAYS


@dataclass(frozen=True, kw_only=True)
class _OfReport:
    """Something about one report to the upper level."""

    incident_id: int
    upward_id: int
    upward_kind: Code
    ordinal: int

    def words(self) -> Mapping[str, object]:
        """What the report is called; follow-ups are numbered."""
        word = gettext(KINDS.get(self.upward_kind, self.upward_kind))
        return {"report": f"{word} {self.ordinal}" if self.upward_kind in COUNTED else word}


@dataclass(frozen=True, kw_only=True)
class UpwardWritten(Event):
    """A person put his words in the place of what the facts say; they are the body. 改写要素"""

    name: ClassVar[str] = "response.upward_written"
    says: ClassVar[str] = _("改写上报稿：%(element)s")
    incident_id: int
    upward_id: int
    element: Code

    def words(self) -> Mapping[str, object]:
        """The element by its title."""
        return {"element": gettext(ELEMENT_WORDS.get(self.element, self.element))}


@dataclass(frozen=True, kw_only=True)
class SupplementDrafted(_OfReport, Event):
    """Casualties changed after the end, within the days of the law: it is reported. 补报起草"""

    name: ClassVar[str] = "response.supplement_drafted"
    kind: ClassVar[str] = "fact"
    says: ClassVar[str] = _("伤亡有变化，%(report)s当日要报")


@dataclass(frozen=True, kw_only=True)
class UpwardAsked(_OfReport, Event):
    """Whoever signs was asked to. 送签"""

    name: ClassVar[str] = "response.upward_asked"
    kind: ClassVar[str] = "order"
    says: ClassVar[str] = _("%(report)s送签")


@dataclass(frozen=True, kw_only=True)
class UpwardSigned(_OfReport, Event):
    """A report is signed and frozen; the body is its text. 签发"""

    name: ClassVar[str] = "response.upward_signed"
    kind: ClassVar[str] = "order"
    says: ClassVar[str] = _("%(report)s已签发（%(how)s）")
    digest: Code
    how: Code = "login"

    def words(self) -> Mapping[str, object]:
        """What the report is called, and by what means it was signed."""
        return {**super().words(), "how": gettext(HOW.get(self.how, self.how))}


@dataclass(frozen=True, kw_only=True)
class SignOpened(Event):
    """A right code has opened the draft behind a link. 验证码打开上报稿"""

    name: ClassVar[str] = "response.sign_opened"
    kind: ClassVar[str] = "fact"
    says: ClassVar[str] = _("短信验证码核对无误，打开上报稿")
    incident_id: int
    upward_id: int


@dataclass(frozen=True, kw_only=True)
class SignCodeWorn(Event):
    """A code was void after too many wrong ones: somebody may be guessing. 验证码输错作废"""

    name: ClassVar[str] = "response.sign_code_worn"
    kind: ClassVar[str] = "fact"
    says: ClassVar[str] = _("签发验证码输错 %(tries)s 次，已作废")
    incident_id: int
    upward_id: int
    tries: int

    def words(self) -> Mapping[str, object]:
        """How often."""
        return {"tries": self.tries}


@dataclass(frozen=True, kw_only=True)
class SignCodeOver(Event):
    """The time of a code is over and nobody has used it. 验证码过期"""

    name: ClassVar[str] = "response.sign_code_over"
    kind: ClassVar[str] = "fact"
    says: ClassVar[str] = _("签发验证码过期未用")
    incident_id: int
    code_id: int


@dataclass(frozen=True, kw_only=True)
class UpwardWaived(_OfReport, Event):
    """Whoever signs has decided that nothing is reported; the body is why. 决定不报"""

    name: ClassVar[str] = "response.upward_waived"
    kind: ClassVar[str] = "order"
    says: ClassVar[str] = _("决定不上报%(report)s")


@dataclass(frozen=True, kw_only=True)
class UpwardDelivered(Event):
    """A unit was given a report or told by telephone; the body is which one. 报送"""

    name: ClassVar[str] = "response.upward_delivered"
    kind: ClassVar[str] = "order"
    says: ClassVar[str] = _("已报送，%(way)s")
    incident_id: int
    delivery_id: int
    way: Code

    def words(self) -> Mapping[str, object]:
        """The way in words."""
        return {"way": gettext(WAYS.get(self.way, self.way))}


@dataclass(frozen=True, kw_only=True)
class UpwardReceived(Event):
    """That unit has it; the body is which one and who took it. 报送回执"""

    name: ClassVar[str] = "response.upward_received"
    kind: ClassVar[str] = "feedback"
    says: ClassVar[str] = _("对方已收到报送")
    incident_id: int
    delivery_id: int


@dataclass(frozen=True, kw_only=True)
class DeliveryWithdrawn(Event):
    """It was marked by mistake: that unit has not been given it. 撤回报送"""

    name: ClassVar[str] = "response.delivery_withdrawn"
    says: ClassVar[str] = _("撤回“已报送”：还没有报送")
    incident_id: int
    delivery_id: int


@dataclass(frozen=True, kw_only=True)
class ClocksQuickened(Event):
    """The short times for reporting run; the body is on whose word, or why. 快报时限"""

    name: ClassVar[str] = "response.clocks_quickened"
    kind: ClassVar[str] = "order"
    says: ClassVar[str] = _("启用快报时限：电话 %(phone_min)s 分钟、书面 %(written_min)s 分钟")
    incident_id: int
    phone_min: int
    written_min: int


@dataclass(frozen=True, kw_only=True)
class _OfFigure:
    """Something about one number of the series."""

    incident_id: int
    figure_id: int
    figure_kind: Code
    value: int

    def words(self) -> Mapping[str, object]:
        """The number by its word."""
        word = gettext(FIGURES.get(self.figure_kind, self.figure_kind))
        return {"figure": word, "value": self.value}


@dataclass(frozen=True, kw_only=True)
class FigureChecked(_OfFigure, Event):
    """A person has checked a number with its source. 数字已核实"""

    name: ClassVar[str] = "response.figure_checked"
    kind: ClassVar[str] = "fact"
    says: ClassVar[str] = _("%(figure)s %(value)s 已核实")


@dataclass(frozen=True, kw_only=True)
class FigureUnchecked(_OfFigure, Event):
    """It was ticked by mistake: the number is being checked. 撤回核实"""

    name: ClassVar[str] = "response.figure_unchecked"
    says: ClassVar[str] = _("撤回核实：%(figure)s %(value)s 正在核实")
