"""Sign from the link on a phone, with a code to the registered number. 短信验证码签发

A link alone signs nothing. A right code opens this one draft, in the browser that typed it, for
ten minutes: to sign it or to write on it, as the person whose link it is, with what he may now.
"""

import hmac
import secrets
from datetime import timedelta
from hashlib import sha256
from typing import Final, Literal

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext

from qianjun.journal.bus import emit
from qianjun.journal.timers import cancel_timer, set_timer
from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.kernel.words import noop as _
from qianjun.message.actions import send
from qianjun.message.erasing import empty_text
from qianjun.message.rules import URGENT
from qianjun.org.actor import Actor, key_of, require, system
from qianjun.org.people import actor_for_person
from qianjun.response.actions.drafting import write_element
from qianjun.response.actions.reporting import sign_report
from qianjun.response.queries.signing import is_open, number_for, opened_by, report_of_link
from qianjun.response.rules import signing as rules
from qianjun.response.rules.upward import named
from qianjun.response.sign_models import WAITING, SignCode
from qianjun.response.upward_events import SignCodeOver, SignCodeWorn, SignOpened
from qianjun.response.upward_models import UpwardReport

HOUSE: Final = system(name="response.signing")
OVER: Final = _("【签发验证码】已失效。")
Outcome = Literal["opened", "wrong", "no_code"]


@transaction.atomic(savepoint=False)
def ask_code(*, by: Actor) -> SignCode:
    """Send a code to the registered number of him whose link it is. 发验证码

    A code that was sent before is void. 409 ``too_soon``, ``no_number``, ``over``.
    """
    row = _held(by)
    assert by.person is not None
    require(actor_for_person(by.person, via="link:u"), "upward.sign")
    real = clock.real()
    mine = SignCode.objects.filter(report=row, person=by.person)
    lately = mine.filter(sent_at__gt=real - rules.A_WHILE).values_list("sent_at", flat=True)
    open_at = rules.may_send_at(list(lately))
    if open_at is not None and open_at > real:
        zh = _("验证码发得太密，请 %(seconds)s 秒后再要，或登录签发。")
        words = {"seconds": int((open_at - real).total_seconds()) + 1}
        raise Refused("too_soon", zh, status=409, words=words)
    channel, number = number_for(by.person)
    if not number:
        zh = _("没有登记您的号码：请登录签发，或电话联系值班室。")
        raise Refused("no_number", zh, status=409)
    for old in mine.filter(WAITING).select_for_update():
        _void(old)
    code, salt = rules.code_from(secrets.randbelow(10**rules.DIGITS)), secrets.token_hex(16)
    made = SignCode.objects.create(
        report=row,
        person_id=by.person,
        link_id=key_of(by.ident),
        salt=salt,
        mac=_mac(salt=salt, report=row.pk, person=by.person, code=code),
        sent_at=real,
        ends_at=real + rules.LASTS,
    )
    _send(made, row, code=code, channel=channel)
    return made


def _send(made: SignCode, row: UpwardReport, *, code: str, channel: str) -> None:
    who = named(row.kind, row.ordinal)
    minutes = int(rules.LASTS.total_seconds() // 60)
    send(
        by=HOUSE,
        person=made.person_id,
        purpose="sign_code",
        matter=f"{rules.PURPOSE}:{made.pk}",
        text=(
            f"【签发验证码】{code}，{minutes} 分钟内有效，用于签发 {row.incident.number} {who}。"
            "不要告诉任何人；不是您本人在办的，请马上电话告诉值班室。"
        ),
        rank=URGENT,
        incident=row.incident_id,
        channel=channel,
    )
    # the clock of a drill may run faster than the five minutes of real time
    due = clock.now() + timedelta(seconds=rules.LASTS.total_seconds() * clock.speed())
    over = SignCodeOver(incident_id=row.incident_id, code_id=made.pk)
    set_timer(key=_timer(made), due_at=due, event=over, incident=row.incident_id)


@transaction.atomic(savepoint=False)
def open_by_code(*, by: Actor, code: str) -> tuple[Outcome, str]:
    """What became of the digits that were typed, and the proof when they were right. 核对验证码

    A wrong one is counted and kept, so it is told and not raised; after five the code is void.
    """
    row = report_of_link(by)
    _must_be_open(row)
    real = clock.real()
    rows = SignCode.objects.select_for_update().filter(WAITING, report=row, person=by.person)
    found = rows.filter(link=key_of(by.ident), ends_at__gt=real).first()
    if found is None:
        return "no_code", ""
    mac = _mac(salt=found.salt, report=row.pk, person=found.person_id, code=code)
    about = ("upward_report", str(row.pk))
    if not hmac.compare_digest(mac, found.mac):
        found.tries += 1
        found.save(update_fields=["tries"])
        if found.tries >= rules.TRIES:
            _void(found)
            worn = SignCodeWorn(incident_id=row.incident_id, upward_id=row.pk, tries=found.tries)
            emit(worn, by=by, incident=row.incident_id, about=about)
        return "wrong", ""
    proof = secrets.token_urlsafe(32)
    found.used_at, found.open_until = real, real + rules.OPENS_FOR
    found.proof = sha256(proof.encode()).hexdigest()
    found.save(update_fields=["used_at", "open_until", "proof"])
    _forget(found)
    opened = SignOpened(incident_id=row.incident_id, upward_id=row.pk)
    emit(opened, by=by, incident=row.incident_id, about=about)
    return "opened", proof


@transaction.atomic(savepoint=False)
def sign_by_code(*, by: Actor, proof: str, digest: str) -> UpwardReport:
    """Sign the draft that a right code has opened, as the person himself. 验证码签发

    403 ``code_needed`` without it; again after the signature gives the signed row.
    """
    row = report_of_link(by)
    if row.signed_at is not None:
        return row
    who = _opened(by, row, proof)
    return sign_report(
        by=who, incident_id=row.incident_id, digest=digest, family=row.family, how="code"
    )


@transaction.atomic(savepoint=False)
def write_by_code(*, by: Actor, proof: str, element: str, text: str, version: int) -> UpwardReport:
    """Write on the draft that a right code has opened, as the person himself. 验证码改写"""
    row = report_of_link(by)
    who = _opened(by, row, proof)
    told = {"element": element, "text": text, "family": row.family}
    return write_element(by=who, incident_id=row.incident_id, version=version, **told)


@transaction.atomic(savepoint=False)
def forget_sign_code(*, by: Actor, code_id: int) -> None:
    """The time of a code is over: its digits leave the outbox too. 清除过期验证码"""
    require(by, "upward.write")
    found = SignCode.objects.filter(pk=code_id).first()
    if found is not None:
        _void(found)


def _opened(by: Actor, row: UpwardReport, proof: str) -> Actor:
    """The person himself, with what he may now; only while this draft is open to him."""
    _must_be_open(row)
    found = opened_by(by=by, row=row, proof=proof)
    if found is None:
        zh = _("请先用短信验证码打开这份报告；验证后 10 分钟内有效。")
        raise Refused("code_needed", zh, status=403)
    return actor_for_person(found.person_id, via="link:u")


def _held(by: Actor) -> UpwardReport:
    row = report_of_link(by)
    held = UpwardReport.objects.select_for_update(of=("self",)).select_related("incident")
    row = held.get(pk=row.pk)
    _must_be_open(row)
    return row


def _must_be_open(row: UpwardReport) -> None:
    if not is_open(row):
        raise Refused("over", _("这份报告已经签发或决定不报，不用再签。"), status=409)


def _void(code: SignCode) -> None:
    if code.used_at is None and code.void_at is None:
        code.void_at = clock.real()
        code.save(update_fields=["void_at"])
    _forget(code)


def _forget(code: SignCode) -> None:
    """Nobody reads the digits in the outbox afterwards."""
    cancel_timer(_timer(code))
    with translation.override("zh-hans"):
        text = gettext(OVER)
    empty_text(purpose=rules.PURPOSE, matter=f"{rules.PURPOSE}:{code.pk}", text=text)


def _timer(code: SignCode) -> str:
    return f"{rules.PURPOSE}:{code.pk}"


def _mac(*, salt: str, report: int, person: int, code: str) -> str:
    return rules.mac_of(key=settings.LINK_KEY, salt=salt, report=report, person=person, code=code)
