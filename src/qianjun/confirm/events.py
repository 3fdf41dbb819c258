"""What calling tells the others. 叫应事件"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext

from qianjun.confirm.rules import HOW, How
from qianjun.journal.bus import Event
from qianjun.kernel.words import noop as _


@dataclass(frozen=True, kw_only=True)
class ConfirmationStarted(Event):
    """People are called who must answer; the body is what they are told. 发起叫应"""

    name: ClassVar[str] = "confirm.started"
    kind: ClassVar[str] = "order"
    says: ClassVar[str] = _("发起叫应，要有 %(need)s 人应答")
    confirmation_id: int
    need: int


@dataclass(frozen=True, kw_only=True)
class StepDue(Event):
    """It is time for the next step of a confirmation, or for its end. 步骤到时"""

    name: ClassVar[str] = "confirm.step_due"
    on_desk: ClassVar[bool] = False
    confirmation_id: int
    step: int

    @property
    def subject(self) -> tuple[str, str]:
        """The confirmation."""
        return ("confirmation", str(self.confirmation_id))


@dataclass(frozen=True, kw_only=True)
class StepTaken(Event):
    """So many were silent, and the next were called in their place. 叫应升级"""

    name: ClassVar[str] = "confirm.step_taken"
    says: ClassVar[str] = _("叫应升级：%(silent)s 人没有应答，再叫 %(called)s 人")
    confirmation_id: int
    step: int
    silent: int
    called: int


@dataclass(frozen=True, kw_only=True)
class PersonConfirmed(Event):
    """Somebody has answered by himself; the body is who, and his words. 应答"""

    name: ClassVar[str] = "confirm.answered"
    kind: ClassVar[str] = "feedback"
    says: ClassVar[str] = _("叫应得到应答（%(how)s）")
    confirmation_id: int
    person_id: int
    how: How

    def words(self) -> Mapping[str, object]:
        """The way in words."""
        return {"how": gettext(HOW[self.how])}


@dataclass(frozen=True, kw_only=True)
class ConfirmationMet(Event):
    """Enough have answered. 叫应完成"""

    name: ClassVar[str] = "confirm.met"
    says: ClassVar[str] = _("叫应完成：%(answered)s 人已应答")
    confirmation_id: int
    answered: int


@dataclass(frozen=True, kw_only=True)
class ConfirmationExhausted(Event):
    """Everybody was called and too few have answered: somebody must go there. 叫完未应"""

    name: ClassVar[str] = "confirm.exhausted"
    says: ClassVar[str] = _("叫应没有到位：%(silent)s 人没有应答，请派人上门")
    confirmation_id: int
    silent: int


@dataclass(frozen=True, kw_only=True)
class KnockSent(Event):
    """Somebody goes to the door of one who has not answered; the body says who to whom. 派人敲门"""

    name: ClassVar[str] = "confirm.knock_sent"
    kind: ClassVar[str] = "order"
    says: ClassVar[str] = _("已派人上门叫应")
    confirmation_id: int
    person_id: int


@dataclass(frozen=True, kw_only=True)
class ConfirmationEnded(Event):
    """Nobody need answer any more; the body says why. 结束叫应"""

    name: ClassVar[str] = "confirm.ended"
    says: ClassVar[str] = _("叫应结束")
    confirmation_id: int
