"""What is done about an instruction, a form each: propose, direct, refer, close. 来文办理"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from qianjun.incident import actions
from qianjun.incident.rules.tasks import Doing
from qianjun.kernel.errors import Refused
from qianjun.kernel.fields import refused_field
from qianjun.kernel.paper import MEDIA_TYPE
from qianjun.kernel.text import masked_phone
from qianjun.org.actor import Actor
from qianjun.org.http import as_file
from qianjun.org.pages import done, only_once, page, sent_before
from qianjun.response.pages.instruction_forms import ReferralForm, SaidForm
from qianjun.response.pages.instructions import refused_on_page, to_instruction
from qianjun.response.pages.room import or_404

FED: Final = {
    "accepted": lambda: gettext("已代记签收。"),
    "progress": lambda: gettext("进展已记下。"),
    "answered": lambda: gettext("反馈已记下。"),
}


def _do(
    request: HttpRequest,
    by: Actor,
    ident: str,
    form: str,
    verb: Callable[..., object],
    words: Mapping[str, object],
    *,
    told: str,
) -> HttpResponse:
    """Once per form; a refusal is said on the page, with what was typed."""
    try:
        again = only_once(request, lambda: verb(by=by, instruction_id=ident, **words))
    except Refused as refused:
        return refused_on_page(request, by, ident, form, refused)
    done(request, sent_before() if again else told)
    return to_instruction(ident)


def _said(request: HttpRequest, *names: str) -> dict[str, str]:
    return {name: request.POST.get(name, "") for name in names}


def _read(form: forms.Form) -> Mapping[str, Any]:
    """What was typed as values; refused with the first thing that is wrong."""
    if form.is_valid():
        return form.cleaned_data
    name, said = next(iter(form.errors.items()))
    raise refused_field(name, "invalid", str(said[0]))


@require_POST
@page("instruction.handle")
def propose(request: HttpRequest, *, by: Actor, instruction_id: str) -> HttpResponse:
    """Say what should be done, and ask the leader unless it is routine. 拟办"""
    asks = request.POST.get("asks") == "yes"
    told = gettext("已呈批，已通知带班领导。") if asks else gettext("拟办意见已记下。")
    words = {"text": request.POST.get("text", ""), "asks": asks}
    return _do(
        request, by, instruction_id, "propose", actions.propose_instruction, words, told=told
    )


@require_POST
@page("instruction.direct")
def direct(request: HttpRequest, *, by: Actor, instruction_id: str) -> HttpResponse:
    """The leader's own words. 签批"""
    words, told = _said(request, "text"), gettext("批示已记下，值班室马上看到。")
    return _do(request, by, instruction_id, "direct", actions.direct_instruction, words, told=told)


@require_POST
@page("instruction.handle")
def record(request: HttpRequest, *, by: Actor, instruction_id: str) -> HttpResponse:
    """What the leader said by voice, photo or paper. 代记批示"""
    words, told = _said(request, "text", "leader", "how"), gettext("批示已代记。")
    try:
        words_at = {**words, "at": _read(SaidForm(request.POST))["at"]}
    except Refused as refused:
        return refused_on_page(request, by, instruction_id, "record", refused)
    return _do(request, by, instruction_id, "record", actions.record_directive, words_at, told=told)


@require_POST
@page("instruction.handle")
def refer(request: HttpRequest, *, by: Actor, instruction_id: str) -> HttpResponse:
    """Hand it on to units and persons. 转办"""
    try:
        said = _read(ReferralForm(request.POST))
    except Refused as refused:
        return refused_on_page(request, by, instruction_id, "refer", refused)
    words = {
        "order": said["order"],
        "units": said["units"],
        "people": said["people"],
        "due_at": said["due"],
    }
    told = gettext("已转办，有联系人的单位已收到链接。")
    return _do(request, by, instruction_id, "refer", actions.refer_instruction, words, told=told)


@require_POST
@page("instruction.handle")
def feed_back(request: HttpRequest, *, by: Actor, instruction_id: str) -> HttpResponse:
    """What somebody who has it said by telephone. 代记反馈"""
    words = _said(request, "referral", "act")
    form = f"fed-{words['referral']}"[:40]
    try:
        at = _read(SaidForm(request.POST))["at"]
    except Refused as refused:
        return refused_on_page(request, by, instruction_id, form, refused)
    doing = Doing(happened_at=at, text=request.POST.get("text", ""))
    told = FED.get(words["act"], FED["progress"])()
    return _do(
        request, by, instruction_id, form, actions.feed_back, {**words, "doing": doing}, told=told
    )


@require_POST
@page("instruction.handle")
def remind(request: HttpRequest, *, by: Actor, instruction_id: str) -> HttpResponse:
    """Remind whoever has not answered, or one. 催办"""
    words, told = _said(request, "referral"), gettext("已催办。")
    return _do(request, by, instruction_id, "remind", actions.remind_referrals, words, told=told)


@require_POST
@page("instruction.handle")
def withdraw(request: HttpRequest, *, by: Actor, instruction_id: str) -> HttpResponse:
    """Take back a referral, an opinion or a reply. 撤回"""
    what, ident = request.POST.get("what", ""), request.POST.get("id", "")
    told = gettext("已撤回。")
    if what == "referral":
        words = {"referral": ident, "why": request.POST.get("why", "")}
        verb = actions.withdraw_referral
        return _do(request, by, instruction_id, f"off-{ident}"[:40], verb, words, told=told)
    if what == "reply":
        said = {"reply": ident}
        return _do(request, by, instruction_id, "off", actions.withdraw_reply, said, told=told)
    said = {"opinion": ident}
    return _do(request, by, instruction_id, "off", actions.withdraw_opinion, said, told=told)


@require_POST
@page("instruction.handle")
def reply(request: HttpRequest, *, by: Actor, instruction_id: str) -> HttpResponse:
    """What the sender was answered. 回复来文单位"""
    words, told = _said(request, "way", "text", "taken_by"), gettext("回复已记下。")
    try:
        words_at = {**words, "at": _read(SaidForm(request.POST))["at"]}
    except Refused as refused:
        return refused_on_page(request, by, instruction_id, "reply", refused)
    return _do(request, by, instruction_id, "reply", actions.reply_to_sender, words_at, told=told)


@require_POST
@page("instruction.handle")
def close(request: HttpRequest, *, by: Actor, instruction_id: str) -> HttpResponse:
    """Nothing is left to do about it. 办结"""
    words, told = _said(request, "outcome", "why"), gettext("已办结。可以重新办理。")
    return _do(request, by, instruction_id, "close", actions.close_instruction, words, told=told)


@require_POST
@page("instruction.handle")
def reopen(request: HttpRequest, *, by: Actor, instruction_id: str) -> HttpResponse:
    """Handle it again. 重新办理"""
    words, told = _said(request, "why"), gettext("已重新办理。")
    return _do(request, by, instruction_id, "reopen", actions.reopen_instruction, words, told=told)


@require_POST
@page("instruction.read")
def word(request: HttpRequest, *, by: Actor, instruction_id: str) -> HttpResponse:  # noqa: ARG001
    """The processing slip in Word; taking it out is written down. 来文处理笺"""
    called, content = actions.take_instruction_out(by=by, instruction_id=instruction_id)
    return as_file(called, content, media_type=MEDIA_TYPE)


@require_POST
@page("person.reveal")
def phone(request: HttpRequest, *, by: Actor, instruction_id: str) -> HttpResponse:
    """The sender's whole number; who saw it and why is kept. 显示号码"""
    return revealed(request, by, "instruction", instruction_id)


def revealed(request: HttpRequest, by: Actor, kind: str, ident: str) -> HttpResponse:
    """The number as a piece of the page, or why not."""
    why = request.POST.get("why", "")
    try:
        number = actions.reveal_number(by=by, kind=kind, ident=ident, why=why)
    except Refused as refused:
        return render(request, "response/room/phone.html", {"said": or_404(refused)})
    shown = {"phone": number, "masked": masked_phone(number)}
    return render(request, "response/room/phone.html", shown)


# by the last part of their address
ACTS: Final = {
    "propose": propose,
    "direct": direct,
    "record": record,
    "refer": refer,
    "feedback": feed_back,
    "remind": remind,
    "withdraw": withdraw,
    "reply": reply,
    "close": close,
    "reopen": reopen,
    "word": word,
    "phone": phone,
}
