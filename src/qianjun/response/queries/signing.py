"""The draft behind a link for signing, and whether a code has opened it. 链接签发查询"""

from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from django.utils.translation import gettext

from qianjun.kernel import clock
from qianjun.kernel.text import masked_phone
from qianjun.message.queries import addresses_of
from qianjun.org.actor import Actor, key_of, not_found
from qianjun.org.rules import masked_name
from qianjun.response.queries.upward import Upward, name_said, upward_about
from qianjun.response.rules.signing import HOW
from qianjun.response.sign_models import WAITING, SignCode
from qianjun.response.upward_models import UpwardReport

SIGN: Final = "upward_report"
CHANNEL: Final = "sms"


def about_sign(report: int) -> tuple[str, str]:
    """What a link for signing is about. 签发链接"""
    return SIGN, str(report)


@dataclass(frozen=True, kw_only=True)
class Signing:
    """What the page behind the link shows: the gate, or the draft once it is open. 链接签发

    ``upward`` is None until a right code has opened the draft.
    """

    row: UpwardReport
    name: str
    number: str
    code: SignCode | None
    upward: Upward | None

    @property
    def said(self) -> str:
        """首报, 续报一 … in the reader's language."""
        return name_said(self.row.kind, self.row.ordinal)


def report_of_link(by: Actor) -> UpwardReport:
    """The report that this link is about; 404 for a link about anything else. 链接所指"""
    kind, ident = by.scope.about
    if by.kind != "link" or by.via != "link:u" or kind != SIGN or by.person is None:
        raise not_found()
    found = UpwardReport.objects.select_related("incident").filter(pk=key_of(ident)).first()
    if found is None:
        raise not_found()
    return found


def number_for(person: int) -> tuple[str, str]:
    """Channel and registered number to which a code goes; two empty ones for none. 登记的号码"""
    by_text = addresses_of([person], channel=CHANNEL)
    return (by_text or addresses_of([person], channel=None)).get(person, ("", ""))


def opened_by(*, by: Actor, row: UpwardReport, proof: str) -> SignCode | None:
    """The code that opened this very draft for this very link, while it is open. 已打开"""
    if not proof:
        return None
    kept = sha256(proof.encode("utf-8", "replace")).hexdigest()
    rows = SignCode.objects.filter(report=row, person=by.person, link=key_of(by.ident), proof=kept)
    return rows.filter(open_until__gt=clock.real()).first()


def is_open(row: UpwardReport) -> bool:
    """Whether it is still a draft."""
    return row.signed_at is None and row.waived_at is None


def signing(*, seen_by: Actor, proof: str) -> Signing:
    """The page behind the link; changes nothing. 链接签发页"""
    row = report_of_link(seen_by)
    assert seen_by.person is not None
    opening = opened_by(by=seen_by, row=row, proof=proof) if is_open(row) else None
    _channel, number = number_for(seen_by.person)
    waiting = SignCode.objects.filter(WAITING, report=row, person=seen_by.person)
    upward = upward_about(row.incident, family=row.family) if opening else None
    return Signing(
        row=row,
        name=masked_name(seen_by.name),
        number=masked_phone(number) if number else "",
        code=waiting.filter(ends_at__gt=clock.real()).first(),
        upward=upward,
    )


def how_signed(row: UpwardReport) -> str:
    """By what means it was signed, in the reader's language. 签发方式"""
    if row.signed_at is None:
        return ""
    return gettext(HOW.get(row.signed_how or "login", row.signed_how))
