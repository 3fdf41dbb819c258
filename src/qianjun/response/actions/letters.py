"""A letter taken in as a report: its words, its sender, where it was sent from. 来信立案"""

from typing import Final

from django.db import transaction
from django.utils.translation import gettext

from qianjun.incident import actions as incident
from qianjun.incident.models import Letter
from qianjun.message.models import Inbound
from qianjun.org.actor import Actor, require
from qianjun.response.actions.taking import take_in_report
from qianjun.response.rules import Taken, Told

CHANNELS: Final = {
    "sms": "sms",
    "wechat": "wechat",
    "wecom": "wechat",
    "voice": "phone",
    "phone": "phone",
}
TEXT_MOST: Final = 5_000
PHONE_MOST: Final = 40
NAME_MOST: Final = 60


@transaction.atomic(savepoint=False)
def take_in_letter(*, by: Actor, letter_id: str | int) -> Taken:
    """Take in what came by message as a report, with its sender as the caller; 404, 409. 来信立案

    It joins an open incident or opens one as any other report does.
    """
    require(by, "report.sort")
    letter = incident.held_letter(by=by, letter_id=letter_id)
    answer = take_in_report(by=by, told=told_by(letter))
    incident.settle_letter(by=by, letter=letter, report_id=answer.stored.report_id)
    return answer


def told_by(letter: Letter) -> Told:
    """The report that a letter tells; a bare position says so in words."""
    came = letter.inbound
    return Told(
        text=came.text[:TEXT_MOST] or _without_words(came),
        channel=CHANNELS.get(came.channel, "other"),
        source="" if came.person else "public",
        caller_name=came.person.name[:NAME_MOST] if came.person else "",
        caller_phone=came.from_value if len(came.from_value) <= PHONE_MOST else "",
        lon=came.lon,
        lat=came.lat,
    )


def _without_words(came: Inbound) -> str:
    if came.lon is not None:
        return gettext("只发来了位置，没有文字。")
    return gettext("只发来了文件，没有文字。")
