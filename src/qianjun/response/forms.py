"""What people type on the pages, as values. 表单"""

import re
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from qianjun.incident.rules.facts import LATEST
from qianjun.incident.rules.figures import FIGURES
from qianjun.kernel import clock
from qianjun.response.rules import CHANNELS, SOURCES, Told

TEXT_MOST: Final = 5_000
LINE_MOST: Final = 200
PHONE_MOST: Final = 40
USUAL_CHANNEL: Final = "phone"
# what a caller says of people in his first minute
HURT: Final = ("dead", "missing", "serious", "injured")
FIGURE_MOST: Final = 10**12
TYPED_TIME: Final = re.compile(
    r"(?:(?P<month>\d{1,2})[-/月.](?P<day>\d{1,2})日?\s+)?(?P<hour>\d{1,2})[:：时点]?(?P<minute>\d{2})分?"
)
NOTE_KINDS: Final = ("fact", "order", "feedback")


def new_key() -> str:
    """What tells two sendings of one form from two forms."""
    return secrets.token_urlsafe(16)


class TypedTime(forms.CharField):
    """A time of day as typed, 14:02 or 11-23 14:02, in Beijing; the last one that has been. 时刻"""

    def clean(self, value: Any) -> Any:  # noqa: ANN401  # Django's field
        """The instant, or None when nothing was typed."""
        typed = super().clean(value)
        if not typed:
            return None
        found = TYPED_TIME.fullmatch(typed.strip())
        instant = _instant(found) if found else None
        if instant is None:
            raise forms.ValidationError(_("时刻写成 14:02，或带日期 11-23 14:02。"), code="invalid")
        return instant


def _instant(found: re.Match[str]) -> datetime | None:
    now = clock.in_beijing(clock.now())
    said = {name: int(part) for name, part in found.groupdict().items() if part}
    month, day = said.get("month", now.month), said.get("day", now.day)
    try:
        typed_at = datetime(now.year, month, day, said["hour"], said["minute"], tzinfo=now.tzinfo)
    except ValueError:
        return None
    return _that_has_been(typed_at, now=now, has_date="day" in said)


def _that_has_been(instant: datetime, *, now: datetime, has_date: bool) -> datetime | None:
    """The last such instant: a time ahead was yesterday, a date ahead last year."""
    if instant <= now + LATEST:
        return instant
    if not has_date:
        return instant - timedelta(days=1)
    return (
        instant.replace(year=instant.year - 1) if (instant.month, instant.day) != (2, 29) else None
    )


def _line(most: int = LINE_MOST) -> forms.CharField:
    return forms.CharField(required=False, max_length=most)


def _count() -> forms.IntegerField:
    return forms.IntegerField(required=False, min_value=0, max_value=FIGURE_MOST)


class IntakeForm(forms.Form):
    """The four facts in the order in which people speak. 接报单"""

    key = forms.CharField(max_length=128)
    source = forms.ChoiceField(choices=[("", ""), *SOURCES.items()], required=False)
    channel = forms.ChoiceField(choices=[("", ""), *CHANNELS.items()], required=False)
    where = _line()
    text = forms.CharField(
        max_length=TEXT_MOST, error_messages={"required": _("请写一句发生了什么，这一项够立案。")}
    )
    dead = _count()
    missing = _count()
    serious = _count()
    injured = _count()
    caller_name = _line(60)
    caller_phone = _line(PHONE_MOST)
    occurred = TypedTime(required=False, max_length=20)
    place = _line()
    join = _line(40)

    def told(self) -> Told:
        """The report as the house takes it in; the form has been found good."""
        said = self.cleaned_data
        return Told(
            text=said["text"],
            channel=said["channel"] or USUAL_CHANNEL,
            source=said["source"],
            caller_name=said["caller_name"],
            caller_phone=said["caller_phone"],
            occurred_at=said["occurred"],
            where=said["where"],
            place=said["place"],
            figures={kind: said[kind] for kind in HURT if said[kind] is not None},
            join=said["join"] or "auto",
        )


def typed(sent: Mapping[str, str]) -> dict[str, str]:
    """What stands in the fields of the form, as it was typed; the rest of a request is dropped."""
    return {name: str(sent[name])[:TEXT_MOST] for name in IntakeForm.base_fields if sent.get(name)}


def typed_in(sent: Mapping[str, str]) -> dict[str, str]:
    """Every field as it was typed, to be shown again. 原样"""
    return {name: str(sent[name])[:TEXT_MOST] for name in sent}


class NoteForm(forms.Form):
    """A line for the timeline. 记一条"""

    text = forms.CharField(max_length=TEXT_MOST, error_messages={"required": _("请写一句。")})
    kind = forms.ChoiceField(choices=[(kind, kind) for kind in NOTE_KINDS])
    happened = TypedTime(required=False, max_length=20)


class FigureForm(forms.Form):
    """A number with where it comes from. 报数"""

    kind = forms.ChoiceField(choices=list(FIGURES.items()))
    value = forms.IntegerField(
        min_value=0, max_value=FIGURE_MOST, error_messages={"required": _("请填数字。")}
    )
    source = forms.CharField(max_length=60, error_messages={"required": _("请写来源，例如 119。")})
    at = TypedTime(required=False, max_length=20)
    explanation = forms.CharField(required=False, max_length=LINE_MOST * 5)


def first_fault(form: forms.Form) -> str:
    """The first thing that is wrong with a form, as one sentence."""
    return next((str(said[0]) for said in form.errors.values()), "")
