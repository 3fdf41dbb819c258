"""What people type about instructions and calls, as values. 来文与电话表单"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from qianjun.incident.actions import NewInstruction, NewPhoneRecord
from qianjun.incident.instruction_models import Instruction, PhoneRecord
from qianjun.incident.rules import instructions as rules
from qianjun.incident.rules.facts import LATEST
from qianjun.kernel import clock
from qianjun.response.pages.room_forms import Codes

WHOLE: Final = re.compile(
    r"(?:(?:(?P<year>\d{4})[-/年.])?(?P<month>\d{1,2})[-/月.](?P<day>\d{1,2})日?\s+)?"
    r"(?P<hour>\d{1,2})[:：时点]?(?P<minute>\d{2})分?"
)
SOON: Final = re.compile(r"\+(?P<minutes>\d{1,5})")
WHEN: Final = _("时刻写成 14:02，或带日期 11-23 14:02。")
DAY: Final = timedelta(days=1)


class TypedInstant(forms.CharField):
    """14:02; 11-23 14:02; 2026-11-23 14:02: the last such time, or with ``ahead`` the next. 时刻

    A date without a year is the nearest one, so what is shown again reads the same. ``+30`` is in
    thirty minutes.
    """

    def __init__(self, *, ahead: bool = False) -> None:
        super().__init__(required=False, max_length=20)
        self.ahead = ahead

    def clean(self, value: Any) -> Any:  # noqa: ANN401  # Django's field
        """The instant, or None when nothing was typed."""
        typed = super().clean(value).strip()
        if not typed:
            return None
        if self.ahead and (soon := SOON.fullmatch(typed)):
            return clock.now() + timedelta(minutes=int(soon["minutes"]))
        found = WHOLE.fullmatch(typed)
        instant = _instant(found, ahead=self.ahead) if found else None
        if instant is None:
            raise forms.ValidationError(WHEN, code="invalid")
        return instant


def _instant(found: re.Match[str], *, ahead: bool) -> datetime | None:
    now = clock.in_beijing(clock.now())
    said = {name: int(part) for name, part in found.groupdict().items() if part}
    time = {"hour": said["hour"], "minute": said["minute"], "second": 0, "microsecond": 0}
    if "day" not in said:
        return _of_today(time, now=now, ahead=ahead)
    day = {"month": said["month"], "day": said["day"]}
    years = [said["year"]] if "year" in said else [now.year - 1, now.year, now.year + 1]
    found_at = [at for year in years if (at := _at(now, {**time, **day, "year": year}))]
    return min(found_at, key=lambda at: abs(at - now), default=None)


def _of_today(time: Mapping[str, int], *, now: datetime, ahead: bool) -> datetime | None:
    today = _at(now, time)
    if today is None:
        return None
    if ahead:
        return today if today > now else today + DAY
    return today if today <= now + LATEST else today - DAY


def _at(now: datetime, parts: Mapping[str, int]) -> datetime | None:
    try:
        return now.replace(**parts)  # type: ignore[arg-type]  # names of parts of a time
    except ValueError:
        return None


def typed_at(at: datetime | None) -> str:
    """An instant as it is typed, with its year."""
    return f"{clock.in_beijing(at):%Y-%m-%d %H:%M}" if at else ""


def _line(most: int) -> forms.CharField:
    return forms.CharField(required=False, max_length=most)


class InstructionForm(forms.Form):
    """An order from above as it is taken in. 来文登记"""

    way = forms.CharField(max_length=20)
    urgency = _line(20)
    sender = _line(rules.SENDER_MOST)
    sender_unit = _line(40)
    sender_person = _line(rules.LINE_MOST)
    sender_phone = _line(rules.PHONE_MOST)
    their_number = _line(rules.LINE_MOST)
    received = TypedInstant()
    mark = _line(20)
    title = _line(rules.TITLE_MOST)
    text = _line(rules.TEXT_MOST)
    reply_by = TypedInstant(ahead=True)
    incident = _line(20)

    def told(self) -> NewInstruction:
        """As the verbs take it."""
        said = dict(self.cleaned_data)
        said |= {"urgency": said["urgency"] or "ordinary", "mark": said["mark"] or "internal"}
        return NewInstruction(received_at=said.pop("received"), **said)


class CallForm(forms.Form):
    """A call that is no incident. 电话记录"""

    direction = _line(20)
    matter = _line(20)
    who = _line(rules.SENDER_MOST)
    phone = _line(rules.PHONE_MOST)
    text = _line(rules.TEXT_MOST)
    done_text = _line(rules.WORD_MOST)
    at = TypedInstant()
    mark = _line(20)

    def told(self) -> NewPhoneRecord:
        """As the verbs take it."""
        said = dict(self.cleaned_data)
        said |= {"direction": said["direction"] or "in", "matter": said["matter"] or "other"}
        return NewPhoneRecord(**(said | {"mark": said["mark"] or "internal"}))


class ReferralForm(forms.Form):
    """Who has to do what, until when. 转办"""

    order = forms.CharField(
        max_length=rules.WORD_MOST, error_messages={"required": _("请写要办什么。")}
    )
    units = Codes(required=False)
    people = Codes(required=False)
    due = TypedInstant(ahead=True)


class SaidForm(forms.Form):
    """When somebody said something: a directive, a feedback, a reply. 何时"""

    at = TypedInstant()


def told_before(row: Instruction) -> dict[str, str]:
    """The form as the row stands, to be corrected."""
    plain = ("way", "urgency", "sender", "sender_person", "sender_phone", "their_number")
    return {
        **{name: getattr(row, name) for name in (*plain, "mark", "title", "text")},
        "sender_unit": row.sender_unit.code if row.sender_unit else "",
        "received": typed_at(row.received_at),
        "reply_by": typed_at(row.reply_by),
        "incident": str(row.incident_id or ""),
    }


def of_call(row: PhoneRecord) -> dict[str, str]:
    """An instruction as its call told it: nothing is typed twice. 由电话记录带出"""
    return {
        "way": "meeting" if row.matter == "notice" and "会" in row.text else "phone",
        "sender": row.who,
        "sender_phone": row.phone,
        "received": typed_at(row.at),
        "text": row.text,
        "mark": row.mark,
        "phone_record": str(row.pk),
    }


def call_before(row: PhoneRecord) -> dict[str, str]:
    """The form of a call as the row stands."""
    names = ("direction", "matter", "who", "phone", "text", "done_text", "mark")
    return {**{name: getattr(row, name) for name in names}, "at": typed_at(row.at)}
